"""The laws of hooks."""

import gc
import io
import weakref
from contextlib import redirect_stdout
from types import SimpleNamespace

import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import nn

from checks.laws import assert_close, assert_same, assert_that, law, number
from checks.words import networks as words
from checks.words.fits import mse, quiet
from checks.words.networks import DEEP, Tagged, assert_is, same_hooks, tagged, trees
from katas.hooks import Hook, Hooks, append_stats, find_modules, model_summary
from katas.learner import Callback, Learner

few = settings(max_examples=15)
numbers = st.lists(st.integers(-9, 9), min_size=1, max_size=4)
shapes = st.lists(st.integers(1, 4), min_size=1, max_size=4).filter(lambda shape: max(shape) > 1)
errors = st.sampled_from([ValueError, KeyError, RuntimeError, KeyboardInterrupt])


def tags_of(modules):
    """The numbers of a list of modules."""
    assert_same(type(modules).__name__, "list")
    return [module.tag for module in modules]


def noting(log):
    """An `f` that keeps in `log` what it was called with."""
    return lambda hook, *given: log.append((hook, *given))


def adding(hook, mod, inp, outp):
    """An `f` that keeps in the hook's own `seen` what the module returns."""
    hook.seen = [*getattr(hook, "seen", []), float(outp)]


def send(modules, *xs):
    """These numbers through each of the modules."""
    for x in xs:
        for module in modules:
            module(torch.tensor(float(x)))


@law("find_modules", "A list of the modules in `m`", "depth first, in order")
@given(trees, st.sets(st.integers(0, 12)))
@example(DEEP, {2, 3, 4, 7})
@example([[], []], {1, 2})
def test_modules_are_found_depth_first_and_in_order(tree, chosen):
    """A module's children in order, each with all that is in it."""
    model = tagged(tree)
    leaves = {m.tag for m in model.modules() if not any(m.children())} & chosen
    wanted = words.outermost(model, leaves)
    assert_same(tags_of(find_modules(model, lambda m: m.tag in leaves)), wanted)


@law("find_modules", "The search doesn't look inside a match.")
@given(trees, st.sets(st.integers(0, 12)))
@example(DEEP, {1, 2, 6})
@example([[[[]]]], {1, 2, 3})
def test_there_is_no_search_inside_a_match(tree, chosen):
    """A module that lies in one for which cond holds is not in the list."""
    wanted = words.outermost(tagged(tree), chosen)
    assert_same(tags_of(find_modules(tagged(tree), lambda m: m.tag in chosen)), wanted)


@law("find_modules", "`m` included")
@given(trees)
@example(DEEP)
def test_the_module_itself_may_match(tree):
    """Where cond holds for m, the list is [m]."""
    model = tagged(tree)
    assert_same(tags_of(find_modules(model, lambda m: isinstance(m, Tagged))), [model.tag])


@law("find_modules", "for which `cond` holds")
@given(trees, st.integers(0, 5))
@example(DEEP, 2)
def test_each_search_finds_its_own_modules(tree, tag):
    """Where cond never holds the list is empty, whatever an earlier search has found."""
    model = tagged(tree)
    wanted = words.outermost(model, {tag})
    assert_same(tags_of(find_modules(model, lambda m: m.tag == tag)), wanted)
    assert_same(tags_of(find_modules(model, lambda m: False)), [])
    assert_same(tags_of(find_modules(model, lambda m: m.tag == tag)), wanted)


@law("find_modules", "for which `cond` holds")
@given(trees, st.integers(1, 5))
@example(DEEP, 2)
def test_a_condition_may_hold_without_being_true_itself(tree, tag):
    """Where cond returns a full list it holds, as in `if`; where it returns an empty one, not."""
    model = tagged(tree)
    found = find_modules(model, lambda m: [m.tag] * (m.tag == tag))
    assert_same(tags_of(found), words.outermost(model, {tag}))


@law("find_modules", "A list of the modules")
@given(st.integers(1, 4))
@example(2)
def test_modules_that_look_alike_are_all_found(count):
    """Two layers of one class and size are two modules."""
    model = nn.Sequential(*[nn.Linear(2, 2) for _ in range(count)])
    found = find_modules(model, lambda m: isinstance(m, nn.Linear))
    assert_same(len(found), count)
    for layer, wanted in zip(found, model, strict=True):
        assert_is(layer, wanted, "a layer of the model")


