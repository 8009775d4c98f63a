# make setup  builds .venv          make demo   sets up and runs the main job
# make test   sets up and tests     make check  format, lint, types, tests
# make bench  the suites that need no outside data
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
# SWI-Prolog runs the rules; WordNet's files are the lexicon that training text is made from; E is for tests
DEBS := swi-prolog-nox wordnet-base eprover
# the document tier, without what these name and do not use (triton alone is hundreds of megabytes)
DOCUMENT := accelerate apache-tvm-ffi gguf peft psutil xgrammar
SUDO := $(shell test "$$(id -u)" = 0 || echo sudo)

.PHONY: setup demo test check bench clean

setup: $(VENV)/.done

# torch comes first and alone: 2.13.0 takes the CPU build, a plain `torch` would pull the CUDA packages.
$(VENV)/.done: pyproject.toml constraints.txt
	@{ command -v swipl >/dev/null && command -v eprover >/dev/null && test -d /usr/share/wordnet; } || { echo "installing $(DEBS)"; $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends $(DEBS) >/dev/null; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing Python packages into $(VENV) (some minutes the first time)"
	@$(PIP) -c constraints.txt torch==2.13.0
	@$(PIP) -c constraints.txt -e '.[train,dev]'
	@$(PIP) -c constraints.txt --no-deps $(DOCUMENT)
	@touch $@

demo: setup
	@$(BIN)/python -m neurosym.demo

test: setup
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(MAKE) test

bench: setup
	$(BIN)/python benchmarks/parse_speed.py
	$(BIN)/python benchmarks/parser_gold.py
	$(BIN)/python -m benchmarks.robustness
	$(BIN)/python -m benchmarks.calibration_set
	$(BIN)/python -m benchmarks.audit_suite run --every 4
	$(BIN)/python -m benchmarks.joint_cases
	$(BIN)/python benchmarks/reasoning_speed.py
	$(BIN)/python benchmarks/certificate_cost.py
	$(BIN)/python benchmarks/incremental.py --changes 20
	$(BIN)/python benchmarks/ordering_puzzles.py
	$(BIN)/python benchmarks/random_fol.py --n 1000
	$(BIN)/python benchmarks/problog_agreement.py --problems 100
	$(BIN)/python benchmarks/soak.py --n 2000
	$(BIN)/neurosym bench corpus

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
