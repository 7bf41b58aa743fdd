"""Wrong answers to the exercises of `batches`."""

import torch
from torch.utils.data import DataLoader, RandomSampler


def _loaders(train_ds, valid_ds, bs, kwargs, **changed):
    """Right loaders, but for `changed`: further arguments of train and valid, and kwargs of each."""
    train = {"batch_size": bs, "shuffle": True, **kwargs} | changed.get("train", {})
    valid = {"batch_size": 2 * bs, **kwargs, "drop_last": False} | changed.get("valid", {})
    return DataLoader(train_ds, **train), DataLoader(valid_ds, **valid)


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Shuffles neither set, so training sees one class after the other."""
    return _loaders(train_ds, valid_ds, bs, kwargs, train={"shuffle": False})


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Shuffles the validation set as well."""
    return _loaders(train_ds, valid_ds, bs, kwargs, valid={"shuffle": True})


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Shuffles the validation set instead of the training set."""
    changed = {"train": {"shuffle": False}, "valid": {"shuffle": True}}
    return _loaders(train_ds, valid_ds, bs, kwargs, **changed)


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Returns the validation loader first."""
    return _loaders(train_ds, valid_ds, bs, kwargs)[::-1]


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Loads the training set twice and never validates."""
    return _loaders(train_ds, train_ds, bs, kwargs)


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Does not pass further arguments on."""
    return _loaders(train_ds, valid_ds, bs, {})


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Passes further arguments to the training loader only."""
    return _loaders(train_ds, valid_ds, bs, kwargs)[0], DataLoader(valid_ds, batch_size=bs * 2)


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """It passes only the collate function to validation, which then has no workers."""
    train_dl, _ = _loaders(train_ds, valid_ds, bs, kwargs)
    return train_dl, DataLoader(valid_ds, bs * 2, collate_fn=train_dl.collate_fn)


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """It has 64 samples at most in a validation batch, to be on the safe side."""
    return _loaders(train_ds, valid_ds, bs, kwargs, valid={"batch_size": min(2 * bs, 64)})


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Passes further arguments to the validation loader only."""
    train_dl = DataLoader(train_ds, batch_size=bs, shuffle=True)
    return train_dl, _loaders(train_ds, valid_ds, bs, kwargs)[1]


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Loses the last samples of both sets, where they do not fill a batch."""
    both = {"drop_last": True}
    return _loaders(train_ds, valid_ds, bs, kwargs, train=both, valid=both)


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Passes `drop_last` on to both loaders, as the lecture does, so validation loses samples."""
    return _loaders(train_ds, valid_ds, bs, kwargs, valid=kwargs)


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Removes `drop_last` from training too, so training keeps a short last batch."""
    return _loaders(train_ds, valid_ds, bs, kwargs, train={"drop_last": False})


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Has as many samples in a validation batch as in one of training."""
    return _loaders(train_ds, valid_ds, bs, kwargs, valid={"batch_size": bs})


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Doubles the batch size of training, where gradients need the memory."""
    return _loaders(train_ds, valid_ds, bs, kwargs, train={"batch_size": 2 * bs})


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Leaves the batch size at 1."""
    one = {"batch_size": 1}
    return _loaders(train_ds, valid_ds, bs, kwargs, train=one, valid=one)


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Shuffles once, and every epoch has that order."""
    shuffled = torch.utils.data.Subset(train_ds, torch.randperm(len(train_ds)).tolist())
    return _loaders(shuffled, valid_ds, bs, kwargs, train={"shuffle": False})


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Shuffles by the same seed, so every epoch has the same order."""
    train_dl, valid_dl = _loaders(train_ds, valid_ds, bs, kwargs)
    begin = type(train_dl).__iter__

    class Seeded(DataLoader):
        def __iter__(self):
            self.generator.manual_seed(0)
            return begin(self)

    kwargs = kwargs | {"generator": torch.Generator()}
    return Seeded(train_ds, batch_size=bs, shuffle=True, **kwargs), valid_dl


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Draws with replacement, so an epoch has some samples twice and others not at all."""
    sampler = {"sampler": RandomSampler(train_ds, replacement=True), "shuffle": None}
    return _loaders(train_ds, valid_ds, bs, kwargs, train=sampler)


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Loses the last training samples, where they do not fill a batch."""
    return _loaders(train_ds, valid_ds, bs, kwargs, train={"drop_last": True})


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Makes one batch of the whole validation set, which may not fit into memory."""
    return _loaders(train_ds, valid_ds, bs, kwargs, valid={"batch_size": len(valid_ds)})


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """It returns the two loaders in a list where a tuple is wanted."""
    return list(_loaders(train_ds, valid_ds, bs, kwargs))


def get_dls(train_ds, valid_ds, bs, **kwargs):
    """Reads both sets into lists when the loaders are made."""
    train, valid = ([ds[i] for i in range(len(ds))] for ds in (train_ds, valid_ds))
    return _loaders(train, valid, bs, kwargs)


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
    """Makes methods of the two attributes, so you have to call them."""

    def __init__(self, train_dl, valid_dl, c_in=None, c_out=None):
        self.train_dl, self.valid_dl, self.c_in, self.c_out = train_dl, valid_dl, c_in, c_out

    def train_ds(self):
        return self.train_dl.dataset

    def valid_ds(self):
        return self.valid_dl.dataset


class DataBunch:
    """Returns the training set under both names."""

    def __init__(self, train_dl, valid_dl, c_in=None, c_out=None):
        self.train_dl, self.valid_dl, self.c_in, self.c_out = train_dl, valid_dl, c_in, c_out
        self.train_ds = self.valid_ds = train_dl.dataset


class DataBunch:
    """Exchanges the number of channels and the number of classes."""

    def __init__(self, train_dl, valid_dl, c_in=None, c_out=None):
        self.train_dl, self.valid_dl, self.c_in, self.c_out = train_dl, valid_dl, c_out, c_in
        self.train_ds, self.valid_ds = train_dl.dataset, valid_dl.dataset


class DataBunch:
    """Requires the number of channels and of classes."""

    def __init__(self, train_dl, valid_dl, c_in, c_out):
        self.train_dl, self.valid_dl, self.c_in, self.c_out = train_dl, valid_dl, c_in, c_out
        self.train_ds, self.valid_ds = train_dl.dataset, valid_dl.dataset


class DataBunch:
    """Sets 3 channels and 10 classes if you don't pass any."""

    def __init__(self, train_dl, valid_dl, c_in=3, c_out=10):
        self.train_dl, self.valid_dl, self.c_in, self.c_out = train_dl, valid_dl, c_in, c_out
        self.train_ds, self.valid_ds = train_dl.dataset, valid_dl.dataset


