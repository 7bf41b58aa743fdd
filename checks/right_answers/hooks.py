"""Right answers to the exercises of `hooks`."""

import contextlib
import copy

import torch

from .containers import ListContainer


def find_modules(m, cond):
    """The lecture's form."""
    if cond(m):
        return [m]
    return sum([find_modules(o, cond) for o in m.children()], [])


def find_modules(m, cond):
    """With a stack that is filled from the end."""
    stack, found = [m], []
    while stack:
        module = stack.pop()
        if cond(module):
            found.append(module)
        else:
            stack.extend(reversed(list(module.children())))
    return found


def find_modules(m, cond):
    """By the names of all modules: one is left out if it lies in one that was taken."""
    taken = {}
    for name, module in m.named_modules():
        inside = any(name.startswith(f"{other}.") or other == "" for other in taken)
        if not inside and cond(module):
            taken[name] = module
    return list(taken.values())


def find_modules(m, cond):
    """As a generator within."""

    def search(module):
        if cond(module):
            yield module
            return
        for _, child in module.named_children():
            yield from search(child)

    return list(search(m))


class Hook:
    """The lecture's form, with a `with` block."""

    def __init__(self, m, f):
        def call(mod, inp, outp):
            return f(self, mod, inp, outp)

        self.hook = m.register_forward_hook(call)

    def remove(self):
        self.hook.remove()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()

    def __del__(self):
        self.remove()


class Hook(contextlib.AbstractContextManager):
    """As an abstract context manager that calls a method of its own."""

    def __init__(self, m, f):
        self.f, self.handle = f, m.register_forward_hook(self._call)

    def _call(self, *given):
        self.f(self, *given)

    def remove(self):
        self.handle.remove()

    def __exit__(self, *error):
        self.remove()
        return None


class Hook(contextlib.ExitStack):
    """As a stack of what is to be done at its end."""

    def __init__(self, m, f):
        super().__init__()
        self.callback(m.register_forward_hook(lambda *given: f(self, *given)).remove)

    def remove(self):
        self.close()


class Hook:
    """With a flag next to the removal."""

    def __init__(self, m, f):
        self.active = True

        def call(mod, inp, outp):
            if self.active:
                f(self, mod, inp, outp)

        self.handle = m.register_forward_hook(call)

    def remove(self):
        if self.active:
            self.active = False
            self.handle.remove()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.remove()
        return False


class Hooks(ListContainer):
    """The lecture's form, with a `del` for slices too."""

    def __init__(self, ms, f):
        super().__init__([Hook(m, f) for m in ms])

    def __enter__(self, *args):
        return self

    def __exit__(self, *args):
        self.remove()

    def __del__(self):
        self.remove()

    def __delitem__(self, i):
        for h in self.items[i] if isinstance(i, slice) else [self.items[i]]:
            h.remove()
        super().__delitem__(i)

    def remove(self):
        for h in self:
            h.remove()


class Hooks(list):
    """As a list."""

    def __init__(self, ms, f):
        list.__init__(self, (Hook(m, f) for m in ms))

    def __delitem__(self, i):
        gone = list.__getitem__(self, i)
        for hook in gone if isinstance(i, slice) else [gone]:
            hook.remove()
        list.__delitem__(self, i)

    def remove(self):
        for hook in self:
            hook.remove()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hooks(ListContainer):
    """By an exit stack that removes whatever happens."""

    def __init__(self, ms, f):
        self.items, self.stack = [], contextlib.ExitStack()
        for m in ms:
            self.items.append(self.stack.enter_context(Hook(m, f)))

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.stack.close()

    def __delitem__(self, idx):
        before = list(self.items)
        super().__delitem__(idx)
        for hook in before:
            if not any(hook is o for o in self.items):
                hook.remove()

    def remove(self):
        self.stack.close()


def append_stats(hook, mod, inp, outp):
    """The lecture's form."""
    if not hasattr(hook, "stats"):
        hook.stats = ([], [], [])
    means, stds, hists = hook.stats
    means.append(outp.data.mean().cpu())
    stds.append(outp.data.std().cpu())
    hists.append(outp.data.cpu().histc(40, -7, 7))


