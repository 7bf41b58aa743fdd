"""The laws of containers."""

import re
from functools import partial
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from checks.laws import assert_raises, assert_same, assert_that, law, unchanged
from checks.words.arrays import Array, arrays
from checks.words.containers import (
    Bag,
    Calling,
    Chain,
    Hollow,
    Name,
    Raw,
    Row,
    appending,
    as_generator,
    first_seen,
    functions_of,
    in_order,
    items,
    with_list,
    with_mask,
    with_place,
    with_slice,
    with_wrong_mask,
    without_torch,
)
from katas.containers import ListContainer, compose, listify, setify, uniqueify

few = settings(max_examples=20)  # small plain values: more calls find nothing more
fewer = settings(max_examples=8)
values = st.sampled_from([0, 1, 2, -3, 10, "", "a", "ab", False, None, 0.5, (), (1, 2)])
some = st.lists(values, max_size=6)
texts = st.text("abz ", max_size=4) | st.binary(max_size=4)
alone = st.sampled_from([0, 1, -7, 0.0, 2.5, True, False, len, Path("a"), object(), 3j])
numbers = st.lists(st.integers(-3, 12), max_size=8)
letters = st.lists(st.sampled_from("abc"), max_size=6)
sortable = numbers | letters | st.lists(st.tuples(st.integers(0, 2), st.sampled_from("ab")))
orders = st.lists(st.none() | st.integers(-2, 3) | st.sampled_from([-0.5, 0.5]), max_size=6)


class Crate(ListContainer):
    """A box of another class."""


@law("listify", "itself if it is one", "a list -> that same object")
@few
@given(some)
@example([])
@example([1, 2])
def test_a_list_comes_back_as_the_same_object(xs):
    """listify(xs) is xs, for a list xs, which stays unchanged."""
    with unchanged(xs=xs):
        found = listify(xs)
    assert_that(found is xs, "got another object, wanted the list itself", found, xs)


@law("listify", "None -> [], a new list at each call")
@few
@given(st.none())
def test_nothing_becomes_a_new_empty_list(nothing):
    """listify(None) is [], a new one at each call."""
    assert_same(listify(nothing), [])
    listify(nothing).append(1)
    assert_same(listify(nothing), [])


@law("listify", "a str or bytes -> a list of this one item")
@few
@given(texts)
@example("ab")
@example(b"ab")
@example("")
def test_text_and_bytes_are_one_item(text):
    """listify(s) is [s] for a str or bytes s, an empty one too."""
    assert_same(listify(text), [text])


@law(
    "listify", "otherwise a list of what it stands for", "any other iterable -> a list of its items"
)
@few
@given(some)
@example([0])
@example([None, 1])
@example([])
def test_any_other_iterable_becomes_the_list_of_its_items(xs):
    """The items of a tuple, a range, a set, an array, or a dict's keys, all of them, in order."""
    keys = dict.fromkeys(xs)
    for o in (tuple(xs), keys, keys.keys(), frozenset(xs), set(xs), range(len(xs)), Row(xs)):
        wanted = [*o]
        assert_same(listify(o), wanted)