@law(
    "Hook",
    "after each forward pass of `m`, it calls `f(hook, module, input, output)`",
    "the tuple of arguments passed to `m`",
    "the very tensor that `m` returns",
)
@given(numbers, st.integers(-5, 5))
@example([1, 2], 3)
def test_f_is_called_after_every_forward_pass(xs, y):
    """f(hook, module, input, output): the module, the tuple that went in, and what came out."""
    module, log, y = words.Sum(), [], torch.tensor(float(y))
    hook = Hook(module, noting(log))
    for i, x in enumerate(map(float, xs)):
        out = module(torch.tensor(x), y)
        assert_same(len(log), i + 1)
        assert_same(len(log[-1]), 4)
        assert_is(log[-1][0], hook, "the hook")
        assert_is(log[-1][1], module, "the module")
        assert_same(log[-1][2], (torch.tensor(x), y))
        assert_is(log[-1][3], out, "the output")
        assert_same(number(out), x + number(y))


@law("Hook", "in training and in evaluation mode, with and without gradients")
@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=4))
@example([(False, True)])
@example([(True, False)])
def test_f_is_called_in_every_mode(modes):
    """One call a pass, whether the module trains or not and gradients are on or off."""
    module, log = nn.Linear(1, 1), []
    Hook(module, noting(log))
    for training, gradients in modes:
        with torch.set_grad_enabled(gradients):
            module.train(training)(torch.ones(1))
    assert_same(len(log), len(modes))


@law("Hook", "so that `f` can keep what it finds as attributes of the hook")
@given(numbers)
@example([1, 2])
def test_f_can_keep_what_it_finds_in_the_hook(xs):
    """Attributes that f sets on its first argument are attributes of that hook alone."""
    modules = [Tagged(0), Tagged(100)]
    hooks = [Hook(module, adding) for module in modules]
    send(modules, *xs)
    assert_close([hook.seen for hook in hooks], [[float(x + tag) for x in xs] for tag in (0, 100)])


@law("Hook", "`f` returns None, and the output of `m` is the same as without a hook.")
@given(st.integers(-9, 9))
@example(2)
def test_a_hooked_module_returns_what_it_did_before(x):
    """The output, and the gradients that flow back through it, are those without a hook."""
    layer, xb = nn.Linear(1, 1), torch.tensor([[float(x)]])
    wanted = layer(xb)
    grads = torch.autograd.grad(wanted.sum(), list(layer.parameters()))
    Hook(layer, noting([]))
    found = layer(xb)
    assert_same(found.detach(), wanted.detach())
    assert_same(found.requires_grad, True)
    assert_same(torch.autograd.grad(found.sum(), list(layer.parameters())), grads)


@law("Hook", "the calls for good; a second `remove()` does nothing.")
@given(numbers, numbers)
@example([1], [2, 3])
def test_after_remove_there_are_no_more_calls(before, after):
    """remove() ends the calls once and for all, and may be called again."""
    module, log = Tagged(0), []
    hook = Hook(module, noting(log))
    send([module], *before)
    with same_hooks(Tagged(0)):
        hook.remove()
    send([module], *after)
    hook.remove()
    send([module], *after)
    assert_same(len(log), len(before))


@law("Hook", "The module may have other hooks, which")
@given(st.permutations([0, 1, 2]))
@example([0, 1, 2])
def test_hooks_of_one_module_are_independent(order):
    """Hooks on one module are all called, in turn; when one is removed, the others stay."""
    module, log = Tagged(0), []
    hooks = [Hook(module, lambda hook, *given, i=i: log.append(i)) for i in range(3)]
    left = [0, 1, 2]
    for i in order:
        send([module], 1)
        hooks[i].remove()
        assert_same(log, left)
        left = [o for o in left if o != i]
        log.clear()
    send([module], 1)
    assert_same(log, [])


@law("Hook", "after each forward pass of `m`")
@given(trees)
@example([[], []])
def test_only_the_module_itself_is_hooked(tree):
    """Passes through modules inside, or around, call nothing."""
    model, log = Tagged(1, [tagged(tree)]), []
    Hook(model, noting(log))
    send([m for m in model.modules() if m is not model], 1)
    assert_same(len(log), 0)
    send([model], 1)
    assert_same(len(log), 1)


