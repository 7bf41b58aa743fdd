"""Wrong answers to the exercises of `hooks`."""

import copy
from contextlib import contextmanager
from functools import partial
from types import SimpleNamespace

import torch

from .containers import ListContainer


def find_modules(m, cond):
    """It tests `cond(m) is True`, so it misses other values that count as true."""
    if cond(m) is True:
        return [m]
    return [o for child in m.children() for o in find_modules(child, cond)]


def find_modules(m, cond):
    """It looks inside a match too, so layers of a block that was found are found again."""
    return [o for o in m.modules() if cond(o)]


def find_modules(m, cond):
    """It searches level by level, so a deep module comes after all that are less deep."""
    level, found = [m], []
    while level:
        found += [o for o in level if cond(o)]
        level = [child for o in level if not cond(o) for child in o.children()]
    return found


def find_modules(m, cond):
    """It never checks the module itself, only those inside it."""
    found = []
    for child in m.children():
        found += [child] if cond(child) else find_modules(child, cond)
    return found


def find_modules(m, cond):
    """It checks only the direct children, so it misses deeper modules."""
    return [m] if cond(m) else [child for child in m.children() if cond(child)]


def find_modules(m, cond):
    """It checks only the innermost modules, so it misses a block that matches."""
    return [o for o in m.modules() if not list(o.children()) and cond(o)]


def find_modules(m, cond):
    """It stops at the first match, so the modules after it are missing."""
    if cond(m):
        return [m]
    for child in m.children():
        if found := find_modules(child, cond):
            return found
    return []


def find_modules(m, cond):
    """It pops the modules off the end of a stack, so the last child comes first."""
    stack, found = [m], []
    while stack:
        o = stack.pop()
        if cond(o):
            found.append(o)
        else:
            stack += o.children()
    return found


def find_modules(m, cond):
    """It returns lists within lists, nested as deeply as the modules are."""
    if cond(m):
        return [m]
    return [found for child in m.children() if (found := find_modules(child, cond))]


def find_modules(m, cond, found=[]):  # noqa: B006
    """It collects in a default argument, so a search returns earlier matches too."""
    if cond(m):
        found.append(m)
    else:
        for child in m.children():
            find_modules(child, cond, found)
    return found


def find_modules(m, cond):
    """It searches inside modules that match, and not inside those that don't."""
    if not cond(m):
        return []
    return [m] + [found for child in m.children() for found in find_modules(child, cond)]


def find_modules(m, cond):
    """It sorts the children by name instead of keeping the order of the model."""
    if cond(m):
        return [m]
    children = [child for _, child in sorted(m.named_children())]
    return [found for child in children for found in find_modules(child, cond)]


def find_modules(m, cond):
    """It checks the children and their children, but nothing deeper."""
    if cond(m):
        return [m]
    found = []
    for child in m.children():
        found += [child] if cond(child) else [o for o in child.children() if cond(o)]
    return found


def find_modules(m, cond):
    """It returns a generator instead of a list."""
    if cond(m):
        yield m
    else:
        for child in m.children():
            yield from find_modules(child, cond)


def find_modules(m, cond):
    """It returns a tuple instead of a list."""
    if cond(m):
        return (m,)
    return sum((find_modules(child, cond) for child in m.children()), ())


def find_modules(m, cond):
    """It drops a module that looks like an earlier one."""
    if cond(m):
        return [m]
    found = {repr(o): o for child in m.children() for o in find_modules(child, cond)}
    return list(found.values())


def find_modules(m, cond):
    """It compares the beginnings of names, so a match `c` hides its neighbour `ca`."""
    found = {}
    for name, o in m.named_modules():
        if not any(name.startswith(other) for other in found) and cond(o):
            found[name] = o
    return list(found.values())


def find_modules(m, cond):
    """It remembers by class whether `cond` holds, so one layer decides for all layers of its class."""
    asked = {}

    def search(o):
        if asked.setdefault(type(o), cond(o)):
            return [o]
        return [found for child in o.children() for found in search(child)]

    return search(m)


class _Hook:
    """The right parts of a hook."""

    def __init__(self, m, f):
        self.hook = m.register_forward_hook(partial(f, self))

    def remove(self):
        self.hook.remove()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hook(_Hook):
    """It registers `f` directly, so torch calls `f` without the hook."""

    def __init__(self, m, f):
        self.hook = m.register_forward_hook(f)


class Hook(_Hook):
    """It hooks the moment before the forward pass, when there's no output yet."""

    def __init__(self, m, f):
        self.hook = m.register_forward_pre_hook(lambda mod, inp: f(self, mod, inp, None))


