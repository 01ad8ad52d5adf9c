# Everything a newcomer needs: `make run` and `make test`; the rest are thin aliases.
PYTHON ?= python3
VENV = .venv
BIN = $(VENV)/bin
STILLA_DATA_DIR ?= var
STAFF_ENV = $(STILLA_DATA_DIR)/secrets/staff.env
WORKER_ENV = $(STILLA_DATA_DIR)/secrets/public.env

.PHONY: run test script traces load screenshots codes text

run: $(VENV)/.installed
	@$(BIN)/python -m web.run

test: $(VENV)/.installed-dev
	@tests/needs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist loadfile \
	  --no-loadscope-reorder --ignore tests/journeys --ignore tests/load
	$(BIN)/pytest tests/journeys tests/load

# After an edit of static/leave.js: writes static/leave.min.js, which pages carry.
script: $(VENV)/.installed-dev
	@tests/needs
	@$(BIN)/python -m tests.short_script

# What a visit leaves in real browsers, all ways of it: writes docs/traces.md.
traces: $(VENV)/.installed-dev
	@tests/needs
	@$(BIN)/python -m tests.journeys.traces

# Ten thousand queued texts and four workers: writes docs/load.md.
load: $(VENV)/.installed-dev
	@tests/needs
	@$(BIN)/python -m tests.load

# The pictures in docs/screenshots/, of a running demonstration.
screenshots: $(VENV)/.installed-dev
	@tests/needs
	@$(BIN)/python -m tests.screenshots

# Fresh one-time codes of the demonstration's members.
codes:
	@set -a; . $(abspath $(STAFF_ENV)); $(BIN)/flask --app app staff codes

# A text message from a made-up phone: make text TEXT="hej, ring mig"
TEXT ?= hej, kan ni ringa mig
FROM ?= +46701740677
text:
	@$(BIN)/python -m tests.standin text --env-file $(WORKER_ENV) --from "$(FROM)" "$(TEXT)"

$(VENV)/.installed: pyproject.toml
	@echo "  stilla: installing (once; some minutes on a slow line)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@$(BIN)/pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	@$(BIN)/pip install --quiet --disable-pip-version-check --group dev
	@touch $@