class DataBunch:
    """Returns copies of the data sets, as lists: all samples are loaded at once."""

    def __init__(self, train_dl, valid_dl, c_in=None, c_out=None):
        self.train_dl, self.valid_dl, self.c_in, self.c_out = train_dl, valid_dl, c_in, c_out
        self.train_ds, self.valid_ds = list(train_dl.dataset), list(valid_dl.dataset)


class DataBunch:
    """Keeps the batches instead of the loaders, so every epoch is the same."""

    def __init__(self, train_dl, valid_dl, c_in=None, c_out=None):
        self.train_dl, self.valid_dl, self.c_in, self.c_out = [*train_dl], [*valid_dl], c_in, c_out
        self.train_ds, self.valid_ds = train_dl.dataset, valid_dl.dataset


def channel_stats(x):
    """Returns one mean and one deviation over all channels."""
    return x.mean(), x.std()


def channel_stats(x):
    """Keeps pictures apart, so there is a number for each picture and channel."""
    return x.mean((2, 3)), x.std((2, 3))


def channel_stats(x):
    """Averages each picture's deviation, which misses the differences between pictures."""
    return x.mean((0, 2, 3)), x.std((2, 3), correction=0).mean(0)


def channel_stats(x):
    """Keeps the axes that were averaged, so the shape is [1, c, 1, 1]."""
    return x.mean((0, 2, 3), keepdim=True), x.std((0, 2, 3), keepdim=True)