@law("Hook", "a context manager, the hook is removed at the end of the")
@given(numbers, numbers)
@example([1, 2], [3])
def test_a_with_block_ends_in_removal(inside, after):
    """`with Hook(m, f) as hook` names the hook; at the end of the block it is removed."""
    module, log = Tagged(0), []
    with same_hooks(module), Hook(module, noting(log)) as hook:
        send([module], *inside)
    for seen, *_ in log:
        assert_is(hook, seen, "the hook after `as` that `f` is called with")
    send([module], *after)
    assert_same(len(log), len(inside))


@law("Hook", "after an error, which is passed")
@given(errors)
@example(ValueError)
def test_a_with_block_that_fails_removes_the_hook_too(kind):
    """After an error in the block the hook is removed, and the error is passed on."""
    module, log = Tagged(0), []
    with words.assert_passes_on(kind), same_hooks(module), Hook(module, noting(log)):
        send([module], 1)
        raise kind("stop")
    send([module], 2)
    assert_same(len(log), 1)


@law("Hooks", "one `Hook` with `f` on each of the modules `ms`, in order", "`ms` is any iterable.")
@given(numbers, st.sampled_from([list, tuple, iter]))
@example([3, 1], list)
@example([3, 1], iter)
def test_each_module_gets_a_hook_of_its_own(tags, kind):
    """Hooks(ms, f) holds one hook for each of the modules, in order, from any iterable."""
    modules = [Tagged(tag) for tag in tags]
    hooks = Hooks(kind(modules), adding)
    send(modules, 1, 2)
    assert_close([hook.seen for hook in hooks], [[float(x + tag) for x in (1, 2)] for tag in tags])


@law("Hooks", "one `Hook` with `f` on each of the modules `ms`, in order")
@given(numbers, st.lists(st.integers(0, 9), min_size=1, max_size=5))
@example([3, 1], [0, 1, 0])
def test_a_module_that_comes_twice_gets_two_hooks(tags, places):
    """For each place in ms there is a hook, also where modules come more than once."""
    modules, places = [Tagged(tag) for tag in tags], [i % len(tags) for i in places]
    hooks = Hooks([modules[i] for i in places], adding)
    send(modules, 1)
    assert_same(len(hooks), len(places))
    assert_close([hook.seen for hook in hooks], [[1.0 + tags[i]] for i in places])


@law("Hooks", "one `Hook` with `f` on each of the modules `ms`")
@given(st.lists(trees, min_size=1, max_size=3))
@example([[[]], []])
def test_modules_inside_those_of_the_list_get_no_hooks(inner):
    """Hooks(blocks, f) has one hook a block; passes through their inner modules call nothing."""
    blocks, log = [tagged(tree) for tree in inner], []
    hooks = Hooks(blocks, noting(log))
    assert_same(len(hooks), len(blocks))
    send([m for block in blocks for m in block.modules() if m is not block], 1)
    assert_same(len(log), 0)
    send(blocks, 1)
    assert_same(len(log), len(blocks))


@law("Hooks", "one `Hook` with `f` on each of the modules `ms`")
@given(numbers)
@example([3, 1])
def test_f_sees_the_hook_the_module_the_input_and_the_output(tags):
    """f(hook, module, input, output), with the hook and the module at the same place."""
    modules, log = [Tagged(tag) for tag in tags], []
    hooks = Hooks(modules, noting(log))
    send(modules, 1)
    assert_same([(*o[2], number(o[3])) for o in log], [(torch.tensor(1.0), 1.0 + t) for t in tags])
    for seen, hook, module in zip(log, hooks, modules, strict=True):
        assert_is(seen[0], hook, "the hook of this module")
        assert_is(seen[1], module, "the module of this hook")


