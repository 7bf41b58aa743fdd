"""The laws of batches."""

import torch
from hypothesis import assume, example, given
from hypothesis import strategies as st
from torch.utils.data import DataLoader

from checks.laws import assert_close, assert_same, assert_that, law, unchanged
from checks.words.batches import (
    Reads,
    batch_seeds,
    batch_shapes,
    batch_sizes,
    denormalized,
    layouts,
    nearer,
    normalized,
    random_batch,
    random_stats,
    samples,
    set_lengths,
    sizes,
    wide_dtypes,
)
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


def split_numbers(train, valid):
    """Labelled data: the numbers below `train` and `valid`, each with ten times itself."""
    lists = [
        (ItemList(list(range(n))), ItemList([10 * i for i in range(n)])) for n in (train, valid)
    ]
    return SplitData(*[LabeledData(x, y) for x, y in lists])


@law(
    "get_dls",
    "The tuple of the loaders of the two sets, (train_dl, valid_dl).",
    "bs samples in a training batch",
)
@given(set_lengths, set_lengths, batch_sizes)
@example(10, 10, 4)
@example(1, 1, 8)
def test_an_epoch_of_training_has_every_sample_once(train, valid, bs):
    """The training batches have bs samples, the last one the rest; together they are all."""
    dls = get_dls(range(train), range(valid), bs)
    kind = type(dls).__name__
    assert_that(isinstance(dls, tuple), f"got a {kind}, wanted a tuple", dls, tuple)
    train_dl, _ = dls
    assert_same([len(batch) for batch in train_dl], sizes(train, bs))
    assert_same(sorted(samples(train_dl)), list(range(train)))


@law("get_dls", "The tuple of the loaders of the two sets, (train_dl, valid_dl).")
@given(set_lengths, batch_sizes)
def test_no_sample_is_read_before_its_batch(length, bs):
    """The loaders read their sets batch by batch, and nothing when they are made."""
    train, valid = Reads(length), Reads(length)
    _, valid_dl = get_dls(train, valid, bs)
    assert_same((train.count, valid.count), (0, 0))
    next(iter(valid_dl))
    assert_same(valid.count, min(length, 2 * bs))


@law("get_dls", "Training samples are shuffled, in a new order each epoch.")
@given(st.integers(20, 40), batch_sizes)
def test_training_has_another_order_in_each_epoch(length, bs):
    """The order of the training samples isn't that of the set, nor that of the epoch before."""
    train_dl, _ = get_dls(range(length), range(3), bs)
    one, two = samples(train_dl), samples(train_dl)
    assert_that(one != list(range(length)), "training is not shuffled", one)
    assert_that(one != two, "each epoch has the same order", one)


@law(
    "get_dls",
    "Validation keeps its order and all its samples, even with `drop_last=True`.",
    "a validation batch has twice as many",
)
@given(set_lengths, set_lengths, batch_sizes, st.booleans())
@example(10, 10, 4, False)
@example(10, 10, 4, True)
@example(3, 300, 128, False)
def test_validation_keeps_its_order_and_all_its_samples(train, valid, bs, drop_last):
    """Validation has batches of 2 * bs samples, the last one the rest, the same in every epoch."""
    train_dl, valid_dl = get_dls(range(train), range(valid), bs, drop_last=drop_last)
    assert_same([samples(valid_dl), samples(valid_dl)], [list(range(valid))] * 2)
    assert_same([len(batch) for batch in valid_dl], sizes(valid, 2 * bs))
    full = [n for n in sizes(train, bs) if n == bs or not drop_last]
    assert_same([len(batch) for batch in train_dl], full)


@law("get_dls", "kwargs further arguments of both loaders")
@given(set_lengths, set_lengths, batch_sizes)
def test_further_arguments_go_to_both_loaders(train, valid, bs):
    """get_dls(..., collate_fn=f) makes every batch of both sets by f; so with other arguments."""
    dls = get_dls(range(train), range(valid), bs, collate_fn=lambda xs: {"samples": xs})
    batches = [batch for dl in dls for batch in dl]
    assert_same([type(batch) for batch in batches], [dict] * len(batches))
    dls = get_dls(range(train), range(valid), bs, num_workers=1, pin_memory=True)
    assert_same([(dl.num_workers, dl.pin_memory) for dl in dls], [(1, True)] * 2)


