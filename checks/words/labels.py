"""Words for labels: folders, class names, and processors of whole lists."""

from typing import Any

from hypothesis import strategies as st

set_folders = st.sampled_from(
    ["train", "valid", "validation", "invalid", "Valid", "test", "n01.440", "valid.old"]
)
"""Names of folders; some contain the name of a set, and some differ from it in case."""

class_names = st.sampled_from(["tench", "springer", "cassette", "church", "horn", "golf"])
"""Labels as text."""

label_lists = st.one_of(
    st.lists(class_names, min_size=1, max_size=8),
    st.lists(st.integers(5, 8), min_size=1, max_size=6),
    st.lists(st.sampled_from([None, "", 0, "0", (1, 2), "tench"]), min_size=1, max_size=5),
)
"""Lists of labels that are text, numbers or anything."""

odd_lists = st.lists(st.lists(st.integers(0, 9), max_size=3), min_size=1, max_size=4)
"""Items each of which is a list."""

UNSEEN = "parachute"


class Plus:
    """A processor that adds `amount`; it has an `_order` if you pass one."""

    def __init__(self, amount: int, order: int | None = None) -> None:
        self.amount = amount
        if order is not None:
            self._order = order

    def __repr__(self) -> str:
        order = f", order={self._order}" if hasattr(self, "_order") else ""
        return f"{type(self).__name__}({self.amount}{order})"

    def __call__(self, items: list) -> list:
        return [o + self.amount for o in items]

    def deproc1(self, o: Any) -> Any:
        """One item, undone."""
        return o - self.amount

    def deprocess(self, items: list) -> list:
        """Several items, undone."""
        return [self.deproc1(o) for o in items]


class Times(Plus):
    """A processor that multiplies by `amount`."""

    def __call__(self, items: list) -> list:
        return [o * self.amount for o in items]

    def deproc1(self, o: Any) -> Any:
        """One item, undone."""
        return o // self.amount


class LessTheLeast(Plus):
    """A processor that subtracts the least item of the first list that it sees."""

    def __init__(self) -> None:
        super().__init__(0)
        self.calls: list[list] = []

    def __call__(self, items: list) -> list:
        self.calls.append(list(items))
        if len(self.calls) == 1:
            self.amount = -min(items, default=0)
        return super().__call__(items)


class Backwards(Plus):
    """A processor that turns lists around, each of which is one item."""

    def __init__(self) -> None:
        super().__init__(0)

    def __call__(self, items: list) -> list:
        return [o[::-1] for o in items]

    def deproc1(self, o: Any) -> Any:
        """One item, undone."""
        return o[::-1]


class Property:
    """An object whose `shade` is an attribute, `colour` a property and `paint` a method."""

    kind = "of the class"

    def __init__(self, shade: int) -> None:
        self.shade = self._tone = shade

    @property
    def colour(self) -> int:
        """Twice the shade."""
        return 2 * self.shade

    def paint(self, more: int) -> int:
        """The shade and more."""
        return self.shade + more
