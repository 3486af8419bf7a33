# Everything a person types. `make` alone explains itself.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# one process more than there are cores, as they wait a third of their time, and four at most;
# a file stays together, and the slow ones come first
MORE_THAN_CORES := import os; print(min(4, 1 + (os.cpu_count() or 1)))
SIDE_BY_SIDE = --numprocesses $$($(BIN)/python -c '$(MORE_THAN_CORES)') --dist loadfile --no-loadscope-reorder
NGINX := deploy/debian.sh nginx nginx-light "tests and figures of the cache are left out"
GDAL := deploy/debian.sh ogrinfo gdal-bin "tests with ogrinfo are skipped"
COMPILER := deploy/debian.sh cc gcc "steps of the clock are left out of the fault drill"
UP := $(if $(PORT),--port $(PORT)) $(if $(SPEED),--speed $(SPEED))

# the many processes that tests start would each compile the product for themselves
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo run check test drill fuzz soak bench audit screenshots lock clean

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
	@$(COMPILER)
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest $(SIDE_BY_SIDE)

drill: $(READY) ## CUTS=100 in a shift on a phone, FAULTS=200 and FAILOVERS=20 under load; an hour; SEED=n
	@deploy/browser.sh $(BIN)/python
	@$(COMPILER)
	CUTS=$(or $(CUTS),100) $(if $(SEED),SEED=$(SEED)) $(BIN)/pytest tests/field_drill
	$(BIN)/python -m tests.fault_drill --faults $(or $(FAULTS),200) \
	  --failovers $(or $(FAILOVERS),20) $(if $(SEED),--seed $(SEED))

fuzz: $(READY) ## hand INPUTS=100000 hostile inputs to every entrance, about 20 minutes; SEED=n
	$(BIN)/python -m tests.fuzz.expressions | tail -n 1
	$(BIN)/python -m tests.fuzz --inputs $(or $(INPUTS),100000) $(if $(SEED),--seed $(SEED))
	$(BIN)/python -m tests.fuzz.api $(if $(SEED),--seed $(SEED))

soak: $(READY) ## run the demo for MINUTES=60 at SPEED=20: what must stay flat does, nothing is lost; SEED=n
	$(BIN)/python -m tests.soak --minutes $(or $(MINUTES),60) --speed $(or $(SPEED),20) $(if $(SEED),--seed $(SEED))

bench: $(READY) ## print the figures
	@deploy/browser.sh $(BIN)/python
	@$(NGINX)
	@deploy/lighthouse.sh
	$(BIN)/python -m bench

screenshots: $(READY) ## make the pictures in docs/img anew
	@deploy/browser.sh $(BIN)/python
	$(BIN)/python -m tests.browser.screenshots

audit: $(READY) ## ask the public database which of our packages have known flaws; needs the network
	$(BIN)/python -m venv build/audit
	@build/audit/bin/pip install --quiet "pip-audit>=2.9" || { echo "make audit could not fetch pip-audit:\
	 run it where packages can be installed; nothing was looked at" >&2; exit 1; }
	@build/audit/bin/pip-audit --strict --disable-pip --require-hashes --requirement requirements.lock || { echo \
	 "make audit: a package above has a known flaw, or could not be looked up: for that the public\
	 index itself must be reached, not a copy of it" >&2; exit 1; }

lock: ## pin all packages anew, with hashes
	@command -v uv >/dev/null || { echo "make lock needs uv on PATH" >&2; exit 1; }
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --upgrade --quiet \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements.lock

clean: ## remove .venv and caches; data stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build *.egg-info
