"""The laws of labels."""

import copy
import pickle
from collections import Counter
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from checks.laws import assert_raises, assert_same, assert_that, law, unchanged
from checks.words.containers import Row
from checks.words.folders import folder_of
from checks.words.items import (
    add_three,
    double,
    fetching,
    item_numbers,
    odd_items,
    several_of_numbers,
)
from checks.words.labels import (
    UNSEEN,
    Backwards,
    LessTheLeast,
    Plus,
    Property,
    Times,
    class_names,
    label_lists,
    odd_lists,
    set_folders,
)
from katas.item_lists import ItemList
from katas.labels import (
    CategoryProcessor,
    LabeledData,
    OtherCategoryProcessor,
    SplitData,
    grandparent_splitter,
    label_by_func,
    parent_labeler,
    split_by_func,
)

answers = st.sampled_from([True, False, None])
kinds = st.sampled_from([str, Path])
orders = st.sampled_from([None, -1, 0, 1])
words = st.lists(class_names, min_size=1, max_size=8)


@law(
    "grandparent_splitter",
    "Whether the file `fn` is for validation, going by the name of the folder above its",
    "True for `valid_name`, False for `train_name`, None for any other name",
)
@given(set_folders, set_folders, set_folders, kinds)
@example("data", "valid", "tench", Path)
@example("data", "train", "tench", str)
@example("valid", "test", "train", Path)
@example("data", "validation", "valid", Path)
@example("data", "invalid", "valid", str)
@example("data", "valid.old", "tench", Path)
@example("data", " valid", "tench", Path)
def test_the_folder_above_the_folder_decides(above, grandparent, parent, kind):
    """True under valid/*/, False under train/*/, None under anything else."""
    wanted = {"valid": True, "train": False}.get(grandparent)
    fn = Path(above, grandparent, parent, "valid.jpg")
    assert_same(grandparent_splitter(kind(fn)), wanted)


@law("grandparent_splitter", "True for `valid_name`, False for `train_name`")
@given(set_folders, st.permutations(["val", "learn", "valid", "train"]), kinds)
@example("val", ["val", "learn", "valid", "train"], Path)
@example("train", ["val", "learn", "valid", "train"], Path)
def test_the_two_names_may_be_others(grandparent, names, kind):
    """valid_name and train_name take the places of "valid" and "train"."""
    fn, (valid, train, *_) = kind(Path("data", grandparent, "tench", "1.jpg")), names
    wanted = {valid: True, train: False}.get(grandparent)
    assert_same(grandparent_splitter(fn, valid_name=valid, train_name=train), wanted)
    assert_same(grandparent_splitter(fn, valid, train), wanted)


@law(
    "grandparent_splitter",
    "True for `valid_name`, False for `train_name`, None for any other name or if there",
)
@given(st.sampled_from(["1.jpg", "valid/1.jpg", "train/1.jpg", "/1.jpg"]), kinds)
def test_a_file_without_two_folders_above_is_in_neither_set(name, kind):
    """None for a path that is too short to have a grandparent."""
    assert_same(grandparent_splitter(kind(name)), None)


@law("grandparent_splitter", "by the name of the folder above its folder.")
@given(st.sampled_from(["valid", "test"]), kinds)
def test_the_name_is_the_one_in_the_path_also_of_a_link(name, kind):
    """A folder of that name counts, wherever it leads to."""
    with folder_of(["train/tench/1.jpg"]) as path:
        (path / name).symlink_to(path / "train", target_is_directory=True)
        fn = path / name / "tench" / "1.jpg"
        assert_same(grandparent_splitter(kind(fn)), {"valid": True}.get(name))


@law(
    "split_by_func",
    "The lists (train, valid) of the items for which `f` returns False and True, in their order.",
    "An item is dropped if `f` returns",
    "The items may come from a generator.",
)
@given(
    st.lists(st.tuples(st.integers(0, 3), answers), max_size=8),
    st.sampled_from([list, tuple, iter]),
)
@example([(1, True), (0, False), (2, None), (0, True)], list)
@example([(1, True), (0, False), (2, None), (0, True)], iter)
@example([(0, None)], list)
@example([], list)
def test_items_go_where_their_answer_says(pairs, form):
    """Two lists: the items that f answers with False, and those with True; None is dropped."""
    items = list(enumerate(pairs))
    wanted = tuple([o for o in items if o[1][1] is side] for side in (False, True))
    assert_same(split_by_func(form(items), lambda o: o[1][1]), wanted)