@law(
    "Hooks",
    "`len`, iteration and `hooks[i]` work as for a list.",
    "`hooks[a:b]` has the same hooks as a slice of a",
)
@given(numbers.flatmap(lambda xs: st.tuples(st.just(xs), st.slices(len(xs)))))
@example(([3, 1, 2], slice(1, None)))
def test_hooks_can_be_indexed_as_a_list(case):
    """len(hooks), hooks[i], hooks[-1] and hooks[a:b] have the hooks of a list, and keep them."""
    tags, s = case
    modules = [Tagged(tag) for tag in tags]
    hooks = Hooks(modules, adding)
    for count in (1, 2):
        send(modules, 1)
        wanted = [[1.0 + tag] * count for tag in tags]
        assert_same(len(hooks), len(tags))
        assert_close([hooks[i].seen for i in range(len(tags))], wanted)
        assert_close([hooks[-1].seen, [hook.seen for hook in hooks[s]]], [wanted[-1], wanted[s]])
    kind = type(hooks[s])
    assert_that(issubclass(kind, list | Hooks), "the class of a slice", kind, list)


@law("Hooks", "Remove every hook; a second `remove()` does nothing.")
@given(numbers)
@example([1, 2, 3])
def test_remove_removes_all_of_them(tags):
    """After remove() no hook is called any more; it may be called again."""
    modules, log = [Tagged(tag) for tag in tags], []
    with same_hooks(*modules):
        hooks = Hooks(modules, noting(log))
        send(modules, 1)
        hooks.remove()
    hooks.remove()
    send(modules, 2)
    assert_same(len(log), len(tags))


@law("Hooks", "a context manager, it removes all hooks at the end of the")
@given(numbers)
@example([1, 2, 3])
def test_a_with_block_ends_in_removal_of_all(tags):
    """`with Hooks(ms, f) as hooks` names the hooks; at the end of the block all are removed."""
    modules, log = [Tagged(tag) for tag in tags], []
    with same_hooks(*modules), Hooks(modules, noting(log)) as hooks:
        kind = type(hooks).__name__
        assert_that(
            isinstance(hooks, Hooks), f"after `as`: got a {kind}, wanted a Hooks", kind, "Hooks"
        )
        send(modules, 1)
        assert_same(len(hooks), len(tags))
        for seen, hook in zip(log, hooks, strict=True):
            assert_is(seen[0], hook, "the hook of this module")
    send(modules, 2)
    assert_same(len(log), len(tags))


@law("Hooks", "after an error, which is passed")
@given(numbers, errors)
@example([1, 2, 3], ValueError)
def test_a_with_block_that_fails_removes_all_too(tags, kind):
    """After an error in the block the hooks are removed, and the error is passed on."""
    modules, log = [Tagged(tag) for tag in tags], []
    with words.assert_passes_on(kind), same_hooks(*modules), Hooks(modules, noting(log)):
        send(modules, 1)
        raise kind("stop")
    send(modules, 2)
    assert_same(len(log), len(tags))


@law("Hooks", "Delete one hook or a slice of them from the list, and remove each")
@given(st.lists(st.integers(-9, 9), min_size=1, max_size=5), st.data())
@example([1, 2, 3], slice(1, None))
@example([1, 2, 3], -1)
def test_a_hook_that_is_deleted_is_removed(tags, data):
    """del hooks[i] takes hooks from the list and from their modules; the others stay."""
    of_all = st.integers(-len(tags), len(tags) - 1) | st.slices(len(tags))
    place = data if isinstance(data, int | slice) else data.draw(of_all)
    modules, log = [Tagged(tag) for tag in tags], []
    hooks, left = Hooks(modules, noting(log)), list(range(len(tags)))
    every = list(hooks)
    del hooks[place], left[place]
    send(modules, 1)
    listed, called = list(hooks), [o for o, *_ in log]
    found = {"in the list": listed, "called": called}
    found = {name: [words.place_of(o, every) for o in some] for name, some in found.items()}
    assert_same(found, {"in the list": left, "called": left})


