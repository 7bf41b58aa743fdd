"""The laws of labels."""

import copy
import pickle
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

from hypothesis import example, given
from hypothesis import strategies as st

from checks.laws import assert_raises, assert_same, assert_that, law, number, unchanged
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

numbers = st.lists(st.integers(-9, 9), min_size=1, max_size=6)
answers = st.sampled_from([True, False, None])
split = st.lists(st.tuples(st.integers(0, 3), answers), max_size=8)
folders = st.sampled_from(["train", "valid", "validation", "invalid", "Valid", "test", "n01.440"])
words = st.sampled_from(["tench", "springer", "cassette", "church", "horn", "golf"])
label_lists = st.lists(words, min_size=1, max_size=8) | st.lists(st.integers(5, 8), min_size=1)
UNSEEN = "parachute"


class Plus:
    """A processor that adds."""

    def __init__(self, amount):
        self.amount = amount

    def __call__(self, items):
        """All items, processed."""
        return [o + self.amount for o in items]

    def deproc1(self, o):
        """One item, undone."""
        return o - self.amount

    def deprocess(self, items):
        """Several items, undone."""
        return [self.deproc1(o) for o in items]


class Negated(Plus):
    """A processor that multiplies by -1."""

    def __call__(self, items):
        """All items, processed."""
        return [-o for o in items]

    def deproc1(self, o):
        """One item, undone."""
        return -o


class LessTheFirst(Plus):
    """A processor that subtracts the first item it ever saw."""

    def __init__(self):
        super().__init__(None)

    def __call__(self, items):
        """All items, processed."""
        if self.amount is None:
            self.amount = -items[0]
        return super().__call__(items)


class Tens(ItemList):
    """Items that are fetched as ten times themselves."""

    def get(self, item):
        """Ten times the item."""
        return 10 * item


def double(x):
    """2 * x."""
    return 2 * x


def counted(labels):
    """The numbers that something gave, as ints."""
    return [int(number(label)) for label in labels]


def words_of(labels):
    """Each label once, in order."""
    return list(dict.fromkeys(labels))


@law("grandparent_splitter")
@given(folders, folders, folders)
@example("data", "valid", "tench")
@example("data", "train", "tench")
@example("valid", "test", "train")
@example("data", "validation", "valid")
@example("data", "invalid", "valid")
def test_the_folder_above_the_folder_decides(above, grandparent, parent):
    """True under valid/*/, False under train/*/, None under anything else."""
    wanted = {"valid": True, "train": False}.get(grandparent)
    assert_same(grandparent_splitter(Path(above, grandparent, parent, "valid.jpg")), wanted)


@law("grandparent_splitter")
@given(folders, st.permutations(["val", "learn", "valid", "train"]))
@example("val", ["val", "learn", "valid", "train"])
@example("train", ["val", "learn", "valid", "train"])
def test_the_two_names_may_be_others(grandparent, names):
    """valid_name and train_name take the places of "valid" and "train"."""
    fn, (valid, train, *_) = Path("data", grandparent, "tench", "1.jpg"), names
    wanted = {valid: True, train: False}.get(grandparent)
    assert_same(grandparent_splitter(fn, valid_name=valid, train_name=train), wanted)
    assert_same(grandparent_splitter(fn, valid, train), wanted)


@law("grandparent_splitter")
@given(st.sampled_from(["1.jpg", "valid/1.jpg", "train/1.jpg", "/1.jpg"]))
def test_a_file_without_two_folders_above_is_in_neither_set(name):
    """None for a path that is too short to have a grandparent."""
    assert_same(grandparent_splitter(Path(name)), None)


@law("split_by_func")
@given(split)
@example([(1, True), (0, False), (2, None), (0, True)])
@example([(0, None)])
@example([])
def test_items_go_where_their_answer_says(pairs):
    """(train, valid) hold the items answered False and True, in order; None is dropped."""
    items = list(enumerate(pairs))
    wanted = [[o for o in items if o[1][1] is side] for side in (False, True)]
    train, valid = split_by_func(items, lambda o: o[1][1])
    assert_same([list(train), list(valid)], wanted)


