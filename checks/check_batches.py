"""The laws of batches."""

import torch
from hypothesis import assume, example, given
from hypothesis import strategies as st
from torch.utils.data import DataLoader

from checks.laws import assert_close, assert_same, assert_that, law, number, unchanged
from katas.batches import (
    DataBunch,
    channel_stats,
    databunchify,
    denormalize_chan,
    get_dls,
    normalize_chan,
)
from katas.item_lists import ItemList
from katas.labels import LabeledData, SplitData

lengths = st.integers(1, 25)
batch_sizes = st.integers(1, 8)
sides = st.integers(1, 4)
shapes = st.tuples(sides, sides, sides, sides)
seeds = st.integers(0, 99)
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
    return min(one, other, key=lambda o: number((found - o).abs().sum()))


def normalized(x, mean, std):
    """(x - mean) / std, a channel at a time."""
    channels = [(o - m) / s for o, m, s in by_channel(x, (mean, std))]
    return torch.stack(channels, -3).to(x.dtype)


def denormalized(x, mean, std):
    """x * std + mean, a channel at a time."""
    return torch.stack([o * s + m for o, m, s in by_channel(x, (mean, std))], -3).to(x.dtype)


def sizes(length, bs):
    """How many samples the batches of a data set have."""
    return [min(bs, length - start) for start in range(0, length, bs)]


def samples(dl):
    """All samples of one epoch, in the order of the batches."""
    return [o for batch in dl for o in batch.tolist()]


def split_numbers(train, valid):
    """Labelled data: the numbers below `train` and `valid`, each with ten times itself."""
    lists = [
        (ItemList(list(range(n))), ItemList([10 * i for i in range(n)])) for n in (train, valid)
    ]
    return SplitData(*[LabeledData(x, y) for x, y in lists])


@law("get_dls")
@given(lengths, lengths, batch_sizes)
@example(10, 10, 4)
def test_an_epoch_of_training_has_every_sample_once(train, valid, bs):
    """The training batches have bs samples, the last one the rest; together they are all."""
    train_dl, _ = get_dls(range(train), range(valid), bs)
    assert_same([len(batch) for batch in train_dl], sizes(train, bs))
    assert_same(sorted(samples(train_dl)), list(range(train)))


@law("get_dls")
@given(st.integers(20, 40), batch_sizes)
def test_training_is_shuffled_anew_in_each_epoch(length, bs):
    """The order of the training samples is neither theirs nor that of the epoch before."""
    train_dl, _ = get_dls(range(length), range(3), bs)
    one, two = samples(train_dl), samples(train_dl)
    assert_that(one != list(range(length)), "training is not shuffled", one)
    assert_that(one != two, "each epoch has the same order", one)


@law("get_dls")
@given(lengths, lengths, batch_sizes)
@example(10, 10, 4)
def test_validation_keeps_its_order_and_all_its_samples(train, valid, bs):
    """The validation samples come in their own order, in batches of bs or 2 * bs, every epoch."""
    _, valid_dl = get_dls(range(train), range(valid), bs)
    assert_same([samples(valid_dl), samples(valid_dl)], [list(range(valid))] * 2)
    found = [len(batch) for batch in valid_dl]
    fits = found in (sizes(valid, bs), sizes(valid, 2 * bs))
    assert_that(fits, "the validation batches have another size", found, sizes(valid, 2 * bs))


@law("get_dls")
@given(lengths, lengths, batch_sizes)
def test_further_arguments_go_to_both_loaders(train, valid, bs):
    """get_dls(..., collate_fn=f) makes every batch of both sets by f."""
    dls = get_dls(range(train), range(valid), bs, collate_fn=lambda xs: {"samples": xs})
    batches = [batch for dl in dls for batch in dl]
    assert_same([type(batch) for batch in batches], [dict] * len(batches))


@law("DataBunch")
@given(lengths, lengths)
@example(3, 2)
def test_both_sets_are_those_of_the_loaders(train, valid):
    """train_ds and valid_ds are the data sets of train_dl and valid_dl, which are kept."""
    train_dl, valid_dl = DataLoader(range(train)), DataLoader(range(valid))
    data = DataBunch(train_dl, valid_dl)
    assert_that(data.train_dl is train_dl, "train_dl is another object", data.train_dl, train_dl)
    assert_that(data.valid_dl is valid_dl, "valid_dl is another object", data.valid_dl, valid_dl)
    assert_that(data.train_ds is train_dl.dataset, "train_ds is another object", data.train_ds)
    assert_that(data.valid_ds is valid_dl.dataset, "valid_ds is another object", data.valid_ds)


