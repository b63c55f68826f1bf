# CX Blueprint. `make` alone explains itself. Works from any folder (make -C), as often as you like, as root or not.

VENV := .venv
PY := $(VENV)/bin/python
PYTHON ?= python3
WORKERS ?= auto
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PIP_ROOT_USER_ACTION = ignore

# A stamp carries a checksum of the pins: a changed list is installed again, an unchanged one never is.
checksum = $(shell cat $(1) | cksum | tr -d ' ')
RUN := $(VENV)/.run-$(call checksum,pyproject.toml requirements.txt)
TEST := $(VENV)/.test-$(call checksum,pyproject.toml requirements.txt requirements-test.txt)

.DEFAULT_GOAL := help
.PHONY: help demo serve test lint bench soak pictures requirements

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name text; do printf '  make %-14s %s\n' "$$name" "$$text"; done

demo: $(RUN) ## install, load the demo company where the store is empty, and serve on PORT (8501)
	@$(PY) -m cx demo --if-empty
	@exec $(PY) -m cx serve

serve: $(RUN) ## install, and serve what is in the store on PORT (8501)
	@exec $(PY) -m cx serve

test: lint ## install what tests need; ruff, mypy and every test (WORKERS=4 for that many at a time)
	@$(PY) -m pytest -n $(WORKERS)

lint: $(TEST) ## ruff and mypy only
	@$(PY) -m ruff check .
	@$(PY) -m mypy

bench: $(TEST) ## the table of speeds, with data made on the spot
	@$(PY) -m benchmarks

soak: $(TEST) ## a hundred thousand mutated files through the reader; two hundred imports killed
	@$(PY) -m benchmarks.fuzz_intake 100000
	@$(PY) -m benchmarks.killed 200

pictures: $(TEST) ## photograph the demo company's pages for README and docs
	@$(PY) docs/pictures.py

PINS := $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate
requirements: $(TEST) ## pin the newest of what pyproject.toml asks for
	@$(PINS) --upgrade pyproject.toml -o requirements.txt
	@$(PINS) --upgrade --extra test --constraints requirements.txt pyproject.toml -o requirements-test.txt

$(PY):
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed, found " + sys.version.split()[0] + "; name another with PYTHON=...")'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "No virtual environment could be made; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

$(RUN): | $(PY)
	@echo "Installing what the app needs; this happens once."
	@$(PY) -m pip install --quiet --requirement requirements.txt
	@$(PY) -m pip install --quiet --no-deps --editable .
	@rm -f $(VENV)/.run-* && touch $@

$(TEST): $(RUN)
	@echo "Installing what the tests need; this happens once."
	@$(PY) -m pip install --quiet --requirement requirements-test.txt
	@rm -f $(VENV)/.test-* && touch $@