class Hook(_Hook):
    """It hooks the backward pass, so `f` is called late and sees gradients."""

    def __init__(self, m, f):
        self.hook = m.register_full_backward_hook(partial(f, self))


class Hook(_Hook):
    """It passes the module first and the hook second."""

    def __init__(self, m, f):
        self.hook = m.register_forward_hook(lambda mod, inp, outp: f(mod, self, inp, outp))


class Hook(_Hook):
    """It swaps input and output."""

    def __init__(self, m, f):
        self.hook = m.register_forward_hook(lambda mod, inp, outp: f(self, mod, outp, inp))


class Hook(_Hook):
    """It passes torch's handle to `f` instead of the hook itself."""

    def __init__(self, m, f):
        self.hook = m.register_forward_hook(lambda *given: f(self.hook, *given))


class Hook(_Hook):
    """It passes only the first input, so all other inputs are lost."""

    def __init__(self, m, f):
        self.hook = m.register_forward_hook(lambda mod, inp, outp: f(self, mod, inp[0], outp))


class Hook(_Hook):
    """It passes a detached copy of the output, which is another tensor."""

    def __init__(self, m, f):
        self.hook = m.register_forward_hook(
            lambda mod, inp, outp: f(self, mod, inp, outp.detach().clone())
        )


class Hook(_Hook):
    """It returns the detached output, and torch uses that in place of the real output."""

    def __init__(self, m, f):
        self.f = f
        self.hook = m.register_forward_hook(self.call)

    def call(self, mod, inp, outp):
        self.f(self, mod, inp, outp)
        return outp.detach()


class Hook(_Hook):
    """It removes itself after the first call."""

    def __init__(self, m, f):
        self.f = f
        self.hook = m.register_forward_hook(self.call)

    def call(self, *given):
        self.f(self, *given)
        self.remove()


class Hook(_Hook):
    """It hooks every module inside `m` as well."""

    def __init__(self, m, f):
        self.hooks = [o.register_forward_hook(partial(f, self)) for o in m.modules()]

    def remove(self):
        for hook in self.hooks:
            hook.remove()


class Hook(_Hook):
    """It throws the handle away and removes nothing, so torch keeps calling."""

    def remove(self):
        del self.hook

    def __exit__(self, *error):
        vars(self).pop("hook", None)


class Hook(_Hook):
    """It clears all hooks of the module, even those that it didn't add."""

    def __init__(self, m, f):
        super().__init__(m, f)
        self.m = m

    def remove(self):
        self.m._forward_hooks.clear()


class Hook(_Hook):
    """It raises an error at the second `remove()`."""

    def remove(self):
        self.hook.remove()
        self.hook = None


class Hook(_Hook):
    """It stays on its module when the `with` block ends."""

    def __exit__(self, *error):
        return None


class Hook(_Hook):
    """It stays on its module when the `with` block fails."""

    def __exit__(self, *error):
        if error[0] is None:
            self.remove()


class Hook(_Hook):
    """It swallows the error of the `with` block."""

    def __exit__(self, *error):
        self.remove()
        return True


class Hook(_Hook):
    """Its `__enter__` returns None."""

    def __enter__(self):
        return None


class Hook(_Hook):
    """Its `__enter__` returns torch's handle."""

    def __enter__(self):
        return self.hook


class Hook(_Hook):
    """It hooks its module only in a `with` block."""

    def __init__(self, m, f):
        self.m, self.f = m, f

    def remove(self):
        if hasattr(self, "hook"):
            self.hook.remove()

    def __enter__(self):
        self.hook = self.m.register_forward_hook(partial(self.f, self))
        return self


class Hook(_Hook):
    """It keeps the handle on the class, so a later hook replaces an earlier one."""

    def __init__(self, m, f):
        type(self).hook = m.register_forward_hook(partial(f, self))


class Hook(_Hook):
    """It ignores passes in evaluation mode."""

    def __init__(self, m, f):
        self.hook = m.register_forward_hook(lambda *given: given[0].training and f(self, *given))


class Hook(_Hook):
    """It ignores passes without gradients."""

    def __init__(self, m, f):
        self.f = f
        self.hook = m.register_forward_hook(self.call)

    def call(self, *given):
        if torch.is_grad_enabled():
            self.f(self, *given)


class Hook(_Hook):
    """It hooks the module a second time in a `with` block, so each pass counts twice."""

    def __init__(self, m, f):
        self.m, self.f, self.handles = m, f, []
        self.__enter__()

    def remove(self):
        for handle in self.handles:
            handle.remove()

    def __enter__(self):
        self.handles.append(self.m.register_forward_hook(partial(self.f, self)))
        return self