def channel_stats(x):
    """It shifts all channels by the same number before it squares, so those far from it lose accuracy."""
    z = x - x[0, 0, 0, 0]
    mean = z.mean((0, 2, 3))
    var = z.pow(2).mean((0, 2, 3)) - mean**2
    return mean + x[0, 0, 0, 0], var.clamp(min=0).sqrt()


def channel_stats(x):
    """Returns the variance instead of the standard deviation."""
    return x.mean((0, 2, 3)), x.var((0, 2, 3))


def channel_stats(x):
    """Averages over the channels and keeps the pictures."""
    return x.mean((1, 2, 3)), x.std((1, 2, 3))


def channel_stats(x):
    """Treats the last axis as the channels."""
    return x.mean((0, 1, 2)), x.std((0, 1, 2))


def channel_stats(x):
    """Returns the deviation first."""
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
    """Returns the mean distance from the mean instead of the standard deviation."""
    mean = x.mean((0, 2, 3))
    return mean, (x - mean[:, None, None]).abs().mean((0, 2, 3))


def channel_stats(x):
    """Takes the root of the mean square, which is the deviation only where the mean is 0."""
    return x.mean((0, 2, 3)), x.pow(2).mean((0, 2, 3)).sqrt()


def channel_stats(x):
    """It subtracts the squared mean from the mean square, which loses a small spread far from 0."""
    mean = x.mean((0, 2, 3))
    return mean, (x.pow(2).mean((0, 2, 3)) - mean**2).clamp_min(0).sqrt()


def channel_stats(x):
    """It subtracts n times the squared mean from the sum of squares, which loses a small spread far from 0."""
    rows = x.transpose(0, 1).flatten(1)
    n, mean = rows.shape[1], rows.mean(1)
    return mean, ((rows.square().sum(1) - n * mean.square()).clamp_min(0) / (n - 1)).sqrt()


def channel_stats(x):
    """It returns one tensor of two rows where a tuple is wanted."""
    return torch.stack([x.mean((0, 2, 3)), x.std((0, 2, 3))])


def normalize_chan(x, mean, std):
    """Leaves the statistics in their dtype, as the lecture does, so a half-precision batch becomes float32."""
    return (x - mean[..., None, None]) / std[..., None, None]


def normalize_chan(x, mean, std):
    """Moves the statistics to the device of the batch, but leaves their dtype unchanged."""
    mean, std = mean.to(x.device), std.to(x.device)
    return (x - mean[..., None, None]) / std[..., None, None]


def normalize_chan(x, mean, std):
    """Converts the statistics to the dtype of the batch, but leaves them on their device."""
    mean, std = mean.to(x.dtype), std.to(x.dtype)
    return (x - mean[..., None, None]) / std[..., None, None]


def normalize_chan(x, mean, std):
    """Applies the statistics to the last axis, which holds columns, not channels."""
    return (x - mean.to(x)) / std.to(x)


def normalize_chan(x, mean, std):
    """Returns a single picture with an extra, fourth axis."""
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
    """Leaves out the brackets, so it divides only the mean."""
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
    """Adds two axes to the caller's own statistics."""
    mean.unsqueeze_(-1).unsqueeze_(-1)
    std.unsqueeze_(-1).unsqueeze_(-1)
    return (x - mean.to(x)) / std.to(x)


def normalize_chan(x, mean, std):
    """Always returns float32."""
    return ((x - mean.to(x)[:, None, None]) / std.to(x)[:, None, None]).float()


def normalize_chan(x, mean, std):
    """Brings the batch to the device of the statistics."""
    x = x.to(mean.device)
    return (x - mean.to(x)[:, None, None]) / std.to(x)[:, None, None]


def normalize_chan(x, mean, std):
    """Makes the statistics float32 on the way, so a half-precision batch becomes float32 too."""
    mean, std = (o.to(x.device).float()[:, None, None] for o in (mean, std))
    return (x - mean) / std


