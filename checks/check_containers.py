"""The laws of containers."""

import re
import sys
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from checks.laws import assert_raises, assert_same, assert_that, law, unchanged
from checks.words.arrays import numpy_like, torch_like
from katas.containers import ListContainer, compose, listify, setify, uniqueify

few = settings(max_examples=20)  # small plain values: more calls find nothing more
values = st.sampled_from([0, 1, 2, -3, 10, "", "a", "ab", False, None, 0.5, (), (1, 2)])
some = st.lists(values, max_size=6)
texts = st.text("abz ", max_size=4) | st.binary(max_size=4)
alone = st.sampled_from([0, 1, -7, 0.0, 2.5, True, False, len, Path("a"), object(), 3j])
numbers = st.lists(st.integers(-3, 12), max_size=8)
letters = st.lists(st.sampled_from("abc"), max_size=6)
sortable = numbers | letters | st.lists(st.tuples(st.integers(0, 2), st.sampled_from("ab")))
orders = st.lists(st.none() | st.integers(-2, 3) | st.sampled_from([-0.5, 0.5]), max_size=6)
words = st.lists(st.sampled_from("abcde"), min_size=1, max_size=8)


def as_generator(items):
    """The items, one after the other and once."""
    yield from items


def appending(name, seen=None, **attributes):
    """A function that appends its name to a tuple, and keeps its keyword arguments in `seen`."""

    def f(x, **kwargs):
        if seen is not None:
            seen.append(kwargs)
        return (*x, name)

    vars(f).update({key: value for key, value in attributes.items() if value is not None})
    return f


def by_order(orders):
    """The places 0, 1, ... of these orders, lowest order first, no order being 0."""
    return sorted(range(len(orders)), key=lambda i: (orders[i] or 0, i))


class Crate(ListContainer):
    """A container of another class."""


class Importing:
    """A finder that keeps the names of modules that are looked for, and finds none."""

    def __init__(self):
        self.asked = []

    def find_spec(self, name, path=None, target=None):
        """Not here."""
        self.asked += [name] if name.partition(".")[0] == "torch" else []
        if name == "torch":
            raise ImportError("a container does without torch")


@contextmanager
def without_torch():
    """A block that must not import torch, whether it has been imported before or not."""
    finder, loaded = Importing(), sys.modules.pop("torch", None)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        if loaded is not None:
            sys.modules["torch"] = loaded
    assert_that(not finder.asked, "torch was imported to read an index", finder.asked, [])


def indexed(box, idx):
    """box[idx], where torch must not be imported."""
    with without_torch():
        return box[idx]


@law("listify")
@few
@given(some)
@example([])
@example([1, 2])
def test_a_list_comes_back_as_the_same_object(xs):
    """listify(xs) is xs, for a list xs, which stays as it is."""
    with unchanged(xs=xs):
        found = listify(xs)
    assert_that(found is xs, "wanted the list itself, got another object", found, xs)


@law("listify")
@few
@given(st.none())
def test_nothing_becomes_a_new_empty_list(nothing):
    """listify(None) is [], a new one at each call."""
    assert_same(listify(nothing), [])
    listify(nothing).append(1)
    assert_same(listify(nothing), [])


@law("listify")
@few
@given(texts)
@example("ab")
@example(b"ab")
@example("")
def test_text_and_bytes_are_one_item(text):
    """listify(s) is [s] for a str or bytes s, an empty one too."""
    assert_same(listify(text), [text])


@law("listify")
@few
@given(some)
@example([0])
@example([None, 1])
@example([])
def test_any_other_iterable_becomes_the_list_of_its_items(xs):
    """The items of a tuple, a range, a set, or the keys of a dict, all of them, in order."""
    keys = dict.fromkeys(xs)
    for o in (tuple(xs), keys, keys.keys(), frozenset(xs), set(xs), range(len(xs))):
        wanted = [*o]
        assert_same(listify(o), wanted)


@law("listify")
@few
@given(some)
@example([1, 2])
@example([0, None, 2])
@example([])
def test_a_generator_gives_each_item_once(xs):
    """The items of a generator, of an iterator or of a map, in order, from the first on."""
    for o in (as_generator(xs), iter(tuple(xs)), map(repr, xs)):
        wanted = [*map(repr, xs)] if isinstance(o, map) else xs
        assert_same(listify(o), wanted)


