"""Words for arrays without numpy and torch."""

import numbers
import sys
from collections.abc import Callable, Iterator
from typing import Any


class _ArrayItem:
    """One item of an `_Array`: no Python number, though it acts as the one that it holds."""

    shape, ndim = (), 0

    def __init__(self, value: Any, dtype: Any = None) -> None:
        self.value, self.dtype = value, dtype

    def item(self) -> Any:
        """The item in plain Python."""
        return self.value

    def __repr__(self) -> str:
        return repr(self.value)

    tolist = item


def _acting(name: str) -> Callable[..., Any]:
    """The method `name` of the value that an item holds."""
    return lambda self, *them: getattr(self.value, name)(*(getattr(o, "value", o) for o in them))


for _name in "int bool hash eq ne lt le gt ge add radd sub rsub mod neg invert".split():
    setattr(_ArrayItem, f"__{_name}__", _acting(f"__{_name}__"))


class _ZeroDim(_ArrayItem):
    """An item as torch gives it: an array of no dimensions."""

    def __len__(self) -> int:
        raise TypeError("len() of a 0-d tensor")

    def __iter__(self) -> Iterator:
        raise TypeError("iteration over a 0-d tensor")

    def __index__(self) -> int:
        return int(self.value)


class _DType:
    """The type of an array's items; it equals whatever has one of `names`."""

    is_floating_point = False

    def __init__(self, text: str, *names: str, **more: str) -> None:
        self.text, self.names = text, names
        vars(self).update(more)

    def __eq__(self, other: Any) -> bool:
        return self is other or getattr(other, "__name__", other) in self.names

    def __repr__(self) -> str:
        return self.text

    __hash__ = object.__hash__


class _Array:
    """Ints or bools in a row, answering as an array of numpy or a tensor of torch does."""

    ndim = 1

    def __init__(self, values: list, dtype: _DType, item: Callable[..., Any]) -> None:
        self.values, self.dtype, self._item = list(values), dtype, item
        self.shape, self.size = (len(values),), len(values)

    def tolist(self) -> list:
        """The items in plain Python."""
        return list(self.values)

    def any(self) -> Any:
        """Whether some item counts as true."""
        return self._item(any(self.values), self.dtype)

    def all(self) -> Any:
        """Whether every item counts as true."""
        return self._item(all(self.values), self.dtype)

    def __len__(self) -> int:
        return len(self.values)

    def __iter__(self) -> Iterator:
        return iter([self._item(o, self.dtype) for o in self.values])

    def __getitem__(self, i: int) -> Any:
        return self._item(self.values[i], self.dtype)

    def __index__(self) -> int:
        raise TypeError("only integer scalar arrays can be converted to an index")

    def __bool__(self) -> bool:
        if len(self) > 1:
            raise ValueError("the truth value of an array with more than one item is ambiguous")
        return any(self.values)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return sys.modules["numpy"].array(self.values, dtype)  # who asks has imported it

    def __repr__(self) -> str:
        return f"{'tensor' if type(self).__name__ == 'Tensor' else 'array'}({self.values})"


class _Tensor(_Array):
    """What tensors have and arrays have not."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.size, self.dim, self.numel = lambda: self.shape, lambda: 1, lambda: len(self)

    def detach(self) -> "_Tensor":
        """The same tensor."""
        return self

    cpu = detach

    def numpy(self) -> _Array:
        """The array of the same items."""
        return numpy_like(self.values)


def _posing(name: str, module: str, base: type, **members: Any) -> Any:
    """A class that says it is `module.name`."""
    return type(name, (base,), {"__module__": module, **members})


_ndarray = _posing("ndarray", "numpy", _Array)
_tensor = _posing("Tensor", "torch", _Tensor)
_torch_item = _posing("Tensor", "torch", _ZeroDim)
_numpy_bool = _posing("bool", "numpy", _ArrayItem)
_numpy_int = _posing("int64", "numpy", _ArrayItem, __index__=lambda self: self.value)
numbers.Integral.register(_numpy_int)


def numpy_like(values: list) -> Any:
    """What acts as the array of these ints or bools, without numpy."""
    if isinstance(values[0], bool):
        dtype = _DType("bool", "bool", "bool_", name="bool", kind="b")
        return _ndarray(values, dtype, _numpy_bool)
    dtype = _DType("int64", "int", "int64", name="int64", kind="i")
    return _ndarray(values, dtype, _numpy_int)


def torch_like(values: list) -> Any:
    """What acts as the tensor of these ints or bools, without torch."""
    dtype = _DType("torch.bool" if isinstance(values[0], bool) else "torch.int64")
    return _tensor(values, dtype, _torch_item)
