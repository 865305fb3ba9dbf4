# `make demo` and `make test` need Python 3.11 or newer, and nothing else installed.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint deploy/constraints.txt

.PHONY: demo test lint fuzz big-list soak-workers audit soak-days soak-attack coverage mutants bench pictures gallery messages handbook reference requirements clean soak
.PHONY: soak-network soak-day lint-deploy

demo: .venv/installed
	$(BIN)/tentqueue demo --open

test: .venv/testable
	$(BIN)/python -m pytest -n 2

# The tests do the same.
lint: .venv/testable
	$(BIN)/ruff check tentqueue tests benchmarks
	$(BIN)/ruff format --check tentqueue tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --configfile pyproject.toml -ll --recursive tentqueue

# The cluster's and the containers' files against their own schemas: no engine runs them here.
lint-deploy: .venv/installed
	$(PIP) kubernetes-validate==1.37.0 check-jsonschema==0.39.0
	$(BIN)/kubernetes-validate --strict deploy/kubernetes.yaml
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec deploy/compose.yaml

# Known holes in what a deployment installs, asked of the advisories on the internet. The tests ask
# too, and leave it out where nobody can be asked.
audit: .venv/testable
	$(BIN)/python -m tests.advisories

# The API against its own schemas, 20,000 requests; the tests send 600.
fuzz: .venv/testable
	FUZZ_REQUESTS=20000 $(BIN)/python -m pytest -n 2 tests/web/test_schemas.py

# A results file of 500,000 rows and 50 MB; the tests take one of 20,000.
big-list: .venv/testable
	LIST_ROWS=500000 $(BIN)/python -m pytest --timeout 1800 tests/roster/test_big_list.py

# Workers on one PostgreSQL under 32 clients, 1,000 calls and more: three for ten minutes, then four
# of which one is killed every five seconds; the tests do eight seconds of each.
soak-workers: .venv/testable
	WORKERS_SECONDS=600 $(BIN)/python -m pytest -s --timeout 900 tests/workers -k "never_call or dies_every"

# A tent killed 1,200 times at each step and at random, a server 25 times with everybody at work,
# the power cut 5,000 times with five things that the disk kept; the tests do 192, 4 and 40.
soak: .venv/testable
	KILLS=1200 CUTS=5000 $(BIN)/python -m pytest -n 2 --timeout 3600 tests/faults/test_kills.py \
	  tests/faults/test_killed_server.py tests/faults/test_power_cut.py

# 500 pages behind five bad networks, each with every fault in turn; the tests do 40 and one turn.
soak-network: .venv/testable
	NETWORK_CLIENTS=500 NETWORK_TURNS=5 $(BIN)/python -m pytest -s tests/network

# A day of twelve hours at ten times its speed, 72 minutes: memory, handles and greenlets stay flat.
soak-day: .venv/testable
	$(BIN)/python -m benchmarks.long_day --minutes $${MINUTES:-72}

# Whole days with faults on a virtual clock; a day that fails prints how to play it again.
soak-days: .venv/testable
	FAULTY_DAYS=$${DAYS:-2000} $(BIN)/python -m pytest -n 2 tests/faults/test_days.py -k promise

# 10,000 joins of bots beside 200 runners, 2,000 slow strangers until each is shown out, and a
# gigabyte of each kind of bomb; the tests do a little of each.
soak-attack: .venv/testable
	ATTACK_JOINS=10000 ATTACK_RUNNERS=200 ATTACK_SLOW=1000 ATTACK_MESSAGES=10 \
	  $(BIN)/python -m pytest -s --timeout 900 tests/attack/test_siege.py

# Every branch of the domain, by the domain's own tests.
coverage: .venv/testable
	$(PIP) coverage
	$(BIN)/python -m coverage run --rcfile=deploy/coverage.ini -m pytest -q tests/domain
	$(BIN)/python -m coverage report --rcfile=deploy/coverage.ini

# What the domain's tests let pass, among a thousand small changes drawn by a seed; SAMPLE=0 is all.
mutants: .venv/testable
	$(PIP) cosmic-ray
	$(BIN)/python -m tests.mutants --sample $${SAMPLE:-1000} --seed $${SEED:-1}

bench: .venv/testable
	$(BIN)/python -m benchmarks

pictures: .venv/testable
	$(BIN)/python -m tests.pictures

# Every component in each state and every screen in each scene, to click through at /gallery.
gallery: .venv/testable
	$(BIN)/python -m tests.gallery $${PORT:-8400}

messages: .venv/testable
	$(BIN)/python -m tests.messages

# The handbook as pages to print or carry along: build/handbook/index.html.
handbook: .venv/installed
	$(PIP) --editable ".[docs]"
	$(BIN)/python -m mkdocs build --strict --config-file deploy/mkdocs.yml

# docs/reference.md from what the code says of itself.
reference: .venv/installed
	$(BIN)/python -m tests.reference

# deploy/requirements.txt: every file of every pin by its hash, for servers that take nothing else.
requirements: .venv/installed
	$(PIP) pip-tools
	mkdir -p build
	$(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-emit-trusted-host --no-header --no-annotate --strip-extras --allow-unsafe \
	  --constraint deploy/constraints.txt --extra postgres --extra push --extra printers \
	  --extra workers --output-file build/requirements.txt pyproject.toml
	sed -n '/^#/p' deploy/requirements.txt | cat - build/requirements.txt > build/hashed.txt
	mv build/hashed.txt deploy/requirements.txt

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