def normalize_chan(x, mean, std):
    """Applies the mean and std to the first axis, which holds the pictures of a batch."""
    shape = [-1, *[1] * (x.ndim - 1)]
    if x.ndim == 4 and len(mean) != len(x):
        mean, std = mean[:1], std[:1]
    return (x - mean.to(x).view(shape)) / std.to(x).view(shape)


def denormalize_chan(x, mean, std):
    """Makes the statistics float32 on the way, so a half-precision batch becomes float32 too."""
    mean, std = (o.to(x.device).float()[:, None, None] for o in (mean, std))
    return x * std + mean


def denormalize_chan(x, mean, std):
    """Applies the mean and std to the first axis, which holds the pictures of a batch."""
    shape = [-1, *[1] * (x.ndim - 1)]
    if x.ndim == 4 and len(mean) != len(x):
        mean, std = mean[:1], std[:1]
    return x * std.to(x).view(shape) + mean.to(x).view(shape)


def denormalize_chan(x, mean, std):
    """Leaves the statistics in their dtype, as the lecture does, so a half-precision batch becomes float32."""
    return x * std[..., None, None] + mean[..., None, None]


def denormalize_chan(x, mean, std):
    """Converts the statistics to the dtype of the batch, but leaves them on their device."""
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
    """Returns a single picture with an extra, fourth axis."""
    return x * std.to(x)[None, :, None, None] + mean.to(x)[None, :, None, None]


def denormalize_chan(x, mean, std):
    """Applies the statistics to the last axis, which holds columns, not channels."""
    return x * std.to(x) + mean.to(x)


def denormalize_chan(x, mean, std):
    """Clips the result to 0..1, as if every batch were a picture to show."""
    return (x * std.to(x)[:, None, None] + mean.to(x)[:, None, None]).clamp(0, 1)


def denormalize_chan(x, mean, std):
    """Exchanges mean and deviation."""
    return x * mean.to(x)[:, None, None] + std.to(x)[:, None, None]


def denormalize_chan(x, mean, std):
    """Normalizes with `-mean` and `1 / std`, so it adds the mean before it multiplies."""
    return normalize_chan(x, -mean, 1 / std)


def denormalize_chan(x, mean, std):
    """Always returns float32."""
    return (x * std.to(x)[:, None, None] + mean.to(x)[:, None, None]).float()


def databunchify(sd, bs, c_in=None, c_out=None, **kwargs):
    """Returns the pair of loaders instead of a data bunch."""
    return get_dls(sd.train, sd.valid, bs, **kwargs)


def databunchify(sd, bs, c_in=None, c_out=None, **kwargs):
    """Does not pass further arguments on to the loaders."""
    return DataBunch(*get_dls(sd.train, sd.valid, bs), c_in=c_in, c_out=c_out)


def databunchify(sd, bs, c_in=None, c_out=None, **kwargs):
    """It sets the number of workers itself, so it raises an error if you pass one."""
    return DataBunch(*get_dls(sd.train, sd.valid, bs, num_workers=0, **kwargs), c_in, c_out)


def databunchify(sd, bs, c_in=None, c_out=None, **kwargs):
    """Forgets the number of channels and of classes."""
    return DataBunch(*get_dls(sd.train, sd.valid, bs, **kwargs))


def databunchify(sd, bs, c_in=None, c_out=None, **kwargs):
    """Exchanges channels and classes."""
    return DataBunch(*get_dls(sd.train, sd.valid, bs, **kwargs), c_out, c_in)


def databunchify(sd, bs, c_in=None, c_out=None, **kwargs):
    """Trains on the validation set and validates on the training set."""
    return DataBunch(*get_dls(sd.valid, sd.train, bs, **kwargs), c_in, c_out)


def databunchify(sd, bs, c_in=None, c_out=None, **kwargs):
    """Loads the training set for both."""
    return DataBunch(*get_dls(sd.train, sd.train, bs, **kwargs), c_in, c_out)


def databunchify(sd, bs=64, c_in=None, c_out=None, **kwargs):
    """Has 64 samples in a batch, whatever `bs` is."""
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
    """Requires the number of channels and of classes."""
    return DataBunch(*get_dls(sd.train, sd.valid, bs, **kwargs), c_in, c_out)