@law("listify")
@few
@given(alone)
@example(0)
@example(3)
def test_what_cannot_be_gone_through_is_one_item(o):
    """listify(o) is [o] for a number, a truth value, a path, a function or any other object."""
    assert_same(listify(o), [o])


@law("setify")
@few
@given(some.map(set))
@example(set())
@example({"ab"})
def test_a_set_comes_back_as_the_same_object(s):
    """setify(s) is s, for a set s, an empty one too."""
    with unchanged(s=s):
        found = setify(s)
    assert_that(found is s, "wanted the set itself, got another object", found, s)


@law("setify")
@few
@given(some)
@example([1, 1])
@example([0, "", None])
def test_an_iterable_becomes_the_set_of_its_items(xs):
    """setify(xs) is the set of the items of a list, a tuple, a frozen set or a generator."""
    wanted = {*xs}
    with unchanged(xs=xs):
        found = [setify(o) for o in (xs, tuple(xs), frozenset(xs), as_generator(xs))]
    assert_same(found, [wanted] * 4)


@law("setify")
@few
@given(texts)
@example("aa")
@example(b"aa")
def test_a_string_is_one_member(s):
    """setify("aa") is {"aa"}: a str or bytes is one item, not its letters."""
    assert_same(setify(s), {s})


@law("setify")
@few
@given(alone)
@example(0)
def test_one_thing_is_the_only_member(o):
    """setify(o) is {o} for what cannot be gone through."""
    assert_same(setify(o), {o})


@law("setify")
@few
@given(st.none())
def test_nothing_becomes_a_new_empty_set(nothing):
    """setify(None) is set(), a new one at each call."""
    assert_same(setify(nothing), set())
    setify(nothing).add(1)
    assert_same(setify(nothing), set())


@law("uniqueify")
@few
@given(sortable)
@example([2, 1, 2])
@example(["b", "a", "n", "a"])
@example([1, 2, 1])
def test_each_value_comes_once_in_order_of_first_appearance(xs):
    """x[i] is in the result if it is not among x[0] to x[i-1]; the order is that of x."""
    wanted = [x for i, x in enumerate(xs) if x not in xs[:i]]
    assert_same(uniqueify(list(xs)), wanted)
    assert_same(uniqueify(list(xs), sort=False), wanted)


@law("uniqueify")
@few
@given(sortable)
@example([10, 9, 10])
@example(["b", "a", "b"])
def test_values_are_sorted_when_asked(xs):
    """With sort=True each value comes once, in ascending order."""
    wanted = [x for i, x in enumerate(sorted(xs)) if x not in sorted(xs)[:i]]
    assert_same([uniqueify(list(xs), sort=True), uniqueify(list(xs), True)], [wanted] * 2)


@law("uniqueify")
@few
@given(letters, st.booleans())
@example(["b", "a", "b"], False)
def test_items_may_come_from_any_iterable(xs, sort):
    """A string's letters, a generator, a dict's keys and a range give their values once."""
    first = [x for i, x in enumerate(xs) if x not in xs[:i]]
    wanted = sorted(first) if sort else first
    for o in ("".join(xs), as_generator(xs), dict.fromkeys(xs), list(xs)):
        assert_same(uniqueify(o, sort=sort), wanted)
    assert_same(uniqueify(range(len(xs)), sort=sort), [*range(len(xs))])


@law("uniqueify")
@few
@given(numbers, st.booleans())
@example([2, 1, 2], True)
@example([2, 1, 2], False)
def test_the_items_stay_as_they_are(xs, sort):
    """The list that is passed in is the same before and after, and so is a second answer."""
    first = [x for i, x in enumerate(xs) if x not in xs[:i]]
    wanted = sorted(first) if sort else first
    with unchanged(items=xs):
        found = [uniqueify(xs, sort=sort), uniqueify(xs, sort=sort)]
    assert_same(found, [wanted] * 2)


@law("uniqueify")
@few
@given(st.permutations([None, "a", 1, 2.5, (1,)]), st.integers(0, 5))
@example(["a", 1, None, 2.5, (1,)], 1)
def test_without_sorting_values_need_not_be_comparable(xs, again):
    """Values of different kinds are taken as they come."""
    assert_same(uniqueify([*xs, *xs[:again]]), xs)


