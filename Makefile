# Everything runs in .venv, which is made on first use. `make help` lists the targets.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help demo test check format clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

demo: .venv/installed ## deploy on this machine and run every sample order
	@$(BIN)/orders demo

test: .venv/installed ## run every test
	@$(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder

check: .venv/installed ## format, lint, types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

format: .venv/installed ## format and mend what can be mended
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean: ## remove the environment and every cache
	rm -rf .venv .mypy_cache .ruff_cache .hypothesis *.egg-info

.venv/installed: pyproject.toml
	@echo "Installing into .venv (once, about a minute)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; set PYTHON=")'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[local,dev]'
	@touch $@
