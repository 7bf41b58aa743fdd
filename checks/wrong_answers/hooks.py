"""Wrong answers to the exercises of `hooks`."""

from functools import partial

import torch

from .containers import ListContainer


def find_modules(m, cond):
    """Looks inside a match too, so layers of a block that was found are found once more."""
    return [o for o in m.modules() if cond(o)]


def find_modules(m, cond):
    """Goes through the modules level by level, so a deep one comes after all that are less deep."""
    level, found = [m], []
    while level:
        found += [o for o in level if cond(o)]
        level = [child for o in level if not cond(o) for child in o.children()]
    return found


def find_modules(m, cond):
    """Never asks about the module itself, only about those in it."""
    found = []
    for child in m.children():
        found += [child] if cond(child) else find_modules(child, cond)
    return found


def find_modules(m, cond):
    """Asks about the direct children only, and overlooks all that lies deeper."""
    return [m] if cond(m) else [child for child in m.children() if cond(child)]


def find_modules(m, cond):
    """Asks about the innermost modules only, so a block that matches is not found."""
    return [o for o in m.modules() if not list(o.children()) and cond(o)]


def find_modules(m, cond):
    """Stops at the first match, and the modules after it are missing."""
    if cond(m):
        return [m]
    for child in m.children():
        if found := find_modules(child, cond):
            return found
    return []


def find_modules(m, cond):
    """Takes the modules from the end of a stack, so the last child comes first."""
    stack, found = [m], []
    while stack:
        o = stack.pop()
        if cond(o):
            found.append(o)
        else:
            stack += o.children()
    return found


def find_modules(m, cond):
    """Gives a list of lists, as deep as the modules lie."""
    if cond(m):
        return [m]
    return [found for child in m.children() if (found := find_modules(child, cond))]


def find_modules(m, cond, found=[]):  # noqa: B006
    """Collects in a default argument, so a search finds again what earlier ones found."""
    if cond(m):
        found.append(m)
    else:
        for child in m.children():
            find_modules(child, cond, found)
    return found


def find_modules(m, cond):
    """Goes on inside modules that match, and not inside those that do not."""
    if not cond(m):
        return []
    return [m] + [found for child in m.children() for found in find_modules(child, cond)]


def find_modules(m, cond):
    """Takes the children in the order of their names, not in the order of the model."""
    if cond(m):
        return [m]
    children = [child for _, child in sorted(m.named_children())]
    return [found for child in children for found in find_modules(child, cond)]


def find_modules(m, cond):
    """Leaves out one level: asks about children, and goes on with their children unasked."""
    if cond(m):
        return [m]
    found = []
    for child in m.children():
        found += [child] if cond(child) else [o for o in child.children() if cond(o)]
    return found


class _Hook:
    """What is right in a hook."""

    def __init__(self, m, f):
        self.hook = m.register_forward_hook(partial(f, self))

    def remove(self):
        self.hook.remove()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hook(_Hook):
    """Gives `f` to torch as it is, so `f` is called without the hook."""

    def __init__(self, m, f):
        self.hook = m.register_forward_hook(f)


class Hook(_Hook):
    """Hooks what comes before the forward pass, when there is no output yet."""

    def __init__(self, m, f):
        self.hook = m.register_forward_pre_hook(lambda mod, inp: f(self, mod, inp, None))


class Hook(_Hook):
    """Hooks the backward pass, so `f` is not called going forward and then sees gradients."""

    def __init__(self, m, f):
        self.hook = m.register_full_backward_hook(partial(f, self))


class Hook(_Hook):
    """Hands `f` the module first and the hook second."""

    def __init__(self, m, f):
        self.hook = m.register_forward_hook(lambda mod, inp, outp: f(mod, self, inp, outp))


class Hook(_Hook):
    """Hands `f` the output where the input belongs, and the input where the output belongs."""

    def __init__(self, m, f):
        self.hook = m.register_forward_hook(lambda mod, inp, outp: f(self, mod, outp, inp))


class Hook(_Hook):
    """Hands `f` the handle that torch gives instead of the hook itself."""

    def __init__(self, m, f):
        self.hook = m.register_forward_hook(lambda *given: f(self.hook, *given))


class Hook(_Hook):
    """Hands `f` the first input alone, and all others are lost."""

    def __init__(self, m, f):
        self.hook = m.register_forward_hook(lambda mod, inp, outp: f(self, mod, inp[0], outp))