@law("split_by_func")
@given(st.lists(st.sampled_from([0, 1, "", "a"]), max_size=6), answers)
@example([0, 0, 1], False)
@example([0, 1, 0], True)
def test_items_are_kept_whatever_they_are(items, answer):
    """An item that is empty, 0, or there twice is an item like any other."""
    wanted = [items if answer is side else [] for side in (False, True)]
    with unchanged(items=items):
        train, valid = split_by_func(items, lambda o: answer)
    assert_same([list(train), list(valid)], wanted)


@law("SplitData")
@given(st.integers(0, 9), st.integers(0, 9))
@example(1, 2)
def test_train_and_valid_are_there_and_train_answers_for_the_rest(a, b):
    """sd.train and sd.valid are those given; any other attribute is that of sd.train."""
    train, valid = SimpleNamespace(colour=a), SimpleNamespace(colour=b, size=b)
    sd = SplitData(train, valid)
    assert_that(sd.train is train and sd.valid is valid, "train or valid is another object")
    assert_same(sd.colour, a)
    train.colour = b
    assert_same(sd.colour, b)


@law("SplitData")
@given(st.sampled_from(["size", "shape", "anything"]))
def test_what_train_does_not_have_is_an_attribute_error(name):
    """getattr(sd, name) raises AttributeError where sd.train has no such attribute."""
    sd = SplitData(SimpleNamespace(colour=1), SimpleNamespace(size=1))
    with assert_raises(AttributeError):
        getattr(sd, name)


@law("SplitData")
@given(numbers, numbers, st.sampled_from([pickle, copy.copy, copy.deepcopy]))
@example([1], [2], pickle)
@example([1], [2], copy.copy)
@example([1], [2], copy.deepcopy)
def test_split_data_survives_pickle_and_copy(train, valid, way):
    """After pickle, copy and deepcopy both sets are there, and train answers for the rest."""
    sd = SplitData(ItemList(list(train), "here"), ItemList(list(valid)))
    other = pickle.loads(pickle.dumps(sd)) if way is pickle else way(sd)
    assert_same([type(other), other.train[:], other.valid[:]], [SplitData, train, valid])
    assert_same([Path(other.path), len(other.items)], [Path("here"), len(train)])
    assert_same([sd.train[:], sd.valid[:]], [train, valid])


@law("SplitData")
@given(numbers, st.integers(-9, 9), st.sampled_from([ItemList, Tens]))
@example([1, 2, 3], 1, Tens)
def test_a_list_is_split_into_two_of_its_kind(xs, border, kind):
    """SplitData.split_by_func(il, f) asks f of il's items; class, path and transforms stay."""
    il = kind(list(xs), "here", tfms=double)
    wanted = [[x for x in xs if x < border], [x for x in xs if x > border]]
    sd = SplitData.split_by_func(il, lambda x: None if x == border else x > border)
    both = [sd.train, sd.valid]
    assert_that(isinstance(sd, SplitData), "the result is no SplitData", sd)
    assert_same([type(o) for o in both], [kind] * 2)
    assert_same([Path(o.path) for o in both], [Path("here")] * 2)
    assert_same([o[:] for o in both], [kind(side, tfms=double)[:] for side in wanted])
    assert_same(list(il.items), xs)


@law("CategoryProcessor")
@given(label_lists)
@example(["tench", "church", "tench"])
@example(["tench", "church", "springer", "golf", "horn", "cassette"])
def test_classes_are_numbered_from_0_in_the_same_order_in_every_run(labels):
    """k classes have the numbers 0 to k - 1 as they first appear, or sorted; no set's order."""
    found = counted(CategoryProcessor()(list(labels)))
    ways = [list(dict.fromkeys(labels)), sorted(set(labels))]
    numberings = [[way.index(label) for label in labels] for way in ways]
    assert_that(found in numberings, "neither by appearance nor sorted", found, numberings[0])


@law("CategoryProcessor")
@given(label_lists)
@example(["tench", "church", "tench"])
def test_every_number_leads_back_to_its_label(labels):
    """deprocess(proc(labels)) == labels, and deproc1(proc1(label)) == label."""
    proc = CategoryProcessor()
    found = proc(list(labels))
    assert_same(list(proc.deprocess(found)), labels)
    assert_same([proc.deproc1(i) for i in found], labels)
    assert_same([proc.deproc1(proc.proc1(label)) for label in labels], labels)