def append_stats(h, m, i, o):
    """With names of its own, lists in a list, and a histogram of whole numbers."""
    with torch.no_grad():
        here = o.detach().to("cpu", copy=True)
        if "stats" not in h.__dict__:
            h.stats = [[], [], []]
        h.stats[0].append(here.mean())
        h.stats[1].append(here.std(unbiased=False))
        h.stats[2].append(torch.histc(here, bins=40, min=-7, max=7).long())


def append_stats(hook, mod, inp, outp):
    """As Python's floats, with a histogram by torch.histogram."""
    with torch.no_grad():
        flat = outp.detach().reshape(-1).to("cpu", torch.float32)
        std, mean = torch.std_mean(flat)
        counts = torch.histogram(flat, bins=torch.linspace(-7, 7, 41)).hist
    stats = vars(hook).setdefault("stats", ([], [], []))
    for kept, stat in zip(stats, (mean.item(), std.item(), counts), strict=True):
        kept.append(stat)


def append_stats(hook, mod, inp, outp):
    """By numpy."""
    import numpy as np

    acts = outp.detach().cpu().numpy()
    hook.stats = getattr(hook, "stats", None) or tuple([] for _ in range(3))
    hook.stats[0].append(float(acts.mean()))
    hook.stats[1].append(float(acts.std()))
    hook.stats[2].append(torch.from_numpy(np.histogram(acts, bins=40, range=(-7, 7))[0]))


def model_summary(learn, find_all=False):
    """The lecture's form, with the text kept and the mode put back."""
    model, lines = learn.model, []
    learn.xb, learn.yb = next(iter(learn.data.valid_dl))
    learn("begin_batch")
    xb = learn.xb.to(next(model.parameters()).device)
    is_inner = lambda m: not list(m.children())  # noqa: E731
    mods = find_modules(model, is_inner) if find_all else model.children()

    def tell(hook, mod, inp, outp):
        count = sum(p.numel() for p in mod.parameters())
        lines.append(f"{mod}\n{outp.shape}\n{count} parameters\n")

    training = model.training
    model.eval()
    with Hooks(mods, tell), torch.no_grad():
        model(xb)
    model.train(training)
    text = "\n".join(lines)
    print(text)
    return text


def model_summary(learn, find_all=False):
    """On a copy of the model, so that nothing can happen to the model itself."""
    model = copy.deepcopy(learn.model).eval()
    for module in model.modules():
        module._forward_hooks.clear()
    parents = [m for m in model.modules() if m is not model] if find_all else model.children()
    layers = [m for m in parents if not find_all or not list(m.children())]
    table = []

    def row(hook, mod, inp, outp):
        shape = "x".join(map(str, outp.shape))
        table.append([shape, str(sum(p.numel() for p in mod.parameters())), type(mod).__name__])

    with Hooks(layers, row):
        learn.xb, learn.yb = next(iter(learn.data.valid_dl))
        learn("begin_batch")
        model(learn.xb)
    text = "".join("{:>20} {:>12} {}\n".format(*cells) for cells in table)
    print(text, end="")
    return text


def model_summary(learn, find_all=False):
    """By hooks of torch, with the state put back at the end."""
    model, shapes = learn.model, {}
    named = dict(model.named_modules() if find_all else model.named_children())
    named = {k: m for k, m in named.items() if not (find_all and list(m.children()))}
    state = {k: v.clone() for k, v in model.state_dict().items()}
    modes = {m: m.training for m in model.modules()}
    handles = [
        m.register_forward_hook(lambda _, inp, outp, k=k: shapes.update({k: tuple(outp.shape)}))
        for k, m in named.items()
    ]
    try:
        learn.in_train = False
        for learn.xb, learn.yb in learn.data.valid_dl:
            break
        for cb in sorted(learn.cbs, key=lambda cb: cb._order):
            cb("begin_batch")
        with torch.inference_mode():
            model.eval()(learn.xb.clone())
    finally:
        for handle in handles:
            handle.remove()
        model.load_state_dict(state)
        for m, mode in modes.items():
            m.train(mode)
    lines = ["Layer | Output | Params"]
    for k, m in named.items():
        count = sum(map(torch.numel, m.parameters()))
        lines.append(f"{k} ({m.__class__.__name__}) | {shapes[k]} | {count:_}")
        print(lines[-2] if len(lines) == 2 else "", lines[-1], sep="\n" if len(lines) == 2 else "")
    return "\n".join(lines)