class Hook(_Hook):
    """It calls `f` before the other hooks of the module instead of in turn."""

    def __init__(self, m, f):
        self.hook = m.register_forward_hook(partial(f, self), prepend=True)


class Hook(_Hook):
    """It shares one dictionary of attributes between all hooks."""

    shared = {}

    def __init__(self, m, f):
        hook = m.register_forward_hook(partial(f, self))
        self.__dict__ = self.shared
        object.__setattr__(self, "hook", hook)


class Hook(_Hook):
    """It keeps the hook if the block fails with an error that isn't an `Exception`."""

    def __exit__(self, kind, error, traceback):
        if error is None or isinstance(error, Exception):
            self.remove()


class Hook(_Hook):
    """It skips an output that equals the one before, so `f` misses a repeated pass."""

    def __init__(self, m, f):
        self.f, self.last = f, None
        self.hook = m.register_forward_hook(self.call)

    def call(self, mod, inp, outp):
        if self.last is None or not torch.equal(self.last, outp):
            self.f(self, mod, inp, outp)
        self.last = outp.detach()


class _Hooks(ListContainer):
    """The right parts of several hooks."""

    def __init__(self, ms, f):
        super().__init__([_Hook(m, f) for m in ms])

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()

    def __delitem__(self, i):
        for hook in self.items[i] if isinstance(i, slice) else [self.items[i]]:
            hook.remove()
        super().__delitem__(i)

    def remove(self):
        for hook in self:
            hook.remove()


class Hooks(_Hooks):
    """The hooks stay on the modules when the `with` block ends."""

    def __exit__(self, *error):
        return None


class Hooks(_Hooks):
    """The hooks stay on the modules when the `with` block fails."""

    def __exit__(self, kind, error, traceback):
        if error is None:
            self.remove()


class Hooks(_Hooks):
    """It swallows the error of the `with` block."""

    def __exit__(self, *error):
        self.remove()
        return True


class Hooks(_Hooks):
    """Its `__enter__` returns None."""

    def __enter__(self):
        return None


class Hooks(_Hooks):
    """It shortens the list while looping over it, so every second hook stays."""

    def remove(self):
        for hook in self.items:
            hook.remove()
            self.items.remove(hook)


class Hooks(_Hooks):
    """It removes the first hook only."""

    def remove(self):
        self.items[0].remove()


class Hooks(_Hooks):
    """It empties its list and leaves the hooks on the modules."""

    def remove(self):
        self.items.clear()


class Hooks(_Hooks):
    """It deletes a hook from the list only, so the hook stays on its module for good."""

    def __delitem__(self, i):
        del self.items[i]


class Hooks(_Hooks):
    """It removes a deleted hook from its module and leaves it in the list."""

    def __delitem__(self, i):
        for hook in self.items[i] if isinstance(i, slice) else [self.items[i]]:
            hook.remove()


class Hooks(_Hooks):
    """Its slice is another Hooks, which removes the hooks when it is thrown away."""

    def __getitem__(self, i):
        if not isinstance(i, slice):
            return self.items[i]
        part = Hooks([], None)
        part.items = self.items[i]
        return part

    def __del__(self):
        self.remove()


class Hooks(_Hooks):
    """Its slice takes the hooks from the original, so only the slice has them."""

    def __getitem__(self, i):
        found = self.items[i]
        if isinstance(i, slice):
            self.items = [hook for hook in self.items if hook not in found]
        return found


class Hooks(_Hooks):
    """Its `del` works for only one hook, as the lecture's does, and fails for a slice."""

    def __delitem__(self, i):
        self[i].remove()
        super().__delitem__(i)


class Hooks(_Hooks):
    """Its `del` of a slice removes only the first hook from its module and leaves the others on theirs."""

    def __delitem__(self, i):
        for hook in self.items[i][:1] if isinstance(i, slice) else [self.items[i]]:
            hook.remove()
        del self.items[i]


class Hooks(_Hooks):
    """Its `del` looks up the hooks after deleting them from the list, so it removes the wrong ones."""

    def __delitem__(self, i):
        del self.items[i]
        for hook in self.items[i] if isinstance(i, slice) else self.items[i : i + 1]:
            hook.remove()


class Hooks(_Hooks):
    """It keeps its hooks in a tuple, so none can be deleted."""

    def __init__(self, ms, f):
        self.items = tuple(_Hook(m, f) for m in ms)


class Hooks(_Hooks):
    """It raises an error at the second `remove()`."""

    def remove(self):
        for hook in self:
            hook.remove()
        self.items = None


