"""What /verify and /cite answer, as whole messages."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.language import CODES, Language
from bot.receipts.check import CheckedCitation, Line
from bot.receipts.receipt import Cited, Receipt
from bot.telegram.messages.receipts import CITE_FORMATS, check_messages, cite_messages
from bot.terminal.checking import NOT_STANDING
from tests.bot.telegram.messages.made import check, hostile_citations, kept_citation, said

EN = Language("en")


def receipt(*citations):
    return Receipt("7K3M9Q2A", "When?", 0, tuple(Cited(citation, "0" * 64) for citation in citations))


def test_a_check_tells_of_each_citation_and_what_to_do_where_one_no_longer_stands():
    first, second = kept_citation(1).citation, kept_citation(2, document="@b.txt").citation
    checks = [
        CheckedCitation(first, "unchanged", now=first),
        CheckedCitation(second, "changed", closest=Line(7, "It opened in 1872.")),
    ]
    (message,) = check_messages(receipt(first, second), checks, EN)
    check(message)
    assert message.text == (
        "Receipt 7K3M9Q2A\n\n[1] Unchanged: a.txt, lines 3–4\n\n"
        "[2] Changed: the quotation is no longer in @b.txt\nLine 7 comes closest now: “It opened in 1872.”\n\n"
        f"{NOT_STANDING}"
    )
    (standing,) = check_messages(receipt(first), checks[:1], EN)
    assert NOT_STANDING not in standing.text


def test_a_citation_to_paste_is_copied_by_a_tap():
    (message,) = cite_messages(receipt(kept_citation(1, date="1999").citation), "text", EN)
    check(message)
    assert message.text == "“It opened in 1871.” (Lund, 1999, a.txt, lines 3–4; Quoth 7K3M9Q2A)"
    assert said(message, "code") == [message.text]


@settings(max_examples=100, deadline=None)
@given(st.data(), st.sampled_from(CODES), st.sampled_from(CITE_FORMATS))
def test_no_text_breaks_a_check_or_a_citation(data, code, format_):
    citations = [data.draw(hostile_citations(number)).citation for number in (1, 2)]
    language = Language(code)
    checks = [CheckedCitation(citations[0], "gone"), CheckedCitation(citations[1], "moved", now=citations[1])]
    for message in check_messages(receipt(*citations), checks, language):
        check(message)
    for message in cite_messages(receipt(*citations), format_, language):
        check(message)