@law("append_stats", "one number per pass, over all", "to the three lists")
@given(shapes, st.integers(1, 3), st.integers(0, 99), st.sampled_from([1, 8]))
@example([2, 3], 2, 0, 1)
@example([4, 4], 1, 0, 8)
def test_mean_and_std_of_all_activations_are_appended(shape, count, seed, scale):
    """hook.stats is (means, stds, histograms): with each pass one mean and one std more.

    Activations that lie outside the histogram count in both.
    """
    drawn = [scale * (1 + words.randoms(seed + i, *shape)) for i in range(count)]
    batches = [outp.where(outp.abs() > 0.5, 0) for outp in drawn]  # dead activations count too
    hook = SimpleNamespace()
    for i, outp in enumerate(batches):
        append_stats(hook, nn.ReLU(), (torch.zeros(3),), outp)
        assert_same([(type(o), len(o)) for o in hook.stats], [(list, i + 1)] * 3)
    means, stds = ([number(o) for o in hook.stats[which]] for which in (0, 1))
    exact = [[o.double().std(correction=k).item() for o in batches] for k in (0, 1)]
    assert_close(means, [o.double().mean().item() for o in batches], atol=1e-5)
    assert_close(stds, min(exact, key=lambda one: abs(one[0] - stds[0])), atol=1e-5)


@law(
    "append_stats",
    "one tensor per pass: how many activations lie in each of 40 equal bins from -7 to 7",
    "The histograms don't count activations outside -7 to 7.",
    "hook.stats == (means, stds, histograms)",
)
@given(st.lists(st.lists(st.integers(-3, 42), min_size=1, max_size=9), min_size=1, max_size=3))
@example([[0, 39, 39], [22]])
@example([[-1, 40, 5]])
def test_the_histogram_counts_activations(places):
    """An activation in the middle of bin i, -7 + 0.35 * (i + 1/2), counts in bin i alone."""
    hook = SimpleNamespace()
    for some in places:
        acts = torch.tensor([-7 + 0.35 * (i + 0.5) for i in some])
        append_stats(hook, nn.ReLU(), (torch.zeros(3),), acts)
    assert_same([isinstance(o, torch.Tensor) for o in hook.stats[2]], [True] * len(places))
    found = [[number(o) for o in hist] for hist in hook.stats[2]]
    assert_same(found, [[float(some.count(i)) for i in range(40)] for some in places])


@law("append_stats", "is kept is on the CPU and without its graph.")
@given(shapes, st.integers(0, 99))
@example([2, 3], 0)
def test_no_graph_is_kept_alive(shape, seed):
    """Nothing that is kept wants gradients, and the output itself can be forgotten."""
    hook, xb = SimpleNamespace(), words.randoms(seed, *shape).requires_grad_()
    outp = 2 * xb
    append_stats(hook, nn.ReLU(), (xb,), outp)
    kept = [o for stats in hook.stats for o in stats if isinstance(o, torch.Tensor)]
    assert_same([o.requires_grad for o in kept], [False] * len(kept))
    there = weakref.ref(outp)
    del outp, kept
    gc.collect()
    assert_same(there() is None, True)


@law("append_stats", "kept is on the CPU")
@given(shapes, st.integers(0, 99))
@example([2, 3], 0)
def test_what_is_kept_is_on_the_cpu(shape, seed):
    """Of an output on another device, no mean, std or histogram stays there."""
    hook, outp = SimpleNamespace(), words.randoms(seed, *shape).as_subclass(words.Elsewhere)
    append_stats(hook, nn.ReLU(), (outp,), outp)
    there = ["another device" for o in [*hook.stats[0], *hook.stats[1], *hook.stats[2]]]
    found = [type(o) for stats in hook.stats for o in stats]
    assert_same([where for where, o in zip(there, found, strict=True) if o is words.Elsewhere], [])


@law("append_stats", "The output is left unchanged.", "as the `f` of a `Hook`.")
@given(shapes, st.integers(0, 99), st.sampled_from([1, 30]))
@example([2, 3], 0, 30)
def test_the_activations_pass_on_unchanged(shape, seed, scale):
    """A module with this on a hook returns what it did before, with its graph."""
    xb, layer = (scale * words.randoms(seed, *shape)).requires_grad_(), nn.LeakyReLU(0.5)
    wanted = layer(xb).detach()
    with Hook(layer, append_stats):
        found = layer(xb)
    assert_same(found.requires_grad, True)
    assert_same(found.detach(), wanted)