@law("CategoryProcessor")
@given(st.lists(words, min_size=1), st.lists(words))
@example(["tench", "church"], ["church", "tench"])
@example(["tench", "church"], ["church"])
@example(["tench", "church"], [])
def test_the_first_call_alone_makes_the_vocabulary(train, valid):
    """Labels of later calls have the numbers that they have in the training set."""
    proc = CategoryProcessor()
    labels = list(train)
    of_label = dict(zip(train, counted(proc(labels)), strict=True))
    labels.insert(0, UNSEEN)
    later = [label for label in valid if label in of_label]
    assert_same(counted(proc(later)), [of_label[label] for label in later])
    assert_same([proc.deproc1(i) for i in of_label.values()], list(of_label))


@law("CategoryProcessor")
@given(st.lists(words, min_size=1, max_size=4))
@example(["tench", "church"])
def test_an_unseen_label_is_an_error_that_names_it_and_the_vocabulary(train):
    """proc and proc1 raise an error with the label and all known labels; it stays unseen."""
    proc = CategoryProcessor()
    found = counted(proc(list(train)))
    with assert_raises(Exception, UNSEEN, *train) as came:
        came.append(proc([train[0], UNSEEN]))
    with assert_raises(Exception, UNSEEN, *train) as came:
        came.append(proc.proc1(UNSEEN))
    assert_same(counted(proc(list(train))), found)


@law("CategoryProcessor")
@given(st.integers(0, 3))
def test_undoing_before_there_is_a_vocabulary_is_an_error(i):
    """deproc1 and deprocess raise an error on a processor that was never called."""
    proc = CategoryProcessor()
    with assert_raises(Exception) as came:
        came.append(proc.deproc1(i))
    with assert_raises(Exception) as came:
        came.append(list(proc.deprocess([i, 0])))


@law("CategoryProcessor")
@given(st.lists(words, min_size=1), st.lists(words, min_size=1))
@example(["tench"], ["church", "tench"])
def test_each_processor_has_a_vocabulary_of_its_own(one, two):
    """A processor does not know the labels of another; the lists of labels stay as they are."""
    first, second = CategoryProcessor(), CategoryProcessor()
    with unchanged(one=one, two=two):
        numbers = [first(one), second(two)]
    assert_same([first.deproc1(i) for i in numbers[0]], one)
    assert_same([second.deproc1(i) for i in numbers[1]], two)


@law("parent_labeler")
@given(folders, folders)
@example("train", "n01.440")
def test_the_label_is_the_name_of_the_folder(grandparent, parent):
    """parent_labeler(Path("train/tench/1.jpg")) == "tench", a plain string."""
    assert_same(parent_labeler(Path("data", grandparent, parent, "horn.jpg")), parent)


@law("LabeledData")
@given(numbers, st.integers(1, 9), st.data())
@example([1, 2, 3], 5, None)
def test_an_index_gives_input_and_label(xs, amount, data):
    """ld[i] is (x[i], y[i]) of the processed lists, with class and transforms of each."""
    i = data.draw(st.integers(-len(xs), len(xs) - 1)) if data else -1
    wanted = (2 * (10 * -xs[i]), 3 * xs[i] + amount)
    x, y = Tens(list(xs), tfms=double), ItemList([3 * o for o in xs])
    ld = LabeledData(x, y, Negated(0), Plus(amount))
    assert_same([tuple(ld[i]), len(ld)], [wanted, len(xs)])


@law("LabeledData")
@given(numbers, st.integers(1, 9))
@example([1, 2], 5)
def test_either_processor_may_be_left_out(xs, amount):
    """Without proc_x or proc_y the items of that list stay; the lists given never change."""
    x, y = ItemList(list(xs)), ItemList([3 * o for o in xs])
    wanted = [(o, 3 * o) for o in xs], [(o, 3 * o + amount) for o in xs]
    plain, only_y = LabeledData(x, y), LabeledData(x, y, proc_y=Plus(amount))
    only_x = LabeledData(y, x, proc_x=Plus(amount))
    assert_same([tuple(plain[i]) for i in range(len(xs))], wanted[0])
    assert_same([tuple(only_y[i]) for i in range(len(xs))], wanted[1])
    assert_same([tuple(only_x[i])[::-1] for i in range(len(xs))], wanted[1])
    assert_same([list(x.items), list(y.items)], [xs, [3 * o for o in xs]])