@law("split_by_func", "The lists (train, valid) of the items")
@given(odd_items, answers)
@example([0, 0, None], False)
@example([0, "", 0], True)
def test_items_are_kept_whatever_they_are(items, answer):
    """An item that is empty, 0, None, or there twice is an item like any other."""
    wanted = tuple(items if answer is side else [] for side in (False, True))
    with unchanged(items=items):
        assert_same(split_by_func(items, lambda o: answer), wanted)


@law("split_by_func", "the items for which `f` returns False and True, in their order.")
@given(st.lists(answers, min_size=2, max_size=5))
@example([True, False])
def test_items_may_be_arrays(found):
    """Items that can't be compared, as arrays can't, go where their answer says."""
    items = [Row([i, i]) for i in range(len(found))]
    wanted = tuple([i for i, o in enumerate(found) if o is side] for side in (False, True))
    parts = split_by_func(items, lambda o: found[o[0]])
    assert_same(tuple([o[0] for o in part] for part in parts), wanted)


@law(
    "SplitData",
    "A training set and a validation set, kept in `train` and `valid`.",
    "other attribute, property or method is looked up in `train`",
)
@given(st.integers(0, 9), st.integers(10, 19))
@example(1, 12)
def test_train_answers_for_what_split_data_lacks(a, b):
    """sd.train and sd.valid are those given; attributes, properties and methods are train's."""
    train, valid = Property(a), Property(b)
    sd = SplitData(train, valid)
    assert_that(sd.train is train, "`train` is another object", sd.train, train)
    assert_that(sd.valid is valid, "`valid` is another object", sd.valid, valid)
    assert_same([sd.shade, sd.colour, sd.paint(5), sd.kind], [a, 2 * a, a + 5, "of the class"])
    assert_same(sd._tone, a)


@law("SplitData", "each time you")
@given(st.integers(0, 9), st.integers(10, 19))
@example(1, 12)
def test_what_changes_in_train_changes_in_split_data(a, b):
    """After train.shade has changed, or sd.train is another set, sd.shade is the new one."""
    sd = SplitData(Property(a), Property(a))
    found = [sd.shade]
    sd.train.shade = b
    found.append(sd.shade)
    sd.train = Property(b + 1)
    assert_same([*found, sd.shade, sd.colour], [a, b, b + 1, 2 * b + 2])


@law("SplitData", "One that `train` doesn't have raises AttributeError.")
@given(st.sampled_from(["size", "shape", "_anything"]))
def test_an_attribute_that_train_lacks_is_an_attribute_error(name):
    """getattr(sd, name) raises AttributeError where sd.train has no such attribute."""
    valid = Property(1)
    setattr(valid, name, 1)
    sd = SplitData(Property(1), valid)
    with assert_raises(AttributeError) as came:
        came.append(getattr(sd, name))


@law("SplitData", "`pickle` and `copy` work.")
@given(item_numbers, item_numbers, st.sampled_from([pickle, copy.copy, copy.deepcopy]))
@example([1], [2], pickle)
@example([1], [2], copy.copy)
@example([1], [2], copy.deepcopy)
def test_split_data_survives_pickle_and_copy(train, valid, way):
    """After pickle, copy and deepcopy both sets are there, and train answers for the rest."""
    sd = SplitData(ItemList(list(train), "here"), ItemList(list(valid)))
    other = pickle.loads(pickle.dumps(sd)) if way is pickle else way(sd)
    assert_same([type(other), other.train[:], other.valid[:]], [SplitData, train, valid])
    assert_same([other.path, len(other.items)], [Path("here"), len(train)])
    assert_same([sd.train[:], sd.valid[:]], [train, valid])


