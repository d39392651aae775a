"""Signs of life, as seen by a health check and by systemd."""

import os
import socket
import time

from bot.cli import main
from bot.commands import LAST_POLL, NEVER_POLLED
from bot.telegram.ops.heartbeat import NAME, Heartbeat, file_age_s, tell_systemd


def test_a_beat_is_seen_by_other_processes(tmp_path):
    path = tmp_path / NAME
    assert file_age_s(path) is None
    heart = Heartbeat(path)
    heart.beat()
    assert heart.age_s < 5
    assert file_age_s(path) < 5


def test_a_folder_that_is_gone_stops_no_heart(tmp_path):
    heart = Heartbeat(tmp_path / "gone" / NAME)
    heart.beat()
    assert heart.age_s < 5


def test_health_is_the_age_of_the_last_poll(tmp_path, capsys):
    index = tmp_path / "index"
    assert main(["health", "--index", str(index)]) == 1
    assert capsys.readouterr().out == f"{NEVER_POLLED}\n"
    Heartbeat(tmp_path / NAME).beat()
    assert main(["health", "--index", str(index)]) == 0
    old = time.time() - 120
    os.utime(tmp_path / NAME, (old, old))
    assert main(["health", "--index", str(index)]) == 1
    assert capsys.readouterr().out.endswith(f"{LAST_POLL.format(age_s=120)}\n")


def test_systemd_is_notified_over_its_socket(tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.settimeout(5)
        listening.bind(str(tmp_path / "notify"))
        tell_systemd("READY=1", str(tmp_path / "notify"))
        assert listening.recv(100) == b"READY=1"


def test_without_systemd_nothing_is_sent(tmp_path):
    tell_systemd("READY=1", None)
    tell_systemd("READY=1", str(tmp_path / "gone"))