@law("compose")
@few
@given(st.lists(st.integers(-3, 3), min_size=1, max_size=4), st.integers(-5, 5))
@example([1, 2], 3)
def test_each_function_gets_what_the_one_before_gave(factors, x):
    """compose(x, [f, g, ...]) is ...(g(f(x)))."""
    wanted = x
    for i, factor in enumerate(factors):
        wanted = factor * wanted + i
    funcs = [lambda o, i=i, factor=factor: factor * o + i for i, factor in enumerate(factors)]
    assert_same(compose(x, funcs), wanted)


@law("compose")
@few
@given(orders)
@example([1, None])
@example([None, -1])
@example([10, 9, None])
def test_functions_run_lowest_order_first(orders):
    """They are called by their `_order`; no order counts as 0, equal ones keep their places."""
    wanted = tuple(by_order(orders))
    assert_same(compose((), [appending(i, _order=o) for i, o in enumerate(orders)]), wanted)


@law("compose")
@few
@given(st.lists(st.integers(-1, 1), min_size=2, max_size=8))
@example([0, 0])
@example([1, 0, 1, 0])
def test_equal_orders_keep_the_given_order(orders):
    """Among functions of the same order, the one given first is called first."""
    wanted = tuple("hgfedcba"[i] for i in by_order(orders))
    funcs = [appending("hgfedcba"[i], _order=o) for i, o in enumerate(orders)]
    for f, name in zip(funcs, "hgfedcba", strict=False):
        f.__name__ = f.__qualname__ = name
    assert_same(compose((), funcs), wanted)


@law("compose")
@few
@given(orders, st.sampled_from(["order", "_rank", "_order"]))
@example([2, 1, None], "_rank")
def test_the_attribute_that_orders_may_be_another(orders, key):
    """With order_key="_rank" the attribute `_rank` decides, and `_order` has no say."""
    wanted = tuple(by_order(orders))
    attributes = [{"_order": -i, "rank": -i, key: o} for i, o in enumerate(orders)]
    funcs = [appending(i, **each) for i, each in enumerate(attributes)]
    assert_same(compose((), funcs, order_key=key), wanted)


@law("compose")
@few
@given(
    st.integers(0, 4),
    st.dictionaries(st.sampled_from(["lr", "key", "f", "train"]), st.integers(0, 9)),
)
@example(2, {"lr": 1})
def test_keyword_arguments_reach_every_function(count, kwargs):
    """Each of the functions is called once, with exactly the keyword arguments given."""
    seen = []
    result = compose((), [appending(i, seen) for i in range(count)], **kwargs)
    assert_same(seen, [kwargs] * count)
    assert_same(result, tuple(range(count)))
    compose((), [appending(i, seen) for i in range(count)], order_key="_rank", **kwargs)
    assert_same(seen, [kwargs] * 2 * count)


@law("compose")
@few
@given(values, st.sampled_from([None, []]))
@example(3, None)
@example(3, [])
def test_without_functions_the_value_comes_back(x, nothing):
    """compose(x, None) and compose(x, []) are x, whatever keyword arguments there are."""
    assert_same([compose(x, nothing), compose(x, nothing, lr=1)], [x, x])


@law("compose")
@few
@given(values, st.integers(0, 9))
@example(3, 1)
def test_one_bare_function_is_a_list_of_one(x, k):
    """compose(x, f, k=k) is f(x, k=k), for a function or any other object that can be called."""
    pair = lambda o, k=None: (o, k)  # noqa: E731
    for f in (pair, partial(pair), type("Pair", (), {"__call__": lambda _, o, k: (o, k)})()):
        assert_same(compose(x, f, k=k), (x, k))


@law("compose")
@few
@given(values, values)
@example(None, 0)
@example(0, None)
def test_every_result_is_handed_on(first, second):
    """A result of None, 0 or an empty one is handed on and given back like any other."""
    is_first = lambda o: (o is first, second)[o is first]  # noqa: E731
    assert_same(compose(1, [lambda o: first, is_first]), second)


@law("compose")
@few
@given(orders.filter(bool))
@example([2, 1])
def test_the_list_of_functions_stays_as_it_is(orders):
    """The caller's list has the same functions in the same places afterwards."""
    funcs = [appending(i, _order=o) for i, o in enumerate(orders)]
    with unchanged(funcs=funcs):
        compose((), funcs)


