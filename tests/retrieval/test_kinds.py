"""Small documents of the kinds that people keep, asked with the encoder and reader that ship."""

import pytest

from retrieval.index.build import build_index
from retrieval.library import Library
from retrieval.settings import IndexSettings
from tests.conftest import no_report, write_corpus

DOCUMENTS = {
    "CHANGELOG.md": "# Changelog\n\n## 3.1.0 - 2025-03-04\n\n### Added\n\n- Dark mode for the settings page.\n\n"
    "## 3.0.0 - 2024-08-19\n\n### Fixed\n\n- The clock was an hour late in summer.\n",
    "queues.md": "---\ntitle: Backpressure\ndate: 2023-05-02\ntags: [queues]\n---\n\n"
    "Backpressure means that a slow consumer makes its producer wait.\n",
    "notes/vet.md": "# Vet\n\nNext vaccination of Mabel is on 9 October at 17:15 with Dr Brandt, bring the blue card\n",
    "bread.md": "# Rye bread\n\n## Ingredients\n\n- 650 grams of rye flour\n- 14 grams of salt\n\n## Steps\n\n"
    "1. Mix all of it and let it rest until it has doubled, which takes a while in\nwinter.\n"
    "2. Bake it for 55 minutes in a hot oven, then wrap it in a cloth.\n",
    "office.txt": "Office facts\n\nNumber of parking spaces\n\n27\n\nHead of security\n\nIngrid Solberg\n\n"
    "The building was opened in 1998 and has a garden on its roof.\n",
    "LICENSE.txt": "The Lantern License\n\nCopyright (c) 2021 Osman Tekin\n\nAnybody may use this software.\n",
    "contract.txt": "SERVICE AGREEMENT\n\n1. FEE. The fee is 480 euros a quarter, payable in advance.\n\n"
    "2. TERM. Either party may end the agreement with six weeks' notice.\n\n"
    "3. ANIMALS. Dogs are welcome in the workshop on Fridays.\n",
    "faq.md": "# Pool\n\n**How long is the pool?**\n\nTwenty-five metres.\n\n**Is there a sauna?**\n\n"
    "Yes, in the basement; towels are at the desk.\n\n**What does a locker cost?**\n\nTwo euros, which you get back.\n",
    "stock.csv": "item,shelf,price,supplier\nhinge,C4,3.20,Norvik\nlatch,A1,5.75,Hallow\nbracket,B9,1.10,Tarn\n",
    "hosts.md": "# Machines\n\n- Heron\n  - address: 10.1.0.21\n  - keeper: Wanda\n- Plover\n  - address: 10.1.0.22\n"
    "  - keeper: Ruben\n",
    "team.txt": "[10:01] wanda: morning\n[10:02] ruben: the review moved to Tuesday 15:30\n"
    "[10:03] wanda: who orders the cake?\n[10:04] ines: I did, it is a plum cake\n[10:05] ruben: great\n",
    "interview.md": "**Ada Finch:** So you had ten thousand letters in a week. Who else knew of it at that time?\n\n"
    "**Bo Marsh:** Nobody did. I drew the bird atlas in 2016 with my sister.\n",
    "tides.txt": "          Tides of Elvehavn\n\n"
    "Abstract. We measured the tides      2 Methods\n"
    "at Elvehavn for seven years. The     The gauge was read every twenty\n"
    "mean range was 3.6 metres, which     minutes by a warden who was paid\n"
    "is more than was thought by all      by the town. He sent the readings\n"
    "who had written on it before.        to the capital by the night mail.\n",
    "hrad.txt": "Nejstarší mlýn v kraji stojí v Lounech nad řekou a patří městu.\n".encode("cp1250").decode("latin-1"),
}
ASKED = [
    ("When was dark mode added?", "2025-03-04"),
    ("In which version was the late clock fixed?", "3.0.0"),
    ("What is backpressure?", "makes its producer wait"),
    ("When is Mabel's next vaccination?", "9 October at 17:15"),
    ("How much salt goes into the rye bread?", "14 grams"),
    ("How long does the rye bread bake?", "55 minutes"),
    ("How many parking spaces are there?", "27"),
    ("Who is the head of security?", "Ingrid Solberg"),
    ("In which year was the copyright of the Lantern License stated?", "2021"),
    ("How much is the fee?", "480 euros"),
    ("What does clause 3 of the agreement say?", "Dogs are welcome"),
    ("How long is the pool?", "Twenty-five metres"),
    ("Is there a sauna?", "Yes"),
    ("What does a locker cost?", "Two euros"),
    ("What is the price of a latch?", "5.75"),
    ("On which shelf are the brackets?", "B9"),
    ("What is the address of Plover?", "10.1.0.22"),
    ("Who is the keeper of Heron?", "Wanda"),
    ("When is the review?", "Tuesday 15:30"),
    ("Who ordered the cake?", "ines"),
    ("Who drew the bird atlas?", "Bo Marsh"),
    ("What was the mean range of the tides?", "3.6 metres"),
    ("How often was the gauge read?", "every twenty"),
]
LEAST_RIGHT = 20


@pytest.fixture(scope="module")
def library(models, tmp_path_factory):
    folder = tmp_path_factory.mktemp("kinds")
    docs = write_corpus(folder / "docs", {name: text for name, text in DOCUMENTS.items() if name != "hrad.txt"})
    (docs / "hrad.txt").write_bytes(DOCUMENTS["hrad.txt"].encode("latin-1"))
    build_index(docs, folder / "index", IndexSettings(), no_report)
    with Library(folder / "index") as opened:
        yield opened


@pytest.mark.model
def test_questions_about_documents_of_many_kinds_get_the_right_words(library):
    wrong, right = [], 0
    for question, expected in ASKED:
        answer = library.ask(question)
        said = f"{answer.answers[0].text}\n{answer.answers[0].citations[0].quote}" if answer.answers else ""
        if expected.lower() in said.lower():
            right += 1
        elif answer.status == "answered":
            wrong.append((question, said))
    assert wrong == []
    assert right >= LEAST_RIGHT


@pytest.mark.model
def test_a_legacy_text_of_one_sentence_is_read_right_and_its_encoding_is_told(library):
    document = library.document("hrad.txt")
    assert document.text == "Nejstarší mlýn v kraji stojí v Lounech nad řekou a patří městu.\n"
    assert document.encoding == "cp1250"


@pytest.mark.model
def test_every_document_of_every_kind_is_as_it_was(library):
    assert library.verify() == []
