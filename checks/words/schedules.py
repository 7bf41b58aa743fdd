"""Words for schedules: positions, ends, rates and shares."""

from hypothesis import strategies as st

sched_positions = st.floats(0, 1)
"""How much of a training is over."""

sched_ends = st.floats(-100, 100).map(lambda x: round(x, 3))
"""Where a schedule starts or ends."""

sched_rates = st.floats(-6, 1).map(lambda x: round(10**x, 8))
"""Values above 0 over several orders of magnitude, as learning rates are."""

sched_shares = st.lists(st.integers(1, 20), min_size=1, max_size=6).map(
    lambda parts: [part / sum(parts) for part in parts]
)
"""Shares of a whole: they sum to 1 but for rounding."""
