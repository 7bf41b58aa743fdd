"""Words for batches: random pictures as tensors, statistics of channels, sizes of batches."""

import torch
from hypothesis import strategies as st

set_lengths = st.integers(1, 25)
batch_sizes = st.integers(1, 8)
batch_sides = st.integers(1, 4)
batch_shapes = st.tuples(batch_sides, batch_sides, batch_sides, batch_sides)
batch_seeds = st.integers(0, 99)
layouts = st.sampled_from([torch.contiguous_format, torch.channels_last])
wide_dtypes = st.sampled_from([torch.float32, torch.float64])


def random_batch(shape, seed):
    """A batch whose pictures and channels have means and spreads of their own."""
    source = torch.Generator().manual_seed(seed)
    n, c, h, w = shape
    means = 3 * torch.rand(n, c, 1, 1, generator=source)
    spreads = 0.5 + torch.rand(c, 1, 1, generator=source)
    return means + spreads * torch.randn(n, c, h, w, generator=source)


def random_stats(c, seed):
    """A mean of either sign and a standard deviation for each of c channels."""
    source = torch.Generator().manual_seed(seed)
    return torch.randn(c, generator=source), 0.2 + torch.rand(c, generator=source)


def by_channel(x, stats):
    """Each channel of `x` with its own numbers, as pairs, in double precision."""
    channels = x.double().unbind(-3)
    return zip(channels, *(stat.double().tolist() for stat in stats), strict=True)


def nearer(found, one, other):
    """The one of two tensors that is nearer to what was found."""
    return min(one, other, key=lambda o: float((found - o).abs().sum()))


def normalized(x, mean, std):
    """(x - mean) / std, a channel at a time."""
    channels = [(o - m) / s for o, m, s in by_channel(x, (mean, std))]
    return torch.stack(channels, -3).to(x.dtype)


def denormalized(x, mean, std):
    """x * std + mean, a channel at a time."""
    return torch.stack([o * s + m for o, m, s in by_channel(x, (mean, std))], -3).to(x.dtype)


class Reads:
    """A set of numbers that counts how many of them were read."""

    def __init__(self, length):
        self.length, self.count = length, 0

    def __len__(self):
        return self.length

    def __getitem__(self, i):
        self.count += 1
        return range(self.length)[i]


def sizes(length, bs):
    """How many samples the batches of a data set have."""
    return [min(bs, length - start) for start in range(0, length, bs)]


def samples(dl):
    """All samples of one epoch, in the order of the batches."""
    return [o for batch in dl for o in batch.tolist()]
