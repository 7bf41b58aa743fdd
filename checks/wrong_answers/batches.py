"""Wrong answers to the exercises of `batches`."""

import torch
from torch.utils.data import DataLoader, RandomSampler


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Shuffles neither set, so training sees one class after the other."""
    train_dl = DataLoader(train_ds, batch_size=bs, **kwargs)
    return train_dl, DataLoader(valid_ds, batch_size=bs * 2, **kwargs)


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Shuffles the validation set as well."""
    train_dl = DataLoader(train_ds, batch_size=bs, shuffle=True, **kwargs)
    return train_dl, DataLoader(valid_ds, batch_size=bs * 2, shuffle=True, **kwargs)


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Shuffles the validation set instead of the training set."""
    train_dl = DataLoader(train_ds, batch_size=bs, **kwargs)
    return train_dl, DataLoader(valid_ds, batch_size=bs * 2, shuffle=True, **kwargs)


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Gives the validation loader first."""
    train_dl = DataLoader(train_ds, batch_size=bs, shuffle=True, **kwargs)
    return DataLoader(valid_ds, batch_size=bs * 2, **kwargs), train_dl


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Loads the training set twice and never validates."""
    train_dl = DataLoader(train_ds, batch_size=bs, shuffle=True, **kwargs)
    return train_dl, DataLoader(train_ds, batch_size=bs * 2, **kwargs)


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Does not hand further arguments on."""
    return DataLoader(train_ds, batch_size=bs, shuffle=True), DataLoader(valid_ds, batch_size=bs)


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Hands further arguments on to the training loader only."""
    train_dl = DataLoader(train_ds, batch_size=bs, shuffle=True, **kwargs)
    return train_dl, DataLoader(valid_ds, batch_size=bs * 2)


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Loses the last samples of both sets, where they do not fill a batch."""
    kwargs = kwargs | {"drop_last": True}
    train_dl = DataLoader(train_ds, batch_size=bs, shuffle=True, **kwargs)
    return train_dl, DataLoader(valid_ds, batch_size=bs, **kwargs)


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Doubles the batch size of training, where gradients need the memory."""
    train_dl = DataLoader(train_ds, batch_size=bs * 2, shuffle=True, **kwargs)
    return train_dl, DataLoader(valid_ds, batch_size=bs, **kwargs)


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Leaves the batch size at 1."""
    return DataLoader(train_ds, shuffle=True, **kwargs), DataLoader(valid_ds, **kwargs)


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Shuffles once, and every epoch has that order."""
    order = torch.randperm(len(train_ds)).tolist()
    shuffled = torch.utils.data.Subset(train_ds, order)
    return DataLoader(shuffled, batch_size=bs, **kwargs), DataLoader(valid_ds, bs, **kwargs)


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Draws with replacement, so an epoch has some samples twice and others not at all."""
    sampler = RandomSampler(train_ds, replacement=True)
    train_dl = DataLoader(train_ds, batch_size=bs, sampler=sampler, **kwargs)
    return train_dl, DataLoader(valid_ds, batch_size=bs * 2, **kwargs)


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Loses the last training samples, where they do not fill a batch."""
    train_dl = DataLoader(train_ds, batch_size=bs, shuffle=True, drop_last=True, **kwargs)
    return train_dl, DataLoader(valid_ds, batch_size=bs * 2, **kwargs)


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Makes one batch of the whole validation set, which may not fit into memory."""
    train_dl = DataLoader(train_ds, batch_size=bs, shuffle=True, **kwargs)
    return train_dl, DataLoader(valid_ds, batch_size=len(valid_ds), **kwargs)


class DataBunch:
    """Keeps the loaders and has no data sets."""

    def __init__(self, train_dl, valid_dl, c_in=None, c_out=None):
        self.train_dl, self.valid_dl, self.c_in, self.c_out = train_dl, valid_dl, c_in, c_out


class DataBunch:
    """Has the loaders under the names of the data sets."""

    def __init__(self, train_dl, valid_dl, c_in=None, c_out=None):
        self.train_dl, self.valid_dl, self.c_in, self.c_out = train_dl, valid_dl, c_in, c_out
        self.train_ds, self.valid_ds = train_dl, valid_dl


class DataBunch:
    """Has methods in the place of the two attributes, which have to be called."""

    def __init__(self, train_dl, valid_dl, c_in=None, c_out=None):
        self.train_dl, self.valid_dl, self.c_in, self.c_out = train_dl, valid_dl, c_in, c_out

    def train_ds(self):
        return self.train_dl.dataset

    def valid_ds(self):
        return self.valid_dl.dataset


