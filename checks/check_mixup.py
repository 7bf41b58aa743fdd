"""The laws of mixup."""

from torch import nn
from torch.nn import functional as F

from checks.laws import assert_close, assert_same, law
from checks.words.losses import Logits
from katas.mixup import MixUp, NoneReduce

ONE = Logits(seed=1, n=3, k=4)


@law(
    "NoneReduce",
    'The value of the `with` statement is the loss function with the reduction "none".',
)
def test_a_module_loses_its_reduction_for_the_block():
    """Inside, one loss a picture."""
    with NoneReduce(nn.CrossEntropyLoss()) as each:
        assert_close(each(*ONE()), F.cross_entropy(*ONE(), reduction="none"))


@law("MixUp", "`_order` is 3")
def test_batch_transforms_come_before():
    """MixUp()._order is 3."""
    assert_same(MixUp()._order, 3)
