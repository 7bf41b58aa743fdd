"""The laws of mixed precision."""

from checks.laws import assert_same, law
from katas.mixed_precision import DynamicScale, MixedPrecision


@law("DynamicScale", "The attribute `scale_now` is the current factor.")
def test_the_scale_starts_at_two_to_the_16th():
    """DynamicScale().scale_now is 2**16."""
    assert_same(DynamicScale().scale_now, 2.0**16)


@law("MixedPrecision", "The attribute `skipped`")
def test_nothing_is_skipped_before_a_fit():
    """skipped is 0."""
    assert_same(MixedPrecision().skipped, 0)
