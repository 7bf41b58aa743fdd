"""The checks of every kata, and what stands behind `make`."""

from typing import Any


def __getattr__(name: str) -> Any:
    """`from checks import check, save, show` in a notebook; others don't pay for it."""
    if name in ("check", "save"):
        from checks.learning import cells as notebook

        notebook.server()  # it is warm by the time that something is written
        return getattr(notebook, name)
    if name == "check_laws":
        from checks.learning.cell_laws import check_laws

        return check_laws
    if name == "show":
        from checks.learning.gallery import show

        return show
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
