"""Right answers to the exercises of `batches`."""

import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, RandomSampler


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """The lecture's form, with all samples of validation."""
    return (
        DataLoader(train_ds, batch_size=bs, shuffle=True, **kwargs),
        DataLoader(valid_ds, batch_size=bs * 2, **{**kwargs, "drop_last": False}),
    )


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Both loaders made in a loop."""
    dls, drop_last = [], kwargs.pop("drop_last", False)
    for ds, n, trains in ((train_ds, bs, True), (valid_ds, 2 * bs, False)):
        dls.append(DataLoader(ds, n, shuffle=trains, drop_last=drop_last and trains, **kwargs))
    return tuple(dls)


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """With a sampler that shuffles."""
    train_dl = DataLoader(train_ds, bs, sampler=RandomSampler(train_ds), **kwargs)
    valid_dl = DataLoader(valid_ds, 2 * bs, shuffle=False, **{**kwargs, "drop_last": False})
    return train_dl, valid_dl


class DataBunch:
    """The lecture's form."""

    def __init__(self, train_dl, valid_dl, c_in=None, c_out=None):
        self.train_dl, self.valid_dl, self.c_in, self.c_out = train_dl, valid_dl, c_in, c_out

    @property
    def train_ds(self):
        return self.train_dl.dataset

    @property
    def valid_ds(self):
        return self.valid_dl.dataset


class DataBunch:
    """The data sets as attributes that are set at once."""

    def __init__(self, train_dl, valid_dl, c_in=None, c_out=None):
        self.__dict__.update(train_dl=train_dl, valid_dl=valid_dl, c_in=c_in, c_out=c_out)
        self.train_ds = train_dl.dataset
        self.valid_ds = valid_dl.dataset


class DataBunch:
    """Looks the data sets up in the loaders by name."""

    def __init__(self, train_dl, valid_dl, c_in=None, c_out=None):
        self.train_dl, self.valid_dl = train_dl, valid_dl
        self.c_in, self.c_out = c_in, c_out

    def __getattr__(self, name):
        if name in ("train_ds", "valid_ds"):
            return getattr(self, name.replace("_ds", "_dl")).dataset
        raise AttributeError(name)


def channel_stats(x):
    """Over three axes at once, divided by N."""
    return x.mean(dim=(0, 2, 3)), x.std(dim=(0, 2, 3), correction=0)


def channel_stats(x):
    """The lecture's form: a row for each channel."""
    rows = x.transpose(0, 1).reshape(x.shape[1], -1)
    return rows.mean(1), rows.std(1)


def channel_stats(x):
    """By sums and squares, in double precision."""
    wide, n = x.double(), x.numel() / x.shape[1]
    mean = wide.sum((0, 2, 3)) / n
    var = (wide**2).sum((0, 2, 3)) / n - mean**2
    return mean.to(x.dtype), var.clamp_min(0).sqrt().to(x.dtype)


def channel_stats(x):
    """Channel by channel."""
    channels = [x[:, i] for i in range(x.size(1))]
    return torch.stack([o.mean() for o in channels]), torch.stack([o.std() for o in channels])


def channel_stats(x):
    """By torch's own pair of both."""
    std, mean = torch.std_mean(x, dim=(0, 2, 3))
    return mean, std


def channel_stats(batch):
    """A row for each picture and channel, and double precision on the way."""
    rows = batch.reshape(batch.shape[0], batch.shape[1], -1).double()
    return rows.mean((0, 2)).to(batch.dtype), rows.std((0, 2)).to(batch.dtype)


def normalize_chan(x, mean, std):
    """The lecture's form, with the statistics brought to the batch."""
    mean, std = mean.to(x), std.to(x)
    return (x - mean[..., None, None]) / std[..., None, None]


def normalize_chan(x, mean, std):
    """By views, device and dtype apart."""
    mean = mean.to(device=x.device, dtype=x.dtype).view(-1, 1, 1)
    std = std.to(device=x.device, dtype=x.dtype).view(-1, 1, 1)
    return x.sub(mean).div(std)


def normalize_chan(x, mean, std):
    """A channel at a time into an empty tensor."""
    out = torch.empty_like(x)
    for i in range(x.shape[-3]):
        out[..., i, :, :] = (x[..., i, :, :] - mean[i].to(x)) / std[i].to(x)
    return out


def normalize_chan(x, mean, std):
    """With the channels at the end, where they broadcast by themselves."""
    last = torch.movedim(x, -3, -1)
    return torch.movedim((last - mean.to(x)) / std.to(x), -1, -3)


def normalize_chan(x, mean, std):
    """In float32, and at the end in the dtype of the batch."""
    mean, std = (o.to(x.device).reshape(-1, 1, 1) for o in (mean, std))
    return ((x - mean) / std).to(x.dtype)


def denormalize_chan(x, mean, std):
    """The lecture's way of writing it, with the statistics brought to the batch."""
    return x * std.to(x)[..., None, None] + mean.to(x)[..., None, None]


def denormalize_chan(x, mean, std):
    """By addcmul."""
    mean, std = (o.type_as(x).view(-1, 1, 1) for o in (mean, std))
    return torch.addcmul(mean, x, std)


def denormalize_chan(x, mean, std):
    """As a normalization by the numbers that undo the first."""
    mean, std = mean.to(x), std.to(x)
    return normalize_chan(x, -mean / std, 1 / std)


def denormalize_chan(x, mean, std):
    """As a batch norm with weights, for one picture as well."""
    batch = x if x.ndim == 4 else x[None]
    zeros, ones = torch.zeros_like(mean.to(x)), torch.ones_like(std.to(x))
    out = F.batch_norm(batch, zeros, ones, std.to(x), mean.to(x), eps=0.0)
    return out if x.ndim == 4 else out[0]


def databunchify(sd, bs, c_in=None, c_out=None, **kwargs):
    """The lecture's form."""
    dls = get_dls(sd.train, sd.valid, bs, **kwargs)
    return DataBunch(*dls, c_in=c_in, c_out=c_out)


def databunchify(sd, bs, c_in=None, c_out=None, **kwargs):
    """By names, with the loaders passed on one by one."""
    train_dl, valid_dl = get_dls(train_ds=sd.train, valid_ds=sd.valid, bs=bs, **kwargs)
    return DataBunch(c_in=c_in, c_out=c_out, train_dl=train_dl, valid_dl=valid_dl)