@law(
    "DataBunch",
    "The two loaders, `train_dl` and `valid_dl`, and their data sets, `train_ds` and `valid_ds`.",
    "The training set.",
    "The validation set.",
)
@given(set_lengths, set_lengths)
@example(3, 2)
def test_both_sets_are_those_of_the_loaders(train, valid):
    """train_ds and valid_ds are the data sets of train_dl and valid_dl, which are kept."""
    train_dl, valid_dl = DataLoader(range(train)), DataLoader(range(valid))
    data = DataBunch(train_dl, valid_dl)
    assert_that(data.train_dl is train_dl, "`train_dl` is another object", data.train_dl, train_dl)
    assert_that(data.valid_dl is valid_dl, "`valid_dl` is another object", data.valid_dl, valid_dl)
    one, two = train_dl.dataset, valid_dl.dataset
    assert_that(data.train_ds is one, "`train_ds` is another object", data.train_ds, one)
    assert_that(data.valid_ds is two, "`valid_ds` is another object", data.valid_ds, two)


@law(
    "DataBunch",
    "channels and of classes, kept for building the model, or None",
)
@given(st.integers(1, 4), st.integers(2, 1000))
@example(3, 10)
def test_channels_and_classes_are_kept_and_may_be_missing(c_in, c_out):
    """c_in and c_out are those given, by position or by name, and None otherwise."""
    dls = DataLoader(range(2)), DataLoader(range(2))
    bunches = [DataBunch(*dls, c_in, c_out), DataBunch(*dls, c_out=c_out), DataBunch(*dls)]
    bunches.append(DataBunch(*dls, c_in=c_in))
    found = [(data.c_in, data.c_out) for data in bunches]
    assert_same(found, [(c_in, c_out), (None, c_out), (None, None), (c_in, None)])


@law(
    "channel_stats",
    "The tuple (mean, std) of each channel, over all pictures and pixels of a batch.",
)
@given(batch_shapes, batch_seeds, layouts)
@example((2, 3, 4, 5), 0, torch.contiguous_format)
@example((2, 3, 4, 5), 0, torch.channels_last)
@example((2, 1, 1, 1), 0, torch.contiguous_format)
def test_the_mean_of_a_channel_is_over_pictures_and_pixels(shape, seed, layout):
    """The first result is [c]: the mean of x[:, c] for each channel c."""
    assume(shape[0] * shape[2] * shape[3] > 1)
    x = random_batch(shape, seed).to(memory_format=layout)
    wanted = torch.stack([x[:, i].double().mean() for i in range(shape[1])]).float()
    found = channel_stats(x)
    kind = type(found).__name__
    assert_that(isinstance(found, tuple), f"got a {kind}, wanted a tuple", found, tuple)
    assert_close(found[0], wanted, atol=1e-5)


@law(
    "channel_stats",
    "over all pictures and pixels of a batch.",
    "std is the standard deviation.",
    "It may divide by the number of pixels or by one less.",
)
@given(batch_shapes, batch_seeds, layouts)
@example((2, 3, 4, 5), 0, torch.contiguous_format)
@example((2, 3, 4, 5), 0, torch.channels_last)
@example((2, 1, 1, 1), 0, torch.contiguous_format)
def test_the_deviation_of_a_channel_is_over_pictures_and_pixels(shape, seed, layout):
    """The second result is [c]: the std of x[:, c] (divided by N or by N - 1) for each c."""
    assume(shape[0] * shape[2] * shape[3] > 1)
    x = random_batch(shape, seed).to(memory_format=layout)
    stds = [[x[:, i].double().std(correction=o) for i in range(shape[1])] for o in (0, 1)]
    found = channel_stats(x)[1]
    assert_same(list(found.shape), [shape[1]])
    wanted = nearer(found, *[torch.stack(o).float() for o in stds])
    assert_close(found, wanted, rtol=1e-3, atol=1e-4)


