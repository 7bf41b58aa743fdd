"""Words for arrays: a small one of our own, and those of numpy and torch where they are loaded."""

import operator
import sys
from collections.abc import Iterator
from typing import Any


class Array:
    """Ints or bools in a row, or one alone: as much of an array or tensor as an index needs."""

    def __init__(self, values: Any) -> None:
        self.values, self.shape = values, (len(values),) if isinstance(values, list) else ()
        first = values[0] if isinstance(values, list) else values
        self.ndim, self.dtype = len(self.shape), type(first).__name__

    def tolist(self) -> Any:
        """What it holds, in plain Python."""
        return list(self.values) if self.shape else self.values

    def item(self) -> Any:
        """The one value that it holds; a row of one counts as that one, as torch's does."""
        values = self.values if self.shape else [self.values]
        if len(values) != 1:
            raise TypeError("an array of several is not one number")
        return values[0]

    def __len__(self) -> int:
        return len(self.values)

    def __iter__(self) -> Iterator["Array"]:
        return map(Array, self.values)  # each item is again an array, and no Python number

    def __getitem__(self, i: int) -> "Array":
        return Array(self.values[i])

    def __index__(self) -> int:
        return operator.index(self.item())

    def __bool__(self) -> bool:
        if len(self.shape) and len(self.values) > 1:
            raise ValueError("the truth value of an array of several is ambiguous")
        return bool(self.values[0] if self.shape else self.values)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return sys.modules["numpy"].array(self.values, dtype)  # whoever asks has imported it

    def __repr__(self) -> str:
        return f"array({self.values})"


def arrays(values: Any) -> list[Any]:
    """These ints or bools as our own array and, where they are loaded, as numpy's and torch's."""
    kinds = {"numpy": "array", "torch": "tensor"}
    loaded = [(sys.modules[name], kind) for name, kind in kinds.items() if sys.modules.get(name)]
    return [Array(values), *(getattr(module, kind)(values) for module, kind in loaded)]
