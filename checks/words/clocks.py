"""Words for time: clocks that stand still until they are moved."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FunctionType
from typing import Any
from unittest.mock import patch

CLOCKS = ("time", "perf_counter", "monotonic")


@contextmanager
def clock_of(*functions: Any) -> Iterator[list[float]]:
    """A list whose only item is the time in seconds, for `time` and for these functions' names."""
    now = [1000.0]
    replaced: dict[int, Any] = {}
    for name in CLOCKS:
        replaced[id(getattr(time, name))] = lambda: now[0]
        replaced[id(getattr(time, f"{name}_ns"))] = lambda: int(now[0] * 10**9)
    places = [vars(time), *(o.__globals__ for o in functions if isinstance(o, FunctionType))]
    with ExitStack() as stack:
        for place in places:
            clocks = {k: replaced[id(o)] for k, o in place.items() if id(o) in replaced}
            stack.enter_context(patch.dict(place, clocks))
        yield now