@law("channel_stats", "It stays accurate when the numbers are far from 0 but close together.")
@given(batch_shapes, batch_seeds, st.sampled_from([1e3, -3e3]))
@example((2, 3, 4, 5), 0, 1e3)
def test_a_deviation_far_from_0_is_right_too(shape, seed, far):
    """The std of x + 1000 is that of x, also where other channels are around -1000."""
    assume(shape[0] * shape[2] * shape[3] > 1)
    x = random_batch(shape, seed) + far
    x[:, 1::2] -= 2 * far
    stds = [[x[:, i].double().std(correction=o) for i in range(shape[1])] for o in (0, 1)]
    found = channel_stats(x)[1]
    wanted = nearer(found, *[torch.stack(o).float() for o in stds])
    assert_close(found, wanted, rtol=1e-3, atol=1e-3)


@law("channel_stats", "`x` stays unchanged.")
@given(batch_shapes, batch_seeds)
def test_the_batch_stays_unchanged_by_its_stats(shape, seed):
    """x is the same before and after."""
    x = random_batch(shape, seed)
    with unchanged(x=x):
        channel_stats(x)


@law(
    "normalize_chan",
    "(x - mean) / std, each channel with its own mean and std.",
    "mean, std one number a channel, on any device, of any float dtype",
)
@given(batch_shapes, batch_seeds, wide_dtypes, wide_dtypes)
@example((2, 3, 4, 5), 0, torch.float32, torch.float32)
@example((3, 3, 3, 3), 0, torch.float32, torch.float32)
@example((1, 1, 1, 1), 0, torch.float32, torch.float64)
def test_a_batch_is_normalized_channel_by_channel(shape, seed, dtype, of_stats):
    """normalize_chan(x, mean, std) = (x - mean) / std of each channel, in the dtype of x."""
    x, stats = random_batch(shape, seed).to(dtype), random_stats(shape[1], seed)
    wanted = normalized(x, *stats)
    assert_close(normalize_chan(x, *[o.to(of_stats) for o in stats]), wanted, atol=1e-5)


@law("normalize_chan", "(x - mean) / std, each channel with its own mean and std.")
@given(batch_shapes, batch_seeds)
def test_a_float64_batch_is_normalized_to_its_last_digits(shape, seed):
    """A float64 batch with float64 statistics is not computed in float32 on the way."""
    x = random_batch(shape, seed).double() + 1e-9
    stats = [o.double() + 1e-9 for o in random_stats(shape[1], seed)]
    wanted = normalized(x, *stats)
    assert_close(normalize_chan(x, *stats), wanted, rtol=1e-10, atol=1e-10)


@law("normalize_chan", "x a batch or one picture")
@given(batch_shapes, batch_seeds)
@example((1, 3, 4, 5), 0)
@example((1, 3, 3, 3), 0)
def test_one_picture_is_normalized_as_a_batch_is(shape, seed):
    """A picture [c, h, w] becomes [c, h, w]."""
    x, stats = random_batch(shape, seed)[0], random_stats(shape[1], seed)
    wanted = normalized(x, *stats)
    assert_close(normalize_chan(x, *stats), wanted, atol=1e-5)


@law("normalize_chan", "(x - mean) / std, each channel with its own mean and std.")
@given(batch_shapes, batch_seeds, st.sampled_from([1e-6, 1e-3, 1e3]))
@example((1, 1, 1, 1), 0, 1e-6)
def test_a_small_deviation_counts_in_full(shape, seed, scale):
    """Nothing is added to std: with (mean, std) of 1e-6 the result is as large as it should be."""
    x, (mean, std) = random_batch(shape, seed), random_stats(shape[1], seed)
    wanted = normalized(x, mean, std * scale)
    largest = float(wanted.abs().max())
    assert_close(normalize_chan(x, mean, std * scale), wanted, rtol=1e-3, atol=1e-4 * largest)