class Hooks(_Hooks):
    """It registers the hooks only in a `with` block, so without one `f` is never called."""

    def __init__(self, ms, f):
        self.ms, self.f = list(ms), f
        ListContainer.__init__(self, [])

    def __enter__(self):
        self.items = [_Hook(m, self.f) for m in self.ms]
        return self


class Hooks(_Hooks):
    """It drops a module that looks like an earlier one."""

    def __init__(self, ms, f):
        ListContainer.__init__(self, [_Hook(m, f) for m in {repr(m): m for m in ms}.values()])


class Hooks(_Hooks):
    """It makes one hook for all modules, which then share its attributes."""

    def __init__(self, ms, f):
        ms = list(ms)
        hook = _Hook(ms[0], f)
        self.handles = [m.register_forward_hook(partial(f, hook)) for m in ms[1:]]
        ListContainer.__init__(self, [hook] * len(ms))

    def remove(self):
        for hook in [*self, *self.handles]:
            hook.remove()


class Hooks(_Hooks):
    """It hooks the modules from last to first."""

    def __init__(self, ms, f):
        ListContainer.__init__(self, [_Hook(m, f) for m in reversed(list(ms))])


class Hooks(_Hooks):
    """It indexes the modules, which fails for a generator."""

    def __init__(self, ms, f):
        ListContainer.__init__(self, [_Hook(ms[i], f) for i in range(len(ms))])


class Hooks(_Hooks):
    """It registers `f` directly, so `f` is called without the hook."""

    def __init__(self, ms, f):
        ListContainer.__init__(self, [m.register_forward_hook(f) for m in ms])


class Hooks(_Hooks):
    """It keeps the modules in its list instead of their hooks."""

    def __init__(self, ms, f):
        ms = list(ms)
        self.hooks = [_Hook(m, f) for m in ms]
        ListContainer.__init__(self, ms)

    def remove(self):
        for hook in self.hooks:
            hook.remove()


class Hooks:
    """It stores its hooks in a separate list, so `len` and indexing don't work."""

    def __init__(self, ms, f):
        self.hooks = [_Hook(m, f) for m in ms]

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()

    def __iter__(self):
        return iter(self.hooks)

    def remove(self):
        for hook in self.hooks:
            hook.remove()


class Hooks(_Hooks):
    """It keeps one hook per module in a dictionary, so a module that's listed twice has only one hook."""

    def __init__(self, ms, f):
        ListContainer.__init__(self, list({m: _Hook(m, f) for m in ms}.values()))


class Hooks(_Hooks):
    """It skips a module that has a hook already."""

    def __init__(self, ms, f):
        ListContainer.__init__(self, [_Hook(m, f) for m in ms if not m._forward_hooks])


class Hooks(_Hooks):
    """It hooks the modules in its list and also those inside them."""

    def __init__(self, ms, f):
        ListContainer.__init__(self, [_Hook(inner, f) for m in ms for inner in m.modules()])


class Hooks(_Hooks):
    """It hooks the innermost modules instead of the blocks in its list."""

    def __init__(self, ms, f):
        innermost = [o for m in ms for o in m.modules() if not list(o.children())]
        ListContainer.__init__(self, [_Hook(m, f) for m in innermost])


class Hooks(_Hooks):
    """Its `__enter__` returns a plain list, so a hook that you delete from it stays on its module."""

    def __enter__(self):
        return self.items


class Hooks(_Hooks):
    """Its `__enter__` returns a tuple of the hooks."""

    def __enter__(self):
        return tuple(self)


def _append(hook, *stats):
    """Each of the three to its list."""
    if not hasattr(hook, "stats"):
        hook.stats = ([], [], [])
    for kept, stat in zip(hook.stats, stats, strict=True):
        kept.append(stat.cpu())


def _hist(outp):
    """A histogram."""
    return outp.detach().cpu().histc(40, -7, 7)


def append_stats(hook, mod, inp, outp):
    """It keeps numbers with the graph that made them, so memory grows with each batch."""
    _append(hook, outp.mean(), outp.std(), _hist(outp))


def append_stats(hook, mod, inp, outp):
    """It keeps numbers with the graph that made them, so memory grows with each batch."""
    _append(hook, outp.detach().mean(), outp.std().cpu(), _hist(outp))


def append_stats(hook, mod, inp, outp):
    """It keeps the output itself in the hook, with its graph."""
    hook.outp = outp
    _append(hook, outp.detach().mean(), outp.detach().std(), _hist(outp))


