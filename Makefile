# `make demo` and `make test` need Python 3.11 or newer, and nothing else installed.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint deploy/constraints.txt

.PHONY: demo test lint fuzz big-list soak-workers soak-days bench pictures messages clean

demo: .venv/installed
	$(BIN)/tentqueue demo --open

test: .venv/testable
	$(BIN)/python -m pytest -n 2

lint: .venv/testable
	$(PIP) ruff mypy
	$(BIN)/ruff check tentqueue tests
	$(BIN)/mypy
	$(BIN)/lint-imports

# The API against its own schemas, 20,000 requests; the tests send 600.
fuzz: .venv/testable
	FUZZ_REQUESTS=20000 $(BIN)/python -m pytest -n 2 tests/web/test_schemas.py

# A results file of 500,000 rows and 50 MB; the tests take one of 20,000.
big-list: .venv/testable
	LIST_ROWS=500000 $(BIN)/python -m pytest --timeout 1800 tests/roster/test_big_list.py

# Three workers on one PostgreSQL under 32 clients for ten minutes; the tests do eight seconds.
soak-workers: .venv/testable
	WORKERS_SECONDS=600 $(BIN)/python -m pytest --timeout 900 tests/workers -k never_call

# Whole days with faults on a virtual clock; a day that fails prints how to play it again.
soak-days: .venv/testable
	FAULTY_DAYS=$${DAYS:-2000} $(BIN)/python -m pytest -n 2 tests/faults/test_days.py -k promise

bench: .venv/testable
	$(BIN)/python -m benchmarks

pictures: .venv/testable
	$(BIN)/python -m tests.pictures

messages: .venv/testable
	$(BIN)/python -m tests.messages

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python pyproject.toml deploy/constraints.txt deploy/build/package-lock.json
	$(PIP) --editable .
	touch $@

.venv/testable: .venv/installed
	$(PIP) --editable ".[test]"
	touch $@

clean:
	rm -rf .venv static/vendor