@law("append_stats", "The first pass makes the lists, and later passes append to them.")
@given(st.integers(1, 4), st.lists(st.booleans(), min_size=1, max_size=4))
@example(2, [False])
def test_each_hook_of_a_network_has_stats_of_its_own(layers, modes):
    """Hooks(net, append_stats): a mean, a std and a histogram a layer and pass, in any mode."""
    net = nn.Sequential(*[nn.Linear(2, 2) for _ in range(layers)])
    with Hooks(net, append_stats) as hooks:
        for training in modes:
            with torch.set_grad_enabled(training):
                net.train(training)(torch.ones(3, 2))
    found = [[len(stats) for stats in hook.stats] for hook in hooks]
    assert_same(found, [[len(modes)] * 3] * layers)


widths = st.lists(st.integers(1, 24), min_size=4, max_size=4)
WIDTHS = [3, 8, 12, 20]


def learner_for(model, c, cbs=None, **kwargs):
    """A learner of a network of pictures."""
    return Learner(model, words.picture_data(c, **kwargs), mse, cbs=cbs)


def summarized(learn, **kwargs):
    """The text of a summary, with nothing shown."""
    with redirect_stdout(io.StringIO()):
        text = model_summary(learn, **kwargs)
    assert_same(type(text).__name__, "str")
    return text


@law(
    "model_summary",
    "class, output shape and number of parameters of each",
    "Layers are the direct children of the model, in order.",
    "send the first validation batch through the model",
)
@few
@given(widths, st.integers(2, 6), st.booleans())
@example(WIDTHS, 3, False)
@example(WIDTHS, 3, True)
def test_each_layer_is_told_with_its_output_shape(widths, n, turned):
    """For each child of the model: its class and the shape of its output, in order.

    The model is a Sequential, or one with a `forward` of its own, which turns the picture first.
    """
    learn = learner_for(words.network(widths, turned=turned), widths[0], n=n)
    outputs = words.outputs_of(learn.model, learn.data.valid_dl[0][0])
    text = summarized(learn)
    told = words.told_of(text, words.OUTER)
    for name in told:
        words.assert_told(told, name, list(outputs[name].shape)[1:], "output shape")
    second = [widths[1], 5, 11]
    assert_that(not words.is_in(second, text), "a second batch is told", text, "one batch")


@law(
    "model_summary",
    "A number of parameters includes those of inner layers and frozen ones.",
)
@few
@given(widths, st.sampled_from(["Ant", "Bee", "Nest", "Fox"]))
@example(WIDTHS, "Fox")
@example(WIDTHS, "Nest")
def test_each_layer_is_told_with_its_number_of_parameters(widths, frozen):
    """Weights and biases of a layer, and of all that is in it, are counted; buffers are not."""
    model = words.network(widths)
    model.get_submodule(frozen).requires_grad_(False)
    told = words.told_of(summarized(learner_for(model, widths[0])), words.OUTER)
    for name in words.OUTER[:3]:
        wanted = words.parameters_of(model.get_submodule(name))
        words.assert_told(told, name, [wanted], "number of parameters")


@law("model_summary", "all innermost layers of the model instead of the children")
@few
@given(widths, st.booleans())
@example(WIDTHS, False)
@example(WIDTHS, True)
def test_with_find_all_innermost_layers_are_told(widths, turned):
    """With find_all=True, every layer without layers in it, in order; blocks are left out."""
    model = words.network([*widths[:2], 31, widths[3]], turned=turned)
    learn = learner_for(model, widths[0])
    layers = {type(m).__name__: m for m in learn.model.modules()}
    outputs = words.outputs_of(learn.model, learn.data.valid_dl[0][0])
    text = summarized(learn, find_all=True)
    told = words.told_of(text, words.INNERMOST)
    for name in told:
        words.assert_told(told, name, list(outputs[name].shape)[1:], "output shape")
    for name in ("Ant", "Bee", "Crow", "Emu"):
        words.assert_told(told, name, [words.parameters_of(layers[name])], "number of parameters")
    block = words.is_in([words.parameters_of(layers["Nest"])], text)
    assert_that(not block, "a block is told besides its layers", text, "no blocks")


