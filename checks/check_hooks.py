"""The laws of hooks."""

import gc
import io
import re
import weakref
from contextlib import contextmanager, redirect_stdout
from types import SimpleNamespace

import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import nn

from checks.laws import assert_close, assert_raises, assert_same, assert_that, law, number
from checks.words.fits import mse
from katas.hooks import Hook, Hooks, append_stats, find_modules, model_summary
from katas.learner import Learner

few = settings(max_examples=15)
trees = st.recursive(st.just([]), lambda inner: st.lists(inner, max_size=3), max_leaves=12)
numbers = st.lists(st.integers(-9, 9), min_size=1, max_size=4)
sizes = st.lists(st.integers(1, 5), min_size=1, max_size=4)
shapes = st.lists(st.integers(1, 4), min_size=1, max_size=4).filter(lambda shape: max(shape) > 1)
DEEP = [[[], []], [], [[[]]]]


class Tagged(nn.Module):
    """A module with a number, and modules in it under names that are not in order."""

    def __init__(self, tag, inner):
        super().__init__()
        self.tag = tag
        for i, module in enumerate(inner):
            self.add_module("cab"[i], module)

    def forward(self, x, y=0):
        """x + 10 * y + tag."""
        return x + 10 * y + self.tag


class Sum(nn.Module):
    """A module of two inputs."""

    def forward(self, x, y):
        """x + y."""
        return x + y


def tagged(tree, tags=None):
    """A tree of modules, numbered from the outside in, each before those that follow it."""
    tags = iter(range(1000)) if tags is None else tags
    tag = next(tags)
    return Tagged(tag, [tagged(inner, tags) for inner in tree])


def outermost(module, chosen, above=False):
    """Numbers of the modules that are chosen and not inside a chosen one, from a walk over all."""
    here = module.tag in chosen
    deeper = [tag for inner in module.children() for tag in outermost(inner, chosen, above or here)]
    return [module.tag] * (here and not above) + deeper


def tags_of(modules):
    """The numbers of these modules."""
    return [module.tag for module in modules]


def noting(log):
    """What a hook may call: it keeps in `log` what it was called with."""
    return lambda hook, *given: log.append((hook, *given))


def adding(hook, mod, inp, outp):
    """Keeps in the hook's own `seen` what the module gave."""
    hook.seen = [*getattr(hook, "seen", []), float(outp)]


def send(modules, *xs):
    """These numbers through each of the modules."""
    for x in xs:
        for module in modules:
            module(torch.tensor(float(x)))


def batches_of(shape, count, seed):
    """Activations of either sign."""
    source = torch.Generator().manual_seed(seed)
    return [1 + 2 * torch.randn(shape, generator=source) for _ in range(count)]


def numbers_of(values):
    """What a histogram holds, as floats."""
    return [number(o) for o in values]


def named(name, base, *args, **kwargs):
    """A layer whose class has a name of its own."""
    return type(name, (base,), {})(*args, **kwargs)


def network(widths, seed=0):
    """A network of pictures, one of whose four layers is a block of layers."""
    torch.manual_seed(seed)
    c, d, e, f = widths
    block = {
        "Crow": named("Crow", nn.Conv2d, d, e, 3, padding=1),
        "Dove": named("Dove", nn.ReLU),
        "Emu": named("Emu", nn.Conv2d, e, f, 2, bias=False),
    }
    model = nn.Sequential()
    model.add_module("Ant", named("Ant", nn.Conv2d, c, d, 3, stride=2, padding=1))
    model.add_module("Bee", named("Bee", nn.BatchNorm2d, d))
    model.add_module("Nest", named("Nest", nn.Sequential))
    for name, layer in block.items():
        model.Nest.add_module(name, layer)
    model.add_module("Fox", named("Fox", nn.AdaptiveAvgPool2d, (3, 1)))
    return model


def learner_for(model, c, sides=(14, 10), n=3):
    """A learner of this network with two batches of pictures, of training and of validation."""
    xb, yb = torch.randn(n, c, *sides), torch.tensor(0.0)
    return Learner(model, SimpleNamespace(train_dl=[(xb, yb)], valid_dl=[(xb + 1, yb)]), mse)


def summarized(learn, **kwargs):
    """The text of a summary, with nothing shown."""
    with redirect_stdout(io.StringIO()):
        text = model_summary(learn, **kwargs)
    assert_that(type(text) is str, f"wanted a str, got a {type(text).__name__}", text, "")
    return text


