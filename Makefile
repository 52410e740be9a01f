# Every command of the project; see README.md.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= var
CONFIG ?=
PORT ?= 8501
# The role class of the process: leader, briefing or analyst; the demonstration alone serves all three (demo).
ROLE ?= $(if $(CONFIG),analyst,demo)
# The demonstration opens on the day of the worked example; UNTIL= shows it to the end of its year.
UNTIL ?= 2021-08-29
PULL_OPTIONS := $(if $(CONFIG),--config $(CONFIG),$(if $(UNTIL),--until $(UNTIL)))

.PHONY: setup run test check bench kills

# Compiled once here: a service that may not write beside its code would compile the libraries at every start (2 s).
setup: $(VENV)/.installed
	@$(BIN)/python -m compileall -q analytics data_sources pages

$(VENV)/.installed: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "needs Python 3.11+ with venv (Debian: apt-get install python3-venv)"; exit 1; }
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "needs Python 3.11 or newer"; exit 1; }
	@if command -v uv >/dev/null 2>&1; then uv pip install --quiet --compile-bytecode --python $(BIN)/python -r requirements.txt; exit; fi; \
	$(BIN)/python -c 'import pip' 2>/dev/null || $(BIN)/python -m ensurepip --upgrade >/dev/null \
		|| { echo "needs pip in $(VENV), or uv (Debian: apt-get install python3-venv)"; exit 1; }; \
	if $(BIN)/python -m pip install --quiet --disable-pip-version-check uv; then \
		$(BIN)/python -m uv pip install --quiet --compile-bytecode --python $(BIN)/python -r requirements.txt; \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt; fi
	@touch $@

# With a CONFIG of one's own the data lie beside it in their own folder, never in the demonstration's.
run: setup
	@CONFIG="$(CONFIG)" TOANCANH_ROLE="$(ROLE)" PORT="$(PORT)" DATA="$(DATA)" deploy/run $(PULL_OPTIONS)

test: setup
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: setup
	@$(BIN)/python -m benchmarks

# A hundred kills of a pull at random moments; CI does twenty.
kills: setup
	@KILLS=100 $(BIN)/python -m pytest -q tests/faults/test_kill.py