@law(
    "SplitData",
    "The items of `il` split by `f`, as the function",
    "Both sets are lists of the class of `il`, with its path and transforms.",
)
@given(item_numbers, st.integers(-9, 9))
@example([1, 2, 3], 2)
def test_a_list_is_split_into_two_of_its_kind(xs, border):
    """SplitData.split_by_func(il, f) asks f of il's items; class, path and transforms stay."""
    tens = fetching(ItemList, lambda item: 10 * item)
    il = tens(list(xs), "here", tfms=double)
    wanted = [x for x in xs if x < border], [x for x in xs if x > border]
    sd = SplitData.split_by_func(il, lambda x: None if x == border else x > border)
    assert_same([type(sd), list(il.items)], [SplitData, xs])
    for found, items in zip((sd.train, sd.valid), wanted, strict=True):
        assert_same([type(found), found.path, list(found.items)], [tens, Path("here"), items])
        assert_same(found[:], [20 * x for x in items])


@law(
    "CategoryProcessor",
    "whole numbers from 0 up, and back.",
    "`proc(labels)` is the list of the labels' numbers; the labels may come from a",
    "each label once, in order of first appearance",
    "the labels, each at the index that is its number; None before the first call",
)
@given(label_lists, st.sampled_from([list, tuple, iter]))
@example(["tench", "church", "tench"], list)
@example(["tench", "church", "tench"], iter)
@example([0, "0", 0], list)
@example(["tench", "church", "springer", "golf", "horn", "cassette"], list)
def test_classes_are_numbered_from_0_as_they_first_appear(labels, form):
    """proc(labels) is [vocab.index(label) for each label], vocab each label once, as they come."""
    vocab = list(dict.fromkeys(labels))
    proc = CategoryProcessor()
    before = proc.vocab
    assert_same(proc(form(labels)), [vocab.index(label) for label in labels])
    assert_same([before, proc.vocab], [None, vocab])


@law(
    "CategoryProcessor",
    "The number of one label.",
    "The label",
    "list of the labels with these numbers.",
)
@given(label_lists, st.sampled_from([list, tuple, iter]))
@example(["tench", "church", "tench"], list)
def test_every_number_leads_back_to_its_label(labels, form):
    """deprocess(proc(labels)) == labels, and deproc1(proc1(label)) == label."""
    proc = CategoryProcessor()
    found = proc(list(labels))
    assert_same([proc.proc1(label) for label in labels], found)
    assert_same([proc.deproc1(i) for i in found], labels)
    assert_same(proc.deprocess(form(found)), labels)


@law("CategoryProcessor", "No later call changes the vocabulary")
@given(words, words)
@example(["tench", "church"], ["church", "tench"])
@example(["tench", "church"], ["church"])
def test_the_first_call_alone_makes_the_vocabulary(train, valid):
    """Labels of later calls have the numbers that they have in the training set."""
    proc, labels, vocab = CategoryProcessor(), list(train), list(dict.fromkeys(train))
    proc(labels)
    labels.insert(0, UNSEEN)  # the list is yours, and not the vocabulary
    later = [label for label in valid if label in vocab]
    assert_same(proc(later), [vocab.index(label) for label in later])
    assert_same([proc([]), proc.vocab], [[], vocab])


@law("CategoryProcessor", "The first call makes the vocabulary, even with no labels")
@given(words)
def test_the_first_call_makes_a_vocabulary_of_no_labels_too(labels):
    """After proc([]), vocab is [], and every label is unseen; so undoing nothing raises nothing."""
    proc = CategoryProcessor()
    assert_same([proc([]), proc.vocab, proc.deprocess([])], [[], [], []])
    with assert_raises(ValueError, labels[0]) as came:
        came.append(proc(list(labels)))
    assert_same(proc.vocab, [])


@law(
    "CategoryProcessor",
    "A label that is not in the vocabulary raises a ValueError that names it and the vocabulary.",
)
@given(words)
@example(["tench", "church"])
@example(["tench", "church", "springer", "golf", "horn", "cassette"])
def test_an_unseen_label_is_an_error_that_names_it_and_the_vocabulary(train):
    """proc and proc1 raise ValueError with the label and all known labels; it stays unseen."""
    proc = CategoryProcessor()
    found = proc(list(train))
    with assert_raises(ValueError, UNSEEN, *train) as came:
        came.append(proc([train[0], UNSEEN]))
    for label in (UNSEEN, 404, UNSEEN):
        with assert_raises(ValueError, str(label), *train) as came:
            came.append(proc.proc1(label))
    assert_same(proc(list(train)), found)


NEEDS = [("proc1", "tench"), ("deproc1", 0), ("deproc1", -1), ("deprocess", [0])]
NEEDS += [("deprocess", []), ("deprocess", (1, 0))]