def append_stats(hook, mod, inp, outp):
    """It detaches the output in place, so gradients no longer flow through this module."""
    if outp.grad_fn is not None:
        outp.detach_()
    _append(hook, outp.mean(), outp.std(), _hist(outp))


def append_stats(hook, mod, inp, outp):
    """It clamps the output itself to the range of the histogram."""
    outp = outp.detach()
    mean, std = outp.mean(), outp.std()
    _append(hook, mean, std, _hist(outp.clamp_(-8, 8)))


def append_stats(hook, mod, inp, outp):
    """It makes new lists at each call, so only the last batch is kept."""
    outp = outp.detach()
    hook.stats = ([outp.mean().cpu()], [outp.std().cpu()], [_hist(outp)])


def append_stats(hook, mod, inp, outp):
    """It keeps the three results of the last batch instead of lists."""
    outp = outp.detach()
    hook.stats = (outp.mean(), outp.std(), _hist(outp))


def append_stats(hook, mod, inp, outp):
    """It stores one list three times, so means, stds and histograms are mixed."""
    outp = outp.detach()
    if not hasattr(hook, "stats"):
        hook.stats = ([],) * 3
    for kept, stat in zip(hook.stats, (outp.mean(), outp.std(), _hist(outp)), strict=True):
        kept.append(stat)


def append_stats(hook, mod, inp, outp, stats=([], [], [])):
    """It keeps the lists in a default argument, which all hooks share."""
    hook.stats = stats
    outp = outp.detach()
    _append(hook, outp.mean(), outp.std(), _hist(outp))


def append_stats(hook, mod, inp, outp):
    """It keeps one list with a triple for each batch instead of three lists."""
    outp = outp.detach()
    hook.stats = [*getattr(hook, "stats", []), (outp.mean(), outp.std(), _hist(outp))]


def append_stats(hook, mod, inp, outp):
    """It measures the input, not the output."""
    outp = inp[0].detach()
    _append(hook, outp.mean(), outp.std(), _hist(outp))


def append_stats(hook, mod, inp, outp):
    """It keeps the variance instead of the standard deviation."""
    outp = outp.detach()
    _append(hook, outp.mean(), outp.var(), _hist(outp))


def append_stats(hook, mod, inp, outp):
    """It averages absolute values, so negative activations count as positive ones."""
    outp = outp.detach()
    _append(hook, outp.abs().mean(), outp.std(), _hist(outp))


def append_stats(hook, mod, inp, outp):
    """It averages over the batch only, so each unit has its own mean and std."""
    outp = outp.detach()
    _append(hook, outp.mean(0), outp.std(0), _hist(outp))


def append_stats(hook, mod, inp, outp):
    """It swaps mean and std."""
    outp = outp.detach()
    _append(hook, outp.std(), outp.mean(), _hist(outp))


def append_stats(hook, mod, inp, outp):
    """It subtracts the mean from the output in place, so the next layer gets a changed output."""
    mean = outp.detach().mean()
    data = outp.detach().sub_(mean)
    _append(hook, mean, data.std(), _hist(data + mean))


def append_stats(hook, mod, inp, outp):
    """It returns the stats, and torch uses them in place of the output."""
    data = outp.detach()
    _append(hook, data.mean(), data.std(), _hist(data))
    return hook.stats


def append_stats(hook, mod, inp, outp):
    """Its bins go from the smallest to the largest activation, so you can't compare two histograms."""
    outp = outp.detach()
    _append(hook, outp.mean(), outp.std(), outp.histc(40))


def append_stats(hook, mod, inp, outp):
    """It has 39 bins."""
    outp = outp.detach()
    _append(hook, outp.mean(), outp.std(), outp.cpu().histc(39, -7, 7))


def append_stats(hook, mod, inp, outp):
    """Its bins go from 0 to 10, as in the lecture's first version, so negative activations are lost."""
    outp = outp.detach()
    _append(hook, outp.mean(), outp.std(), outp.cpu().histc(40, 0, 10))


def append_stats(hook, mod, inp, outp):
    """It counts activations outside -7 to 7 in the first and the last bin."""
    outp = outp.detach()
    _append(hook, outp.mean(), outp.std(), _hist(outp.clamp(-7, 7)))


def append_stats(hook, mod, inp, outp):
    """It keeps each histogram as a list of counts instead of a tensor."""
    outp = outp.detach()
    _append(hook, outp.mean(), outp.std(), _hist(outp))
    hook.stats[2][-1] = hook.stats[2][-1].tolist()


def append_stats(hook, mod, inp, outp):
    """It keeps means and stds on the device of the output, and the GPU's memory fills up."""
    outp = outp.detach()
    if not hasattr(hook, "stats"):
        hook.stats = ([], [], [])
    for kept, stat in zip(hook.stats, (outp.mean(), outp.std(), _hist(outp)), strict=True):
        kept.append(stat)