@law("model_summary", "all innermost layers of the model instead of the children")
@few
@given(widths)
@example(WIDTHS)
def test_with_find_all_layers_of_a_block_in_a_block_are_told(widths):
    """However deep an innermost layer is, it's told with its output shape."""
    c, d, e, _ = widths
    inner = words.Nest(words.Ant(c, d, 3), words.Nest(words.Bee(d)))
    learn = learner_for(nn.Sequential(words.Nest(inner, words.Emu(d, e, 2)), words.Fox(3)), c)
    outputs = words.outputs_of(learn.model, learn.data.valid_dl[0][0])
    told = words.told_of(summarized(learn, find_all=True), ["Ant", "Bee", "Emu", "Fox"])
    for name in told:
        words.assert_told(told, name, list(outputs[name].shape)[1:], "output shape")


@law("model_summary", "Layers are the direct children of the model")
@few
@given(widths)
@example(WIDTHS)
def test_without_find_all_inner_layers_have_no_lines(widths):
    """Unless asked, a module inside a child of the model is not told with its own shape."""
    learn = learner_for(words.network([*widths[:2], 31, widths[3]]), widths[0])
    for text in (summarized(learn), summarized(learn, find_all=False)):
        inner = words.is_in([31, 7, 5], text)
        assert_that(not inner, "an inner layer is told", text, "no inner layers")


@law("model_summary", "The text is printed once and returned; its layout is")
@few
@given(widths, st.booleans())
@example(WIDTHS, False)
def test_the_text_is_returned_and_printed(widths, find_all):
    """The str that is returned is also printed, once."""
    learn, out = learner_for(words.network(widths), widths[0]), io.StringIO()
    with redirect_stdout(out):
        text = model_summary(learn, find_all=find_all)
    assert_same(type(text).__name__, "str")
    assert_same(out.getvalue().split(), text.split())


class Halved(Callback):
    """A callback that cuts the pictures of a batch to half their height."""

    def begin_batch(self):
        """Half the picture, where nothing is trained."""
        assert_same(bool(self.in_train), False)
        self.run.xb = self.xb[:, :, : self.xb.shape[2] // 2]


@law("model_summary", "after calling `begin_batch` of the learner's")
@few
@given(widths, st.booleans())
@example(WIDTHS, False)
def test_the_callbacks_of_the_learner_change_the_batch_first(widths, find_all):
    """Shapes are those of the batch as the learner's callbacks hand it to the model."""
    learn = learner_for(words.network(widths), widths[0], cbs=[Halved()])
    half = learn.data.valid_dl[0][0][:, :, :7]
    wanted = list(words.outputs_of(learn.model, half)["Ant"].shape)[1:]
    told = words.told_of(summarized(learn, find_all=find_all), words.INNERMOST[:2])
    words.assert_told(told, "Ant", wanted, "output shape")


@law("model_summary", "the model's own `training`, its device, weights and buffers are as before")
@few
@given(widths, st.booleans(), st.booleans())
@example(WIDTHS, True, False)
@example(WIDTHS, False, True)
def test_the_model_is_as_before(widths, training, find_all):
    """Weights, running statistics, device and mode of the model are those of before."""
    model = words.network(widths).train(training)
    before = {name: o.clone() for name, o in model.state_dict().items()}
    devices = [p.device for p in model.parameters()]
    summarized(learner_for(model, widths[0]), find_all=find_all)
    assert_same({**model.state_dict()}, before)
    assert_same([p.device for p in model.parameters()], devices)
    assert_same([m.training for m in model.modules()], [training] * len([*model.modules()]))


@law("model_summary", "The model has no new hooks, even after an")
@few
@given(st.booleans(), st.booleans())
@example(True, False)
def test_no_hook_stays_after_an_error(training, find_all):
    """Where a layer of the model raises an error, the model has its old hooks."""
    model = words.network(WIDTHS)
    model.add_module("Trap", words.Trap())
    model.train(training)
    with same_hooks(*model.modules()), quiet(ValueError):
        summarized(learner_for(model, WIDTHS[0]), find_all=find_all)


@law("model_summary", "The model has no new hooks")
@few
@given(st.booleans(), st.integers(1, 2))
@example(False, 2)
def test_no_hook_stays_on_the_model(find_all, times):
    """Afterwards each module has the hooks that it had before, the caller's own included."""
    model = words.network(WIDTHS)
    model.Bee.register_forward_hook(lambda *given: None)
    with same_hooks(*model.modules()):
        for _ in range(times):
            summarized(learner_for(model, WIDTHS[0]), find_all=find_all)
