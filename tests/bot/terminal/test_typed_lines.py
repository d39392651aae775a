"""The lines typed in `quoth chat` are saved for the next session, or a message says why not."""

from bot.terminal.typed_lines import DAMAGED, NOT_SAVED
from tests.bot.terminal.sessions import CTRL_D, UP, FakeLibrary, typed


def test_the_lines_typed_are_saved_between_sessions(tmp_path):
    path = tmp_path / "new folder" / "history"
    typed("hello there\r" + CTRL_D, typed_lines_path=path)
    fake = FakeLibrary()
    typed(UP + "\r" + CTRL_D, fake, path)
    assert fake.searched == ["hello there"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_damaged_file_is_reported_and_left_as_it_is(tmp_path):
    path = tmp_path / "history"
    path.write_bytes(b"\n# 2022\n+hel\xff\xfe\x00\n")
    status, out = typed("hello\r" + CTRL_D, typed_lines_path=path)
    assert status == 0
    assert DAMAGED.format(path=path).replace(" ", "") in "".join(out.split())
    assert out.endswith("Hello!\n")
    assert path.read_bytes() == b"\n# 2022\n+hel\xff\xfe\x00\n"


def test_a_file_that_can_not_be_written_is_reported_and_the_session_goes_on(tmp_path):
    status, out = typed("hello\r" + CTRL_D, typed_lines_path=tmp_path)  # a folder stands in its place
    assert status == 0
    assert NOT_SAVED.format(reason="[Errno 21]") in " ".join(out.split())
    assert out.endswith("Hello!\n")


def test_a_file_that_fails_later_is_reported_once(tmp_path, monkeypatch):
    def full(self, string: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("prompt_toolkit.history.FileHistory.store_string", full)
    status, out = typed("hello\rhello again\r" + CTRL_D, typed_lines_path=tmp_path / "history")
    assert status == 0
    reason = "[Errno 28] No space left on device"
    assert " ".join(out.split()).count(NOT_SAVED.format(reason=reason)) == 1
    assert out.count("Hello!") == 2
