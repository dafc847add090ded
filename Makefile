# Two commands matter: `make demo` shows the main job, `make test` proves it. Both set everything up first.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help setup demo test check format fuzz mutation bench docs lock clean

help: ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | expand -t 12

setup: $(READY) ## a virtual environment with everything, from the lock file

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "no venv module: install it (Debian: apt-get install python3-venv)" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY) ## the main job on the embedded store: log in, call, be limited, be refused, reload
	$(BIN)/python rules/quickstart/demo.py

test: $(READY) ## every test
	$(BIN)/python -m pytest -n auto --dist worksteal -q

check: $(READY) ## format, lint, types, import contracts, docs built strictly
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --config importlinter.toml
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

format: $(READY) ## put everything in the one style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

fuzz: $(READY) ## the properties with many more examples, and coverage-guided targets; takes long
	$(BIN)/python -m tests.fuzz

mutation: $(READY) ## how many small changes to the compiler's core its tests notice; at most 35 minutes
	$(BIN)/python -m tests.mutation

bench: $(READY) ## speed, as ratios measured side by side
	$(BIN)/python -m bench

docs: $(READY) ## the documentation site, served on loopback
	$(BIN)/mkdocs serve

lock: ## resolve the lock file anew
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --group dev --all-extras --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --upgrade --quiet -o requirements.lock

clean: ## remove what was made
	rm -rf $(VENV) site dist .demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .mutation
