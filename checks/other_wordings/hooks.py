"""Variants for `hooks`: mistakes of the catalogue in other words, and mistakes not in it.

The docstring is the sentence that is expected; where there is none, nothing is to be named.
"""

import torch

from .containers import ListContainer


def find_modules(m, cond):
    """It looks inside a match too, so layers of a block that was found are found again."""
    return list(filter(cond, m.modules()))


def find_modules(m, cond):
    """It never checks the module itself, only those inside it."""
    found = []
    for child in m.children():
        found += [child] if cond(child) else find_modules(child, cond)
    return found


def find_modules(m, cond):
    """It checks only the direct children, so it misses deeper modules."""
    if cond(m):
        return [m]
    return [child for child in m.children() if cond(child)]


def find_modules(m, cond):
    """It stops at the first match, so the modules after it are missing."""
    for module in m.modules():
        if cond(module):
            return [module]
    return []


def find_modules(m, cond):
    # each match twice
    if cond(m):
        return [m, m]
    return [o for child in m.children() for o in find_modules(child, cond)]


class _Hook:
    def __init__(self, m, f):
        self.f = f
        self.handle = m.register_forward_hook(self.called)

    def called(self, mod, inp, outp):
        return self.f(self, mod, inp, outp)

    def remove(self):
        self.handle.remove()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()


class Hook(_Hook):
    """It passes the module first and the hook second."""

    def called(self, mod, inp, outp):
        args = [self, mod, inp, outp]
        args[:2] = args[1::-1]
        return self.f(*args)


class Hook(_Hook):
    """It swaps input and output."""

    def called(self, mod, inp, outp):
        return self.f(self, mod, outp, inp)


class Hook(_Hook):
    """It stays on its module when the `with` block fails."""

    def __exit__(self, error, *rest):
        if error is None:
            self.remove()


class Hook(_Hook):
    """It swallows the error of the `with` block."""

    def __exit__(self, *args):
        self.remove()
        return args[0] is not None


class Hook(_Hook):
    """Its `__enter__` returns None."""

    def __enter__(self):
        return None


class Hook(_Hook):
    # calls twice
    def called(self, mod, inp, outp):
        self.f(self, mod, inp, outp)
        return self.f(self, mod, inp, outp)


class Hook(_Hook):
    # hands over twice the output
    def called(self, mod, inp, outp):
        return self.f(self, mod, inp, outp + outp)


class _Hooks(ListContainer):
    def __init__(self, ms, f):
        ListContainer.__init__(self, list(self.hooks(ms, f)))

    def hooks(self, ms, f):
        return (Hook(m, f) for m in ms)

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()

    def __delitem__(self, idx):
        leaving = self[idx]
        for hook in leaving if isinstance(leaving, list) else [leaving]:
            hook.remove()
        del self.items[idx]

    def remove(self):
        for hook in self.items:
            hook.remove()


class Hooks(_Hooks):
    """It removes the first hook only."""

    def remove(self):
        for hook in self.items[:1]:
            hook.remove()


class Hooks(_Hooks):
    """It hooks the modules from last to first."""

    def hooks(self, ms, f):
        return (Hook(m, f) for m in list(ms)[::-1])


class Hooks(_Hooks):
    """It deletes a hook from the list only, so the hook stays on its module for good."""

    def __delitem__(self, idx):
        self.items.__delitem__(idx)


class Hooks(_Hooks):
    # leaves out the last module
    def hooks(self, ms, f):
        return [Hook(m, f) for m in list(ms)[:-1]]


def append_stats(hook, mod, inp, outp):
    """It keeps the variance instead of the standard deviation."""
    if not hasattr(hook, "stats"):
        hook.stats = [], [], []
    acts = outp.detach().float().flatten()
    values = acts.mean(), acts.var(), torch.histc(acts, bins=40, min=-7, max=7)
    for kept, new in zip(hook.stats, values, strict=True):
        kept.append(new.cpu())