@law("compose")
@few
@given(st.lists(st.sampled_from("fgh"), min_size=2, max_size=6))
@example(["f", "f"])
def test_a_function_that_is_there_twice_is_called_twice(names):
    """Each place in the list is one call."""
    known = {name: appending(name) for name in names}
    assert_same(compose((), [known[name] for name in names]), tuple(names))


@law("ListContainer")
@few
@given(words)
@example(["b", "a"])
def test_a_container_has_the_items_in_order(xs):
    """len(box), iteration and box[i] are those of the items, taken from any iterable."""
    for o in (list(xs), tuple(xs), as_generator(xs)):
        box = ListContainer(o)
        assert_same(len(box), len(xs))
        assert_same([[*box], [*box]], [xs, xs])
        assert_same([box[i] for i in range(len(xs))], xs)


@law("ListContainer")
@few
@given(words)
@example(["a", "b"])
def test_two_loops_do_not_disturb_each_other(xs):
    """Each `for` over a container goes through all its items, also one inside another."""
    box = ListContainer(list(xs))
    assert_same([(a, b) for a in box for b in box], [(a, b) for a in xs for b in xs])


@law("ListContainer")
@few
@given(words)
@example(["a", "b", "c"])
def test_negative_places_count_from_the_end(xs):
    """box[-1] is the last item, box[-2] the one before it."""
    box = ListContainer(list(xs))
    assert_same([box[-i] for i in range(1, len(xs) + 1)], xs[::-1])


@law("ListContainer")
@few
@given(words.flatmap(lambda xs: st.tuples(st.just(xs), st.slices(len(xs)))))
@example((["a", "b", "c"], slice(1, None)))
@example((["a", "b", "c"], slice(None, None, -1)))
def test_a_slice_gives_the_list_of_its_items(case):
    """box[a:b:step] is the list items[a:b:step]."""
    xs, s = case
    assert_same(ListContainer(list(xs))[s], xs[s])


@law("ListContainer")
@few
@given(words, st.data())
@example(["a", "b", "c"], None)
def test_a_list_of_places_gives_the_list_of_those_items(xs, data):
    """box[[2, 0, 2, -1]] has four items: repeated, in any order, or counted from the end."""
    places = st.lists(st.integers(-len(xs), len(xs) - 1), min_size=1, max_size=6)
    idx = data.draw(places) if data else [2, 0, 0, -1]
    wanted = [xs[i] for i in idx]
    assert_same(ListContainer(list(xs))[idx], wanted)


@law("ListContainer")
@few
@given(st.lists(st.integers(0, 1), min_size=1, max_size=6))
@example([0, 1])
@example([1, 0, 1])
def test_0_and_1_are_places_and_no_mask(idx):
    """A list of ints holds places, also where they are all 0 or 1, one for each item."""
    xs = [*"abcdef"][: max(2, len(idx))]
    assert_same(ListContainer(list(xs))[idx], [xs[i] for i in idx])


@law("ListContainer")
@few
@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), min_size=1, max_size=6))
@example([("a", True), ("b", False), ("c", True)])
@example([("a", False), ("b", False)])
def test_a_mask_gives_the_list_of_the_items_where_it_is_true(pairs):
    """box[[True, False, ...]] has the items at the places of True, in order."""
    xs, mask = [[*o] for o in zip(*pairs, strict=True)]
    wanted = [x for x, keep in pairs if keep]
    assert_same(ListContainer(xs)[mask], wanted)


@law("ListContainer")
@few
@given(words, st.data())
@example(["a", "b", "c"], None)
def test_an_array_or_tensor_of_ints_holds_places(xs, data):
    """box[np.array([2, 0])] and box[torch.tensor([2, 0])] are box[[2, 0]]; nobody imports torch."""
    places = st.lists(st.integers(-len(xs), len(xs) - 1), min_size=2, max_size=6)
    idx = data.draw(places) if data else [2, 0, 0, -1]
    wanted = [xs[i] for i in idx]
    for array in (numpy_like, torch_like):
        assert_same(indexed(ListContainer(list(xs)), array(idx)), wanted)