@law(
    "CategoryProcessor",
    "Before the first call, `proc1`, `deproc1` and `deprocess` raise ValueError",
    "for an empty",
)
@given(st.sampled_from(NEEDS))
@example(NEEDS[0])
@example(NEEDS[4])
def test_without_a_vocabulary_every_question_is_an_error(question):
    """proc1, deproc1 and deprocess raise ValueError on a processor that was never called."""
    (name, argument), proc = question, CategoryProcessor()
    with assert_raises(ValueError) as came:
        came.append(getattr(proc, name)(argument))
    assert_same(proc(["church"]), [0])


@law("CategoryProcessor", "vocab a list")
@given(words, words)
@example(["tench"], ["church", "tench"])
def test_each_processor_has_a_vocabulary_of_its_own(one, two):
    """A processor does not know the labels of another; the lists of labels stay unchanged."""
    first, second = CategoryProcessor(), CategoryProcessor()
    with unchanged(one=one, two=two):
        found = [first(one), second(two)]
    assert_same([first.deprocess(found[0]), second.deprocess(found[1])], [one, two])


@law("parent_labeler", "The name of the folder that the file `fn` is in.")
@given(set_folders, set_folders, kinds)
@example("train", "n01.440", Path)
@example("train", "tench", str)
@example("train", " Golden Retriever", Path)
@example("train", "golf_ball", str)
def test_the_label_is_the_name_of_the_folder(grandparent, parent, kind):
    """parent_labeler("train/tench/1.jpg") == "tench", a str."""
    assert_same(parent_labeler(kind(Path("data", grandparent, parent, "horn.jpg"))), parent)
    assert_same(parent_labeler(kind(Path(parent, "1.jpg"))), parent)


@law("parent_labeler", "The name of the folder that the file `fn` is in.")
@given(st.sampled_from(["tench", "church"]), kinds)
def test_a_link_to_a_file_is_in_its_own_folder(name, kind):
    """The folder is that of the link, wherever the link leads to."""
    with folder_of(["store/1.jpg", f"{name}/2.jpg"]) as path:
        fn = path / name / "1.jpg"
        fn.symlink_to(path / "store" / "1.jpg")
        assert_same(parent_labeler(kind(fn)), name)


@law(
    "LabeledData",
    "Inputs with their labels: `ld[i]` is the tuple `(x[i], y[i])`, and `len(ld)`",
    "x, y item lists of equal length, with a label in `y` for each input in `x`",
)
@given(several_of_numbers, st.integers(1, 9))
@example(([1, 2, 3], (slice(0, 2), [0, 1])), 5)
def test_an_index_is_answered_by_input_and_label(case, amount):
    """ld[i] is (x[i], y[i]) of the processed lists, for a slice, list or mask too."""
    xs, (idx, places) = case
    tens = fetching(ItemList, lambda item: 10 * item)
    x, y = tens(list(xs), tfms=double), ItemList([3 * o for o in xs])
    ld = LabeledData(x, y, Times(-1), Plus(amount))
    pairs = [(-20 * o, 3 * o + amount) for o in xs]
    assert_same([ld[0], ld[-1], len(ld)], [pairs[0], pairs[-1], len(xs)])
    assert_same(ld[idx], ([pairs[i][0] for i in places], [pairs[i][1] for i in places]))


@law(
    "LabeledData",
    "`ld.x` and `ld.y` hold the processed items in lists of the same class, path and",
    "The lists that you pass in stay unchanged.",
)
@given(item_numbers, st.integers(1, 9))
@example([1, 2], 5)
def test_the_lists_keep_class_path_and_transforms(xs, amount):
    """ld.x is x.new of the processed items, ld.y is y.new of those; x and y stay unchanged."""
    tens = fetching(ItemList, lambda item: 10 * item)
    x, y = tens(list(xs), "xs", tfms=double), ItemList([3 * o for o in xs], "ys", tfms=add_three)
    ld = LabeledData(x, y, Times(-1), Plus(amount))
    assert_same([type(ld.x), ld.x.path, list(ld.x.items)], [tens, Path("xs"), [-o for o in xs]])
    wanted = [ItemList, Path("ys"), [3 * o + amount for o in xs], 3 * xs[0] + amount + 3]
    assert_same([type(ld.y), ld.y.path, list(ld.y.items), ld.y[0]], wanted)
    assert_same([list(x.items), list(y.items)], [xs, [3 * o for o in xs]])