def told_of(text, layers):
    """For each layer, by name, the whole numbers in its lines: up to the line of the next one."""
    text = re.sub(r"(?<=\d)[,_](?=\d{3}\b)", "", text)  # 1,234 and 1_234 are 1234
    places = [re.search(rf"^.*\b{name}\b", text, re.MULTILINE) for name in layers]
    missing = [name for name, place in zip(layers, places, strict=True) if place is None]
    assert_that(not missing, f"the summary does not name the layer {missing[:1]}", text)
    starts = [place.start() for place in places] + [len(text)]
    assert_that(starts == sorted(starts), "the layers are not in the order of the model", text)
    parts = [text[a:b] for a, b in zip(starts, starts[1:], strict=False)]
    return {
        name: [int(o) for o in re.findall(r"\d+", part)]
        for name, part in zip(layers, parts, strict=True)
    }


def is_in(shape, told):
    """Whether the numbers of a shape come one after the other; the size of the batch is free."""
    wanted = list(shape)[1:]
    return any(told[i : i + len(wanted)] == wanted for i in range(len(told)))


def outputs_of(model, xb):
    """The outputs of all layers, by class name, for one batch; nothing in the model changes."""
    kept, modes = {}, [(m, m.training) for m in model.modules()]
    state = {name: o.clone() for name, o in model.state_dict().items()}
    handles = [
        m.register_forward_hook(lambda m, _, o: kept.update({type(m).__name__: o.detach()}))
        for m in model.modules()
    ]
    model.eval()(xb)
    for handle in handles:
        handle.remove()
    for module, mode in modes:
        module.training = mode
    model.load_state_dict(state)
    return kept


@contextmanager
def same_hooks(*modules):
    """After the block the modules have as many hooks as before it."""
    before = [len(m._forward_hooks) for m in modules]
    try:
        yield
    finally:
        after = [len(m._forward_hooks) for m in modules]
        assert_that(after == before, "hooks were left on the modules", after, before)


@law("find_modules")
@given(trees, st.sets(st.integers(0, 12)))
@example(DEEP, {2, 3, 4, 7})
@example([[], []], {1, 2})
def test_modules_are_found_depth_first_and_in_order(tree, chosen):
    """Those for which cond holds: a module's children in order, each with all that is in it."""
    model = tagged(tree)
    leaves = {m.tag for m in model.modules() if not any(m.children())} & chosen
    wanted = outermost(model, leaves)
    assert_same(tags_of(find_modules(model, lambda m: m.tag in leaves)), wanted)


@law("find_modules")
@given(trees, st.sets(st.integers(0, 12)))
@example(DEEP, {1, 2, 6})
@example([[[[]]]], {1, 2, 3})
def test_there_is_no_search_inside_a_match(tree, chosen):
    """A module that lies in one for which cond holds is not in the list."""
    wanted = outermost(tagged(tree), chosen)
    assert_same(tags_of(find_modules(tagged(tree), lambda m: m.tag in chosen)), wanted)


@law("find_modules")
@given(trees)
@example(DEEP)
def test_the_module_itself_may_match(tree):
    """Where cond holds for m, the list is [m]."""
    model = tagged(tree)
    found = list(find_modules(model, lambda m: isinstance(m, Tagged)))
    assert_that(len(found) == 1 and found[0] is model, "wanted the module itself", found, [model])


@law("find_modules")
@given(trees, st.integers(0, 5))
@example(DEEP, 2)
def test_each_search_begins_anew(tree, tag):
    """Where cond never holds nothing is found, whatever was found before."""
    model = tagged(tree)
    wanted = outermost(model, {tag})
    assert_same(tags_of(find_modules(model, lambda m: m.tag == tag)), wanted)
    assert_same(tags_of(find_modules(model, lambda m: False)), [])
    assert_same(tags_of(find_modules(model, lambda m: m.tag == tag)), wanted)


