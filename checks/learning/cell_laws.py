"""Cell laws: laws that are written in a notebook, judged as `make laws` judges a file of them.

from checks import check_laws

check_laws(setify)    which mistakes the functions `test_...` in its cells catch
"""

import ast
from dataclasses import dataclass
from typing import Any

from checks.judging.curriculum import UnknownName, course
from checks.learning import laws_told
from checks.learning.cells import (
    ENDED,
    asked_of_server,
    cells_of,
    exercise_of,
    free_names,
    page,
)
from checks.learning.own_laws import Laws


@dataclass
class ToldLaws:
    """What the laws of a notebook catch, as a cell's result; true if they catch all that counts."""

    laws: Laws

    def __bool__(self) -> bool:
        return self.laws.status == "green"

    def _lines(self) -> list[tuple[str, str]]:
        return [*laws_told.lines(self.laws), *laws_told.table(self.laws)]

    def __repr__(self) -> str:
        return "\n".join(text for _, text in self._lines())

    def _repr_html_(self) -> str:
        return page(self._lines())


def check_laws(answer: Any) -> ToldLaws:
    """What the laws in this notebook's cells catch: the functions `test_...` that name `answer`."""
    here = course()
    try:
        kata, exercise = exercise_of(here, answer)
    except UnknownName as error:
        return ToldLaws(Laws("notebook", str(answer), "error", notes=[str(error)]))
    cells, given = cells_of(answer, exercise), set(here.katas[kata].exercises)
    needed: dict[int, ast.stmt] = {}
    for name in [o for o in cells.made if o.startswith("test")]:
        nodes = [node for _, _, node in cells.needed(name, given)]
        if any(exercise in free_names(o) for o in nodes):
            needed |= {id(o): o for o in nodes}
    text = cells.imports_of(list(needed.values()))
    text += [f"from katas.{kata} import {', '.join(sorted(given))}", f"# {exercise}"]
    text += [ast.unparse(o) for o in needed.values()]
    told = asked_of_server({"name": f"{kata}.{exercise}", "laws": "\n".join(text)})
    if told is None:
        return ToldLaws(Laws(kata, exercise, "error", notes=[ENDED]))
    return ToldLaws(Laws(**told))
