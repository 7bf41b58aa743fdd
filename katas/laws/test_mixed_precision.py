"""Laws of mixed_precision: what every right answer keeps. You may write them before the answer.

`make laws kata=mixed_precision` tries each law on right answers, then on mistakes that people make.
`pytest katas/laws/test_mixed_precision.py` tries it on your own answer.
"""

from hypothesis import given
from hypothesis import strategies as st

from katas.mixed_precision import DynamicScale, MixedPrecision

# An example: take the signs away to try it.
#
# @given(st.lists(st.booleans()))
# def test_the_factor_never_falls_below_one(steps):
#     scaler = DynamicScale(start=4.0)
#     for finite in steps:
#         scaler.update(finite)
#         assert scaler.scale_now >= 1


# DynamicScale: A factor for the loss that keeps small gradients from becoming 0 in float16.


# MixedPrecision: Runs the model in `dtype`, and everything else in float32.