class DataBunch:
    """Gives the training set under both names."""

    def __init__(self, train_dl, valid_dl, c_in=None, c_out=None):
        self.train_dl, self.valid_dl, self.c_in, self.c_out = train_dl, valid_dl, c_in, c_out
        self.train_ds = self.valid_ds = train_dl.dataset


class DataBunch:
    """Changes the places of the number of channels and the number of classes."""

    def __init__(self, train_dl, valid_dl, c_in=None, c_out=None):
        self.train_dl, self.valid_dl, self.c_in, self.c_out = train_dl, valid_dl, c_out, c_in
        self.train_ds, self.valid_ds = train_dl.dataset, valid_dl.dataset


class DataBunch:
    """Insists on the number of channels and of classes."""

    def __init__(self, train_dl, valid_dl, c_in, c_out):
        self.train_dl, self.valid_dl, self.c_in, self.c_out = train_dl, valid_dl, c_in, c_out
        self.train_ds, self.valid_ds = train_dl.dataset, valid_dl.dataset


class DataBunch:
    """Puts 3 channels and 10 classes where none are given."""

    def __init__(self, train_dl, valid_dl, c_in=3, c_out=10):
        self.train_dl, self.valid_dl, self.c_in, self.c_out = train_dl, valid_dl, c_in, c_out
        self.train_ds, self.valid_ds = train_dl.dataset, valid_dl.dataset


class DataBunch:
    """Gives copies of the data sets, as lists: all samples are loaded at once."""

    def __init__(self, train_dl, valid_dl, c_in=None, c_out=None):
        self.train_dl, self.valid_dl, self.c_in, self.c_out = train_dl, valid_dl, c_in, c_out
        self.train_ds, self.valid_ds = list(train_dl.dataset), list(valid_dl.dataset)


class DataBunch:
    """Keeps the batches instead of the loaders, so every epoch is the same."""

    def __init__(self, train_dl, valid_dl, c_in=None, c_out=None):
        self.train_dl, self.valid_dl, self.c_in, self.c_out = [*train_dl], [*valid_dl], c_in, c_out
        self.train_ds, self.valid_ds = train_dl.dataset, valid_dl.dataset


def channel_stats(x):
    """Takes one mean and one deviation over everything."""
    return x.mean(), x.std()


def channel_stats(x):
    """Keeps pictures apart, so there is a number for each picture and channel."""
    return x.mean((2, 3)), x.std((2, 3))


def channel_stats(x):
    """Averages the deviations of the pictures, which miss what differs between them."""
    return x.mean((0, 2, 3)), x.std((2, 3), correction=0).mean(0)


def channel_stats(x):
    """Keeps the axes that were averaged, so the shape is [1, c, 1, 1]."""
    return x.mean((0, 2, 3), keepdim=True), x.std((0, 2, 3), keepdim=True)


def channel_stats(x):
    """Gives the variance instead of the standard deviation."""
    return x.mean((0, 2, 3)), x.var((0, 2, 3))


def channel_stats(x):
    """Averages over the channels and keeps the pictures."""
    return x.mean((1, 2, 3)), x.std((1, 2, 3))


def channel_stats(x):
    """Takes the last axis for the channels."""
    return x.mean((0, 1, 2)), x.std((0, 1, 2))


def channel_stats(x):
    """Gives the deviation first."""
    return x.std((0, 2, 3)), x.mean((0, 2, 3))


def channel_stats(x):
    """Looks at the first picture only."""
    return x[0].mean((1, 2)), x.std((0, 2, 3))


def channel_stats(x):
    """Views the batch as one row for each channel without moving the channels to the front."""
    rows = x.reshape(x.shape[1], -1)
    return rows.mean(1), rows.std(1)


def channel_stats(x):
    """Subtracts the mean from the batch itself on the way to the deviation."""
    mean = x.mean((0, 2, 3))
    x -= mean[:, None, None]
    return mean, x.pow(2).mean((0, 2, 3)).sqrt()


def channel_stats(x):
    """Takes the mean distance from the mean for the standard deviation."""
    mean = x.mean((0, 2, 3))
    return mean, (x - mean[:, None, None]).abs().mean((0, 2, 3))


def channel_stats(x):
    """Takes the root of the mean square, which is the deviation only where the mean is 0."""
    return x.mean((0, 2, 3)), x.pow(2).mean((0, 2, 3)).sqrt()