class Hook(_Hook):
    """Hands `f` a detached copy of the output, which is another tensor."""

    def __init__(self, m, f):
        self.hook = m.register_forward_hook(
            lambda mod, inp, outp: f(self, mod, inp, outp.detach().clone())
        )


class Hook(_Hook):
    """Gives the detached output back to torch, which puts it in the place of the output."""

    def __init__(self, m, f):
        self.f = f
        self.hook = m.register_forward_hook(self.call)

    def call(self, mod, inp, outp):
        self.f(self, mod, inp, outp)
        return outp.detach()


class Hook(_Hook):
    """Removes itself after the first call."""

    def __init__(self, m, f):
        self.f = f
        self.hook = m.register_forward_hook(self.call)

    def call(self, *given):
        self.f(self, *given)
        self.remove()


class Hook(_Hook):
    """Hooks every module inside as well."""

    def __init__(self, m, f):
        self.hooks = [o.register_forward_hook(partial(f, self)) for o in m.modules()]

    def remove(self):
        for hook in self.hooks:
            hook.remove()


class Hook(_Hook):
    """Removes nothing: it throws the handle away, and torch goes on calling."""

    def remove(self):
        del self.hook

    def __exit__(self, *error):
        vars(self).pop("hook", None)


class Hook(_Hook):
    """Clears all hooks of the module, those of others too."""

    def __init__(self, m, f):
        super().__init__(m, f)
        self.m = m

    def remove(self):
        self.m._forward_hooks.clear()


class Hook(_Hook):
    """Cannot be removed twice."""

    def remove(self):
        self.hook.remove()
        self.hook = None


class Hook(_Hook):
    """Stays on its module when the `with` block ends."""

    def __exit__(self, *error):
        return None


class Hook(_Hook):
    """Stays on its module when the `with` block fails."""

    def __exit__(self, *error):
        if error[0] is None:
            self.remove()


class Hook(_Hook):
    """Swallows the errors of the `with` block."""

    def __exit__(self, *error):
        self.remove()
        return True


class Hook(_Hook):
    """Gives nothing to the `as` of a `with` block."""

    def __enter__(self):
        return None


class Hook(_Hook):
    """Gives the handle of torch to the `as` of a `with` block."""

    def __enter__(self):
        return self.hook


class Hook(_Hook):
    """Takes hold of its module only in a `with` block."""

    def __init__(self, m, f):
        self.m, self.f = m, f

    def remove(self):
        if hasattr(self, "hook"):
            self.hook.remove()

    def __enter__(self):
        self.hook = self.m.register_forward_hook(partial(self.f, self))
        return self


class Hook(_Hook):
    """Keeps the handle on the class, so a later hook takes the place of an earlier one."""

    def __init__(self, m, f):
        type(self).hook = m.register_forward_hook(partial(f, self))


class _Hooks(ListContainer):
    """What is right in several hooks."""

    def __init__(self, ms, f):
        super().__init__([_Hook(m, f) for m in ms])

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()

    def __delitem__(self, i):
        self[i].remove()
        super().__delitem__(i)

    def remove(self):
        for hook in self:
            hook.remove()


class Hooks(_Hooks):
    """Stays on the modules when the `with` block ends."""

    def __exit__(self, *error):
        return None


class Hooks(_Hooks):
    """Stays on the modules when the `with` block fails."""

    def __exit__(self, kind, error, traceback):
        if error is None:
            self.remove()


class Hooks(_Hooks):
    """Swallows the errors of the `with` block."""

    def __exit__(self, *error):
        self.remove()
        return True


class Hooks(_Hooks):
    """Gives nothing to the `as` of a `with` block."""

    def __enter__(self):
        return None


class Hooks(_Hooks):
    """Shortens the list while going through it, so every second hook stays."""

    def remove(self):
        for hook in self.items:
            hook.remove()
            self.items.remove(hook)


class Hooks(_Hooks):
    """Removes the first hook only."""

    def remove(self):
        self.items[0].remove()


class Hooks(_Hooks):
    """Empties its list and leaves the hooks on the modules."""

    def remove(self):
        self.items.clear()


class Hooks(_Hooks):
    """Takes a deleted hook from the list and leaves it on its module, where nobody can reach it."""

    def __delitem__(self, i):
        del self.items[i]


class Hooks(_Hooks):
    """Removes a deleted hook from its module and leaves it in the list."""

    def __delitem__(self, i):
        self.items[i].remove()