@law("LabeledData", "proc_x, proc_y None, one processor or several")
@given(item_numbers, st.integers(1, 9), st.sampled_from([list, tuple]))
@example([1, 2], 5, list)
def test_processors_may_be_none_or_one_or_several(xs, amount, form):
    """Without proc_x or proc_y the items of that list stay; two processors follow each other."""
    x, y = ItemList(list(xs)), ItemList([3 * o for o in xs])
    plain, only_y = LabeledData(x, y), LabeledData(x, y, proc_y=Plus(amount))
    only_x = LabeledData(x, y, form([Plus(amount), Times(-1)]))
    assert_same([plain[0], plain.x_obj(0), plain.y_obj(0)], [(xs[0], 3 * xs[0]), xs[0], 3 * xs[0]])
    assert_same([only_y[0], only_y.y_obj(0)], [(xs[0], 3 * xs[0] + amount), 3 * xs[0]])
    assert_same([only_x[0], only_x.x_obj(0)], [(-(xs[0] + amount), 3 * xs[0]), xs[0]])


@law(
    "LabeledData",
    "each called once, on the whole list of items",
    "returns the processed list.",
)
@given(item_numbers)
@example([3, 1, 2])
def test_a_processor_sees_the_whole_list_once(xs):
    """A processor that subtracts the least item is called with all items, and once."""
    one, two, il = LessTheLeast(), LessTheLeast(), ItemList(list(xs), tfms=double)
    ld = LabeledData(il, il, one, two)
    results = [ld[0], ld.x_obj(0), ld.y_obj(slice(None))]
    assert_same([len(results), one.calls, two.calls], [3, [xs], [xs]])
    assert_same(list(ld.x.items), [o - min(xs) for o in xs])


@law("LabeledData", "each called once, on the whole list of items")
@given(st.sampled_from([[], ()]))
def test_a_list_without_items_is_processed_too(nothing):
    """A processor is called with [] where x or y is empty, so a vocabulary of no labels is made."""
    proc_x, proc_y = LessTheLeast(), CategoryProcessor()
    ld = LabeledData(ItemList(nothing), ItemList(nothing), proc_x, proc_y)
    assert_same([len(ld), proc_x.calls, proc_y.vocab], [0, [[]], []])


@law(
    "LabeledData",
    "one input for an int, else a list of inputs",
    "`p.deproc1(item)` undoes it for one item and `p.deprocess(items)` for a list.",
)
@given(odd_lists, odd_lists)
@example([[1, 2], [3]], [["cat"], []])
def test_one_object_may_itself_be_a_list(xs, ys):
    """An input or a label that is a list is one item, which `deproc1` undoes."""
    xs, ys = xs[: len(ys)], ys[: len(xs)]
    ld = LabeledData(ItemList(list(xs)), ItemList(list(ys)), Backwards(), [Backwards()])
    assert_same(ld[0], (xs[0][::-1], ys[0][::-1]))
    assert_same([ld.x_obj(0), ld.y_obj(0)], [xs[0], ys[0]])
    assert_same([ld.x_obj(slice(None)), ld.y_obj(slice(None))], [xs, ys])


@law(
    "LabeledData",
    "`x[idx]` with the processors undone: one input for an int, else a list of inputs.",
    "The same of the labels: `y[idx]` with the processors undone.",
    "`idx` is an int, slice, list or mask.",
    "`p.deproc1(item)` undoes it for one item and `p.deprocess(items)` for a list.",
)
@given(several_of_numbers, st.integers(1, 9))
@example(([1, 2, 3], (slice(0, 1), [0])), 5)
@example(([1, 2, 3], ([2, 0], [2, 0])), 5)
@example(([1, 2, 3], ([True, False, True], [0, 2])), 5)
def test_objects_are_those_before_the_processors(case, amount):
    """x_obj(i) and y_obj(i) are the items that x and y were made with, and lists for a slice."""
    xs, (idx, places) = case
    ld = LabeledData(
        ItemList(list(xs)), ItemList([3 * o for o in xs]), Times(-1), [Plus(amount), Times(2)]
    )
    assert_same([ld.x_obj(0), ld.y_obj(0)], [xs[0], 3 * xs[0]])
    assert_same([ld.x_obj(-1), ld.y_obj(-1)], [xs[-1], 3 * xs[-1]])
    assert_same([ld.x_obj(idx), ld.y_obj(idx)], [[c * xs[i] for i in places] for c in (1, 3)])


