# The verbs of the project; CI runs the same.
PYTHON ?= .venv/bin/python
BIN := $(dir $(PYTHON))

.PHONY: setup fmt check test types gate eval bench

setup:  ## a development environment in .venv
	python3 -m venv .venv
	$(BIN)pip install -e '.[test,bench]'

fmt:  ## format the code
	$(BIN)ruff format .
	$(BIN)ruff check --fix .

types:  ## mypy and basedpyright see the root folder under its package name
	@mkdir -p build/types && ln -sfn ../.. build/types/fontes
	$(BIN)mypy -p fontes.agent -p fontes.crawler -p fontes.retrievers -p fontes.tools -p fontes.evals
	$(BIN)basedpyright

check: types  ## lint, types, import contract
	$(BIN)ruff format --check .
	$(BIN)ruff check .
	$(BIN)lint-imports

test:  ## the quick tests, then the slow ones
	$(BIN)pytest
	$(BIN)pytest -m slow

gate:  ## thirty questions over the examples, against the baseline that is kept; `.ci/eval --update` makes it anew
	.ci/eval

eval:  ## the figures of answers, abstention, verification and routing
	$(PYTHON) benchmarks/answers.py --data ../shared/data
	$(PYTHON) -m fontes.evals.routing

bench:  ## the figures of retrieval, adding, extraction, the crawler and the web
	$(PYTHON) benchmarks/fusion.py ../shared/data --rerank
	$(PYTHON) benchmarks/add.py --data ../shared/data
	$(PYTHON) benchmarks/extraction.py --data ../shared/data/extraction
	$(PYTHON) benchmarks/crawl.py --data ../shared/data/extraction
	$(PYTHON) benchmarks/politeness.py
	$(PYTHON) benchmarks/web.py --data ../shared/data
