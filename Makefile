# Everything a person or a machine does with this project. `make` alone lists it.
PYTHON ?= python3
VENV := .venv
NPM := tests/player/node_modules/installed tests/lrs/clients/node_modules/installed
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
export PUPPETEER_SKIP_DOWNLOAD = 1

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# The stamps stand for an installation that matches its lock.
$(VENV)/installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/tested: $(VENV)/installed requirements-test.lock
	$(PIP) install --require-hashes -r requirements-test.lock
	@touch $@

# Where npm is missing, what needs it is skipped or fails with a line that says what to install.
tests/%/node_modules/installed: tests/%/package.json
	@if command -v npm >/dev/null; then cd tests/$* && npm install --no-audit --no-fund --loglevel=error && touch node_modules/installed; \
	else echo "npm is missing: the tests in a browser and of other clients will be skipped (Debian: apt install nodejs npm)"; fi

demo: $(VENV)/installed ## build the course, fill a store and serve it (ARGS=--once: check it and stop)
	$(BIN)/ktb-lrs demo $(ARGS)

test: $(VENV)/tested $(NPM) ## install what the tests need and run them all
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

fuzz: $(VENV)/tested $(NPM) ## 100,000 made-up cases for each reader of files from outside
	KTB_FUZZ_CASES=$${KTB_FUZZ_CASES:-100000} $(BIN)/python -m pytest -m fuzz $(ARGS)

mutants: $(VENV)/tested tests/player/node_modules/installed ## break the player on purpose: each way must turn a test red
	$(BIN)/python tests/mutants/mutants.py $(ARGS)

matrix: $(VENV)/tested tests/player/node_modules/installed tests/matrix/node_modules/installed ## every component, state, language and setting under the checkers
	$(BIN)/python tests/matrix/matrix.py $(ARGS)

pages: $(VENV)/tested tests/player/node_modules/installed tests/matrix/node_modules/installed ## every page of the programme, both languages, under axe and vnu
	$(BIN)/python tests/matrix/programme.py $(ARGS)

browsers: $(VENV)/tested tests/player/node_modules/installed tests/browsers/node_modules/installed ## the player in Firefox and WebKitGTK
	$(BIN)/python tests/browsers/smoke.py $(ARGS)

faults: $(VENV)/tested ## kill the store a hundred times under load, on each database
	$(BIN)/python tests/faults/faults.py $(ARGS)

conformance: $(VENV)/tested ## ADL's suite on both databases: make conformance SUITE=/path/to/its/checkout
	$(BIN)/python tests/conformance/run.py $(SUITE) $(ARGS)

lint: $(VENV)/tested ## ruff, mypy and the contracts between the parts
	$(BIN)/ruff check authoring lrs tests
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/tested tests/player/node_modules/installed ## the numbers to reach, as a table
	$(BIN)/python tests/bench/bench.py

pictures: $(VENV)/tested ## draw the pictures of the README and the guides again
	$(BIN)/python tests/bench/pictures.py

docs: $(VENV)/tested ## draw the tables of the documents again
	$(BIN)/python tests/documents.py

lock: $(VENV)/tested ## write the locks again from pyproject.toml
	$(PIP) install uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --all-extras -c requirements.lock pyproject.toml -o requirements-test.lock

.PHONY: help demo test fuzz mutants matrix pages browsers faults conformance lint bench pictures docs lock