@law(
    "LabeledData",
    "`x[idx]` with the processors undone: one input for an int, else a list of inputs.",
    "The same of the labels: `y[idx]` with the processors undone.",
)
@given(item_numbers, st.integers(1, 9))
@example([1, 2], 5)
def test_objects_are_fetched_and_transformed_as_x_and_y_are(xs, amount):
    """x_obj undoes the processors of x[idx], which is fetched and transformed; y_obj, of y[idx]."""
    x = fetching(ItemList, lambda item: 10 * item)(list(xs), tfms=double)
    y = ItemList([3 * o for o in xs], tfms=add_three)
    ld = LabeledData(x, y, Times(-1), Plus(amount))
    assert_same([ld.x_obj(0), ld.y_obj(0)], [20 * xs[0], 3 * xs[0] + 3])
    every = slice(None)
    assert_same([ld.x_obj(every), ld.y_obj(every)], [[20 * o for o in xs], [3 * o + 3 for o in xs]])


@law("LabeledData", "The processor that was applied last is undone first.")
@given(item_numbers, st.integers(1, 9), orders, orders)
@example([1], 5, None, None)
@example([1], 5, 1, -1)
@example([1], 5, 1, None)
def test_what_was_applied_last_is_undone_first(xs, amount, first, second):
    """With [p, q], whatever their `_order`, x_obj and y_obj lead back to the items, every time."""
    procs = [Plus(amount, first), Times(-2, second)]
    ld = LabeledData(ItemList(list(xs)), ItemList(list(xs)), procs, tuple(procs[::-1]))
    for _ in range(2):
        assert_same([ld.x_obj(0), ld.y_obj(0)], [xs[0], xs[0]])
        assert_same([ld.x_obj(slice(None)), ld.y_obj(slice(None))], [xs, xs])
    assert_same([str(o) for o in procs], [str(Plus(amount, first)), str(Times(-2, second))])


@law(
    "LabeledData",
    "`il` as `x`, and an `ItemList` of `f(item)` for each item of",
)
@given(item_numbers, st.integers(1, 9))
@example([1, 2], 5)
def test_a_list_is_labelled_by_a_function_of_its_items(xs, amount):
    """LabeledData.label_by_func(il, f) has x = il and y = ItemList of f of il's items."""
    tens = fetching(ItemList, lambda item: 10 * item)
    il = tens(list(xs), "here", tfms=double)
    ld = LabeledData.label_by_func(il, lambda o: o - 1)
    both = LabeledData.label_by_func(il, lambda o: o - 1, Times(-1), proc_y=Plus(amount))
    assert_same([type(ld), type(ld.x), type(ld.y)], [LabeledData, tens, ItemList])
    assert_same([ld.x.path, ld[0], len(ld)], [Path("here"), (20 * xs[0], xs[0] - 1), len(xs)])
    assert_same([both[0], both.y_obj(0)], [(-20 * xs[0], xs[0] - 1 + amount), xs[0] - 1])


@law(
    "label_by_func",
    "The SplitData of two `LabeledData`: `sd.train` labelled by `f`, and then `sd.valid`.",
    "proc_x, proc_y the processors of both sets: a vocabulary made from the training",
)
@given(words, words, kinds)
@example(["tench", "church"], ["church"], Path)
@example(["church", "tench"], ["tench", "church"], str)
def test_the_training_set_numbers_the_labels_of_both(train, valid, kind):
    """Numbers are those of the training labels alone, in both sets."""
    vocab = list(dict.fromkeys(train))
    sides = train, [label for label in valid if label in vocab]
    lists = [ItemList([kind(Path(o, "1.jpg")) for o in side]) for side in sides]
    sd = label_by_func(SplitData(*lists), parent_labeler, proc_y=CategoryProcessor())
    for ld, labels in zip((sd.train, sd.valid), sides, strict=True):
        assert_same(list(ld.y.items), [vocab.index(label) for label in labels])
        assert_same(ld.y_obj(slice(None)), labels)


