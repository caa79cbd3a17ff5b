# `make run` needs python3 (3.11 or later) and make; everything else is installed into .venv.
PYTHON3 ?= python3
STAGE ?= dev
BIN := .venv/bin
PYTHON := $(BIN)/python
# A new stamp, so a new install, whenever the requirements change.
SUM = $(shell cat constraints.txt $(1) | cksum | cut -d ' ' -f 1)
LOCAL := .venv/.local-$(call SUM,requirements.txt requirements-local.txt)
DEV := .venv/.dev-$(call SUM,requirements.txt requirements-local.txt requirements-dev.txt)
# Each process of a stack would else compile what it imports, where Python is told to keep nothing.
export PYTHONDONTWRITEBYTECODE :=
export PYTHONPYCACHEPREFIX := $(CURDIR)/.cache/bytecode
PIP_INSTALL := -m pip install --quiet --quiet --no-compile --disable-pip-version-check -c constraints.txt

# What tries every case that there is: each I/O point failing, each schedule, each order of events,
# generated requests to each route; crowds in processes that are killed; and days of thousands of
# entries settled.
PROOFS := tests/bench/test_settlement.py \
	tests/faults/test_crash_matrix.py tests/faults/test_payment_crashes.py \
	tests/faults/test_return_crashes.py tests/faults/test_return_schedules.py \
	tests/faults/test_goods_crashes.py tests/faults/test_goods_schedules.py \
	tests/faults/test_schedules.py tests/faults/test_payment_schedules.py \
	tests/faults/test_processes.py \
	tests/orders/test_event_orders.py tests/stack/test_schema.py

# Each context has its folder of tests; so has all that runs, deploys and proves the mall.
CONTEXTS := $(sort $(patsubst tests/%/__init__.py,%,$(wildcard tests/*/__init__.py)))
UNKNOWN := $(filter-out $(CONTEXTS),$(CONTEXT))
ifneq ($(UNKNOWN),)
$(error There are no tests of $(UNKNOWN). There are: $(CONTEXTS))
endif
# One seed for the order of the tests and for what hypothesis makes up.
ANY_SEED = $(shell od -An -N3 -tu4 /dev/urandom | tr -d ' ')
# Two processes take longer to import the mall twice than pure tests take in one.
seeded = $(PYTHON) -m pytest -n $(if $(filter pure,$(MARK)),0,2) --randomly-seed=$(1) --hypothesis-seed=$(1)
PYTEST = $(call seeded,$(or $(SEED),$(ANY_SEED)))

.DEFAULT_GOAL := help
.PHONY: help install run reset test prove browse speeds shots simulate mutate check check-python check-web format demo bench package web deploy-web lock clean

help: ## Say what there is to make
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -e 's/:.*## /|/' | awk -F '|' '{printf "  make %-11s %s\n", $$1, $$2}'

install: $(DEV) ## Install what the mall, its tests and its checks need into .venv

$(LOCAL): requirements.txt requirements-local.txt constraints.txt
	@$(PYTHON3) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "python3 must be 3.11 or later")'
	@echo "Installing what the mall needs into .venv"
	@$(PYTHON3) -m venv .venv
	@$(PYTHON) $(PIP_INSTALL) -r requirements-local.txt
	@rm -f .venv/.local-*
	@touch $@

$(DEV): $(LOCAL) requirements-dev.txt
	@echo "Installing what tests and checks need into .venv"
	@$(PYTHON) $(PIP_INSTALL) -r requirements-dev.txt
	@rm -f .venv/.dev-*
	@touch $@

lock: ## Write constraints.txt anew from requirements-dev.txt
	@rm -rf .venv-lock && $(PYTHON3) -m venv .venv-lock
	@.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@echo "# Every package at the version that was tested; pip resolves nothing else: make lock" > constraints.txt
	@.venv-lock/bin/python -m pip freeze >> constraints.txt
	@rm -rf .venv-lock

run: $(LOCAL) ## Run the whole mall on this machine until Ctrl-C
	@exec $(PYTHON) -m infra.local

reset: ## Forget the data of the local mall
	@$(PYTHON3) -m infra.local.reset

test: $(DEV) ## Run the tests, all but the exhaustive ones (CONTEXT=orders MARK=pure SEED=7 DAY_ENDS=7)
	$(PYTEST) $(if $(MARK),-m "$(MARK)") $(DAY_ENDS:%=--day-ends=%) $(PROOFS:%=--ignore=%) $(CONTEXT:%=tests/%)
	$(if $(CONTEXT)$(MARK),,$(PYTHON) -m infra.web test)

# On Amazon's own engine: make test is on the one that starts faster, and so are midnights.
prove: $(DEV) ## Run the exhaustive tests: every fault, every schedule, generated requests, midnights (SEED=7)
	JIFEN_ENGINE=$${JIFEN_ENGINE:-dynamodb-local} $(PYTEST) $(PROOFS)
	$(PYTEST) --day-ends=$(or $(DAY_ENDS),7401907) --day-ends-share=3 $(PROOFS:%=--ignore=%)

browse: $(DEV) ## Try the pages in a real Chromium (ONLY=part of a file's name; JIFEN_URL=a mall that runs)
	@exec $(PYTHON) -m tests.browse $(ONLY)

speeds: $(DEV) ## Measure how soon each page can be used, into docs/web.md (JIFEN_URL=, ROUNDS=5)
	@exec $(PYTHON) -m tests.browse --speeds

shots: $(DEV) ## Take the pictures of README into docs/pictures (JIFEN_URL=a mall that runs)
	@exec $(PYTHON) -m tests.browse --shots

simulate: $(DEV) ## Play random histories of the ledger against a model (SEED= STEPS=1000000)
	@$(PYTHON) -m tests.simulation $(if $(SEED),--seed $(SEED)) $(if $(STEPS),--steps $(STEPS))

mutate: $(DEV) ## Plant small bugs in the rules: docs/mutation.md tells which tests miss (CONTEXT=orders)
	@$(PYTHON) -m tests.mutation $(CONTEXT)

check: $(DEV) ## Check format, lint, types and who imports whom
	@$(MAKE) --no-print-directory --jobs=2 check-python check-web

check-python: $(DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check-web: $(DEV)
	$(PYTHON) -m infra.web check

format: $(DEV) ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(PYTHON) -m infra.web format

demo: $(LOCAL) ## Play the story over HTTP and print it
	@$(PYTHON) -m infra.demo

bench: $(LOCAL) ## Measure, and write docs/benchmarks.md (ONLY=units prints that part alone)
	@$(PYTHON) -m infra.bench $(if $(ONLY),--only $(ONLY))

package: $(LOCAL) ## Package a stage into dist/ (STAGE=dev; SENDER=address of its letters; UPGRADE=step)
	@$(PYTHON) -m infra.deploy --stage $(STAGE) $(if $(SENDER),--sender "$(SENDER)") $(if $(UPGRADE),--upgrade $(UPGRADE))

web: $(LOCAL) ## Build the pages into web/dist, as make run does when their sources changed
	@$(PYTHON) -m infra.web

deploy-web: $(LOCAL) ## Build the pages and upload them to a deployed stage (STAGE=dev)
	@$(PYTHON) -m infra.deploy.web --stage $(STAGE)

clean: ## Remove what make made, except the data
	rm -rf .venv .cache .chalice/deployments dist node_modules tests/contract/clients/node_modules
	rm -rf web/dist web/node_modules web/*/node_modules web/shared/openapi.json web/.building
	rm -f chalicelib/kernel/web/docs/scalar.js
