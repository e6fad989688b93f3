# Everything runs in .venv, which is made on first use. `make help` lists the targets.
PYTHON ?= python3
BIN := .venv/bin

# A Python that is named and is not the environment's makes that anew; none that is named lets it be.
VERSION := import sys; print(sys.version_info[:2])
ifneq ($(origin PYTHON),file)
ifneq ($(shell $(PYTHON) -c '$(VERSION)'),$(shell $(BIN)/python -c '$(VERSION)' 2>/dev/null))
.PHONY: .venv/bin/python .venv/installed
endif
endif

.PHONY: help demo test engine check format clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

demo: .venv/installed ## deploy on this machine and run every sample order
	@$(BIN)/orders demo

test: .venv/installed ## run every test, but for those of `make engine`
	@$(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder

engine: .venv/installed ## run the stacks on Pulumi's own engine, into the embedded cloud; needs its CLI
	@$(BIN)/pytest -m engine -n 2 --dist loadfile -rs tests/engine

check: .venv/installed ## format, lint, types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

format: .venv/installed ## format and mend what can be mended
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean: ## remove the environment and every cache
	rm -rf .venv .venvs .build .pulumi .mypy_cache .ruff_cache .hypothesis *.egg-info

.venv/installed: pyproject.toml | .venv/bin/python
	@echo "Installing into .venv (once, about a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[local,dev]'
	@touch $@

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; set PYTHON=")'
	@$(PYTHON) -m venv --clear .venv || { rm -rf .venv; exit 1; }