@law("label_by_func", "proc_x, proc_y the processors of both sets")
@given(item_numbers, item_numbers)
@example([1, 2], [3])
def test_both_sets_share_each_processor(train, valid):
    """Each processor is called with the training items and then with those for validation."""
    sd = SplitData(ItemList(list(train)), ItemList(list(valid)))
    proc_x, proc_y = LessTheLeast(), LessTheLeast()
    labelled = label_by_func(sd, lambda o: 10 * o, proc_x, proc_y)
    assert_same(proc_x.calls, [train, valid])
    assert_same(proc_y.calls, [[10 * o for o in items] for items in (train, valid)])
    least = min(train)
    for ld, items in ((labelled.train, train), (labelled.valid, valid)):
        wanted = [(o - least, 10 * (o - least)) for o in items]
        assert_same([ld[i] for i in range(len(ld))], wanted)


@law("label_by_func", "`sd.train` labelled by `f`, and then `sd.valid`.")
@given(item_numbers, item_numbers)
@example([1, 2], [3])
def test_training_is_labelled_first(train, valid):
    """`f` is called on the training items first and on those for validation last."""
    asked = []
    sd = SplitData(ItemList(list(train)), ItemList(list(valid)))
    label_by_func(sd, lambda o: asked.append(o) or o)
    assert_same([asked[: len(train)], asked[-len(valid) :]], [train, valid])


@law("label_by_func", "proc_x, proc_y the processors of both sets", "`sd` is left unchanged.")
@given(item_numbers, item_numbers, st.integers(1, 9))
@example([1, 2], [3], 5)
def test_both_sets_have_all_the_processors(train, valid, amount):
    """With [p, q] for x and for y, each item of both sets is q(p(item))."""
    sd = SplitData(ItemList(list(train)), ItemList(list(valid)))
    procs_x, procs_y = [Times(2), Plus(amount)], [Plus(amount), Times(2)]
    labelled = label_by_func(sd, lambda o: 10 * o, procs_x, procs_y)
    for ld, items in ((labelled.train, train), (labelled.valid, valid)):
        wanted = [(2 * o + amount, 2 * (10 * o + amount)) for o in items]
        assert_same([ld[i] for i in range(len(ld))], wanted)
    assert_same([sd.train[:], sd.valid[:]], [train, valid])


@law(
    "label_by_func",
    "The SplitData of two `LabeledData`",
    "`f` is called on the items themselves, not on the transformed ones.",
    "`sd` is left unchanged.",
)
@given(item_numbers, item_numbers)
@example([1], [2])
def test_without_processors_labels_are_what_f_returns(train, valid):
    """The result is the SplitData of (item, f(item)); the split data that came in is unlabelled."""
    tens = fetching(ItemList, lambda item: 10 * item)
    sd = SplitData(tens(list(train), "here", tfms=double), tens(list(valid), tfms=double))
    labelled = label_by_func(sd, lambda o: f"number {o}")
    found = [labelled, labelled.train, labelled.valid]
    assert_same([type(o) for o in found], [SplitData, LabeledData, LabeledData])
    for ld, items in ((labelled.train, train), (labelled.valid, valid)):
        assert_same([ld[i] for i in range(len(ld))], [(20 * o, f"number {o}") for o in items])
        assert_same(type(ld.x), tens)
    assert_same([sd.train[:], sd.valid[:]], [[20 * o for o in side] for side in (train, valid)])


@law(
    "label_by_func",
    "proc_x, proc_y the processors of both sets: a vocabulary made from the training",
)
@given(words, words)
@example(["tench"], ["tench"])
def test_a_label_that_is_new_in_the_validation_set_is_an_error(train, valid):
    """A label that only the validation set has raises the processor's error, which names it."""
    known = [label for label in valid if label in train]
    sd = SplitData(ItemList(list(train)), ItemList([*known, UNSEEN]))
    with assert_raises(ValueError, UNSEEN) as came:
        came.append(label_by_func(sd, str, proc_y=CategoryProcessor()))


