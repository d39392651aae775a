"""The figures of a running bot: read as they were written, and missing without harm."""

from bot.telegram.ops.figures import NAME, read_figures, write_figures


def test_figures_are_read_as_they_were_written_last(tmp_path):
    write_figures(tmp_path / NAME, {"mode": "polling", "waiting": 3})
    write_figures(tmp_path / NAME, {"mode": "webhook", "waiting": 0})
    assert read_figures(tmp_path / NAME) == {"mode": "webhook", "waiting": 0}
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_without_a_file_or_with_a_broken_one_there_are_none(tmp_path):
    assert read_figures(tmp_path / NAME) == {}
    for broken in ("{", "[1]"):
        (tmp_path / NAME).write_text(broken)
        assert read_figures(tmp_path / NAME) == {}


def test_figures_that_cannot_be_written_harm_nothing(tmp_path):
    write_figures(tmp_path / "gone" / NAME, {"waiting": 3})
    assert list(tmp_path.iterdir()) == []
