"""The katas: the files to edit. `make check` judges them."""