@law(
    "OtherCategoryProcessor",
    "A category processor with one more class, for labels that are rare or new.",
    "min_count a label seen fewer times in the first call becomes `other`",
    "The number of one label, that of `other` for a rare or new one.",
)
@given(words, st.integers(1, 4), st.sampled_from(["other", "rest", -1, ""]))
@example(["tench", "tench", "church"], 2, "other")
@example(["tench", "tench", "church"], 2, -1)
@example(["tench", "tench", "church"], 3, "rest")
@example(["tench", "church"], 1, "other")
@example(["tench", "tench", "church"], 2, "")
def test_rare_labels_become_other(labels, min_count, other):
    """A label seen min_count times or more in training stays; one seen fewer times is other."""
    counts = Counter(labels)
    wanted = [label if counts[label] >= min_count else other for label in labels]
    proc = OtherCategoryProcessor(min_count=min_count, other=other)
    found = proc(iter(labels))
    assert_same(proc.deprocess(found), wanted)
    assert_same([[proc.proc1(label) for label in labels], {*map(type, found)}], [found, {int}])


@law("OtherCategoryProcessor", "min_count a label seen fewer times")
@given(words)
@example(["tench", "tench", "church"])
def test_two_times_is_often_enough_unless_said_otherwise(labels):
    """OtherCategoryProcessor() is OtherCategoryProcessor(2, "other")."""
    wanted = [label if labels.count(label) >= 2 else "other" for label in labels]
    for proc in (OtherCategoryProcessor(), OtherCategoryProcessor(2, "other")):
        assert_same([proc.deproc1(i) for i in proc(list(labels))], wanted)


@law(
    "OtherCategoryProcessor",
    "label that isn't in the vocabulary becomes `other`.",
)
@given(words, st.lists(class_names, max_size=6), st.integers(1, 3))
@example(["tench", "tench", "church"], ["church", "church", "tench"], 2)
@example(["tench"], ["tench"], 1)
def test_what_comes_later_changes_no_class(train, later, min_count):
    """In later calls an unseen label is other, and so is a rare one, however often it comes."""
    kept = [label for label in dict.fromkeys(train) if train.count(label) >= min_count]
    later = [*later, UNSEEN, UNSEEN, UNSEEN]
    proc, labels = OtherCategoryProcessor(min_count), list(train)
    first, vocab = proc(labels), list(proc.vocab)
    labels += [UNSEEN] * 3
    wanted = [label if label in kept else "other" for label in later]
    assert_same(proc.deprocess(proc(list(later))), wanted)
    assert_same([proc.deproc1(proc.proc1(label)) for label in later], wanted)
    assert_same([proc(list(train)), list(proc.vocab)], [first, vocab])


@law(
    "OtherCategoryProcessor",
    "other the name of that class, which is in the vocabulary once, even if no label is",
    "The order of the vocabulary is",
)
@given(st.lists(class_names | st.sampled_from(["other", "Other"]), max_size=8), st.integers(1, 3))
@example(["other", "other", "tench", "tench"], 2)
@example(["Other"], 1)
@example(["other", "tench", "tench"], 2)
@example(["tench"], 1)
@example([], 1)
def test_other_is_one_class_next_to_those_that_are_kept(labels, min_count):
    """k labels that are kept and other have the numbers 0 to k, also if a label is "other"."""
    kept = {o for o in labels if labels.count(o) >= min_count} - {"other"}
    proc = OtherCategoryProcessor(min_count)
    proc(list(labels))
    assert_same(sorted(proc.vocab), sorted([*kept, "other"]))
    found = [proc.proc1(label) for label in [*kept, "other"]]
    assert_same(sorted(found), list(range(len(kept) + 1)))
    assert_same(proc([UNSEEN]), found[-1:])


@law(
    "OtherCategoryProcessor",
    "Before the first call, `proc1`, `deproc1` and `deprocess` raise ValueError",
    "as those of `CategoryProcessor` do",
)
@given(st.sampled_from(NEEDS))
@example(NEEDS[0])
@example(NEEDS[4])
def test_before_the_first_call_there_is_no_other_class(question):
    """proc1, deproc1 and deprocess raise ValueError on a processor that was never called."""
    (name, argument), proc = question, OtherCategoryProcessor()
    with assert_raises(ValueError) as came:
        came.append(getattr(proc, name)(argument))
    assert_same(proc.deprocess(proc(["church", "church"])), ["church", "church"])