def append_stats(hook, mod, inp, outp):
    """It keeps the histogram on the device of the output."""
    outp = outp.detach()
    _append(hook, outp.mean(), outp.std(), _hist(outp))
    hook.stats[2][-1] = outp.histc(40, -7, 7)


def append_stats(hook, mod, inp, outp):
    """It collects stats only in training mode."""
    outp = outp.detach()
    if mod.training:
        _append(hook, outp.mean(), outp.std(), _hist(outp))


def append_stats(hook, mod, inp, outp):
    """It keeps the stats on the module, so all hooks of that module share them."""
    outp = outp.detach()
    _append(mod, outp.mean(), outp.std(), _hist(outp))
    hook.stats = mod.stats


def append_stats(hook, mod, inp, outp):
    """It keeps one growing tensor of each kind instead of lists."""
    outp = outp.detach()
    hook.lists = getattr(hook, "lists", None) or SimpleNamespace()
    _append(hook.lists, outp.mean(), outp.std(), _hist(outp))
    hook.stats = tuple(torch.stack(kept) for kept in hook.lists.stats)


def append_stats(hook, mod, inp, outp):
    """It keeps shares of the activations instead of counts."""
    outp = outp.detach()
    _append(hook, outp.mean(), outp.std(), _hist(outp) / outp.numel())


def append_stats(hook, mod, inp, outp):
    """It keeps cumulative counts, so each bin counts all activations below it."""
    outp = outp.detach()
    _append(hook, outp.mean(), outp.std(), _hist(outp).cumsum(0))


def append_stats(hook, mod, inp, outp):
    """It keeps no histogram."""
    outp = outp.detach()
    _append(hook, outp.mean(), outp.std(), torch.zeros(0))


def append_stats(hook, mod, inp, outp):
    """It keeps all activations instead of a histogram."""
    outp = outp.detach()
    _append(hook, outp.mean(), outp.std(), outp.flatten().cpu())


def append_stats(hook, mod, inp, outp):
    """It keeps stats only of passes with gradients."""
    if outp.requires_grad:
        data = outp.detach()
        _append(hook, data.mean(), data.std(), _hist(data))


def append_stats(hook, mod, inp, outp):
    """It leaves activations outside -7 to 7 out of the mean too."""
    outp = outp.detach()
    _append(hook, outp[outp.abs() <= 7].mean(), outp.std(), _hist(outp))


def append_stats(hook, mod, inp, outp):
    """It clamps the activations to -7 to 7 before it takes their std."""
    outp = outp.detach()
    _append(hook, outp.mean(), outp.clamp(-7, 7).std(), _hist(outp))


def _count(mod):
    """The number of parameters."""
    return sum(p.numel() for p in mod.parameters())


def _batch(learn):
    """The first validation batch, after the callbacks."""
    learn.xb, learn.yb = next(iter(learn.data.valid_dl))
    learn("begin_batch")
    return learn.xb


def _rows(learn, found, count=_count, shape=lambda inp, outp: list(outp.shape)):
    """A line for each module through which a validation batch comes."""
    rows, model = [], learn.model
    hooks = [
        m.register_forward_hook(
            lambda m, i, o: rows.append(f"{type(m).__name__:12} {shape(i, o)} {count(m):,}")
        )
        for m in found
    ]
    try:
        with torch.no_grad():
            model(_batch(learn))
    finally:
        for hook in hooks:
            hook.remove()
    return rows


def _innermost(model):
    """All modules that have none in them."""
    return [m for m in model.modules() if not list(m.children())]


def _layers(learn, find_all):
    """The modules that are told."""
    return _innermost(learn.model) if find_all else list(learn.model.children())


@contextmanager
def _evaluating(model):
    """The model is in evaluation mode meanwhile."""
    training = model.training
    model.eval()
    try:
        yield
    finally:
        model.train(training)


def _quietly(learn, find_all, found=None, **kwargs):
    """The lines, with the model in evaluation meanwhile."""
    with _evaluating(learn.model):
        return _rows(learn, found or _layers(learn, find_all), **kwargs)


def _shown(rows):
    """Printed and returned."""
    text = "\n".join(rows)
    print(text)
    return text


def model_summary(learn, find_all=False):
    """It prints the summary, as the lecture does, and returns None."""
    print("\n".join(_quietly(learn, find_all)))


def model_summary(learn, find_all=False):
    """It returns the summary and doesn't print it."""
    return "\n".join(_quietly(learn, find_all))