@law("LabeledData")
@given(numbers, st.integers(1, 9), st.data())
@example([1, 2, 3], 5, None)
def test_one_object_comes_back_as_it_was_before_the_processors(xs, amount, data):
    """x_obj(i) and y_obj(i) are the items that x and y were made with."""
    i = data.draw(st.integers(-len(xs), len(xs) - 1)) if data else -1
    x, y = ItemList(list(xs)), ItemList([3 * o for o in xs])
    ld, plain = LabeledData(x, y, Negated(0), Plus(amount)), LabeledData(x, y)
    assert_same([ld.x_obj(i), ld.y_obj(i)], [xs[i], 3 * xs[i]])
    assert_same([plain.x_obj(i), plain.y_obj(i)], [xs[i], 3 * xs[i]])


@law("LabeledData")
@given(numbers.flatmap(lambda xs: st.tuples(st.just(xs), st.slices(len(xs)))), st.integers(1, 9))
@example(([1, 2, 3], slice(0, 1)), 5)
def test_a_slice_of_objects_comes_back_as_a_list(case, amount):
    """x_obj(slice) and y_obj(slice) are the lists of the items before the processors."""
    xs, s = case
    x, y = ItemList(list(xs)), ItemList([3 * o for o in xs])
    ld, plain = LabeledData(x, y, Negated(0), Plus(amount)), LabeledData(x, y)
    assert_same([ld.x_obj(s), ld.y_obj(s)], [xs[s], [3 * o for o in xs][s]])
    assert_same([plain.x_obj(s), plain.y_obj(s)], [xs[s], [3 * o for o in xs][s]])


@law("LabeledData")
@given(numbers, st.integers(1, 9))
@example([1], 5)
def test_several_processors_are_undone_last_to_first(xs, amount):
    """With [p, q], an item becomes q(p(item)), and comes back by undoing q and then p."""
    procs = [Plus(amount), Negated(0)]
    ld = LabeledData(ItemList(list(xs)), ItemList(list(xs)), procs, procs[::-1])
    assert_same([tuple(ld[i]) for i in range(len(xs))], [(-(o + amount), amount - o) for o in xs])
    assert_same([ld.x_obj(slice(None)), ld.y_obj(0)] * 2, [xs, xs[0]] * 2)
    assert_same([ld.x_obj(0), ld.y_obj(slice(None))], [xs[0], xs])


@law("label_by_func")
@given(st.lists(words, min_size=1), st.lists(words))
@example(["tench", "church"], ["church"])
@example(["church", "tench"], ["tench", "church"])
def test_the_training_set_numbers_the_labels_of_both(train, valid):
    """Numbers are those of the training labels alone; f sees items, not transformed ones."""
    number_of = dict(zip(train, CategoryProcessor()(list(train)), strict=True))
    valid = [label for label in valid if label in number_of]
    lists = [ItemList([Path(o, "1.jpg") for o in side], tfms=bytes) for side in (train, valid)]
    sd = label_by_func(SplitData(*lists), parent_labeler, proc_y=CategoryProcessor())
    for ld, il, labels in zip((sd.train, sd.valid), lists, (train, valid), strict=True):
        wanted = [(x, number_of[label]) for x, label in zip(il[:], labels, strict=True)]
        assert_same([tuple(ld[i]) for i in range(len(ld))], wanted)


@law("label_by_func")
@given(numbers, st.lists(st.integers(-9, 9), max_size=4))
@example([1, 2], [3])
def test_both_sets_share_each_processor(train, valid):
    """What proc_x and proc_y learn from the training set, they apply to the validation set."""
    sd = SplitData(ItemList(list(train)), ItemList(list(valid)))
    labelled = label_by_func(sd, lambda o: 10 * o, LessTheFirst(), LessTheFirst())
    for ld, items in ((labelled.train, train), (labelled.valid, valid)):
        wanted = [(o - train[0], 10 * (o - train[0])) for o in items]
        assert_same([tuple(ld[i]) for i in range(len(ld))], wanted)
        assert_same(
            [ld.x_obj(slice(None)), ld.y_obj(slice(None))], [items, [10 * o for o in items]]
        )


