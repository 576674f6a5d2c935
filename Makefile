# What people repeat. `make demo` and `make test` install what they need first.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: install demo test check fmt docs guide up lock faults clean
install: .venv/installed

.venv/installed: requirements.lock pyproject.toml infra/kafka_lock.toml infra/htmx.lock
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m infra.jars
	$(BIN)/python -m infra.htmx
	touch $@

demo: install
	$(BIN)/ansinh demo

up: install
	$(BIN)/ansinh up

test: install check
	$(BIN)/pytest

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fmt: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: install
	$(BIN)/python -m docs.build

# The pictures of the guide and the README, from a walk through a real browser.
guide: install
	$(BIN)/pytest tests/browser/test_month.py -k script
	$(BIN)/python -m docs.guide

# Breaks the code in five places and shows which test goes red each time.
faults: install
	$(BIN)/python tests/faults/break.py

lock: install
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header --extra dev --python-version 3.11 pyproject.toml -o requirements.lock

clean:
	rm -rf out .data .mypy_cache .ruff_cache .pytest_cache
