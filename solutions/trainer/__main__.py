"""`python -m solutions.trainer`: train a network; `help=1` shows every option."""

from .train import end, main

if __name__ == "__main__":
    end(main())