def channel_stats(x):
    """Averages the pictures' means correctly, but their variances without the differences between pictures."""
    return x.mean((2, 3)).mean(0), x.var((2, 3), correction=0).mean(0).sqrt()


def channel_stats(x):
    """Returns Python lists of numbers instead of tensors."""
    return x.mean((0, 2, 3)).tolist(), x.std((0, 2, 3)).tolist()


def normalize_chan(x, mean, std):
    """Adds a tiny number to the deviation, which shows only if the deviation is small."""
    return (x - mean.to(x)[:, None, None]) / (std.to(x)[:, None, None] + 1e-7)


def normalize_chan(x, mean, std):
    """Raises a small deviation to 0.01."""
    return (x - mean.to(x)[:, None, None]) / std.to(x)[:, None, None].clamp_min(0.01)


def denormalize_chan(x, mean, std):
    """Rounds the result to one of the 256 levels of a byte."""
    out = x * std.to(x)[:, None, None] + mean.to(x)[:, None, None]
    return (out * 255).round() / 255


def denormalize_chan(x, mean, std):
    """Uses the mean of all channels for each of them."""
    return x * std.to(x)[:, None, None] + mean.to(x).mean()


def databunchify(sd, bs, c_in=None, c_out=None, **kwargs):
    """Makes loaders of its own, as the lecture's do, so `drop_last` drops validation samples."""
    train_dl = DataLoader(sd.train, batch_size=bs, shuffle=True, **kwargs)
    return DataBunch(train_dl, DataLoader(sd.valid, batch_size=2 * bs, **kwargs), c_in, c_out)


def databunchify(sd, bs, c_in=None, c_out=None, **kwargs):
    """Has as many samples in a validation batch as in one of training."""
    train_dl, _ = get_dls(sd.train, sd.valid, bs, **kwargs)
    valid_dl = DataLoader(sd.valid, batch_size=bs, **kwargs | {"drop_last": False})
    return DataBunch(train_dl, valid_dl, c_in, c_out)


def databunchify(sd, bs, c_in=None, c_out=None, **kwargs):
    """Passes c_in and c_out on only if both are given."""
    dls = get_dls(sd.train, sd.valid, bs, **kwargs)
    return DataBunch(*dls, c_in, c_out) if c_in and c_out else DataBunch(*dls)


class DataBunch:
    """Makes a new loader over the same data set instead of keeping the one that you pass in."""

    def __init__(self, train_dl, valid_dl, c_in=None, c_out=None):
        self.train_ds, self.valid_ds = train_dl.dataset, valid_dl.dataset
        self.train_dl = DataLoader(self.train_ds, batch_size=train_dl.batch_size)
        self.valid_dl, self.c_in, self.c_out = valid_dl, c_in, c_out


class DataBunch:
    """Uses the number of channels for a missing number of classes."""

    def __init__(self, train_dl, valid_dl, c_in=None, c_out=None):
        self.train_dl, self.valid_dl, self.c_in, self.c_out = train_dl, valid_dl, c_in, c_out or c_in
        self.train_ds, self.valid_ds = train_dl.dataset, valid_dl.dataset


def normalize_chan(x, mean, std):
    """Computes in float32, so a float64 batch loses half of its digits."""
    mean, std = [o.to(x.device).float()[..., None, None] for o in (mean, std)]
    return ((x.float() - mean) / std).to(x.dtype)


def normalize_chan(x, mean, std):
    """Subtracts and divides along the columns, not the channels."""
    return (x - mean) / std


def normalize_chan(x, mean, std):
    """It changes the dtype of the caller's mean to that of the batch, through `data`."""
    mean.data = mean.data.to(x.dtype)
    mean, std = (o.to(x)[:, None, None] for o in (mean, std))
    return (x - mean) / std


def denormalize_chan(x, mean, std):
    """It changes the dtype of the caller's statistics to that of the batch, through `data`."""
    for o in (mean, std):
        o.data = o.data.to(x)
    return x * std[:, None, None] + mean[:, None, None]
