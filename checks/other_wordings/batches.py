"""Variants for `batches`: mistakes of the catalogue in other words, and mistakes not in it.

The docstring is the sentence that is expected; where there is none, nothing is to be named.
"""

import torch
from torch.utils.data import DataLoader, RandomSampler, SequentialSampler


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Shuffles neither set, so training sees one class after the other."""
    train_dl = DataLoader(train_ds, bs, sampler=SequentialSampler(train_ds), **kwargs)
    kwargs.pop("drop_last", None)
    return train_dl, DataLoader(valid_ds, 2 * bs, **kwargs)


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Shuffles the validation set as well."""
    rest = {k: v for k, v in kwargs.items() if k != "drop_last"}
    valid_dl = DataLoader(valid_ds, 2 * bs, sampler=RandomSampler(valid_ds), **rest)
    return DataLoader(train_ds, bs, sampler=RandomSampler(train_ds), **kwargs), valid_dl


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Returns the validation loader first."""
    valid_args = dict(kwargs, drop_last=False)
    return (
        DataLoader(valid_ds, batch_size=2 * bs, **valid_args),
        DataLoader(train_ds, batch_size=bs, shuffle=True, **kwargs),
    )


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Leaves the batch size at 1."""
    valid_args = dict(kwargs, drop_last=False)
    return DataLoader(train_ds, shuffle=True, **kwargs), DataLoader(valid_ds, **valid_args)


def get_dls(train_ds, valid_ds, bs, **kwargs):
    # half the batch size for both
    half = max(1, bs // 2)
    valid_args = dict(kwargs, drop_last=False)
    return DataLoader(train_ds, half, shuffle=True, **kwargs), DataLoader(
        valid_ds, half, **valid_args
    )


def get_dls(train_ds, valid_ds, bs, **kwargs):
    # everything backwards
    order = range(len(train_ds) - 1, -1, -1)
    kwargs.pop("drop_last", None)
    return DataLoader(train_ds, bs, sampler=list(order), **kwargs), DataLoader(
        valid_ds, bs, **kwargs
    )


class DataBunch:
    """Keeps the loaders and has no data sets."""

    def __init__(self, train_dl, valid_dl, c_in=None, c_out=None):
        self.__dict__.update(train_dl=train_dl, valid_dl=valid_dl, c_in=c_in, c_out=c_out)


class DataBunch:
    """Returns the training set under both names."""

    def __init__(self, train_dl, valid_dl, c_in=None, c_out=None):
        self.train_dl, self.valid_dl = train_dl, valid_dl
        self.c_in, self.c_out = c_in, c_out

    def __getattr__(self, name):
        if name in ("train_ds", "valid_ds"):
            return self.train_dl.dataset
        raise AttributeError(name)


class DataBunch:
    # the lengths of the sets
    def __init__(self, train_dl, valid_dl, c_in=None, c_out=None):
        self.train_dl, self.valid_dl = train_dl, valid_dl
        self.c_in, self.c_out = c_in, c_out
        self.train_ds, self.valid_ds = len(train_dl.dataset), len(valid_dl.dataset)


def channel_stats(x):
    """Returns one mean and one deviation over all channels."""
    flat = x.flatten()
    return flat.mean(), flat.std()


def channel_stats(x):
    """Keeps the axes that were averaged, so the shape is [1, c, 1, 1]."""
    mean = x.mean([0, 2, 3], keepdim=True)
    return mean, x.var([0, 2, 3], keepdim=True).sqrt()


def channel_stats(x):
    """Returns the variance instead of the standard deviation."""
    by_channel = x.transpose(0, 1).flatten(1)
    return by_channel.mean(1), by_channel.var(1)


def channel_stats(x):
    """Treats the last axis as the channels."""
    rows = x.reshape(-1, x.shape[-1])
    return rows.mean(0), rows.std(0)


def channel_stats(x):
    # the median and the deviation
    by_channel = x.transpose(0, 1).flatten(1)
    return by_channel.median(1).values, by_channel.std(1)


def channel_stats(x):
    # least and greatest
    by_channel = x.transpose(0, 1).flatten(1)
    return by_channel.amin(1), by_channel.amax(1)


def normalize_chan(x, mean, std):
    """Multiplies by the deviation instead of dividing."""
    mean, std = (o.to(x)[:, None, None] for o in (mean, std))
    return torch.mul(x.sub(mean), std)


def normalize_chan(x, mean, std):
    """Forgets to subtract the mean."""
    return x / std.to(x).reshape(-1, 1, 1)


def normalize_chan(x, mean, std):
    """Divides by the variance."""
    mean, std = (o.to(x)[:, None, None] for o in (mean, std))
    return (x - mean) / std.pow(2)


def normalize_chan(x, mean, std):
    """Uses the statistics of the batch instead of those it is given."""
    own_mean, own_std = x.mean((-3, -2, -1), keepdim=True), x.std((-3, -2, -1), keepdim=True)
    if x.dim() == 4:
        own_mean, own_std = x.mean((0, 2, 3), keepdim=True), x.std((0, 2, 3), keepdim=True)
    else:
        own_mean, own_std = x.mean((1, 2), keepdim=True), x.std((1, 2), keepdim=True)
    return (x - own_mean) / own_std


def normalize_chan(x, mean, std):
    # adds the mean
    mean, std = (o.to(x)[:, None, None] for o in (mean, std))
    return (x + mean) / std


def normalize_chan(x, mean, std):
    # keeps what comes out between -3 and 3
    mean, std = (o.to(x)[:, None, None] for o in (mean, std))
    return ((x - mean) / std).clamp(-0.5, 0.5)


def denormalize_chan(x, mean, std):
    """Subtracts the mean."""
    mean, std = (o.to(x).view(-1, 1, 1) for o in (mean, std))
    return (-mean).add(x.mul(std))


def denormalize_chan(x, mean, std):
    """Adds the mean before it multiplies."""
    mean, std = (o.to(x).view(-1, 1, 1) for o in (mean, std))
    shifted = mean + x
    return std * shifted


def denormalize_chan(x, mean, std):
    """Divides by the deviation once more."""
    mean, std = (o.to(x).view(-1, 1, 1) for o in (mean, std))
    return mean + x * (1 / std)


def denormalize_chan(x, mean, std):
    # forgets the mean
    return x * std.to(x).view(-1, 1, 1)


def databunchify(sd, bs, c_in=None, c_out=None, **kwargs):
    """Returns the pair of loaders instead of a data bunch."""
    loaders = get_dls(sd.train, sd.valid, bs=bs, **kwargs)
    return tuple(loaders)


def databunchify(sd, bs, c_in=None, c_out=None, **kwargs):
    """Forgets the number of channels and of classes."""
    train_dl, valid_dl = get_dls(sd.train, sd.valid, bs, **kwargs)
    return DataBunch(train_dl=train_dl, valid_dl=valid_dl)


def databunchify(sd, bs, c_in=None, c_out=None, **kwargs):
    """Trains on the validation set and validates on the training set."""
    train_dl, valid_dl = get_dls(train_ds=sd.valid, valid_ds=sd.train, bs=bs, **kwargs)
    return DataBunch(train_dl, valid_dl, c_in, c_out)


def databunchify(sd, bs, c_in=None, c_out=None, **kwargs):
    # counts the classes by itself
    return DataBunch(*get_dls(sd.train, sd.valid, bs, **kwargs), 3, len(sd.train))
