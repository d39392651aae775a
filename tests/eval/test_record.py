"""The committed summaries and the page made from them."""

import json
import re

import pytest

from eval.markdown import short
from eval.readme import AS_SHIPPED_THEN, render_readme
from eval.record import README, read_recorded, record, summary_of
from eval.results import RECORDED, dumps, rounded, write_text
from retrieval.errors import EvaluationError

MAX_BYTES = 200_000
RECORDED_HERE = read_recorded(RECORDED)


def test_the_page_of_results_is_what_the_committed_summaries_say():
    assert (RECORDED / README).read_text(encoding="utf-8") == render_readme(RECORDED_HERE)


def test_committed_results_are_small_and_hold_no_single_questions_and_no_page():
    for path in RECORDED.iterdir():
        assert path.suffix in {".json", ".md"}, path
        assert path.stat().st_size <= MAX_BYTES, path
    assert not any("questions" in stored for stored in RECORDED_HERE.values())


@pytest.mark.parametrize("name", sorted(RECORDED_HERE))
def test_every_committed_result_names_its_command(name):
    assert re.match(r"quoth eval|python -m ", RECORDED_HERE[name]["command"])
    assert RECORDED_HERE[name].keys() & {"signature", "rows"}


def estimate(value, n=4):
    return {"value": value, "low": value / 2, "high": 1.0, "n": n}


def scored(name, right=0.5, **measures):
    found = {"success@1": estimate(0.75), "right and answered": estimate(right), **measures}
    group = {"right and answered": [right, 4], "success@3": [1.0, 4]}
    parts = {
        "measures": found,
        "by kind": {"list": group, "fact": group},
        "by document": {"a.txt": group},
        "by language": {"en": group, "es": group, "fr": group, "other languages": group, "pt": group},
        "by collection": {},
        "reliability": [
            {"bin": 9, "stated": 0.94, "right": 0.8, "n": 4, "weighted stated": 0.95, "weighted right": 0.7}
        ],
        "stages": {"right": 2, "refused wrongly": 2},
    }
    return {
        "name": name,
        "command": f"quoth eval --name {name}",
        "signature": {"collection": "seeds", "answerable": 4, "passages": {"number": 9}},
        "splits": {"dev": parts, "test": parts},
        "questions": [{"id": "q1"}],
    }


def test_a_summary_has_no_questions_no_documents_and_the_main_measures_of_each_group():
    found = summary_of(scored("seeds"))
    assert found.keys() == {"name", "command", "signature", "splits"}
    kept = {"measures", "by kind", "by language", "by collection", "reliability", "stages"}
    assert found["splits"]["test"].keys() == kept
    assert found["splits"]["test"]["by kind"] == {
        "fact": {"right and answered": [0.5, 4]},
        "list": {"right and answered": [0.5, 4]},
    }


def test_a_table_has_its_baseline_its_command_and_its_signature_beside_it():
    recorded = {name: summary_of(scored(name, right)) for name, right in (("seeds", 0.5), ("seeds-first-form", 0.25))}
    page = render_readme(recorded)
    assert "| right and answered | .500 [.250, 1.00] (4) | .500 [.250, 1.00] (4) | .250 [.125, 1.00] (4) |" in page
    assert "| Spanish |  |  |  |  | .50 (4) |  |  |  | .25 (4) |" in page
    assert "| fr |  |  |  |  | .50 (4) |  |  |  | .25 (4) |" in page
    assert "| en |" not in page  # it is the first row
    assert page.index("| Portuguese |") < page.index("| other languages |")
    assert "- seeds: `quoth eval --name seeds`; collection: seeds; answerable: 4; passages: number 9" in page
    assert "- seeds-first-form: `quoth eval --name seeds-first-form`" in page


def test_stated_and_found_precision_is_a_column_for_each_result():
    page = render_readme({name: summary_of(scored(name)) for name in ("seeds", "set")})
    table = page[page.index("## Stated and found precision") :]
    assert "| | seeds | set |" in table
    assert "| 0.9 to 1.0 | .94 → .80, .70 (4) | .94 → .80, .70 (4) |" in table
    assert "| 0.8 to 0.9 |  |  |" in table


def test_a_result_of_several_folders_has_a_row_for_each():
    folders = scored("folders")
    folders["splits"]["test"] = {
        **folders["splits"]["test"],
        "by collection": {"manual": {"success@1": [0.5, 4], "utility": [-0.25, 6]}, "wiki": {"success@1": [1.0, 2]}},
    }
    page = render_readme({"folders": summary_of(folders)})
    assert "The test split by folder." in page
    assert "| manual | .50 (4) |  | -0.25 (6) |" in page
    assert "| wiki | 1.00 (2) |  |" in page
    assert "The dev split by folder." not in page


