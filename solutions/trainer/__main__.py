"""`python -m solutions.trainer`: train a network; `help=1` shows every option."""

from .make import quiet_start, started

if __name__ == "__main__":
    quiet_start("train")
    from .train import end, main

    started()
    end(main())