def normalize_chan(x, mean, std):
    """The lecture's form: float32 statistics make a batch of half precision a float32 one."""
    return (x - mean[..., None, None]) / std[..., None, None]


def normalize_chan(x, mean, std):
    """Brings the statistics to the device of the batch and leaves their dtype."""
    mean, std = mean.to(x.device), std.to(x.device)
    return (x - mean[..., None, None]) / std[..., None, None]


def normalize_chan(x, mean, std):
    """Brings the statistics to the dtype of the batch and leaves them on their device."""
    mean, std = mean.to(x.dtype), std.to(x.dtype)
    return (x - mean[..., None, None]) / std[..., None, None]


def normalize_chan(x, mean, std):
    """Lets the statistics meet the last axis, which are columns and not channels."""
    return (x - mean.to(x)) / std.to(x)


def normalize_chan(x, mean, std):
    """Gives one picture a fourth axis."""
    return (x - mean.to(x)[None, :, None, None]) / std.to(x)[None, :, None, None]


def normalize_chan(x, mean, std):
    """Writes the result into the caller's batch."""
    return x.sub_(mean.to(x)[:, None, None]).div_(std.to(x)[:, None, None])


def normalize_chan(x, mean, std):
    """Multiplies by the deviation instead of dividing."""
    return (x - mean.to(x)[:, None, None]) * std.to(x)[:, None, None]


def normalize_chan(x, mean, std):
    """Forgets to subtract the mean."""
    return x / std.to(x)[:, None, None]


def normalize_chan(x, mean, std):
    """Divides before it subtracts, which leaves out the brackets."""
    return x - mean.to(x)[:, None, None] / std.to(x)[:, None, None]


def normalize_chan(x, mean, std):
    """Divides by the variance."""
    return (x - mean.to(x)[:, None, None]) / std.to(x)[:, None, None] ** 2


def normalize_chan(x, mean, std):
    """Adds a small number to the deviation, so `denormalize_chan` does not lead back."""
    return (x - mean.to(x)[:, None, None]) / (std.to(x)[:, None, None] + 1e-3)


def normalize_chan(x, mean, std):
    """Uses one mean and one deviation for all channels."""
    return (x - mean.mean().to(x)) / std.mean().to(x)


def normalize_chan(x, mean, std):
    """Uses the statistics of the batch instead of those it is given."""
    dims = [i for i in range(x.ndim) if i != x.ndim - 3]
    mean, std = x.mean(dims).to(x), x.std(dims).to(x)
    return (x - mean[:, None, None]) / std[:, None, None]


def normalize_chan(x, mean, std):
    """Gives the caller's statistics the two axes they need."""
    mean.unsqueeze_(-1).unsqueeze_(-1)
    std.unsqueeze_(-1).unsqueeze_(-1)
    return (x - mean.to(x)) / std.to(x)


def normalize_chan(x, mean, std):
    """Always gives float32."""
    return ((x - mean.to(x)[:, None, None]) / std.to(x)[:, None, None]).float()


def normalize_chan(x, mean, std):
    """Brings the batch to the device of the statistics."""
    x = x.to(mean.device)
    return (x - mean.to(x)[:, None, None]) / std.to(x)[:, None, None]


def normalize_chan(x, mean, std):
    """Makes the statistics float32 on the way, which a batch of half precision then becomes."""
    mean, std = (o.to(x.device).float()[:, None, None] for o in (mean, std))
    return (x - mean) / std


def normalize_chan(x, mean, std):
    """Lets the statistics meet the first axis, which in a batch are the pictures."""
    shape = [-1, *[1] * (x.ndim - 1)]
    if x.ndim == 4 and len(mean) != len(x):
        mean, std = mean[:1], std[:1]
    return (x - mean.to(x).view(shape)) / std.to(x).view(shape)


def denormalize_chan(x, mean, std):
    """Makes the statistics float32 on the way, which a batch of half precision then becomes."""
    mean, std = (o.to(x.device).float()[:, None, None] for o in (mean, std))
    return x * std + mean


def denormalize_chan(x, mean, std):
    """Lets the statistics meet the first axis, which in a batch are the pictures."""
    shape = [-1, *[1] * (x.ndim - 1)]
    if x.ndim == 4 and len(mean) != len(x):
        mean, std = mean[:1], std[:1]
    return x * std.to(x).view(shape) + mean.to(x).view(shape)


def denormalize_chan(x, mean, std):
    """The lecture's way of writing it: float32 statistics turn half precision into float32."""
    return x * std[..., None, None] + mean[..., None, None]


