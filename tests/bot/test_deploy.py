"""The service files say what the program does: its commands, its times, and as little power as it needs."""

import re
import shlex
from pathlib import Path

from bot.cli import parser
from bot.telegram.settings import PREFIX, Secret, TelegramConfig

DEPLOY = Path(__file__).parents[2] / "bot" / "deploy"
UNIT = (DEPLOY / "quoth-telegram.service").read_text()
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
STANDARD = TelegramConfig(Secret(""))


def settings(name):
    return re.findall(rf"^{name}=(.*)$", UNIT, re.MULTILINE)


def test_the_commands_of_both_files_exist():
    for line in (settings("ExecStart")[0], "quoth " + re.search(r'^CMD \["(.*)"\]', DOCKERFILE, re.MULTILINE)[1]):
        assert parser().parse_args(shlex.split(line)[1:]).is_telegram
    health = re.search(r"^HEALTHCHECK .*CMD \[(.*)\]$", DOCKERFILE, re.MULTILINE)[1]
    assert parser().parse_args([word.strip(' "') for word in health.split(",")][1:]).run.__name__ == "health"


def test_the_manual_builds_the_index_before_it_starts_the_bot():
    manual = (DEPLOY.parent / "telegram" / "README.md").read_text().replace("\\\n", "")
    service, container = manual.split("## As a systemd service")[1].split("## As a container")
    given = settings("ExecStart")[0].split(" telegram ")[1]
    built = re.search(r"/opt/quoth/.venv/bin/(quoth index --docs DIR .*)\n", service)
    assert parser().parse_args(shlex.split(built[1])[1:]).index == Path(shlex.split(given)[1])
    assert built.start() < service.index("systemctl enable --now")
    built = re.search(r"docker run --rm .* quoth index --docs /docs\n", container)
    assert built.start() < container.index("docker run -d")


def test_the_variables_of_both_files_are_read_by_the_program():
    source = (
        "".join(path.read_text() for path in DEPLOY.parent.rglob("*.py"))
        + (DEPLOY.parent.parent / "retrieval" / "encoder" / "prepared.py").read_text()
    )
    named = set(re.findall(r"QUOTH_\w+", UNIT + DOCKERFILE))
    assert f"{PREFIX}TOKEN_FILE" in named
    assert "_FILE" in source
    for name in named - {f"{PREFIX}TOKEN_FILE"}:
        assert f'"{name}"' in source, name


def test_systemd_waits_longer_than_the_bot_drains_and_restarts_it_when_it_gives_up():
    assert int(settings("TimeoutStopSec")[0]) > STANDARD.drain_s + 10
    assert settings("Restart") == ["on-failure"]
    assert settings("Type") == ["notify"]
    assert int(settings("WatchdogSec")[0]) >= 30


def test_the_token_is_on_no_command_line_and_in_no_image():
    assert "TOKEN" not in settings("ExecStart")[0]
    assert settings("LoadCredential")[0].startswith("token:")
    assert not re.search(r"^(?:ARG|ENV) .*TOKEN", DOCKERFILE, re.MULTILINE)


def test_neither_runs_as_root_nor_may_write_where_it_need_not():
    assert settings("User") == ["quoth"]
    assert settings("ProtectSystem") == ["strict"]
    assert settings("NoNewPrivileges") == ["yes"]
    assert settings("CapabilityBoundingSet") == [""]
    last_stage = DOCKERFILE.split("\nFROM ")[-1]
    assert re.findall(r"^USER (\w+)$", last_stage, re.MULTILINE) == ["quoth"]
    assert re.findall(r"^VOLUME (\S+)$", last_stage, re.MULTILINE) == ["/data"]