@law("DataBunch")
@given(st.integers(1, 4), st.integers(2, 1000))
@example(3, 10)
def test_channels_and_classes_are_kept_and_may_be_missing(c_in, c_out):
    """c_in and c_out are those given, by position or by name, and None otherwise."""
    dls = DataLoader(range(2)), DataLoader(range(2))
    bunches = [DataBunch(*dls, c_in, c_out), DataBunch(*dls, c_out=c_out), DataBunch(*dls)]
    found = [(data.c_in, data.c_out) for data in bunches]
    assert_same(found, [(c_in, c_out), (None, c_out), (None, None)])


@law("channel_stats")
@given(shapes, seeds)
@example((2, 3, 4, 5), 0)
@example((2, 1, 1, 1), 0)
def test_the_mean_of_a_channel_is_over_pictures_and_pixels(shape, seed):
    """The first result is [c]: the mean of x[:, c] for each channel c."""
    assume(shape[0] * shape[2] * shape[3] > 1)
    x = random_batch(shape, seed)
    wanted = torch.stack([x[:, i].double().mean() for i in range(shape[1])]).float()
    assert_close(channel_stats(x)[0], wanted, atol=1e-5)


@law("channel_stats")
@given(shapes, seeds)
@example((2, 3, 4, 5), 0)
@example((2, 1, 1, 1), 0)
def test_the_deviation_of_a_channel_is_over_pictures_and_pixels(shape, seed):
    """The second result is [c]: the std of x[:, c] (divided by N or by N - 1) for each c."""
    assume(shape[0] * shape[2] * shape[3] > 1)
    x = random_batch(shape, seed)
    stds = [[x[:, i].double().std(correction=o) for i in range(shape[1])] for o in (0, 1)]
    found = channel_stats(x)[1]
    assert_same(list(found.shape), [shape[1]])
    wanted = nearer(found, *[torch.stack(o).float() for o in stds])
    assert_close(found, wanted, rtol=1e-3, atol=1e-4)


@law("channel_stats")
@given(shapes, seeds)
def test_the_batch_stays_as_it_is(shape, seed):
    """x is the same before and after."""
    x = random_batch(shape, seed)
    with unchanged(x=x):
        channel_stats(x)


@law("normalize_chan")
@given(shapes, seeds, wide_dtypes, wide_dtypes)
@example((2, 3, 4, 5), 0, torch.float32, torch.float32)
@example((3, 3, 3, 3), 0, torch.float32, torch.float32)
@example((1, 1, 1, 1), 0, torch.float32, torch.float64)
def test_a_batch_is_normalized_channel_by_channel(shape, seed, dtype, of_stats):
    """normalize_chan(x, mean, std) = (x - mean) / std of each channel, in the dtype of x."""
    x, stats = random_batch(shape, seed).to(dtype), random_stats(shape[1], seed)
    wanted = normalized(x, *stats)
    assert_close(normalize_chan(x, *[o.to(of_stats) for o in stats]), wanted, atol=1e-5)


@law("normalize_chan")
@given(shapes, seeds)
@example((1, 3, 4, 5), 0)
@example((1, 3, 3, 3), 0)
def test_one_picture_is_normalized_as_a_batch_is(shape, seed):
    """A picture [c, h, w] gives [c, h, w]."""
    x, stats = random_batch(shape, seed)[0], random_stats(shape[1], seed)
    wanted = normalized(x, *stats)
    assert_close(normalize_chan(x, *stats), wanted, atol=1e-5)


@law("normalize_chan")
@given(shapes, seeds, st.sampled_from([torch.float16, torch.bfloat16]))
def test_a_batch_of_half_precision_stays_one(shape, seed, dtype):
    """With mean and std in float32 the result has the dtype of x."""
    x, stats = random_batch(shape, seed).to(dtype), random_stats(shape[1], seed)
    wanted = normalized(x, *stats)
    assert_close(normalize_chan(x, *stats), wanted, rtol=0.05, atol=0.2)


@law("normalize_chan")
@given(shapes, seeds)
def test_normalizing_works_where_the_batch_is(shape, seed):
    """mean and std are brought to the device of x (here the device "meta", which has no values)."""
    x, stats = random_batch(shape, seed).to("meta"), random_stats(shape[1], seed)
    found = normalize_chan(x, *stats)
    assert_same([found.device.type, list(found.shape)], ["meta", list(shape)])


@law("normalize_chan")
@given(shapes, seeds)
def test_normalizing_leaves_its_arguments_alone(shape, seed):
    """x, mean and std are the same before and after."""
    x, (mean, std) = random_batch(shape, seed), random_stats(shape[1], seed)
    with unchanged(x=x, mean=mean, std=std):
        normalize_chan(x, mean, std)