@law("ListContainer")
@few
@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), min_size=2, max_size=6))
@example([("a", False), ("b", True), ("c", True)])
@example([("a", True), ("b", False)])
def test_an_array_or_tensor_of_bools_is_a_mask(pairs):
    """box[np.array([True, False])] and box[torch.tensor([True, False])] are box[[True, False]]."""
    xs, mask = [[*o] for o in zip(*pairs, strict=True)]
    wanted = [x for x, keep in pairs if keep]
    for array in (numpy_like, torch_like):
        assert_same(indexed(ListContainer(list(xs)), array(mask)), wanted)


@law("ListContainer")
@few
@given(words, st.lists(st.booleans(), min_size=1, max_size=10))
@example(["a", "b", "c"], [True, False])
@example(["a"], [True, False])
@example(["a", "b"], [False] * 3)
def test_a_mask_of_another_length_is_an_index_error(xs, mask):
    """A mask that is shorter or longer than the items raises IndexError."""
    mask = mask if len(mask) != len(xs) else [*mask, False]
    with assert_raises(IndexError):
        ListContainer(xs)[mask]
    for array in (numpy_like, torch_like)[: len(mask)]:  # one place in a tensor acts as an int
        with assert_raises(IndexError):
            indexed(ListContainer(xs), array(mask))


@law("ListContainer")
@few
@given(words, st.integers(0, 3))
@example(["a"], 0)
def test_a_place_outside_is_an_index_error(xs, beyond):
    """A place below -len(box), or from len(box) up, raises IndexError, in a list of places too."""
    box = ListContainer(list(xs))
    for place in (len(xs) + beyond, -len(xs) - 1 - beyond):
        for idx in (place, [0, place]):
            with assert_raises(IndexError):
                box[idx]


@law("ListContainer")
@few
@given(words, st.data())
@example(["a", "b", "a"], None)
def test_assignment_puts_an_item_in_the_place_of_another(xs, data):
    """After box[i] = o the item at i is o, and all others are as before; i may be negative."""
    i = data.draw(st.integers(-len(xs), len(xs) - 1)) if data else -1
    box, wanted = ListContainer(list(xs)), list(xs)
    wanted[i] = "new"
    box[i] = "new"
    assert_same([[*box], box[i], len(box)], [wanted, "new", len(xs)])


@law("ListContainer")
@few
@given(words, st.data())
@example(["a", "b", "a"], None)
def test_deletion_takes_away_the_item_at_its_place(xs, data):
    """After del box[i] the item at i is gone, and all others are there; i may be negative."""
    i = data.draw(st.integers(-len(xs), len(xs) - 1)) if data else 2
    box, wanted = ListContainer(list(xs)), list(xs)
    del wanted[i]
    del box[i]
    assert_same([[*box], len(box)], [wanted, len(xs) - 1])


@law("ListContainer")
@few
@given(words, words)
@example(["a"], ["b", "c"])
def test_each_container_has_its_own_items(xs, others):
    """A container made later leaves those made before as they are."""
    one, other = ListContainer(list(xs)), ListContainer(list(others))
    other[0] = "new"
    assert_same([[*one], [*other]], [xs, ["new", *others[1:]]])


@law("ListContainer")
@few
@given(st.integers(0, 40), st.integers(1000, 9000), st.sampled_from([ListContainer, Crate]))
@example(9, 1000, ListContainer)
@example(10, 1000, ListContainer)
@example(11, 1000, ListContainer)
@example(0, 1000, Crate)
def test_repr_tells_class_number_and_the_first_ten(count, start, cls):
    """repr(box) has the name of its class, how many items there are, and the first ten of them."""
    xs = [*range(start, start + count)]
    text = repr(cls(xs))
    found = [int(o) for o in re.findall(r"\d+", text)]
    assert_that(cls.__name__ in text, f"the name {cls.__name__} is missing", text)
    assert_same([o for o in found if o >= 1000], xs[:10])
    assert_that(count in found, f"the number of items, {count}, is missing", text)


@law("ListContainer")
@few
@given(st.integers(0, 40))
@example(10)
@example(11)
def test_repr_ends_in_dots_where_there_are_more(count):
    """`...` comes after the tenth item if there are more than ten, and else not at all."""
    before, dots, after = repr(ListContainer([*range(1000, 1000 + count)])).partition("...")
    assert_same(dots, "..." if count > 10 else "")
    assert_that(str(999 + min(count, 10)) in before or not count, "dots before items", before)