class Hooks(_Hooks):
    """Makes one hook and puts it on all modules, which then share what it keeps."""

    def __init__(self, ms, f):
        ms = list(ms)
        hook = _Hook(ms[0], f)
        self.handles = [m.register_forward_hook(partial(f, hook)) for m in ms[1:]]
        ListContainer.__init__(self, [hook] * len(ms))

    def remove(self):
        for hook in [*self, *self.handles]:
            hook.remove()


class Hooks(_Hooks):
    """Hooks the modules from last to first."""

    def __init__(self, ms, f):
        ListContainer.__init__(self, [_Hook(m, f) for m in reversed(list(ms))])


class Hooks(_Hooks):
    """Goes through the modules by their places, which a generator does not have."""

    def __init__(self, ms, f):
        ListContainer.__init__(self, [_Hook(ms[i], f) for i in range(len(ms))])


class Hooks(_Hooks):
    """Calls `f` without the hook."""

    def __init__(self, ms, f):
        ListContainer.__init__(self, [m.register_forward_hook(f) for m in ms])


class Hooks(_Hooks):
    """Keeps the modules in its list instead of their hooks."""

    def __init__(self, ms, f):
        ms = list(ms)
        self.hooks = [_Hook(m, f) for m in ms]
        ListContainer.__init__(self, ms)

    def remove(self):
        for hook in self.hooks:
            hook.remove()


class Hooks:
    """Keeps its hooks in a list of its own and cannot be indexed."""

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


def _append(hook, *stats):
    """Each of the three to its list."""
    if not hasattr(hook, "stats"):
        hook.stats = ([], [], [])
    for kept, stat in zip(hook.stats, stats, strict=True):
        kept.append(stat)


def _hist(outp):
    """A histogram."""
    return outp.detach().cpu().histc(40, -7, 7)


def append_stats(hook, mod, inp, outp):
    """Keeps numbers with the graph that made them, so memory grows with each batch."""
    _append(hook, outp.mean(), outp.std(), _hist(outp))


def append_stats(hook, mod, inp, outp):
    """Keeps numbers with the graph that made them, so memory grows with each batch."""
    _append(hook, outp.detach().mean(), outp.std().cpu(), _hist(outp))


def append_stats(hook, mod, inp, outp):
    """Keeps the output itself in the hook, with its graph."""
    hook.outp = outp
    _append(hook, outp.detach().mean(), outp.detach().std(), _hist(outp))


def append_stats(hook, mod, inp, outp):
    """Detaches the output in place, so no gradient comes past this module any more."""
    if outp.grad_fn is not None:
        outp.detach_()
    _append(hook, outp.mean(), outp.std(), _hist(outp))


def append_stats(hook, mod, inp, outp):
    """Makes new lists at each call, so only the last batch is there."""
    outp = outp.detach()
    hook.stats = ([outp.mean()], [outp.std()], [_hist(outp)])


def append_stats(hook, mod, inp, outp):
    """Keeps the three numbers of the last batch instead of lists of them."""
    outp = outp.detach()
    hook.stats = (outp.mean(), outp.std(), _hist(outp))


def append_stats(hook, mod, inp, outp):
    """Makes one list and takes it three times, so means, stds and histograms are mixed."""
    outp = outp.detach()
    if not hasattr(hook, "stats"):
        hook.stats = ([],) * 3
    for kept, stat in zip(hook.stats, (outp.mean(), outp.std(), _hist(outp)), strict=True):
        kept.append(stat)


def append_stats(hook, mod, inp, outp, stats=([], [], [])):
    """Keeps the lists in a default argument, which all hooks share."""
    hook.stats = stats
    outp = outp.detach()
    _append(hook, outp.mean(), outp.std(), _hist(outp))


def append_stats(hook, mod, inp, outp):
    """Keeps one list with a triple for each batch instead of three lists."""
    outp = outp.detach()
    hook.stats = [*getattr(hook, "stats", []), (outp.mean(), outp.std(), _hist(outp))]


def append_stats(hook, mod, inp, outp):
    """Takes the statistics of the input."""
    outp = inp[0].detach()
    _append(hook, outp.mean(), outp.std(), _hist(outp))


def append_stats(hook, mod, inp, outp):
    """Keeps the variance where the standard deviation belongs."""
    outp = outp.detach()
    _append(hook, outp.mean(), outp.var(), _hist(outp))


def append_stats(hook, mod, inp, outp):
    """Averages the sizes of the activations, so those below zero count as if above."""
    outp = outp.detach()
    _append(hook, outp.abs().mean(), outp.std(), _hist(outp))