def model_summary(learn, find_all=False):
    """It looks only one level deeper with `find_all`, so a block inside a block counts as one layer."""
    found = list(learn.model.children())
    if find_all:
        found = [o for m in found for o in (list(m.children()) or [m])]
    return _shown(_quietly(learn, find_all, found))


def model_summary(learn, find_all=False):
    """It returns a list of lines instead of a text."""
    rows = _quietly(learn, find_all)
    print("\n".join(rows))
    return rows


def model_summary(learn, find_all=False):
    """It prints the summary twice: line by line, then as a whole."""
    rows = _quietly(learn, find_all)
    print("\n".join(rows))
    return _shown(rows)


def model_summary(learn, find_all=False):
    """It runs the model in training mode, so the batch moves batch norm's statistics."""
    training = learn.model.training
    learn.model.train()
    rows = _rows(learn, _layers(learn, find_all))
    learn.model.train(training)
    return _shown(rows)


def model_summary(learn, find_all=False):
    """It never calls `eval`, so in training the batch moves batch norm's statistics."""
    return _shown(_rows(learn, _layers(learn, find_all)))


def model_summary(learn, find_all=False):
    """It leaves the model in evaluation mode."""
    learn.model.eval()
    return _shown(_rows(learn, _layers(learn, find_all)))


def model_summary(learn, find_all=False):
    """It puts the model into training mode at the end, whatever it was before."""
    learn.model.eval()
    rows = _rows(learn, _layers(learn, find_all))
    learn.model.train()
    return _shown(rows)


def model_summary(learn, find_all=False):
    """It runs a training step, which changes the weights."""
    rows = _quietly(learn, find_all)
    xb, _ = next(iter(learn.data.valid_dl))
    with _evaluating(learn.model):
        learn.model(xb).sum().backward()
    with torch.no_grad():
        for p in learn.model.parameters():
            p -= 0.1 * p.grad
    return _shown(rows)


def model_summary(learn, find_all=False):
    """It lists the direct children, whatever `find_all` says."""
    return _shown(_quietly(learn, False))


def model_summary(learn, find_all=False):
    """It lists the innermost layers by default."""
    return _shown(_quietly(learn, True))


def model_summary(learn, find_all=True):
    """It lists the innermost layers by default."""
    return _shown(_quietly(learn, find_all))


def model_summary(learn, find_all=False):
    """It counts weights and forgets biases."""
    count = lambda m: sum(p.numel() for p in m.parameters() if p.ndim > 1)  # noqa: E731
    return _shown(_quietly(learn, find_all, count=count))


def model_summary(learn, find_all=False):
    """It counts the state dict, so running statistics count as parameters."""
    count = lambda m: sum(o.numel() for o in m.state_dict().values())  # noqa: E731
    return _shown(_quietly(learn, find_all, count=count))


def model_summary(learn, find_all=False):
    """It counts the tensors of a layer, not the numbers in them."""
    return _shown(_quietly(learn, find_all, count=lambda m: len(list(m.parameters()))))


def model_summary(learn, find_all=False):
    """It counts the parameters of a layer itself, not of the layers in it."""
    count = lambda m: sum(p.numel() for p in m.parameters(recurse=False))  # noqa: E731
    return _shown(_quietly(learn, find_all, count=count))


def model_summary(learn, find_all=False):
    """It shows the parameters of the whole model with every layer."""
    return _shown(_quietly(learn, find_all, count=lambda m: _count(learn.model)))


def model_summary(learn, find_all=False):
    """It shows the shape of the input, not of the output."""
    return _shown(_quietly(learn, find_all, shape=lambda inp, outp: list(inp[0].shape)))


def model_summary(learn, find_all=False):
    """It shows the shape of the weight, not of the output."""
    rows = [
        f"{type(m).__name__} {[list(p.shape) for p in m.parameters()]} {_count(m)}"
        for m in _layers(learn, find_all)
    ]
    return _shown(rows)


def model_summary(learn, find_all=False):
    """It lists the layers from last to first."""
    return _shown(_quietly(learn, find_all)[::-1])


def model_summary(learn, find_all=False):
    """It shows shapes without the layers' classes."""
    return _shown([row.split(maxsplit=1)[1] for row in _quietly(learn, find_all)])


def model_summary(learn, find_all=False):
    """It shows 0 parameters for every layer."""
    return _shown(_quietly(learn, find_all, count=lambda m: 0))


def model_summary(learn, find_all=False):
    """It leaves out the layers without parameters."""
    found = [m for m in _layers(learn, find_all) if _count(m)]
    return _shown(_quietly(learn, find_all, found))