@law("Hook")
@given(numbers, st.integers(-5, 5))
@example([1, 2], 3)
def test_f_is_called_after_every_forward_pass(xs, tag):
    """f(hook, module, input, output): the module, the tuple that went in, and what came out."""
    module, log = Sum(), []
    hook = Hook(module, noting(log))
    for i, x in enumerate(xs):
        a, b = torch.tensor(float(x)), torch.tensor(float(tag))
        out = module(a, b)
        assert_same(len(log), i + 1)
        seen = log[-1]
        assert_same(len(seen), 4)
        assert_that(seen[0] is hook, "the first argument is not the hook", seen[0], hook)
        assert_that(seen[1] is module, "the second argument is not the module", seen[1], module)
        assert_same(seen[2], (a, b))
        assert_that(seen[3] is out, "the fourth argument is not the output", seen[3], out)
    assert_close([number(out) for *_, out in log], [float(x + tag) for x in xs])


@law("Hook")
@given(numbers)
@example([1, 2])
def test_f_can_keep_what_it_finds_in_the_hook(xs):
    """Attributes that f sets on its first argument are attributes of the hook."""
    one, other = Tagged(0, []), Tagged(100, [])
    hooks = [Hook(one, adding), Hook(other, adding)]
    send([one, other], *xs)
    assert_close([hook.seen for hook in hooks], [[float(x + tag) for x in xs] for tag in (0, 100)])


@law("Hook")
@given(st.integers(-9, 9))
@example(2)
def test_a_hooked_module_gives_what_it_gave_before(x):
    """The output, and the gradients that flow back through it, are those without a hook."""
    layer, xb = nn.Linear(1, 1), torch.tensor([[float(x)]])
    wanted = layer(xb)
    grads = torch.autograd.grad(wanted.sum(), list(layer.parameters()))
    Hook(layer, noting([]))
    found = layer(xb)
    assert_same(found.detach(), wanted.detach())
    assert_that(found.requires_grad, "the output has lost its graph", found)
    assert_same(torch.autograd.grad(found.sum(), list(layer.parameters())), grads)


@law("Hook")
@given(numbers, numbers)
@example([1], [2, 3])
def test_after_remove_there_are_no_more_calls(before, after):
    """remove() ends the calls once and for all, and may be called again."""
    module, log = Tagged(0, []), []
    hook = Hook(module, noting(log))
    send([module], *before)
    hook.remove()
    send([module], *after)
    hook.remove()
    send([module], *after)
    assert_same(len(log), len(before))


@law("Hook")
@given(st.permutations([0, 1, 2]))
@example([0, 1, 2])
def test_hooks_of_one_module_are_independent(order):
    """Hooks on one module are all called, in turn; when one is removed, the others go on."""
    module, log = Tagged(0, []), []
    hooks = [Hook(module, noting(log)) for _ in order]
    left = list(hooks)
    for i in order:
        send([module], 1)
        seen = [hook for hook, *_ in log]
        assert_that(seen == left, "not every hook was called once", len(seen), len(left))
        hooks[i].remove()
        left.remove(hooks[i])
        log.clear()
    send([module], 1)
    assert_same(len(log), 0)


@law("Hook")
@given(trees)
@example([[], []])
def test_only_the_module_itself_is_hooked(tree):
    """Passes through modules inside, or around, are none of the hook's business."""
    model, log = Tagged(1, [tagged(tree)]), []
    hook = Hook(model, noting(log))
    send([m for m in model.modules() if m is not model], 1)
    assert_same(len(log), 0)
    send([model], 1)
    assert_that([o for o, *_ in log] == [hook], "wanted one call", len(log), 1)


@law("Hook")
@given(numbers, numbers)
@example([1, 2], [3])
def test_a_with_block_ends_in_removal(inside, after):
    """`with Hook(m, f) as hook` gives the hook; at the end of the block it is removed."""
    module, log = Tagged(0, []), []
    with same_hooks(module), Hook(module, noting(log)) as hook:
        send([module], *inside)
    seen = all(o is hook for o, *_ in log)
    assert_that(seen, "`as hook` does not give the hook that f is called with", hook)
    send([module], *after)
    assert_same(len(log), len(inside))


@law("Hook")
@given(st.sampled_from([ValueError, KeyError, RuntimeError]))
@example(ValueError)
def test_a_with_block_that_fails_removes_the_hook_too(kind):
    """After an error in the block the hook is gone, and the error goes on."""
    module, log = Tagged(0, []), []
    with assert_raises(kind), same_hooks(module):
        with Hook(module, noting(log)):
            send([module], 1)
            raise kind("stop")
    send([module], 2)
    assert_same(len(log), 1)


