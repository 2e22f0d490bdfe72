# Each target does all its own set-up: nothing is needed but make and Python 3.11 or newer.
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,\
    $(shell $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
VENV := .venv
BIN := $(VENV)/bin
UV := 0.13.8
RUN := env -u MPLBACKEND $(BIN)
NOTEBOOKS := $(wildcard notebooks/*.ipynb)
# a file of tests to each processor, the longest first, as tests/conftest.py sorts them
TESTS := -m pytest -p no:cacheprovider -n logical --maxprocesses 8 --dist loadfile --no-loadscope-reorder

.PHONY: help install dev report explore test test-fast browser lint notebooks bench clean
.DELETE_ON_ERROR:

help: ## say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

report: $(VENV)/.installed ## run the report on data/ and write build/report.html
	@mkdir -p build
	@$(RUN)/claimbook report data --output build/report.html

explore: $(VENV)/.lab ## open the explorer on data/ in JupyterLab
	@$(RUN)/claimbook explore data

test: $(VENV)/.dev browser ## run all tests
	@$(RUN)/python $(TESTS)

test-fast: $(VENV)/.dev ## run those that start no JupyterLab and no browser and run no notebook
	@$(RUN)/python $(TESTS) -m 'not slow'

lint: $(VENV)/.dev ## check style, types and that notebooks are stored clean
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/nbstripout --keep-id --verify $(NOTEBOOKS)

notebooks: $(VENV)/.lab ## execute every notebook into build/notebooks
	@mkdir -p build/notebooks
	$(RUN)/jupyter nbconvert --to claimbook --execute --output-dir build/notebooks $(NOTEBOOKS)

bench: $(VENV)/.dev ## measure speed against floor and peers, into build/bench.md
	@mkdir -p build
	@$(RUN)/python benchmarks/bench.py

install: $(VENV)/.installed ## make .venv with the command in it
	@echo "installed: $(BIN)/claimbook"

dev: $(VENV)/.dev ## install what tests and checks need, too

clean: ## remove what make has made
	rm -rf build dist $(VENV) .pytest_cache .ruff_cache .mypy_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# the tests of the report in a real browser need Chromium; where it cannot be had they are skipped
browser: $(VENV)/.dev
	@if $(BIN)/python -c 'from claimbook.report.pdf import find_browser; find_browser()' 2>/dev/null; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "installing Debian's chromium for the tests in a browser (once) ..." >&2; \
	    export DEBIAN_FRONTEND=noninteractive; \
	    apt-get update -qq >/dev/null 2>&1; \
	    if apt-get install -qq -y --no-install-recommends chromium >/dev/null 2>&1; then exit 0; fi; \
	fi; \
	echo "make: no Chromium: the tests in a browser will be skipped (install chromium, or name one in CHROMIUM)" >&2

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "make: Python 3.11 or newer is needed: install it, or say make PYTHON=/path/to/python" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "make: $(PYTHON) cannot make a virtual environment: install its venv module (on Debian: python3-venv)" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV) \
	    || echo "make: uv could not be installed, pip will do (slower)" >&2

# $(call pip,ARGUMENTS): install by uv, or by pip where uv is not to be had
pip = @if [ -x $(BIN)/uv ]; then \
        $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --constraint constraints.txt $(1); \
    else \
        $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt $(1); \
    fi

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	@echo "setting up $(VENV) (once, about half a minute) ..." >&2
	$(call pip,--editable .)
	@touch $@

$(VENV)/.lab: $(VENV)/.installed
	@echo "adding JupyterLab ..." >&2
	$(call pip,--editable '.[lab]')
	@touch $@

$(VENV)/.dev: $(VENV)/.installed
	@echo "adding what the tests need ..." >&2
	$(call pip,--editable '.[dev]')
	@touch $@
