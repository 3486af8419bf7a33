# Everything a person types. `make` alone explains itself.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# one process a core, four at most; a file stays together, and the slow ones come first
SIDE_BY_SIDE := --numprocesses logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder
NGINX := deploy/debian.sh nginx nginx-light "tests and figures of the cache are left out"
GDAL := deploy/debian.sh ogrinfo gdal-bin "tests with ogrinfo are skipped"
UP := $(if $(PORT),--port $(PORT)) $(if $(SPEED),--speed $(SPEED))

.PHONY: help setup demo run check test drill bench screenshots lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  with PORT=8050 and SPEED=60 for demo and run"

setup: $(READY) ## make .venv with everything in it

$(READY): requirements.lock requirements-schemas.lock pyproject.toml deploy/setup.sh
	@deploy/setup.sh $(VENV)
	@touch $@

demo: $(READY) ## play the black rainstorm of September 2023
	@exec $(BIN)/cop up --scenario $(or $(SCENARIO),black-rainstorm-2023) --data .data/demo $(UP)

run: $(READY) ## run the live operation on the real feeds
	@exec $(BIN)/cop up --data .data/live $(UP)

check: $(READY) ## format, lint, types, import contracts, unit and contract tests
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest $(SIDE_BY_SIDE) tests/unit tests/contract

test: $(READY) ## everything that check does, and the integration and browser tests
	@deploy/browser.sh $(BIN)/python
	@$(NGINX)
	@$(GDAL)
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest $(SIDE_BY_SIDE)

drill: $(READY) ## cut the network and kill everything, CUTS=100 times, in a shift on a phone; SEED=n
	@deploy/browser.sh $(BIN)/python
	CUTS=$(or $(CUTS),100) $(if $(SEED),SEED=$(SEED)) $(BIN)/pytest tests/field_drill

bench: $(READY) ## print the figures
	@deploy/browser.sh $(BIN)/python
	@$(NGINX)
	@deploy/lighthouse.sh
	$(BIN)/python -m bench

screenshots: $(READY) ## make the pictures in docs/img anew
	@deploy/browser.sh $(BIN)/python
	$(BIN)/python -m tests.browser.screenshots

lock: ## pin all packages anew, with hashes
	@command -v uv >/dev/null || { echo "make lock needs uv on PATH" >&2; exit 1; }
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --upgrade --quiet \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements.lock

clean: ## remove .venv and caches; data stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build *.egg-info
