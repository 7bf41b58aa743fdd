# Everything here is also `.venv/bin/python -m checks <verb>`, for those without make.

PYTHON ?= python3
PY := .venv/bin/python
ASKED = $(kata) $(if $(answers),--answers "$(answers)") $(if $(json),--json "$(json)")
# what was written on the command line as name=value goes on to the trainer as it is
SAID = $(filter-out PYTHON=% with=%,$(MAKEOVERRIDES))

.DEFAULT_GOAL := help
.PHONY: help setup check watch hint solution reset progress train predict lab test bench ablate \
	grade prove mutate stubs notebooks

help:
	@echo "Imagenette Katas"
	@echo
	@echo "  make check kata=setify      judge your answers: a kata, its number, an exercise, or all"
	@echo "  make watch                  judge every file as soon as it is saved"
	@echo "  make hint kata=setify       a hint, one rung further at each call"
	@echo "  make solution kata=setify   the reference beside yours (yes=1: before yours is green)"
	@echo "  make reset kata=setify      begin anew; the old file is kept beside it"
	@echo "  make progress               what is done, what is lent, what is next"
	@echo
	@echo "  make train                  train on the sketches; with=katas: with your own code"
	@echo "  make train data=imagenette  on real pictures; help=1 shows every option"
	@echo "  make predict image=FILE     what a trained network says of a picture or a folder"
	@echo "  make lab                    open the notebooks"
	@echo
	@echo "  make grade submissions=DIR  a table of a class's submissions, one folder each"
	@echo "  make test                   all tests; make prove, mutate, bench, ablate: the figures"
	@echo
	@if [ -e .venv/made ]; then $(PY) -m checks progress; fi

# the environment is made anew when what it holds changes
.venv/made: pyproject.toml constraints.txt
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" \
		|| { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 ..."; exit 1; }
	@echo "making .venv (torch is large: this takes a few minutes, once)"
	@$(PYTHON) -m venv .venv
	@$(PY) -m pip install -q --disable-pip-version-check -c constraints.txt -e ".[test]"
	@touch $@

.venv/lab: .venv/made
	@$(PY) -m pip install -q --disable-pip-version-check -c constraints.txt -e ".[test,lab]"
	@touch $@

setup: .venv/made

check: .venv/made
	@$(PY) -m checks check $(ASKED)

watch hint: .venv/made
	@$(PY) -m checks $@ $(kata)

solution: .venv/made
	@$(PY) -m checks solution $(kata) $(if $(yes),--yes)

reset: .venv/made
	@$(PY) -m checks reset $(kata)

progress: .venv/made
	@$(PY) -m checks progress

train: .venv/made
	@$(PY) -m $(if $(filter katas,$(with)),checks train,solutions.trainer) $(SAID)

predict: .venv/made
	@$(PY) -m solutions.trainer.predict "$(image)" $(if $(run),--run "$(run)")

lab: .venv/lab
	@$(PY) -m jupyterlab notebooks

grade: .venv/made
	@$(PY) -m checks grade "$(submissions)" $(kata) $(if $(json),--json "$(json)")

test: .venv/made
	@OMP_NUM_THREADS=1 $(PY) -m pytest checks/tests -n 2 --dist worksteal -q

bench ablate: .venv/made
	@$(PY) -m solutions.trainer.$@ $(SAID)

prove mutate: .venv/made
	@$(PY) -m checks $@ $(kata)

stubs: .venv/made
	@$(PY) -m checks stubs

notebooks: .venv/made
	@$(PY) -m checks notebooks $(kata)