def append_stats(hook, mod, inp, outp):
    """It makes new lists at each call, so only the last batch is kept."""
    acts = outp.detach().float().cpu()
    hook.stats = [acts.mean()], [acts.std()], [torch.histc(acts, 40, -7, 7)]


def append_stats(hook, mod, inp, outp):
    """It measures the input, not the output."""
    hook.stats = stats = getattr(hook, "stats", ([], [], []))
    x = inp[0] if isinstance(inp, tuple) else inp
    x = x.detach().float().cpu()
    stats[0].append(x.mean())
    stats[1].append(x.std())
    stats[2].append(x.histc(40, -7, 7))


def append_stats(hook, mod, inp, outp):
    """It swaps mean and std."""
    hook.stats = stats = getattr(hook, "stats", ([], [], []))
    acts = outp.detach().float().cpu()
    for place, new in enumerate((acts.std(), acts.mean(), acts.histc(40, -7, 7))):
        stats[place].append(new)


def append_stats(hook, mod, inp, outp):
    # the greatest and the least activation
    hook.stats = stats = getattr(hook, "stats", ([], [], []))
    acts = outp.detach().float().cpu()
    for place, new in enumerate((acts.amax(), acts.amin(), acts.histc(40, -7, 7))):
        stats[place].append(new)


def append_stats(hook, mod, inp, outp):
    # ten bins, from -1 to 1
    hook.stats = stats = getattr(hook, "stats", ([], [], []))
    acts = outp.detach().float().cpu()
    for place, new in enumerate((acts.mean(), acts.std(), acts.histc(10, -1, 1))):
        stats[place].append(new)


def _rows(learn, modules, shape=lambda inp, outp: list(outp.shape), count=None):
    """The layers of a model in the order of the calls, and how many parameters it has."""
    count = count or (lambda m: sum(p.numel() for p in m.parameters()))
    model, rows = learn.model, []
    modes = [(m, m.training) for m in model.modules()]
    handles = [
        m.register_forward_hook(
            lambda m, inp, outp: rows.append((type(m).__name__, shape(inp, outp), count(m)))
        )
        for m in modules
    ]
    model.eval()
    try:
        learn.in_train = False
        learn.xb, learn.yb = next(iter(learn.data.valid_dl))
        learn("begin_batch")
        device = next(model.parameters(), learn.xb).device
        with torch.no_grad():
            model(learn.xb.to(device))
    finally:
        for handle in handles:
            handle.remove()
        for m, mode in modes:
            m.training = mode
    return rows


def _layers(learn, find_all):
    modules = list(learn.model.modules()) if find_all else list(learn.model.children())
    return [m for m in modules if not find_all or not list(m.children())] or [learn.model]


def _text(learn, rows):
    total = sum(p.numel() for p in learn.model.parameters())
    lines = [f"{name:20}{shape!s:24}{count:>12,}" for name, shape, count in rows]
    return "\n".join(["layer, output shape, parameters", *lines, f"total {total:,}"])


def model_summary(learn, find_all=False):
    """It prints the summary, as the lecture does, and returns None."""
    print(_text(learn, _rows(learn, _layers(learn, find_all))))


def model_summary(learn, find_all=False):
    """It returns the summary and doesn't print it."""
    return _text(learn, _rows(learn, _layers(learn, find_all)))


def model_summary(learn, find_all=False):
    """It lists the direct children, whatever `find_all` says."""
    text = _text(learn, _rows(learn, _layers(learn, False)))
    print(text)
    return text


def model_summary(learn, find_all=False):
    """It leaves the model in evaluation mode."""
    text = _text(learn, _rows(learn, _layers(learn, find_all)))
    learn.model.train(False)
    print(text)
    return text


def model_summary(learn, find_all=False):
    # twice as many parameters
    rows = _rows(learn, _layers(learn, find_all))
    text = _text(learn, [(name, shape, 2 * count) for name, shape, count in rows])
    print(text)
    return text