def test_the_reader_alone_has_its_further_measures_where_they_apply():
    def alone(**row):
        rows = {"int8, as shipped": {"exact match": estimate(0.5), "token F1": estimate(0.5), **row}}
        return {"command": "quoth eval reader", "signature": {"questions": 4}, "rows": rows}

    further = {"character F1": estimate(0.75), "sentence right": estimate(0.5)}
    recorded = {
        "reader-a": alone(),
        "reader-b": alone(**further),
        "reader-c": alone(**{"SQuAD 2.0 F1": estimate(0.25)}),
    }
    page = render_readme(recorded)
    assert "| | character F1 | sentence right | SQuAD 2.0 F1 |" in page
    assert "| b | .750 [.375, 1.00] (4) | .500 [.250, 1.00] (4) |  |" in page
    assert "| c |  |  | .250 [.125, 1.00] (4) |" in page
    assert "| | character F1" not in render_readme({"reader-a": alone()})


def test_the_program_before_stands_beside_the_one_of_today():
    names = ("seeds", "seeds-before", "set", "set-before", "set-first-form", "other", "other-before", "alone-before")
    recorded = {name: summary_of(scored(name, 0.25 if "before" in name else 0.5)) for name in names}
    page = render_readme(recorded)
    assert "| | dev | test | test, before |" in page
    assert "| set, first form | set, before | set |" in page
    assert (
        page.count("| right and answered | .500 [.250, 1.00] (4) | .500 [.250, 1.00] (4) | .250 [.125, 1.00] (4) |")
        == 2
    )
    headings = [line for line in page.splitlines() if line.startswith("### ")]
    assert headings == ["### other", "### alone-before"]
    assert all(page.count(f"- {name}: `quoth eval") == 1 for name in names)


def test_typos_are_compared_with_the_same_sample_of_questions():
    names = ("set", "set-sample", "set-mistyped", "set-mistyped-search-only")
    recorded = {
        name: summary_of(scored(name, **{"success@1": estimate(value)}))
        for name, value in zip(names, (0.9, 0.8, 0.7, 0.6), strict=True)
    }
    page = render_readme(recorded)
    assert "| | as typed | with typos, corrected | with typos, not corrected |" in page
    assert "| success@1 | .800 [.400, 1.00] (4) | .700 [.350, 1.00] (4) | .600 [.300, 1.00] (4) |" in page
    del recorded["set-sample"], recorded["set-mistyped-search-only"]
    assert "| success@1 | .900 [.450, 1.00] (4) | .700 [.350, 1.00] (4) |" in render_readme(recorded)


@pytest.mark.parametrize("name", ["set-sample", "set-mistyped-search-only", "set-mistyped-2"])
def test_a_result_without_the_one_it_is_compared_with_is_in_the_section_of_others(name):
    recorded = {name: summary_of(scored(name))}
    page = render_readme(recorded)
    assert "## Typos" not in page
    assert f"### {name}" in page[page.index("## Other results") :]
    with_partner = render_readme({**recorded, "set-mistyped": summary_of(scored("set-mistyped"))})
    assert f"- {name}: `quoth eval --name {name}`" in with_partner
    assert ("## Other results" in with_partner) == (name == "set-mistyped-2")


def test_a_value_that_rounds_to_one_reads_as_one():
    assert [short(value) for value in (0.5, 0.9994, 0.9996, 1.0, 12.345)] == [".500", ".999", "1.00", "1.00", "12.35"]
    assert [short(value, 2) for value in (0.994, 0.996)] == [".99", "1.00"]


def test_timings_have_their_units_budgets_and_baselines():
    speed = {"name": "whole answer", "quoth": 110.83, "unit": "ms", "budget": "150", "plain loop": None}
    memory = {"name": "memory", "quoth": 239.1, "unit": "MB", "budget": "350", "plain loop": 704.04}
    alone = {"name": "one chat alone", "value": 102.4, "unit": "ms", "budget": "", "echo bot": 3.21}
    rows = {"bench": [speed, memory], "telegram": [alone]}
    stated = {"command": "python -m x", "machine": "2 cores", "encoder": "e", "chats": 50}
    page = render_readme({name: {**stated, "rows": own} for name, own in rows.items()})
    assert "| whole answer | 111 ms | 150 |  |" in page
    assert "| memory | 239 MB | 350 | 704 MB |" in page
    assert "| one chat alone | 102 ms |  | 3.21 ms |" in page
    assert "compare ratios. Every budget is met.\n" in page