@law("Hooks")
@given(numbers, st.sampled_from([list, tuple, iter]))
@example([3, 1], list)
@example([3, 1], iter)
def test_each_module_gets_a_hook_of_its_own(tags, kind):
    """Hooks(ms, f) holds one hook for each of the modules, in order, from any iterable."""
    modules = [Tagged(tag, []) for tag in tags]
    hooks = Hooks(kind(modules), adding)
    send(modules, 1, 2)
    wanted = [[float(x + tag) for x in (1, 2)] for tag in tags]
    assert_close([hook.seen for hook in hooks], wanted)


@law("Hooks")
@given(numbers)
@example([3, 1])
def test_f_sees_the_hook_the_module_the_input_and_the_output(tags):
    """f(hook, module, input, output), with the hook and the module at the same place."""
    modules, log = [Tagged(tag, []) for tag in tags], []
    hooks = Hooks(modules, noting(log))
    send(modules, 1)
    assert_same([(*o[2], number(o[3])) for o in log], [(torch.tensor(1.0), 1.0 + t) for t in tags])
    pairs = zip(log, hooks, modules, strict=True)
    assert_that(all(o[0] is h and o[1] is m for o, h, m in pairs), "another hook or module", log)


@law("Hooks")
@given(numbers.flatmap(lambda xs: st.tuples(st.just(xs), st.slices(len(xs)))))
@example(([3, 1, 2], slice(1, None)))
def test_hooks_can_be_indexed_as_a_list(case):
    """len(hooks), hooks[i], hooks[-1] and hooks[a:b] are those of a list of hooks."""
    tags, s = case
    modules = [Tagged(tag, []) for tag in tags]
    hooks, wanted = Hooks(modules, adding), [[1.0 + tag] for tag in tags]
    send(modules, 1)
    assert_same(len(hooks), len(tags))
    assert_close([hooks[i].seen for i in range(len(tags))], wanted)
    assert_close([hooks[-1].seen, [hook.seen for hook in hooks[s]]], [wanted[-1], wanted[s]])


@law("Hooks")
@given(numbers)
@example([1, 2, 3])
def test_remove_removes_all_of_them(tags):
    """After remove() no hook is called any more; it may be called again."""
    modules, log = [Tagged(tag, []) for tag in tags], []
    with same_hooks(*modules):
        hooks = Hooks(modules, noting(log))
        send(modules, 1)
        hooks.remove()
    hooks.remove()
    send(modules, 2)
    assert_same(len(log), len(tags))


@law("Hooks")
@given(numbers)
@example([1, 2, 3])
def test_a_with_block_ends_in_removal_of_all(tags):
    """`with Hooks(ms, f) as hooks` gives the hooks; at the end of the block all are removed."""
    modules, log = [Tagged(tag, []) for tag in tags], []
    with same_hooks(*modules), Hooks(modules, noting(log)) as hooks:
        send(modules, 1)
        pairs = zip(log, hooks, strict=True)
        assert_that(all(o[0] is hook for o, hook in pairs), "these are not the hooks", hooks)
        assert_same(len(hooks), len(tags))
    send(modules, 2)
    assert_same(len(log), len(tags))


@law("Hooks")
@given(numbers, st.sampled_from([ValueError, KeyError, RuntimeError]))
@example([1, 2, 3], ValueError)
def test_a_with_block_that_fails_removes_all_too(tags, kind):
    """After an error in the block the hooks are gone, and the error goes on."""
    modules, log = [Tagged(tag, []) for tag in tags], []
    with assert_raises(kind), same_hooks(*modules):
        with Hooks(modules, noting(log)):
            send(modules, 1)
            raise kind("stop")
    send(modules, 2)
    assert_same(len(log), len(tags))


@law("Hooks")
@given(numbers, st.data())
@example([1, 2, 3], None)
def test_a_hook_that_is_deleted_is_removed(tags, data):
    """del hooks[i] takes the hook from the list and from its module; the others go on."""
    i = data.draw(st.integers(-len(tags), len(tags) - 1)) if data else 1
    modules, log = [Tagged(tag, []) for tag in tags], []
    hooks = Hooks(modules, noting(log))
    left = [o for o in hooks if o is not hooks[i]]
    del hooks[i]
    assert_that([*hooks] == left, "the wrong hook has left the list", len(hooks), len(left))
    send(modules, 1)
    assert_that([o for o, *_ in log] == left, "the wrong hooks were called", len(log), len(left))


