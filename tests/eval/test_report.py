"""The report in a real browser, with hostile text in it."""

import json
import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from eval.outcome import FirstCitation
from eval.report import render_report, write_report
from eval.results import new_result_folder, read_scores, summary, write_scores
from eval.run import Scored
from retrieval.errors import EvaluationError
from tests.eval.test_gate import GOOD, outcome

HOSTILE = '<script>document.title="taken"</script> "&amp; \u202egnp.exe \x1b[31m 🌉 عربى'
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def scored(outcomes=GOOD):
    return Scored(
        name="tried",
        outcomes=tuple(outcomes),
        qrels={"q1": {"a.txt": 1}},
        signature={"encoder": "fake", "passages": {"number": 3}},
    )


def rendered(now, before=None):
    return render_report(now, summary(now.outcomes), before)


def browse(path, tmp_path) -> str:
    """The page as the browser has it after its script ran."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    assert browser, "no Chromium found; `make browser` installs it where apt-get is"
    flags = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    command = [browser, *flags.split(), "--disable-component-update", "--disable-sync", "--virtual-time-budget=5000"]
    command += [f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", path.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


class Cells(HTMLParser):
    """The text of each cell, by the measure of its row."""

    def __init__(self):
        super().__init__()
        self.rows, self.measure = {}, None

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.measure = dict(attrs).get("data-measure")

    def handle_data(self, data):
        if self.measure and data.strip():
            self.rows.setdefault(self.measure, []).append(data.strip())


def test_the_page_opens_in_a_browser_and_shows_its_numbers(tmp_path):
    now = scored([outcome(0, 0.0), *GOOD[1:]])
    path = tmp_path / "report.html"
    write_report(path, now, summary(now.outcomes))
    page = browse(path, tmp_path)
    cells = Cells()
    cells.feed(page)
    assert cells.rows["right and answered"][1] == "0.975"  # 39 of 40
    assert "n\xa040" in cells.rows["right and answered"][2]
    assert re.search(r'<span id="shown">40</span> of 40', page)  # written by the page's own script
    assert page.count("<svg") == 3
    # one refusal at .4 whose answer is wrong; 39 right answers at .9
    assert re.findall(r'<td class="n">([\d.]+)</td>', page[page.index('class="reliability"') :])[:10] == (
        ["0.400", "0.000", "1", "0.400", "0.000", "0.900", "1.000", "39", "0.900", "1.000"]
    )


def test_hostile_text_is_only_shown(tmp_path):
    citation = FirstCitation(quote=HOSTILE, document="<b>.txt", spans=((0, 1),), lines=(1, 1))
    hostile = replace(
        GOOD[0],
        question=HOSTILE,
        searched=HOSTILE + "!",
        evidence_quote=HOSTILE,
        accepted=(HOSTILE,),
        answer=HOSTILE,
        citation=citation,
    )
    path = tmp_path / "report.html"
    now = scored([hostile, *GOOD[1:]])
    write_report(path, now, summary(now.outcomes))
    page = browse(path, tmp_path)
    assert "<title>Quoth: tried</title>" in page
    assert page.count("<script>") == 1
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert "&lt;script&gt;" in page


def test_a_page_loads_nothing():
    page = rendered(scored())
    assert "default-src 'none'" in page
    assert not re.findall(r'(?:src|href)="(?!#)[^"]+"', page)


def test_flips_show_both_answers():
    before = [replace(outcome(0, 0.0), answer="tea"), *GOOD[1:]]
    now = [replace(GOOD[0], answer="coffee"), *GOOD[1:]]
    from eval.results import Stored

    page = rendered(scored(now), Stored(name="earlier", signature={}, outcomes=tuple(before)))
    assert "1 fixed, 0 broken" in page
    flips = page[page.index('id="flips"') : page.index("<h2>Questions")]
    assert "<b>tea</b>" in flips
    assert "<b>coffee</b>" in flips
    assert re.search(r"dev, compared with earlier", page)


def test_the_same_result_gives_the_same_page():
    assert rendered(scored()) == rendered(scored())


def test_a_result_reads_back_with_every_outcome_and_signature(tmp_path):
    now = scored()
    write_scores(tmp_path / "tried", now, summary(now.outcomes), "quoth eval --name tried")
    back = read_scores(tmp_path / "tried")
    assert (back.name, back.signature) == ("tried", now.signature)
    assert [row.id for row in back.outcomes] == [row.id for row in now.outcomes]
    stored = json.loads((tmp_path / "tried" / "scores.json").read_text(encoding="utf-8"))
    assert stored["splits"]["dev"]["measures"]["right and answered"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": 40}
    assert stored["splits"]["dev"]["stages"] == {"right": 40}


def test_other_languages_are_reported_separately():
    spanish = [replace(outcome(100 + n, 0.0), language="es") for n in range(10)]
    found = summary([*GOOD, *spanish])["dev"]
    assert found["measures"]["right and answered"]["n"] == 40
    assert found["by language"]["es"]["right and answered"] == (0.0, 10)
    assert "other languages" not in found["by language"]  # Spanish is the only one
    portuguese = [replace(outcome(200 + n, 1.0), language="pt") for n in range(30)]
    found = summary([*GOOD, *spanish, *portuguese])["dev"]
    assert found["by language"]["other languages"]["right and answered"] == (0.75, 40)


def test_several_collections_are_reported_together_and_one_by_one():
    manual = [replace(row, collection="manual") for row in GOOD[:10]]
    wiki = [replace(outcome(100 + n, 0.0), collection="wiki") for n in range(30)]
    found = summary([*manual, *wiki])["dev"]
    assert found["measures"]["right and answered"]["value"] == 0.25
    rows = {name: row["right and answered"] for name, row in found["by collection"].items()}
    assert rows == {"manual": (1.0, 10), "wiki": (0.0, 30)}
    assert "dev, by collection" in rendered(scored([*manual, *wiki]))
    assert summary(GOOD)["dev"]["by collection"] == {}


@pytest.mark.parametrize("name", ["../up", "", ".hidden", "a b", "x" * 81])
def test_a_name_that_can_not_be_a_folder_is_an_error(tmp_path, name):
    with pytest.raises(EvaluationError, match="can't name a result"):
        new_result_folder(tmp_path, name)


def test_a_missing_or_damaged_result_is_an_error(tmp_path):
    with pytest.raises(EvaluationError, match="can't read a result"):
        read_scores(tmp_path)
    (tmp_path / "scores.json").write_text('{"questions": [{}]}', encoding="utf-8")
    with pytest.raises(EvaluationError, match="has no questions"):
        read_scores(tmp_path)
