# Every target makes what it needs; only Python 3.11 or newer and make must be installed.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
.DEFAULT_GOAL := help
.PHONY: help install requirements nox dist demo test test-part test-others lint docs sandbox drift adopt regenerate unasync record contract faults mutate bench stress

help: ## show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

install: $(READY) ## make the environment in .venv (REQUIREMENTS=<file with hashes>: install only these)

$(READY): pyproject.toml $(REQUIREMENTS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "needs Python 3.11 or newer; set PYTHON=")'
	@echo "making .venv; this takes a minute the first time"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check $(if $(REQUIREMENTS),--require-hashes -r '$(REQUIREMENTS)',-e '.[dev]')
	@$(if $(REQUIREMENTS),$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .)
	@touch $@

demo: $(READY) ## see the library work, against a local sandbox (PICTURE=<file>: save some of it as an SVG)
	@$(BIN)/python scripts/demo.py $(if $(PICTURE),--picture '$(PICTURE)')

# Two parts that take about as long as each other.
PART := tests/client tests/values tests/sandbox tests/parity tests/cassettes tests/calls tests/faults tests/recipes

test: $(READY) ## everything that CI runs, two things at a time (ARGS='tests/values -k pickle': only a part, with pytest)
ifdef ARGS
	$(BIN)/python -m pytest $(ARGS)
else
	@echo "this takes 4 minutes on two cores: lint 1, docs half a minute, the tests 3 + 3; ARGS='tests/values' takes 10 seconds"
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target test-part lint docs test-others
endif

test-part: $(READY)
	$(BIN)/python -m pytest $(PART)

test-others: $(READY)
	$(BIN)/python -m pytest $(addprefix --ignore=,$(PART))

lint: $(READY) ## formatting, types, workflows, prose, and whether what is derived is up to date
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/python scripts/unasync.py --check
	$(BIN)/python scripts/regenerate.py --check
	$(BIN)/zizmor --offline --quiet --persona pedantic --min-severity medium .github
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/python scripts/prose.py

nox: $(READY) ## run the tests on each Python that is installed (ARGS: for pytest)
	@$(BIN)/nox -s tests $(if $(ARGS),-- $(ARGS))

dist: $(READY) ## build sdist and wheel twice and compare them, check them, and try the wheel on each Python that is installed
	@$(BIN)/nox -s dist wheel

requirements: $(READY) ## update .github/requirements.txt, which CI installs from
	@$(BIN)/nox -s requirements

docs: $(READY) ## build the documentation into build/docs/html; a warning is an error
	$(BIN)/python -m sphinx --builder html --nitpicky --fail-on-warning --keep-going --fresh-env --quiet docs build/docs/html

sandbox: $(READY) ## start a local server that behaves like the API, until Ctrl-C (PORT=8080)
	@$(BIN)/python -m hcloud_images_sandbox --port $(or $(PORT),8080)

regenerate: $(READY) ## build generated/ from spec/images.yaml (CHECK=1: only compare)
	@$(BIN)/python scripts/regenerate.py $(if $(CHECK),--check)

# make has one exit code for failures, 2. Findings are a result: only with CHECK=1 they fail, as a failed comparison does.
drift: $(READY) ## compare SOURCE=<file or URL>, an official description, with ours (FORMAT=text, json or markdown; CHECK=1: fail on findings)
	@$(BIN)/python scripts/drift.py $(if $(FORMAT),--format $(FORMAT)) $(if $(CHECK),,--exit-zero) -- '$(SOURCE)'

adopt: $(READY) ## adopt from SOURCE=<file or URL> what is additive and safe (CHANGELOG=1: add a line there)
	@$(BIN)/python scripts/adopt.py $(if $(CHANGELOG),--changelog) -- '$(SOURCE)'

unasync: $(READY) ## derive facade/hcloud_images/_sync from _async (CHECK=1: only compare)
	@$(BIN)/python scripts/unasync.py $(if $(CHECK),--check)

record: $(READY) ## record the cassettes again, against the sandbox (LIVE=1: some against the real API; costs money and asks)
	@$(BIN)/python scripts/record.py $(if $(LIVE),--live) $(if $(YES),--yes)

contract: $(READY) ## replay the cassettes, and show the results of each operation (SOURCE: also compare with it)
	@$(BIN)/python -m pytest -q tests/contract --coverage-table $(if $(SOURCE),--source '$(SOURCE)')

faults: $(READY) ## run all kinds of calls against a server that does everything wrong, and show how they end (OFFICIAL=1: reads of both clients)
	@$(if $(OFFICIAL),PYTHONPATH=tests $(BIN)/python -m faults,$(BIN)/python -m pytest -q -p no:logging tests/faults --fault-table)

mutate: $(READY) ## change one thing at a time in cassettes and facade, and count what the contract tests notice
	@$(BIN)/python scripts/mutate.py

bench: $(READY) ## compare speed and memory with the official client (ONLY=<key>: one measure; PROFILE=<key>: where the time goes)
	@$(BIN)/python scripts/benchmark.py $(if $(ONLY),--only $(ONLY)) $(if $(PROFILE),--profile $(PROFILE))

stress: $(READY) ## kill the nightly job at random, say (KIND=nightly, soak, scale or cancel; ARGS='--help': its options)
	@$(BIN)/python scripts/stress.py $(or $(KIND),nightly) $(ARGS)