@law("append_stats")
@given(shapes, st.integers(1, 3), st.integers(0, 99))
@example([2, 3], 2, 0)
def test_mean_and_std_of_all_activations_are_appended(shape, count, seed):
    """hook.stats is (means, stds, histograms): with each pass one mean and one std more."""
    batches, hook = batches_of(shape, count, seed), SimpleNamespace()
    means = [xb.double().mean().item() for xb in batches]
    exact = [[xb.double().std(correction=k).item() for xb in batches] for k in (0, 1)]
    for i, xb in enumerate(batches):
        append_stats(hook, nn.ReLU(), (100 + xb,), xb.clone())
        assert_same([len(stats) for stats in hook.stats], [i + 1] * 3)
    assert_close(numbers_of(hook.stats[0]), means, atol=1e-5)
    stds = numbers_of(hook.stats[1])
    wanted = min(exact, key=lambda one: abs(one[0] - stds[0]))  # divided by n, or by n - 1
    assert_close(stds, wanted, atol=1e-5)


@law("append_stats")
@given(st.integers(1, 9), st.integers(1, 9), st.floats(0.3, 1.5), st.floats(3.5, 4.8))
@example(1, 2, 1.0, 4.0)
def test_the_histogram_counts_activations(few, many, low, high):
    """Activations of two sizes fill two bins, the smaller first; all histograms have equal bins."""
    hook, many = SimpleNamespace(), few + many
    batches = [[low] * few + [high] * many, [high] * few, [low] * many]
    for xs in batches:
        append_stats(hook, nn.ReLU(), (torch.zeros(3),), torch.tensor(xs)[torch.randperm(len(xs))])
    first, *others = [numbers_of(hist) for hist in hook.stats[2]]
    assert_same([count for count in first if count], [float(few), float(many)])
    of_low, of_high = [i for i, count in enumerate(first) if count]
    wanted = [
        [float(n) * (i == k) for i in range(len(first))]
        for k, n in ((of_high, few), (of_low, many))
    ]
    assert_same(others, wanted)


@law("append_stats")
@given(shapes, st.integers(0, 99))
@example([2, 3], 0)
def test_no_graph_is_kept_alive(shape, seed):
    """Nothing that is kept wants gradients, and the output itself can be forgotten."""
    hook, xb = SimpleNamespace(), batches_of(shape, 1, seed)[0].requires_grad_()
    outp = 2 * xb
    append_stats(hook, nn.ReLU(), (xb,), outp)
    kept = [o for stats in hook.stats for o in stats if isinstance(o, torch.Tensor)]
    assert_that(not any(o.requires_grad for o in kept), "a graph is kept alive", kept)
    assert_that(outp.requires_grad, "the output has lost its graph", outp)
    there = weakref.ref(outp)
    del outp, kept
    gc.collect()
    assert_that(there() is None, "the output is kept alive", hook)


@law("append_stats")
@given(shapes, st.integers(0, 99))
@example([2, 3], 0)
def test_the_activations_pass_on_unchanged(shape, seed):
    """A module with this on a hook gives what it gave before, with its graph."""
    xb, layer = batches_of(shape, 1, seed)[0].requires_grad_(), nn.LeakyReLU(0.5)
    wanted = layer(xb).detach()
    with Hook(layer, append_stats):
        found = layer(xb)
    assert_that(found is not None and found.requires_grad, "the output has no graph", found)
    assert_same(found.detach(), wanted)


@law("append_stats")
@given(st.integers(1, 4), st.integers(1, 4))
@example(1, 2)
def test_each_hook_has_stats_of_its_own(one, other):
    """What one hook has seen is not in the stats of another."""
    hooks = [SimpleNamespace(), SimpleNamespace()]
    for hook, count in zip(hooks, (one, other), strict=True):
        for i in range(count):
            append_stats(hook, nn.ReLU(), (torch.zeros(2),), torch.tensor([1.0, 2.0 + i]))
    found = [[len(stats) for stats in hook.stats] for hook in hooks]
    assert_same(found, [[one] * 3, [other] * 3])


widths = st.lists(st.integers(1, 24), min_size=4, max_size=4)
WIDTHS = [3, 8, 12, 20]