@law("normalize_chan", "The result has the shape, device and dtype of `x`.")
@given(batch_shapes, batch_seeds, st.sampled_from([torch.float16, torch.bfloat16]))
def test_a_batch_of_half_precision_stays_one(shape, seed, dtype):
    """With mean and std in float32 the result has the dtype of x."""
    x, stats = random_batch(shape, seed).to(dtype), random_stats(shape[1], seed)
    wanted = normalized(x, *stats)
    assert_close(normalize_chan(x, *stats), wanted, rtol=0.05, atol=0.2)


@law("normalize_chan", "on any device")
@given(batch_shapes, batch_seeds)
def test_normalizing_works_where_the_batch_is(shape, seed):
    """mean and std are brought to the device of x (here the device "meta", which has no values)."""
    x, stats = random_batch(shape, seed).to("meta"), random_stats(shape[1], seed)
    found = normalize_chan(x, *stats)
    assert_same([found.device.type, list(found.shape)], ["meta", list(shape)])


@law("normalize_chan", "all three arguments stay unchanged")
@given(batch_shapes, batch_seeds, wide_dtypes)
@example((2, 3, 4, 5), 0, torch.float64)
def test_normalizing_leaves_its_arguments_alone(shape, seed, of_stats):
    """x, mean and std have the same values and dtypes before and after."""
    x = random_batch(shape, seed)
    mean, std = (o.to(of_stats) for o in random_stats(shape[1], seed))
    with unchanged(x=x, mean=mean, std=std):
        normalize_chan(x, mean, std)


@law("denormalize_chan", "x * std + mean, each channel with its own mean and std.")
@given(batch_shapes, batch_seeds, wide_dtypes, wide_dtypes)
@example((2, 3, 4, 5), 0, torch.float32, torch.float32)
@example((3, 3, 3, 3), 0, torch.float32, torch.float32)
@example((1, 1, 1, 1), 0, torch.float32, torch.float64)
def test_a_batch_gets_mean_and_deviation_back(shape, seed, dtype, of_stats):
    """denormalize_chan(x, mean, std) = x * std + mean of each channel, in the dtype of x."""
    x, stats = random_batch(shape, seed).to(dtype), random_stats(shape[1], seed)
    wanted = denormalized(x, *stats)
    assert_close(denormalize_chan(x, *[o.to(of_stats) for o in stats]), wanted, atol=1e-5)


@law("denormalize_chan", "This undoes `normalize_chan`.")
@given(batch_shapes, batch_seeds, layouts)
@example((2, 3, 4, 5), 0, torch.contiguous_format)
def test_the_two_undo_each_other(shape, seed, layout):
    """denormalize_chan(normalize_chan(x, mean, std), mean, std) == x, and so for each picture."""
    x, stats = random_batch(shape, seed).to(memory_format=layout), random_stats(shape[1], seed)
    there = normalized(x, *stats)
    assert_close(denormalize_chan(there, *stats), x, atol=1e-4)
    assert_close([denormalize_chan(o, *stats) for o in there], list(x), atol=1e-4)


@law("denormalize_chan", "The arguments and the result are like those of `normalize_chan`.")
@given(batch_shapes, batch_seeds)
@example((1, 3, 4, 5), 0)
@example((1, 3, 3, 3), 0)
def test_one_picture_gets_them_back_as_a_batch_does(shape, seed):
    """A picture [c, h, w] becomes [c, h, w]."""
    x, stats = random_batch(shape, seed)[0], random_stats(shape[1], seed)
    wanted = denormalized(x, *stats)
    assert_close(denormalize_chan(x, *stats), wanted, atol=1e-5)


@law("denormalize_chan", "The arguments and the result are like those of `normalize_chan`.")
@given(batch_shapes, batch_seeds, st.sampled_from([torch.float16, torch.bfloat16]))
def test_half_precision_stays_half_precision(shape, seed, dtype):
    """With mean and std in float32 the result has the dtype of x."""
    x, stats = random_batch(shape, seed).to(dtype), random_stats(shape[1], seed)
    wanted = denormalized(x, *stats)
    assert_close(denormalize_chan(x, *stats), wanted, rtol=0.05, atol=0.2)