@law("listify", "A generator is")
@few
@given(some)
@example([1, 2])
@example([0, None, 2])
@example([])
def test_a_generator_is_used_up_once(xs):
    """The items of a generator, an iterator or a map, in order; afterwards nothing is left."""
    once = as_generator(xs)
    assert_same(listify(once), xs)
    assert_same([*once], [])
    assert_same(listify(iter(tuple(xs))), xs)
    assert_same(listify(map(repr, xs)), [repr(x) for x in xs])
    with assert_raises(ZeroDivisionError) as came:  # an error on the way is not an end
        came.append(listify(x // 0 for x in [1]))


@law("listify", "anything else -> [o]")
@few
@given(alone)
@example(0)
@example(3)
def test_an_object_without_items_is_one_item(o):
    """listify(o) is [o] for a number, a truth value, a path, a function or any other object."""
    assert_same(listify(o), [o])


@law("listify", "A subclass of list, str or bytes is treated as its base.")
@few
@given(numbers)
@example([1, 2])
def test_subclasses_are_treated_as_their_bases(xs):
    """A chain, which is a list, comes back itself; a name, which is a str, is one item."""
    chain, name, raw = Chain(xs), Name("ab"), Raw(b"ab")
    assert_that(listify(chain) is chain, "got another object, wanted itself", listify(chain), chain)
    assert_same([listify(name), listify(raw)], [[name], [raw]])


@law("setify", "otherwise the set of `listify(o)`")
@few
@given(texts)
@example("aa")
@example(b"aa")
def test_a_string_is_one_member(s):
    """setify("aa") is {"aa"}: a str or bytes is one item, not its letters."""
    assert_same(setify(s), {s})


@law("setify", "itself if it is one")
@few
@given(some.map(set))
@example(set())
@example({"ab"})
def test_a_set_comes_back_as_the_same_object(s):
    """setify(s) is s, for a set s, an empty one too."""
    with unchanged(s=s):
        found = setify(s)
    assert_that(found is s, "got another object, wanted the set itself", found, s)


@law("setify", "otherwise the set of `listify(o)`", "A frozenset becomes a set.")
@few
@given(some)
@example([1, 1])
@example([0, "", None])
def test_an_iterable_becomes_the_set_of_its_items(xs):
    """setify(xs) is the set of the items of a list, a frozenset, a dict's keys or a generator."""
    wanted = {*xs}
    with unchanged(xs=xs):
        found = [setify(o) for o in (xs, frozenset(xs), dict.fromkeys(xs).keys(), as_generator(xs))]
    assert_same(found, [wanted] * 4)


@law("setify", "otherwise the set of `listify(o)`")
@few
@given(alone)
@example(0)
def test_one_thing_is_the_only_member(o):
    """setify(o) is {o} for an object without items."""
    assert_same(setify(o), {o})


@law("setify", "otherwise the set of `listify(o)`")
@few
@given(st.none())
def test_nothing_becomes_a_new_empty_set(nothing):
    """setify(None) is set(), a new one at each call."""
    assert_same(setify(nothing), set())
    setify(nothing).add(1)
    assert_same(setify(nothing), set())


@law("setify", "An instance of a subclass of set counts as a set and is returned itself.")
@few
@given(numbers)
@example([1])
def test_a_subclass_of_set_comes_back_as_the_same_object(xs):
    """setify(bag) is bag, for a bag, which is a set."""
    bag = Bag(xs)
    assert_that(setify(bag) is bag, "got another object, wanted itself", setify(bag), bag)


@law("uniqueify", "the values in `items`, each once, in order of first appearance")
@few
@given(sortable)
@example([2, 1, 2])
@example(["b", "a", "n", "a"])
@example([1, 2, 1])
def test_each_value_comes_once_in_order_of_first_appearance(xs):
    """x[i] is in the result if it isn't among x[0] to x[i-1]; the order is that of x."""
    wanted = first_seen(xs)
    assert_same(uniqueify(list(xs)), wanted)
    assert_same(uniqueify(list(xs), sort=False), wanted)


@law("uniqueify", "sort ascending order instead of order of appearance")
@few
@given(sortable)
@example([10, 9, 10])
@example(["b", "a", "b"])
def test_values_are_sorted_when_asked(xs):
    """With sort=True each value comes once, in ascending order."""
    wanted = first_seen(sorted(xs))
    assert_same(uniqueify(list(xs), sort=True), wanted)
    assert_same(uniqueify(list(xs), True), wanted)


@law("uniqueify", "items hashable values, from any iterable")
@few
@given(letters)
@example(["b", "a", "b"])
def test_items_may_come_from_any_iterable(xs):
    """A string's letters, a generator, a dict's keys and a range, each value once."""
    wanted = first_seen(xs)
    for make in ("".join, as_generator, dict.fromkeys, tuple):
        assert_same(uniqueify(make(xs)), wanted)
        assert_same(uniqueify(make(xs), sort=True), sorted(wanted))
    assert_same(uniqueify(range(len(xs))), [*range(len(xs))])


@law("uniqueify", "left unchanged")
@few
@given(numbers, st.booleans())
@example([2, 1, 2], True)
@example([2, 1, 2], False)
def test_the_items_are_left_unchanged(xs, sort):
    """The list that is passed in is the same before and after, and so is a second answer."""
    wanted = sorted(first_seen(xs)) if sort else first_seen(xs)
    with unchanged(items=xs):
        found = [uniqueify(xs, sort=sort), uniqueify(xs, sort=sort)]
    assert_same(found, [wanted] * 2)


@law("uniqueify", "A new list")
@few
@given(st.lists(st.integers(0, 9), unique=True), st.booleans())
@example([1, 2], False)
def test_the_result_is_a_list_of_its_own(xs, sort):
    """What is appended to the result is not appended to the items, though all of them differ."""
    with unchanged(items=xs):
        uniqueify(xs, sort=sort).append("more")


@law("uniqueify", 'Values are the same if they are equal, so 1 and "1" are two.')
@few
@given(st.permutations([None, "a", 1, "1", (1,), ("1",), 0, ""]), st.integers(0, 8))
@example([1, "1", None, 0, "", "a", (1,), ("1",)], 1)
def test_values_may_be_of_several_kinds(xs, again):
    """Values of different kinds need not be comparable, nor is one taken for another."""
    assert_same(uniqueify([*xs, *xs[:again]]), xs)


@law("uniqueify", "Values are the same if they are equal")
@few
@given(st.permutations([1, True, 1.0]), st.booleans())
@example([1, True, 1.0], False)
def test_equal_values_of_different_types_are_one(xs, sort):
    """1, True and 1.0 are equal, so they are one value."""
    found = uniqueify(xs, sort=sort)
    assert_that(found == [1], "got several values, wanted one", found, xs[:1])


@law("compose", "each called on the result of the one before", "compose(x, [f, g], k=1)")
@few
@given(st.lists(st.integers(-3, 3), min_size=1, max_size=4), st.integers(-5, 5))
@example([1, 2], 3)
def test_each_function_is_called_on_the_result_before_it(factors, x):
    """compose(x, [f, g, ...]) is ...(g(f(x)))."""
    wanted = x
    for i, factor in enumerate(factors):
        wanted = factor * wanted + i
    funcs = [lambda o, i=i, factor=factor: factor * o + i for i, factor in enumerate(factors)]
    assert_same(compose(x, funcs), wanted)


@law("compose", "`x` passed through all of `funcs`, each called on the result of the one before.")
@few
@given(values, values)
@example(None, 0)
@example(0, None)
def test_every_result_is_passed_on(first, second):
    """A result of None, 0 or an empty one is passed on and returned like any other."""
    seen = []
    assert_same(compose(1, [lambda o: first, lambda o: seen.append(o) or second]), second)
    assert_same(seen, [first])


@law("compose", "compose(x, None) is x", "None for none")
@few
@given(values, st.sampled_from([None, []]))
@example(3, None)
@example(3, [])
@example([1], [])
def test_without_functions_the_value_comes_back(x, nothing):
    """compose(x, None) and compose(x, []) are x itself, whatever keyword arguments there are."""
    for found in (compose(x, nothing), compose(x, nothing, lr=1)):
        assert_that(found is x, "got another object, wanted x itself", found, x)


@law(
    "compose",
    "one bare function",
    "funcs a list of functions (left unchanged), one bare function, or None for none; any",
)
@few
@given(values, st.integers(0, 9))
@example(3, 1)
def test_one_bare_function_is_a_list_of_one(x, k):
    """compose(x, f, k=k) is f(x, k=k), for a function or any other object that can be called."""
    pair = lambda o, k=None: (o, k)  # noqa: E731
    for f in (pair, partial(pair), Calling(pair), Hollow(pair)):
        assert_same(compose(x, f, k=k), (x, k))
        assert_same(compose(x, [f, f], k=k), ((x, k), k))


@law("compose", "order_key the attribute that orders the calls, lowest first")
@few
@given(orders)
@example([1, None])
@example([None, -1])
@example([10, 9, None])
def test_functions_run_lowest_order_first(orders):
    """They are called by their `_order`, lowest first."""
    wanted = in_order(orders)
    assert_same(compose((), functions_of(orders)), wanted)


@law("compose", "A function without that attribute has order 0.")
@few
@given(st.lists(st.sampled_from([None, 0, -1, 1]), min_size=2, max_size=5))
@example([1, None])
@example([None, -1])
def test_a_function_without_an_order_counts_as_0(orders):
    """After the negative orders and before the positive ones; built-in functions too."""
    wanted = in_order(orders)
    assert_same(compose((), functions_of(orders)), wanted)
    late = appending("late", _order=1)
    assert_same(compose([3, 1], [late, tuple]), (3, 1, "late"))


@law("compose", "Functions with equal orders are called in the order they're")
@few
@given(st.lists(st.integers(-1, 1), min_size=2, max_size=8))
@example([0, 0])
@example([1, 0, 1, 0])
def test_equal_orders_keep_the_given_order(orders):
    """Among functions of the same order, the one given first is called first."""
    wanted = in_order(orders, "hgfedcba")
    assert_same(compose((), functions_of(orders, "hgfedcba")), wanted)


@law("compose", "order_key the attribute that orders the calls")
@few
@given(orders, st.sampled_from(["order", "_rank", "_order"]))
@example([2, 1, None], "_rank")
def test_the_attribute_that_orders_may_be_another(orders, key):
    """With order_key="_rank" the attribute `_rank` decides, and `_order` has no say."""
    wanted = in_order(orders)
    attributes = [{"_order": -i, "rank": -i, key: o} for i, o in enumerate(orders)]
    funcs = [appending(i, **each) for i, each in enumerate(attributes)]
    assert_same(compose((), funcs, order_key=key), wanted)


@law("compose", "a function may have it from its class")
@few
@given(st.permutations([3, 1, 2]))
@example([2, 1, 3])
def test_the_order_may_come_from_the_class(orders):
    """An attribute of the class and a property order the calls as one of the object does."""
    one, two, three = orders

    class InClass(Calling):
        _order = one

    class Computed(Calling):
        @property
        def _order(self):
            return two

    in_class, computed = InClass(appending("class")), Computed(appending("property"))
    funcs = [in_class, computed, appending("own", _order=three)]
    names = {one: "class", two: "property", three: "own"}
    assert_same(compose((), funcs), tuple(names[order] for order in (1, 2, 3)))


@law("compose", "kwargs passed on to every function", "compose(x, [f, g], k=1)")
@few
@given(
    st.integers(0, 4),
    st.dictionaries(st.sampled_from(["lr", "key", "f", "train"]), st.integers(0, 9)),
)
@example(2, {"lr": 1})
def test_keyword_arguments_reach_every_function(count, kwargs):
    """Each of the functions is called once, with exactly the keyword arguments given."""
    seen = []
    funcs = [appending(i, seen) for i in range(count)]
    assert_same(compose((), funcs, **kwargs), tuple(range(count)))
    assert_same(compose((), funcs, order_key="_rank", **kwargs), tuple(range(count)))
    assert_same(seen, [kwargs] * 2 * count)
    with assert_raises(TypeError) as came:
        came.append(compose(1, lambda o: o, lr=1))


@law("compose", "`x` passed through all of `funcs`, each called on the result of the one before.")
@few
@given(st.lists(st.sampled_from("fgh"), min_size=2, max_size=6))
@example(["f", "f"])
def test_a_function_that_is_there_twice_is_called_twice(names):
    """Each place in the list is one call."""
    known = {name: appending(name) for name in names}
    assert_same(compose((), [known[name] for name in names]), tuple(names))


@law("compose", "funcs a list of functions (left unchanged)")
@few
@given(orders.filter(bool))
@example([2, 1])
def test_the_list_of_functions_is_left_unchanged(orders):
    """The caller's list has the same functions in the same places afterwards."""
    funcs = functions_of(orders)
    with unchanged(funcs=funcs):
        compose((), funcs)


@law(
    "ListContainer",
    "`box.items` is `listify(items)`",
    "items anything that `listify` accepts; `box.items` is `listify(items)`, so a list",
)
@fewer
@given(items)
@example(["b", "a"])
def test_a_box_keeps_what_listify_makes_of_its_items(xs):
    """box.items has the items of any iterable, one for a str, none for None."""
    for o in (tuple(xs), as_generator(xs)):
        assert_same(ListContainer(o).items, xs)
    assert_same([ListContainer(o).items for o in ("ab", 3, None)], [["ab"], [3], []])


@law("ListContainer", "a list isn't copied")
@fewer
@given(items)
@example(["b", "a"])
def test_a_list_is_kept_and_not_copied(xs):
    """ListContainer(xs).items is xs, for a list xs."""
    found = ListContainer(xs).items
    assert_that(found is xs, "got another object, wanted the list itself", found, xs)


@law("ListContainer", "The length of a box")
@fewer
@given(items)
@example(["a", "b", "c"])
def test_the_length_of_a_box_is_that_of_its_items(xs):
    """len(box) is len(box.items), also after box.items has grown."""
    box = ListContainer(list(xs))
    assert_same(len(box), len(xs))
    box.items.append("more")
    assert_same(len(box), len(xs) + 1)
    assert_same(len(ListContainer(None)), 0)


@law("ListContainer", "loops over it")
@fewer
@given(items)
@example(["a", "b"])
def test_each_loop_goes_over_all_items(xs):
    """Each `for` over a box goes through all its items in order, also one inside another."""
    box = ListContainer(list(xs))
    assert_same([[*box], [*box]], [xs, xs])
    assert_same([(a, b) for a in box for b in box], [(a, b) for a in xs for b in xs])


@law("ListContainer", "indexed like a list", "box[2], box[-1] one item")
@fewer
@given(with_place)
@example((["a", "b", "c"], 1))
@example((["a", "b", "c"], -1))
def test_an_int_reads_one_item(case):
    """box[i] is box.items[i]; box[-1] is the last item, box[-2] the one before it."""
    xs, i = case
    found = ListContainer(list(xs))[i]
    assert_that(found is xs[i], f"got another item than {xs[i]!r}", found, xs[i])


@law("ListContainer", "box[1:3] a list of items")
@fewer
@given(with_slice)
@example((["a", "b", "c"], slice(1, None)))
@example((["a", "b", "c"], slice(None, None, -1)))
def test_a_slice_reads_the_list_of_its_items(case):
    """box[a:b:step] is the list items[a:b:step]."""
    xs, s = case
    assert_same(ListContainer(list(xs))[s], xs[s])


@law("ListContainer", "box[[2, 0, 2]] a list of the items at those places; [] for box[[]]")
@fewer
@given(with_list)
@example((["a", "b", "c"], [2, 0, 0, -1]))
@example(([(1, 2), (3, 4)], [0]))
@example((["a", "b"], []))
def test_a_list_of_places_reads_the_list_of_those_items(case):
    """box[[2, 0, 2, -1]] has four items: repeated, in any order, or counted from the end."""
    xs, idx = case
    wanted = [xs[i] for i in idx]
    with unchanged(idx=idx):
        assert_same(ListContainer(list(xs))[idx], wanted)


@law("ListContainer", "box[[2, 0, 2]] a list of the items at those places")
@fewer
@given(st.lists(st.integers(0, 1), min_size=1, max_size=6))
@example([0, 1])
@example([1, 0, 1])
def test_0_and_1_are_places_and_not_a_mask(idx):
    """A list of ints holds places, also where they are all 0 or 1, one for each item."""
    xs = [*"abcdef"][: max(2, len(idx))]
    assert_same(ListContainer(list(xs))[idx], [xs[i] for i in idx])


@law("ListContainer", "box[[True, False, True]] a list of the items where the mask is True")
@fewer
@given(with_mask)
@example((["a", "b", "c"], [True, False, True]))
@example((["a", "b"], [False, False]))
@example((["a"], [True]))
def test_a_mask_reads_the_list_of_the_items_where_it_is_true(case):
    """box[[True, False, ...]] has the items at the places of True, in order."""
    xs, mask = case
    wanted = [x for x, keep in zip(xs, mask, strict=True) if keep]
    with unchanged(mask=mask):
        assert_same(ListContainer(list(xs))[mask], wanted)


@law("ListContainer", "box[1:3] a list of items", "box[[2, 0, 2]] a list of the items")
@fewer
@given(st.integers(1, 4))
@example(2)
def test_several_items_come_uncopied_in_a_list_of_their_own(count):
    """The items in box[:] are those of the box; the list around them is another one."""
    box = ListContainer([[i] for i in range(count)])
    for idx in (slice(None), [*range(count)], [True] * count):
        found = box[idx]
        found[0].append("in the item")
        assert_same(box.items[0].pop(), "in the item")
        found.append("in the list")
        assert_same(len(box), count)


@law("ListContainer", "like an array", "An array or tensor of ints", "None of this imports torch")
@fewer
@given(with_list.filter(lambda case: case[1]))
@example((["a", "b", "c"], [2, 0, 0, -1]))
@example((["a", "b"], [1]))
def test_an_array_or_tensor_of_ints_holds_places(case):
    """box[np.array([2, 0])] and box[torch.tensor([2, 0])] are box[[2, 0]]."""
    xs, idx = case
    wanted = [xs[i] for i in idx]
    for array in arrays(idx):
        with without_torch():
            found = ListContainer(list(xs))[array]
        assert_same(found, wanted)


@law("ListContainer", "like an array", "bools counts as the list that it holds, even")
@fewer
@given(with_mask)
@example((["a", "b", "c"], [False, True, True]))
@example((["a"], [True]))
@example((["a"], [False]))
def test_an_array_or_tensor_of_bools_is_a_mask(case):
    """box[np.array([True, False])] and box[torch.tensor([True, False])] are box[[True, False]]."""
    xs, mask = case
    wanted = [x for x, keep in zip(xs, mask, strict=True) if keep]
    for array in arrays(mask):
        with without_torch():
            found = ListContainer(list(xs))[array]
        assert_same(found, wanted)


@law("ListContainer", "A numpy integer or a 0-d tensor counts as the int that it holds.")
@fewer
@given(with_place)
@example((["a", "b", "c"], 1))
@example((["a", "b", "c"], -1))
def test_a_numpy_integer_or_a_tensor_without_dimensions_is_an_int(case):
    """box[np.array([2, 0])[0]] and box[torch.tensor(2)] are box[2]."""
    xs, i = case
    for array in arrays([i]):
        with without_torch():
            found = ListContainer(list(xs))[array[0]]
        assert_that(found is xs[i], f"got another item than {xs[i]!r}", found, xs[i])


@law(
    "ListContainer",
    "Raises IndexError for a place outside the box, and for a mask that isn't as long as",
    "for a mask that isn't as long as the box",
)
@fewer
@given(with_wrong_mask)
@example((["a", "b", "c"], [True, False]))
@example((["a"], [True, False]))
@example((["a", "b"], [False] * 3))
def test_a_mask_of_another_length_is_an_index_error(case):
    """A mask that is shorter or longer than the items raises IndexError."""
    xs, mask = case
    for idx in (mask, *arrays(mask)):
        with assert_raises(IndexError) as came:
            came.append(ListContainer(list(xs))[idx])


@law("ListContainer", "IndexError for a place outside")
@fewer
@given(items, st.integers(0, 3))
@example(["a"], 0)
def test_a_place_outside_is_an_index_error(xs, beyond):
    """A place below -len(box), or from len(box) up, raises IndexError, in a list of places too."""
    for outside in (len(xs) + beyond, -len(xs) - 1 - beyond):
        for idx in (outside, [0, outside], Array([0, outside])):
            with assert_raises(IndexError) as came:
                came.append(ListContainer(list(xs))[idx])


@law(
    "ListContainer",
    "`box[i] = o` and `del box[i]` work as for the list",
    "Raises IndexError for a place outside the box, and for a mask that isn't as long as",
)
@fewer
@given(items, st.integers(0, 3))
@example(["a"], 0)
def test_a_place_outside_is_neither_assigned_nor_deleted(xs, beyond):
    """box[len(box)] = o and del box[len(box)] raise IndexError, and all items stay."""
    for outside in (len(xs) + beyond, -len(xs) - 1 - beyond):
        box = ListContainer(list(xs))
        with assert_raises(IndexError):
            box[outside] = "new"
        with assert_raises(IndexError):
            del box[outside]
        assert_same([*box], xs)


@law("ListContainer", "`box[i] = o`")
@fewer
@given(with_place)
@example((["a", "b", "a"], -1))
def test_assignment_puts_an_item_in_the_place_of_another(case):
    """After box[i] = o the item at i is o, in the list in the box too, and all others stay."""
    xs, i = case
    kept, wanted = list(xs), list(xs)
    box = ListContainer(kept)
    wanted[i] = "new"
    box[i] = "new"
    assert_same([[*box], box[i], len(box), kept], [wanted, "new", len(xs), wanted])


@law("ListContainer", "`del box[i]`")
@fewer
@given(with_place)
@example((["a", "b", "a"], 2))
def test_deletion_takes_away_the_item_at_its_place(case):
    """After del box[i] the item at i is gone, from the list in the box too, and all others stay."""
    xs, i = case
    kept, wanted = list(xs), list(xs)
    box = ListContainer(kept)
    del wanted[i]
    del box[i]
    assert_same([[*box], len(box), kept], [wanted, len(xs) - 1, wanted])


@law("ListContainer", "`box[i] = o` and `del box[i]` work as for the list", "slices included")
@fewer
@given(items, st.integers(0, 3), st.integers(0, 3))
@example(["a", "b", "c"], 1, 3)
def test_slices_are_assigned_and_deleted_as_those_of_a_list(xs, start, stop):
    """box[1:3] = [o] puts one item in the place of two, and del box[1:3] takes both away.

    box[1:3] = "new" puts three letters there, as in any list.
    """
    for new in (["new"], [], "new", ("new",)):
        box, wanted = ListContainer(list(xs)), list(xs)
        wanted[start:stop] = new
        box[start:stop] = new
        assert_same([*box], wanted)
    box, wanted = ListContainer(list(xs)), list(xs)
    del wanted[start:stop]
    del box[start:stop]
    assert_same([*box], wanted)


@law(
    "ListContainer",
    "The length of a box, loops over it",
    "The length of a box, loops over it, `box[i] = o` and `del box[i]` work as for the",
)
@fewer
@given(items, items)
@example(["a"], ["b", "c"])
def test_each_box_has_its_own_items(xs, others):
    """A box made later leaves those made before unchanged."""
    one, other = ListContainer(list(xs)), ListContainer(list(others))
    other[0] = "new"
    assert_same([[*one], [*other]], [xs, ["new", *others[1:]]])
    assert_same([len(one), len(other)], [len(xs), len(others)])


@law("ListContainer", "the name of the box's own class, the number of items, and the first ten")
@fewer
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
    assert_that(cls.__name__ in text, "the name of the class is missing", text, cls.__name__)
    assert_same([o for o in found if o >= 1000], xs[:10])
    assert_that(count in found, f"the number of items, {count}, is missing", text, str(count))


@law("ListContainer", "followed by `...` if there are more")
@fewer
@given(st.integers(0, 40))
@example(10)
@example(11)
def test_repr_ends_in_dots_where_there_are_more(count):
    """`...` comes after the tenth item if there are more than ten, and else not at all."""
    text = repr(ListContainer([*range(1000, 1000 + count)]))
    before, dots, _ = text.partition("...")
    assert_same(dots, "..." if count > 10 else "")
    last = str(999 + min(count, 10)) if count else ""
    assert_that(last in before, f"the dots stand before {last}", text, f"{last}, ...")


@law(
    "ListContainer",
    "`repr(box)` contains the name of the box's own class, the number of items, and the",
    "The rest of the format is",
)
@fewer
@given(st.integers(1, 12))
@example(11)
def test_repr_tells_how_the_box_is_now(count):
    """After items have been taken away, repr(box) is that of a box with the others alone."""
    box = ListContainer([*range(1000, 1000 + count)])
    repr(box)
    del box[0]
    assert_same(repr(box), repr(ListContainer([*range(1001, 1000 + count)])))