@law("model_summary")
@few
@given(widths, st.integers(1, 6))
@example(WIDTHS, 3)
def test_each_layer_is_told_with_its_output_shape(widths, n):
    """For each child of the model: its class and the shape that it gives out, in order."""
    learn = learner_for(network(widths), widths[0], n=n)
    outputs = outputs_of(learn.model, learn.data.valid_dl[0][0])
    told = told_of(summarized(learn), ["Ant", "Bee", "Nest", "Fox"])
    for name, found in told.items():
        why = f"the shape of what {name} gives out, {list(outputs[name].shape)}, is missing"
        assert_that(is_in(outputs[name].shape, found), why, found, list(outputs[name].shape))


@law("model_summary")
@few
@given(widths)
@example(WIDTHS)
def test_each_layer_is_told_with_its_number_of_parameters(widths):
    """Weights and biases of a layer, and of all that is in it, are counted; buffers are not."""
    model = network(widths)
    told = told_of(summarized(learner_for(model, widths[0])), ["Ant", "Bee", "Nest", "Fox"])
    for name in ("Ant", "Bee", "Nest"):
        wanted = sum(p.numel() for p in getattr(model, name).parameters())
        why = f"the number of parameters of {name}, {wanted}, is missing"
        assert_that(wanted in told[name], why, told[name], wanted)


@law("model_summary")
@few
@given(widths)
@example(WIDTHS)
def test_with_find_all_inner_layers_are_told(widths):
    """With find_all=True, layers inside other modules have lines of their own, in order."""
    learn = learner_for(network(widths), widths[0])
    outputs = outputs_of(learn.model, learn.data.valid_dl[0][0])
    inner = {"Ant": learn.model.Ant, "Crow": learn.model.Nest.Crow, "Emu": learn.model.Nest.Emu}
    told = told_of(summarized(learn, find_all=True), list(inner))
    for name, layer in inner.items():
        shape, count = list(outputs[name].shape), sum(p.numel() for p in layer.parameters())
        assert_that(is_in(shape, told[name]), f"{name}: the shape is missing", told[name], shape)
        assert_that(count in told[name], f"{name}: the count is missing", told[name], count)


@law("model_summary")
@few
@given(widths)
@example(WIDTHS)
def test_without_find_all_inner_layers_have_no_lines(widths):
    """Unless asked, a module inside a child of the model is not told with its own shape."""
    learn = learner_for(network([*widths[:2], 31, widths[3]]), widths[0])
    for text in (summarized(learn), summarized(learn, find_all=False)):
        found = [int(o) for o in re.findall(r"\d+", text)]
        assert_that(not is_in([3, 31, 7, 5], found), "the shape of an inner layer is told", text)


@law("model_summary")
@few
@given(widths, st.booleans())
@example(WIDTHS, False)
def test_the_text_is_returned_and_printed(widths, find_all):
    """What is returned as a str is also printed, once."""
    learn, out = learner_for(network(widths), widths[0]), io.StringIO()
    with redirect_stdout(out):
        text = model_summary(learn, find_all=find_all)
    assert_that(type(text) is str, f"wanted a str, got a {type(text).__name__}", text, "")
    assert_same(out.getvalue().split(), text.split())


@law("model_summary")
@few
@given(widths, st.booleans(), st.booleans())
@example(WIDTHS, True, False)
@example(WIDTHS, False, True)
def test_weights_and_buffers_are_as_before(widths, training, find_all):
    """Parameters, and the running statistics of batch norm, have the same values afterwards."""
    model = network(widths).train(training)
    before = {name: o.clone() for name, o in model.state_dict().items()}
    summarized(learner_for(model, widths[0]), find_all=find_all)
    assert_same({**model.state_dict()}, before)


@law("model_summary")
@few
@given(st.booleans(), st.booleans())
@example(True, False)
@example(False, True)
def test_the_model_is_in_the_mode_it_was_in(training, find_all):
    """A model that was in training is again, with all its layers; one that was not is not."""
    model = network(WIDTHS).train(training)
    summarized(learner_for(model, WIDTHS[0]), find_all=find_all)
    modes = [module.training for module in model.modules()]
    assert_same(modes, [training] * len(modes))


@law("model_summary")
@few
@given(st.booleans())
@example(False)
def test_no_hook_stays_on_the_model(find_all):
    """Afterwards each module has the hooks that it had before, the caller's own included."""
    model, log = network(WIDTHS), []
    model.Bee.register_forward_hook(lambda *given: log.append(given))
    with same_hooks(*model.modules()):
        summarized(learner_for(model, WIDTHS[0]), find_all=find_all)