def model_summary(learn, find_all=False):
    """It leaves its hooks on the model, which then run with every batch."""
    rows = []
    for layer in _layers(learn, find_all):
        layer.register_forward_hook(
            lambda m, i, o: rows.append(f"{type(m).__name__} {list(o.shape)} {_count(m)}")
        )
    with _evaluating(learn.model), torch.no_grad():
        learn.model(_batch(learn))
    return _shown(rows)


def model_summary(learn, find_all=False):
    """It clears every hook of the model at the end, even the caller's own."""
    rows = _quietly(learn, find_all)
    for module in learn.model.modules():
        module._forward_hooks.clear()
    return _shown(rows)


def model_summary(learn, find_all=False):
    """It counts trainable parameters only, so frozen layers have none."""
    count = lambda m: sum(p.numel() for p in m.parameters() if p.requires_grad)  # noqa: E731
    return _shown(_quietly(learn, find_all, count=count))


class _Bare:
    """A learner without callbacks."""

    def __init__(self, learn):
        self.model, self.data = learn.model, learn.data

    def __call__(self, event):
        pass


def model_summary(learn, find_all=False):
    """It sends the raw batch through the model, before the callbacks have changed it."""
    return _shown(_quietly(_Bare(learn), find_all))


def model_summary(learn, find_all=False):
    """It sends a training batch through the model instead of a validation batch."""
    learn = copy.copy(learn)
    learn.data = SimpleNamespace(valid_dl=learn.data.train_dl)
    return _shown(_quietly(learn, find_all))


def model_summary(learn, find_all=False):
    """It sends every validation batch through the model, so each layer has several lines."""
    rows, data = [], learn.data
    for batch in data.valid_dl:
        learn.data = SimpleNamespace(valid_dl=[batch])
        rows += _quietly(learn, find_all)
    learn.data = data
    return _shown(rows)


def model_summary(learn, find_all=False):
    """It lists only convolutions, linear layers and ReLUs with `find_all`, as the lecture does."""
    kinds = (torch.nn.Conv2d, torch.nn.Linear, torch.nn.ReLU)
    found = [m for m in _layers(learn, find_all) if not find_all or isinstance(m, kinds)]
    return _shown(_quietly(learn, find_all, found))


def model_summary(learn, find_all=False):
    """It lists blocks as well as the layers in them when `find_all` is True."""
    inside = [m for m in learn.model.modules() if m is not learn.model]
    return _shown(_quietly(learn, find_all, inside if find_all else None))


def model_summary(learn, find_all=False):
    """It shows the names of the layers instead of their classes."""
    names = {type(m).__name__: f"layer{i}" for i, m in enumerate(learn.model.modules())}
    rows = _quietly(learn, find_all)
    return _shown([" ".join(names.get(word, word) for word in row.split()) for row in rows])


def model_summary(learn, find_all=False):
    """It removes its hooks without `finally`, so they stay after an error in the model."""
    rows = []
    note = lambda m, i, o: rows.append(f"{type(m).__name__} {list(o.shape)} {_count(m)}")  # noqa: E731
    hooks = [m.register_forward_hook(note) for m in _layers(learn, find_all)]
    with _evaluating(learn.model), torch.no_grad():
        learn.model(_batch(learn))
    for hook in hooks:
        hook.remove()
    return _shown(rows)


def model_summary(learn, find_all=False):
    """It loops over the model itself, which only a Sequential allows."""
    found = _innermost(learn.model) if find_all else list(iter(learn.model))
    return _shown(_quietly(learn, find_all, found))


def model_summary(learn, find_all=False):
    """It calls one layer after the other, whatever else the model's `forward` does."""
    rows = []
    with _evaluating(learn.model), torch.no_grad():
        xb = _batch(learn)
        for m in _layers(learn, find_all):
            xb = m(xb)
            rows.append(f"{type(m).__name__:12} {list(xb.shape)} {_count(m):,}")
    return _shown(rows)


class Hooks(_Hooks):
    """Its slices are tuples, where a list or a Hooks is wanted."""

    def __getitem__(self, idx):
        found = super().__getitem__(idx)
        return tuple(found) if isinstance(idx, slice) else found


def append_stats(hook, mod, inp, outp):
    """It leaves dead activations out of the mean."""
    outp = outp.detach()
    _append(hook, outp[outp != 0].mean(), outp.std(), _hist(outp))


def append_stats(hook, mod, inp, outp):
    """It leaves dead activations out of the std."""
    outp = outp.detach()
    _append(hook, outp.mean(), outp[outp != 0].std(), _hist(outp))
