# Everything here is also `.venv/bin/python -m checks <verb>`, for those without make. What is
# written as name=value is read by Python itself, with every character in it.

PYTHON ?= python3
PY := .venv/bin/python
PIP := $(PY) -m pip install -q --disable-pip-version-check -c constraints.txt
VERBS := check laws watch hint solution reset progress debug grade student prove mutate promises notebooks lab

.DEFAULT_GOAL := help
.PHONY: help setup $(VERBS) train predict lrfind export test lint bench ablate stubs

# `make check setify`: what stands behind a verb is a name and no target
ifneq ($(filter $(VERBS),$(firstword $(MAKECMDGOALS))),)
NAMES := $(wordlist 2,99,$(MAKECMDGOALS))
Makefile pyproject.toml constraints.txt: ;
%: ; @:
endif

help:
	@echo "Imagenette Katas"
	@echo
	@echo "  make check kata=setify      judge your answer: a kata, its number, an exercise, or all"
	@echo "  make laws kata=setify       judge laws of your own: which mistakes do they catch?"
	@echo "  make watch                  judge every file as soon as you save it"
	@echo "  make hint kata=setify       show a hint, one more each time"
	@echo "  make solution kata=setify   compare with the reference (yes=1: before yours is green)"
	@echo "  make reset kata=setify      start again; your old file is kept"
	@echo "  make progress               show what's done, what's lent, what's next"
	@echo
	@echo "  make train                  train on the sketches; with=katas: with your own code"
	@echo "  make train data=imagenette  train on real pictures; help=1 lists every option"
	@echo "  make predict image=FILE     ask a trained network about a picture or a folder"
	@echo "  make lab                    open your own copies of the notebooks; kata=NAME opens its one"
	@echo
	@echo "  make grade submissions=DIR  grade a class, one folder each"
	@echo "  make test                   run all tests; make prove, mutate, bench, ablate: the figures"
	@echo
	@if [ -e .venv/made ]; then $(PY) -m checks progress; else echo "next    make setup"; fi

# remade when its contents change
.venv/made: pyproject.toml constraints.txt
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" \
		|| { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 ..."; exit 1; }
	@echo "1 of 3  creating the virtual environment .venv"
	@$(PYTHON) -m venv .venv
	@echo "2 of 3  installing torch: the largest part, a few minutes, once"
	@$(PY) -m pip install --disable-pip-version-check -c constraints.txt torch
	@echo "3 of 3  installing everything else"
	@$(PIP) -e ".[test]"
	@touch $@

.venv/lab: .venv/made
	@echo "installing JupyterLab, once"
	@$(PIP) -e ".[test,lab]"
	@touch $@

setup: .venv/made
	@echo "ready; next    make check kata=listify"

# A red verdict is no error of make's. Scripts that need the exit status set CI=1, or call
# `python -m checks check`.
check laws watch hint solution reset progress debug: .venv/made
	@$(PY) -m checks $@ $(NAMES) || test -z "$$CI"

grade student prove mutate promises notebooks: .venv/made
	@$(PY) -m checks $@ $(NAMES)

train: .venv/made
	@$(PY) -m $(if $(filter katas,$(with)),checks train,solutions.trainer)

predict lrfind export bench ablate: .venv/made
	@$(PY) -m solutions.trainer.$@

lab: .venv/lab
	@$(PY) -m checks $@ $(NAMES)

test: .venv/made
	@OMP_NUM_THREADS=1 $(PY) -m pytest checks/tests -n 2 --dist worksteal -q

lint: .venv/made
	@$(PY) -m ruff format --check solutions checks notebooks
	@$(PY) -m ruff check solutions checks notebooks
	@$(PY) -m mypy solutions checks/laws.py checks/judging checks/learning checks/teaching notebooks/plots.py

stubs: .venv/made
	@$(PY) -m checks stubs