def append_stats(hook, mod, inp, outp):
    """Takes the mean and the std over the batch alone, so there is one for each unit."""
    outp = outp.detach()
    _append(hook, outp.mean(0), outp.std(0), _hist(outp))


def append_stats(hook, mod, inp, outp):
    """Changes the places of mean and std."""
    outp = outp.detach()
    _append(hook, outp.std(), outp.mean(), _hist(outp))


def append_stats(hook, mod, inp, outp):
    """Subtracts the mean from the output in place, and the next layer gets that."""
    mean = outp.detach().mean()
    data = outp.detach().sub_(mean)
    _append(hook, mean, data.std(), _hist(data + mean))


def append_stats(hook, mod, inp, outp):
    """Gives the stats back, and what a hook gives back takes the place of the output."""
    data = outp.detach()
    _append(hook, data.mean(), data.std(), _hist(data))
    return hook.stats


def append_stats(hook, mod, inp, outp):
    """Takes the histogram from the least to the greatest activation, so no two are alike."""
    outp = outp.detach()
    _append(hook, outp.mean(), outp.std(), outp.histc(40))


def append_stats(hook, mod, inp, outp):
    """Keeps the shares of the activations in each bin instead of their counts."""
    outp = outp.detach()
    _append(hook, outp.mean(), outp.std(), _hist(outp) / outp.numel())


def append_stats(hook, mod, inp, outp):
    """Keeps running sums of the counts, so each bin counts all activations below it."""
    outp = outp.detach()
    _append(hook, outp.mean(), outp.std(), _hist(outp).cumsum(0))


def append_stats(hook, mod, inp, outp):
    """Keeps no histogram."""
    outp = outp.detach()
    _append(hook, outp.mean(), outp.std(), None)


def append_stats(hook, mod, inp, outp):
    """Keeps all activations where the histogram belongs."""
    outp = outp.detach()
    _append(hook, outp.mean(), outp.std(), outp.flatten().cpu())


def append_stats(hook, mod, inp, outp):
    """Keeps stats of batches with gradients only."""
    if outp.requires_grad:
        data = outp.detach()
        _append(hook, data.mean(), data.std(), _hist(data))


def _count(mod):
    """The number of parameters."""
    return sum(p.numel() for p in mod.parameters())


def _rows(learn, found, count=_count, shape=lambda inp, outp: list(outp.shape)):
    """A line for each module through which a validation batch comes."""
    rows, model = [], learn.model
    xb, _ = next(iter(learn.data.valid_dl))
    hooks = [
        m.register_forward_hook(
            lambda m, i, o: rows.append(f"{type(m).__name__:12} {shape(i, o)} {count(m):,}")
        )
        for m in found
    ]
    with torch.no_grad():
        model(xb)
    for hook in hooks:
        hook.remove()
    return rows


def _innermost(model):
    """All modules that have none in them."""
    return [m for m in model.modules() if not list(m.children())]


def _layers(learn, find_all):
    """The modules that are told."""
    return _innermost(learn.model) if find_all else list(learn.model.children())


def _quietly(learn, find_all, **kwargs):
    """The lines, with the model in evaluation meanwhile."""
    training = learn.model.training
    learn.model.eval()
    rows = _rows(learn, _layers(learn, find_all), **kwargs)
    learn.model.train(training)
    return rows


def _shown(rows):
    """Printed and returned."""
    text = "\n".join(rows)
    print(text)
    return text


def model_summary(learn, find_all=False):
    """Prints the summary, as the lecture does, and returns nothing."""
    print("\n".join(_quietly(learn, find_all)))


def model_summary(learn, find_all=False):
    """Returns the summary and does not print it."""
    return "\n".join(_quietly(learn, find_all))


def model_summary(learn, find_all=False):
    """Returns a list of lines instead of a text."""
    rows = _quietly(learn, find_all)
    print("\n".join(rows))
    return rows


def model_summary(learn, find_all=False):
    """Prints the summary twice: line by line, and then as a whole."""
    rows = _quietly(learn, find_all)
    print("\n".join(rows))
    return _shown(rows)


def model_summary(learn, find_all=False):
    """Sends the batch through the model in training, and batch norm counts it in its statistics."""
    training = learn.model.training
    learn.model.train()
    rows = _rows(learn, _layers(learn, find_all))
    learn.model.train(training)
    return _shown(rows)


def model_summary(learn, find_all=False):
    """Leaves the mode as it is, and in training batch norm counts the batch in its statistics."""
    return _shown(_rows(learn, _layers(learn, find_all)))