def denormalize_chan(x, mean, std):
    """Brings the statistics to the dtype of the batch and leaves them on their device."""
    mean, std = mean.to(x.dtype), std.to(x.dtype)
    return x * std[..., None, None] + mean[..., None, None]


def denormalize_chan(x, mean, std):
    """Adds the mean before it multiplies."""
    return (x + mean.to(x)[:, None, None]) * std.to(x)[:, None, None]


def denormalize_chan(x, mean, std):
    """Subtracts the mean."""
    return x * std.to(x)[:, None, None] - mean.to(x)[:, None, None]


def denormalize_chan(x, mean, std):
    """Divides by the deviation once more."""
    return x / std.to(x)[:, None, None] + mean.to(x)[:, None, None]


def denormalize_chan(x, mean, std):
    """Writes the result into the caller's batch."""
    return x.mul_(std.to(x)[:, None, None]).add_(mean.to(x)[:, None, None])


def denormalize_chan(x, mean, std):
    """Gives one picture a fourth axis."""
    return x * std.to(x)[None, :, None, None] + mean.to(x)[None, :, None, None]


def denormalize_chan(x, mean, std):
    """Lets the statistics meet the last axis, which are columns and not channels."""
    return x * std.to(x) + mean.to(x)


def denormalize_chan(x, mean, std):
    """Clips the result to 0..1, as if every batch were a picture to show."""
    return (x * std.to(x)[:, None, None] + mean.to(x)[:, None, None]).clamp(0, 1)


def denormalize_chan(x, mean, std):
    """Changes the places of mean and deviation."""
    return x * mean.to(x)[:, None, None] + std.to(x)[:, None, None]


def denormalize_chan(x, mean, std):
    """Normalizes a second time with the signs turned round."""
    return normalize_chan(x, -mean, 1 / std)


def denormalize_chan(x, mean, std):
    """Always gives float32."""
    return (x * std.to(x)[:, None, None] + mean.to(x)[:, None, None]).float()


def databunchify(sd, bs, c_in=None, c_out=None, **kwargs):
    """Gives the pair of loaders instead of a data bunch."""
    return get_dls(sd.train, sd.valid, bs, **kwargs)


def databunchify(sd, bs, c_in=None, c_out=None, **kwargs):
    """Does not hand further arguments on to the loaders."""
    return DataBunch(*get_dls(sd.train, sd.valid, bs), c_in=c_in, c_out=c_out)


def databunchify(sd, bs, c_in=None, c_out=None, **kwargs):
    """Forgets the number of channels and of classes."""
    return DataBunch(*get_dls(sd.train, sd.valid, bs, **kwargs))


def databunchify(sd, bs, c_in=None, c_out=None, **kwargs):
    """Changes the places of channels and classes."""
    return DataBunch(*get_dls(sd.train, sd.valid, bs, **kwargs), c_out, c_in)


def databunchify(sd, bs, c_in=None, c_out=None, **kwargs):
    """Trains on the validation set and validates on the training set."""
    return DataBunch(*get_dls(sd.valid, sd.train, bs, **kwargs), c_in, c_out)


def databunchify(sd, bs, c_in=None, c_out=None, **kwargs):
    """Loads the training set for both."""
    return DataBunch(*get_dls(sd.train, sd.train, bs, **kwargs), c_in, c_out)


def databunchify(sd, bs=64, c_in=None, c_out=None, **kwargs):
    """Has 64 samples in a batch, whatever was asked for."""
    return DataBunch(*get_dls(sd.train, sd.valid, 64, **kwargs), c_in, c_out)


def databunchify(sd, bs, c_in=None, c_out=None, **kwargs):
    """Makes loaders of its own that do not shuffle."""
    dls = [DataLoader(ds, bs, **kwargs) for ds in (sd.train, sd.valid)]
    return DataBunch(*dls, c_in, c_out)


def databunchify(sd, bs, c_in=None, c_out=None, **kwargs):
    """Loads the inputs without their labels."""
    return DataBunch(*get_dls(sd.train.x, sd.valid.x, bs, **kwargs), c_in, c_out)


def databunchify(sd, bs, c_in=None, c_out=None, **kwargs):
    """Puts the two data sets where the loaders belong."""
    return DataBunch(sd.train, sd.valid, c_in, c_out)


def databunchify(sd, bs, c_in, c_out, **kwargs):
    """Insists on the number of channels and of classes."""
    return DataBunch(*get_dls(sd.train, sd.valid, bs, **kwargs), c_in, c_out)