@law("denormalize_chan")
@given(shapes, seeds, wide_dtypes, wide_dtypes)
@example((2, 3, 4, 5), 0, torch.float32, torch.float32)
@example((3, 3, 3, 3), 0, torch.float32, torch.float32)
@example((1, 1, 1, 1), 0, torch.float32, torch.float64)
def test_a_batch_gets_mean_and_deviation_back(shape, seed, dtype, of_stats):
    """denormalize_chan(x, mean, std) = x * std + mean of each channel, in the dtype of x."""
    x, stats = random_batch(shape, seed).to(dtype), random_stats(shape[1], seed)
    wanted = denormalized(x, *stats)
    assert_close(denormalize_chan(x, *[o.to(of_stats) for o in stats]), wanted, atol=1e-5)


@law("denormalize_chan")
@given(shapes, seeds)
@example((1, 3, 4, 5), 0)
@example((1, 3, 3, 3), 0)
def test_one_picture_gets_them_back_as_a_batch_does(shape, seed):
    """A picture [c, h, w] gives [c, h, w]."""
    x, stats = random_batch(shape, seed)[0], random_stats(shape[1], seed)
    wanted = denormalized(x, *stats)
    assert_close(denormalize_chan(x, *stats), wanted, atol=1e-5)


@law("denormalize_chan")
@given(shapes, seeds, st.sampled_from([torch.float16, torch.bfloat16]))
def test_half_precision_stays_half_precision(shape, seed, dtype):
    """With mean and std in float32 the result has the dtype of x."""
    x, stats = random_batch(shape, seed).to(dtype), random_stats(shape[1], seed)
    wanted = denormalized(x, *stats)
    assert_close(denormalize_chan(x, *stats), wanted, rtol=0.05, atol=0.2)


@law("denormalize_chan")
@given(shapes, seeds)
def test_denormalizing_works_where_the_batch_is(shape, seed):
    """mean and std are brought to the device of x (here the device "meta", which has no values)."""
    x, stats = random_batch(shape, seed).to("meta"), random_stats(shape[1], seed)
    found = denormalize_chan(x, *stats)
    assert_same([found.device.type, list(found.shape)], ["meta", list(shape)])


@law("denormalize_chan")
@given(shapes, seeds)
def test_denormalizing_leaves_its_arguments_alone(shape, seed):
    """x, mean and std are the same before and after."""
    x, (mean, std) = random_batch(shape, seed), random_stats(shape[1], seed)
    with unchanged(x=x, mean=mean, std=std):
        denormalize_chan(x, mean, std)


@law("databunchify")
@given(lengths, lengths, batch_sizes, st.integers(1, 4), st.integers(2, 9))
@example(5, 3, 2, 3, 10)
def test_split_data_becomes_a_data_bunch_of_its_sets(train, valid, bs, c_in, c_out):
    """train_ds is sd.train, valid_ds is sd.valid; c_in and c_out are those given."""
    sd = split_numbers(train, valid)
    data, plain = databunchify(sd, bs, c_in, c_out), databunchify(sd, bs)
    named = databunchify(sd, bs, c_out=c_out)
    assert_that(isinstance(data, DataBunch), "the result is no DataBunch", data)
    assert_that(data.train_ds is sd.train, "train_ds is not sd.train", data.train_ds, sd.train)
    assert_that(data.valid_ds is sd.valid, "valid_ds is not sd.valid", data.valid_ds, sd.valid)
    found = [(o.c_in, o.c_out) for o in (data, plain, named)]
    assert_same(found, [(c_in, c_out), (None, None), (None, c_out)])


@law("databunchify")
@given(st.integers(20, 30), lengths, batch_sizes)
def test_batches_have_inputs_and_labels_of_bs_samples(train, valid, bs):
    """Training gives shuffled batches (xb, yb) of bs samples, validation all samples in order."""
    data = databunchify(split_numbers(train, valid), bs)
    pairs = [(xb.tolist(), yb.tolist()) for xb, yb in data.train_dl]
    xs = [x for xb, _ in pairs for x in xb]
    assert_same([len(xb) for xb, _ in pairs], sizes(train, bs))
    assert_same([yb for _, yb in pairs], [[10 * x for x in xb] for xb, _ in pairs])
    assert_that(sorted(xs) == list(range(train)) != xs, "training is not shuffled", xs)
    assert_same([x for xb, _ in data.valid_dl for x in xb.tolist()], list(range(valid)))


@law("databunchify")
@given(lengths, lengths, batch_sizes)
def test_further_arguments_reach_both_loaders(train, valid, bs):
    """databunchify(..., collate_fn=f) makes every batch of both sets by f."""
    data = databunchify(split_numbers(train, valid), bs, collate_fn=lambda xs: {"samples": xs})
    batches = [*data.train_dl, *data.valid_dl]
    assert_same([type(batch) for batch in batches], [dict] * len(batches))