@law("label_by_func")
@given(numbers, numbers)
def test_without_processors_labels_are_what_f_says(train, valid):
    """The result is SplitData of (item, f(item)); the split data that came in stays unlabelled."""
    sd = SplitData(ItemList(list(train), "here"), ItemList(list(valid)))
    labelled = label_by_func(sd, lambda o: f"number {o}")
    assert_that(isinstance(labelled, SplitData), "the result is no SplitData", labelled)
    for ld, items in ((labelled.train, train), (labelled.valid, valid)):
        assert_same([tuple(ld[i]) for i in range(len(ld))], [(o, f"number {o}") for o in items])
    assert_same([sd.train[:], sd.valid[:]], [train, valid])


@law("label_by_func")
@given(st.lists(words, min_size=1), st.lists(words))
@example(["tench"], ["tench"])
def test_a_label_that_is_new_in_the_validation_set_is_an_error(train, valid):
    """A label that only the validation set has raises the processor's error, which names it."""
    known = [label for label in valid if label in train]
    sd = SplitData(ItemList(train), ItemList([*known, UNSEEN]))
    with assert_raises(Exception, UNSEEN):
        label_by_func(sd, str, proc_y=CategoryProcessor())


@law("OtherCategoryProcessor")
@given(st.lists(words, min_size=1), st.integers(1, 4), st.sampled_from(["other", "rest"]))
@example(["tench", "tench", "church"], 2, "other")
@example(["tench", "tench", "church"], 3, "rest")
@example(["tench", "church"], 1, "other")
def test_rare_labels_become_other(labels, min_count, other):
    """A label seen min_count times or more in training stays; one seen fewer times is other."""
    counts = Counter(labels)
    wanted = [label if counts[label] >= min_count else other for label in labels]
    proc = OtherCategoryProcessor(min_count=min_count, other=other)
    assert_same(list(proc.deprocess(proc(list(labels)))), wanted)


@law("OtherCategoryProcessor")
@given(st.lists(words, min_size=1))
@example(["tench", "tench", "church"])
def test_two_times_is_often_enough_unless_said_otherwise(labels):
    """OtherCategoryProcessor() is OtherCategoryProcessor(2, "other")."""
    wanted = [label if labels.count(label) >= 2 else "other" for label in labels]
    for proc in (OtherCategoryProcessor(), OtherCategoryProcessor(2, "other")):
        assert_same([proc.deproc1(i) for i in proc(list(labels))], wanted)


@law("OtherCategoryProcessor")
@given(st.lists(words, min_size=1), st.lists(words), st.integers(1, 3))
@example(["tench", "tench", "church"], ["church", "church", "tench"], 2)
@example(["tench"], ["tench"], 1)
def test_what_comes_later_changes_no_class(train, later, min_count):
    """In later calls an unseen label is other, and so is a rare one, however often it comes."""
    kept = [label for label in words_of(train) if train.count(label) >= min_count]
    later = [*later, UNSEEN, UNSEEN, UNSEEN]
    proc = OtherCategoryProcessor(min_count)
    labels = list(train)
    first = counted(proc(labels))
    labels += [UNSEEN] * 3
    wanted = [label if label in kept else "other" for label in later]
    assert_same(list(proc.deprocess(proc(list(later)))), wanted)
    assert_same([proc.deproc1(proc.proc1(label)) for label in later], wanted)
    assert_same(counted(proc(list(train))), first)


@law("OtherCategoryProcessor")
@given(st.lists(words | st.just("other"), min_size=1), st.integers(1, 3))
@example(["other", "other", "tench", "tench"], 2)
@example(["other", "tench", "tench"], 2)
@example(["tench"], 1)
def test_other_is_one_class_beside_those_that_are_kept(labels, min_count):
    """k labels that are kept and other have the numbers 0 to k, also if a label is "other"."""
    kept = {o for o in labels if labels.count(o) >= min_count} - {"other"}
    proc = OtherCategoryProcessor(min_count)
    proc(list(labels))
    found = counted([proc.proc1(label) for label in [*kept, "other"]])
    assert_same(sorted(found), list(range(len(kept) + 1)))
    assert_same(counted([proc.proc1(UNSEEN)]), found[-1:])
