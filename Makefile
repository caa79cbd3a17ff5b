# `make run` needs python3 (3.11 or later) and make; everything else is installed into .venv.
PYTHON3 ?= python3
STAGE ?= dev
BIN := .venv/bin
PYTHON := $(BIN)/python
# A new stamp, so a new install, whenever the requirements change.
STAMP := .venv/.installed-$(shell cat requirements.txt requirements-dev.txt | cksum | cut -d ' ' -f 1)

.DEFAULT_GOAL := help
.PHONY: help install run reset test check format demo bench package clean

help: ## Say what there is to make
	@grep -E '^[a-z]+:.*## ' Makefile | sed -e 's/:.*## /|/' | awk -F '|' '{printf "  make %-10s %s\n", $$1, $$2}'

install: $(STAMP) ## Install what the mall and its tools need into .venv

$(STAMP): requirements.txt requirements-dev.txt
	@$(PYTHON3) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "python3 must be 3.11 or later")'
	@echo "Installing Python packages into .venv"
	@$(PYTHON3) -m venv .venv
	@$(PYTHON) -m pip install --quiet --quiet --disable-pip-version-check -r requirements-dev.txt
	@rm -f .venv/.installed-*
	@touch $@

run: $(STAMP) ## Run the whole mall on this machine until Ctrl-C
	@exec $(PYTHON) -m infra.local

reset: ## Forget the data of the local mall
	@$(PYTHON3) -m infra.local.reset

test: $(STAMP) ## Run the tests
	$(PYTHON) -m pytest -n 2 --dist loadfile

check: $(STAMP) ## Check format, lint, types and who imports whom
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP) ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

demo: $(STAMP) ## Play the story over HTTP and print it
	@$(PYTHON) -m infra.demo

bench: $(STAMP) ## Measure, and write docs/benchmarks.md
	@$(PYTHON) -m infra.bench

package: $(STAMP) ## Package a stage for CloudFormation into dist/ (STAGE=dev)
	@$(PYTHON) -m infra.deploy --stage $(STAGE)

clean: ## Remove what make made, except the data
	rm -rf .venv .cache dist node_modules