def model_summary(learn, find_all=False):
    """Leaves the model in evaluation."""
    learn.model.eval()
    return _shown(_rows(learn, _layers(learn, find_all)))


def model_summary(learn, find_all=False):
    """Puts the model into training afterwards, whatever it was in before."""
    learn.model.eval()
    rows = _rows(learn, _layers(learn, find_all))
    learn.model.train()
    return _shown(rows)


def model_summary(learn, find_all=False):
    """Takes a training step to see the layers at work, which changes the weights."""
    rows = _quietly(learn, find_all)
    training = learn.model.training
    xb, _ = next(iter(learn.data.valid_dl))
    learn.model(xb).sum().backward()
    with torch.no_grad():
        for p in learn.model.parameters():
            p -= 0.1 * p.grad
    learn.model.train(training)
    return _shown(rows)


def model_summary(learn, find_all=False):
    """Lists the direct children, whatever `find_all` says."""
    return _shown(_quietly(learn, False))


def model_summary(learn, find_all=False):
    """Lists the innermost layers when nobody has asked for them."""
    return _shown(_quietly(learn, True))


def model_summary(learn, find_all=True):
    """Lists the innermost layers when nobody has asked for them."""
    return _shown(_quietly(learn, find_all))


def model_summary(learn, find_all=False):
    """Counts weights and forgets biases."""
    count = lambda m: sum(p.numel() for p in m.parameters() if p.ndim > 1)  # noqa: E731
    return _shown(_quietly(learn, find_all, count=count))


def model_summary(learn, find_all=False):
    """Counts what is in the state dict, and the statistics of batch norm are no parameters."""
    count = lambda m: sum(o.numel() for o in m.state_dict().values())  # noqa: E731
    return _shown(_quietly(learn, find_all, count=count))


def model_summary(learn, find_all=False):
    """Counts the tensors of a layer, not the numbers in them."""
    return _shown(_quietly(learn, find_all, count=lambda m: len(list(m.parameters()))))


def model_summary(learn, find_all=False):
    """Counts the parameters of a layer itself, not of the layers in it."""
    count = lambda m: sum(p.numel() for p in m.parameters(recurse=False))  # noqa: E731
    return _shown(_quietly(learn, find_all, count=count))


def model_summary(learn, find_all=False):
    """Tells the parameters of the whole model with every layer."""
    return _shown(_quietly(learn, find_all, count=lambda m: _count(learn.model)))


def model_summary(learn, find_all=False):
    """Tells the shape of what goes into a layer, not of what comes out."""
    return _shown(_quietly(learn, find_all, shape=lambda inp, outp: list(inp[0].shape)))


def model_summary(learn, find_all=False):
    """Tells the shape of the weight, not of the output."""
    training = learn.model.training
    rows = [
        f"{type(m).__name__} {[list(p.shape) for p in m.parameters()]} {_count(m)}"
        for m in _layers(learn, find_all)
    ]
    learn.model.train(training)
    return _shown(rows)


def model_summary(learn, find_all=False):
    """Tells the layers from last to first."""
    return _shown(_quietly(learn, find_all)[::-1])


def model_summary(learn, find_all=False):
    """Tells the shapes without the layers they belong to."""
    return _shown([row.split(maxsplit=1)[1] for row in _quietly(learn, find_all)])


def model_summary(learn, find_all=False):
    """Tells no numbers of parameters."""
    return _shown(_quietly(learn, find_all, count=lambda m: 0))


def model_summary(learn, find_all=False):
    """Leaves out the layers without parameters."""
    training = learn.model.training
    learn.model.eval()
    found = [m for m in _layers(learn, find_all) if _count(m)]
    rows = _rows(learn, found)
    learn.model.train(training)
    return _shown(rows)


def model_summary(learn, find_all=False):
    """Leaves its hooks on the model, which goes on noting shapes in every batch."""
    rows, training = [], learn.model.training
    learn.model.eval()
    for layer in _layers(learn, find_all):
        layer.register_forward_hook(
            lambda m, i, o: rows.append(f"{type(m).__name__} {list(o.shape)} {_count(m)}")
        )
    with torch.no_grad():
        learn.model(next(iter(learn.data.valid_dl))[0])
    learn.model.train(training)
    return _shown(rows)


def model_summary(learn, find_all=False):
    """Clears all hooks of the model at the end, the caller's own too."""
    rows = _quietly(learn, find_all)
    for module in learn.model.modules():
        module._forward_hooks.clear()
    return _shown(rows)