@pytest.mark.parametrize(
    ("value", "unit", "budget", "sentence"),
    [
        (1.24, "s", "1.0", "Budgets missed: first; second."),
        (1.0, "s", "1.0", "Every budget is met."),
        (39.9, "passages/s", "40 or more", "Budgets missed: first; second."),
        (91.0, "passages/s", "40 or more", "Every budget is met."),
        (999, "of 1000", "1000", "Budgets missed: first; second."),
        (1000, "of 1000", "1000", "Every budget is met."),
        (1, "", "0", "Budgets missed: first; second."),
    ],
)
def test_missed_budgets_are_listed_in_words(value, unit, budget, sentence):
    rows = [{"name": name, "value": value, "unit": unit, "budget": budget} for name in ("first", "second")]
    unjudged = {"name": "third", "value": 9.0, "unit": "ms", "budget": ""}
    load = {"command": "python -m x", "chats": 50, "rows": [*rows, unjudged]}
    assert sentence in " ".join(render_readme({"telegram": load}).split())
    assert "udget" not in render_readme({"telegram": {**load, "rows": [unjudged]}}).replace("| budget |", "")


def ablation(reader, **passages):
    rows = {"as shipped": {"success@1": {**estimate(0.5), "p": None}}}
    signature = {"answerable": 4, "passages": {"number": 9, **passages}, "reader": reader, "code": reader}
    return {"command": "quoth eval ablation", "signature": signature, "rows": rows}


def test_tables_of_an_earlier_version_are_found_by_their_signature():
    seeds = summary_of(scored("seeds"))
    seeds["signature"] |= {"passages": {"number": 3, "size_tokens": 120}, "reader": "new", "code": "newest"}
    recorded = {"seeds": seeds, "ablation-seeds": ablation("new", size_tokens=120)}
    assert "earlier version" not in render_readme(recorded)  # another hash of the code is no sign of another system
    recorded |= {"ablation-a": ablation("old", size_tokens=120), "ablation-b": ablation("old", size_tokens=60)}
    page = " ".join(render_readme(recorded).split())
    assert "differs from the seed set's: a (reader), b (passages, reader)." in page
    assert (page.count("| as shipped |"), page.count(f"| {AS_SHIPPED_THEN} |")) == (1, 2)
    del recorded["seeds"]
    assert "earlier version" not in render_readme(recorded)
    assert AS_SHIPPED_THEN not in render_readme(recorded)


def test_a_page_of_nothing_is_the_introduction_alone():
    assert "\n## " not in render_readme({})


def test_a_recorded_file_that_can_not_be_read_is_named(tmp_path):
    (tmp_path / "seeds.json").write_text("{", encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"can't read a result from .*seeds.json .*; record it again"):
        record([], tmp_path / "none", tmp_path)


def test_a_file_of_another_version_is_named_and_can_be_replaced(tmp_path):
    out, to = tmp_path / "out", tmp_path / "results"
    old = {"command": "python -m eval.bench", "rows": []}  # without machine and encoder
    for folder in (out, to):
        write_text(folder / "bench.json", json.dumps(old))
    write_text(out / "seeds" / "scores.json", json.dumps(scored("seeds")))
    with pytest.raises(EvaluationError, match=r"out/bench.json was written by another version; make it again"):
        record([], out, to)
    with pytest.raises(EvaluationError, match=r"results/bench.json was .*; record it again with `quoth eval record be"):
        record(["seeds"], out, to)
    assert [path.name for path in to.iterdir()] == ["bench.json"]
    write_text(out / "bench.json", json.dumps({**old, "machine": "2 cores", "encoder": "e"}))
    assert record(["bench"], out, to) == [to / "bench.json", to / README]


def test_stored_json_has_a_line_per_measure_and_per_row():
    stored = {"signature": {"n": 1}, "rows": [{"a": 1, "b": {"c": 2}}, {"a": 3}], "empty": [], "span": [1, 2]}
    text = dumps(stored)
    assert json.loads(text) == stored
    assert '  {"a": 1, "b": {"c": 2}},\n  {"a": 3}' in text
    assert rounded({"a": [0.123456, float("nan")], "b": 3}) == {"a": [0.1235, None], "b": 3}