@law("denormalize_chan", "The arguments and the result are like those of `normalize_chan`.")
@given(batch_shapes, batch_seeds)
def test_denormalizing_works_where_the_batch_is(shape, seed):
    """mean and std are brought to the device of x (here the device "meta", which has no values)."""
    x, stats = random_batch(shape, seed).to("meta"), random_stats(shape[1], seed)
    found = denormalize_chan(x, *stats)
    assert_same([found.device.type, list(found.shape)], ["meta", list(shape)])


@law("denormalize_chan", "The arguments and the result are like those of `normalize_chan`.")
@given(batch_shapes, batch_seeds, wide_dtypes)
@example((2, 3, 4, 5), 0, torch.float64)
def test_denormalizing_leaves_its_arguments_alone(shape, seed, of_stats):
    """x, mean and std have the same values and dtypes before and after."""
    x = random_batch(shape, seed)
    mean, std = (o.to(of_stats) for o in random_stats(shape[1], seed))
    with unchanged(x=x, mean=mean, std=std):
        denormalize_chan(x, mean, std)


@law(
    "databunchify",
    "The DataBunch of the loaders that `get_dls` makes of `sd.train` and `sd.valid`.",
    "c_in, c_out those of the DataBunch",
)
@given(set_lengths, set_lengths, batch_sizes, st.integers(1, 4), st.integers(2, 9))
@example(5, 3, 2, 3, 10)
def test_split_data_becomes_a_data_bunch_of_its_sets(train, valid, bs, c_in, c_out):
    """train_ds is sd.train, valid_ds is sd.valid; c_in and c_out are those given."""
    sd = split_numbers(train, valid)
    data, plain = databunchify(sd, bs, c_in, c_out), databunchify(sd, bs)
    named = databunchify(sd, bs, c_out=c_out)
    assert_that(isinstance(data, DataBunch), "the result is not a DataBunch", data)
    assert_that(data.train_ds is sd.train, "`train_ds` is not `sd.train`", data.train_ds, sd.train)
    assert_that(data.valid_ds is sd.valid, "`valid_ds` is not `sd.valid`", data.valid_ds, sd.valid)
    found = [(o.c_in, o.c_out) for o in (data, plain, named)]
    assert_same(found, [(c_in, c_out), (None, None), (None, c_out)])


@law(
    "databunchify",
    "The DataBunch of the loaders that `get_dls` makes of `sd.train` and `sd.valid`.",
)
@given(st.integers(20, 30), set_lengths, batch_sizes)
def test_batches_have_inputs_and_labels_of_bs_samples(train, valid, bs):
    """Training yields shuffled batches (xb, yb) of bs samples, validation all samples in order."""
    data = databunchify(split_numbers(train, valid), bs)
    pairs = [(xb.tolist(), yb.tolist()) for xb, yb in data.train_dl]
    xs = [x for xb, _ in pairs for x in xb]
    assert_same([len(xb) for xb, _ in pairs], sizes(train, bs))
    assert_same([yb for _, yb in pairs], [[10 * x for x in xb] for xb, _ in pairs])
    assert_that(sorted(xs) == list(range(train)) != xs, "training is not shuffled", xs)
    assert_same([x for xb, _ in data.valid_dl for x in xb.tolist()], list(range(valid)))
    assert_same([len(xb) for xb, _ in data.valid_dl], sizes(valid, 2 * bs))


@law("databunchify", "kwargs further arguments of `get_dls`")
@given(set_lengths, set_lengths, batch_sizes)
def test_further_arguments_reach_both_loaders(train, valid, bs):
    """collate_fn makes every batch of both sets; drop_last drops none of validation."""
    options = {"collate_fn": lambda xs: {"samples": xs}, "drop_last": True}
    data = databunchify(split_numbers(train, valid), bs, **options)
    batches = [*data.train_dl, *data.valid_dl]
    assert_same([type(batch) for batch in batches], [dict] * len(batches))
    assert_same([len(data.train_dl), len(data.valid_dl)], [train // bs, len(sizes(valid, 2 * bs))])
    data = databunchify(split_numbers(train, valid), bs, num_workers=1, pin_memory=True)
    found = [(dl.num_workers, dl.pin_memory) for dl in (data.train_dl, data.valid_dl)]
    assert_same(found, [(1, True)] * 2)
