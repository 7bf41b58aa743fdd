"""The laws of item lists."""

from pathlib import Path

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st

from checks.laws import assert_raises, assert_same, assert_that, law
from checks.words.folders import handles_on, written
from checks.words.pictures import make_picture, pictures
from katas.containers import ListContainer
from katas.item_lists import ImageList, ItemList

numbers = st.lists(st.integers(-9, 9), min_size=1, max_size=6)
places = st.sampled_from(["data", "data/train", ".", Path("data"), Path("/data/x")])
names = st.sampled_from(["one.png", "two.jpg", "three.bmp"])
kinds = st.sampled_from([str, Path])


class Tens(ItemList):
    """Items that are fetched as ten times themselves."""

    def get(self, item):
        """Ten times the item."""
        return 10 * item


class Asked(ItemList):
    """Items that are written down when they are fetched."""

    log: list = []

    def get(self, item):
        """The item."""
        self.log.append(item)
        return item


def add_three(x):
    """x + 3."""
    return x + 3


def double(x):
    """2 * x."""
    return 2 * x


def last_of_all(x):
    """-x, after every other transform."""
    return -x


last_of_all._order = 50


def picks(n):
    """Indices of several among n items, each with the positions that it means."""
    positions = st.lists(st.integers(0, n - 1), min_size=1, max_size=4)
    masks = st.lists(st.booleans(), min_size=n, max_size=n)
    forms = st.sampled_from([list, np.array, torch.tensor])
    return st.one_of(
        st.slices(n).map(lambda s: (s, list(range(n))[s])),
        st.builds(lambda form, p: (form(p), p), forms, positions),
        st.builds(lambda form, m: (form(m), [i for i in range(n) if m[i]]), forms, masks),
    )


picked = numbers.flatmap(lambda xs: st.tuples(st.just(xs), picks(len(xs))))


@law("ItemList")
@given(numbers, st.data())
@example([1, 2, 3], None)
def test_an_item_is_fetched_and_then_transformed(xs, data):
    """il[i] == compose(il.get(il.items[i]), tfms), also for a negative i."""
    i = data.draw(st.integers(-len(xs), len(xs) - 1)) if data else -1
    wanted = -2 * (10 * xs[i] + 3)
    assert_same(Tens(xs, tfms=[last_of_all, add_three, double])[i], wanted)


@law("ItemList")
@given(picked)
@example(([1, 2, 3], (slice(0, 1), [0])))
@example(([1, 2, 3], ([0], [0])))
@example(([1, 2, 3], ([False, False, True], [2])))
@example(([1, 2, 3], (slice(0, 0), [])))
def test_many_items_are_each_fetched_and_transformed(case):
    """A slice, list, mask, array or tensor as index gives the list of the transformed items."""
    xs, (idx, positions) = case
    wanted = [2 * (10 * xs[i] + 3) for i in positions]
    assert_same(Tens(xs, tfms=[add_three, double])[idx], wanted)


@law("ItemList")
@given(numbers, st.sampled_from([None, [], add_three, [add_three], (add_three,)]))
def test_transforms_may_be_none_or_one_or_several(xs, tfms):
    """tfms=None leaves items as they are; one bare function is as good as a list of it."""
    wanted = [x + 3 if tfms else x for x in xs]
    assert_same(ItemList(xs, tfms=tfms)[:], wanted)
    assert_same(ItemList(xs, ".", tfms)[0], wanted[0])


@law("ItemList")
@given(picked)
def test_items_are_fetched_when_asked_for_and_no_others(case):
    """Each indexing calls get for the items it means, every time anew; nothing else calls it."""
    xs, (idx, positions) = case
    wanted = [xs[i] for i in positions] * 2 + [xs[0]] * 2
    il = Asked(list(xs))
    Asked.log.clear()
    results = [il[idx], il[idx], il[0], il[0]]
    assert_same([len(results), Asked.log], [4, wanted])


@law("ItemList")
@given(picked)
def test_an_item_list_keeps_what_came_in(case):
    """It is a ListContainer whose items are the ones given, before and after it is indexed."""
    xs, (idx, _) = case
    il = ItemList(list(xs), tfms=double)
    results = [il[idx], il[0]]
    assert_that(isinstance(il, ListContainer), "an ItemList is a ListContainer", type(il))
    assert_same([len(results), len(il), list(il.items)], [2, len(xs), xs])


@law("ItemList")
@given(numbers, numbers, places, st.sampled_from([ItemList, Tens]))
def test_a_new_list_keeps_class_path_and_transforms(xs, others, place, kind):
    """il.new(items) has the class, the path and the transforms of il."""
    fresh = kind(xs, place, tfms=[add_three, double]).new(list(others))
    wanted = [2 * ((10 if kind is Tens else 1) * x + 3) for x in others]
    assert_same([type(fresh), Path(fresh.path), fresh[:]], [kind, Path(place), wanted])


@law("ItemList")
@given(numbers, numbers)
def test_the_path_is_here_unless_another_is_named(xs, others):
    """ItemList(items).path is "."; what another list was given changes nothing."""
    il = ItemList(list(xs))
    other = ItemList(list(others), "data", tfms=double)
    other.new(list(xs))
    assert_same([Path(il.path), il[:]], [Path("."), xs])
    assert_same(Path(ItemList(list(xs), "data").path), Path("data"))
    assert_same([Path(other.path), other[:]], [Path("data"), [2 * x for x in others]])


@law("ItemList")
@given(numbers, st.integers(1, 3))
@example([1, 2, 3], 1)
def test_an_index_beyond_the_items_is_an_index_error(xs, more):
    """il[i] with i >= len(il), and a mask of another length, raise IndexError."""
    il = ItemList(xs, tfms=double)
    with assert_raises(IndexError):
        il[len(xs) + more - 1]
    with assert_raises(IndexError):
        il[[True] * (len(xs) + more)]


@law("ImageList")
@given(pictures("RGB", "L", "RGBA"))
def test_a_file_is_fetched_as_its_picture(img):
    """ImageList([fn]).get(fn) has the mode, size and pixels of the file."""
    with written({"picture.png": img}) as folder:
        fn = folder / "picture.png"
        assert_same(ImageList([fn]).get(fn), img)


@law("ImageList")
@given(st.lists(pictures("L"), min_size=1, max_size=3))
def test_indexing_opens_and_transforms(imgs):
    """il[i] and il[:] give the pictures, transformed."""
    wanted = [img.resize((5, 4)) for img in imgs]
    with written({f"{i}.png": img for i, img in enumerate(imgs)}) as folder:
        files = [folder / f"{i}.png" for i in range(len(imgs))]
        il = ImageList(files, folder, tfms=lambda img: img.resize((5, 4)))
        assert_same([il[0], il[-1], il[:]], [wanted[0], wanted[-1], wanted])


@law("ImageList")
@given(pictures("RGB", "L"), st.sampled_from(["a.png", "a.jpg"]))
def test_no_file_stays_open(img, name):
    """While the picture is held, no handle on its file is open."""
    with written({name: img}) as folder:
        held = ImageList([folder / name])[0]
        assert_that(handles_on(folder / name) == 0, "the file is still open", held)


@law("ImageList")
@given(st.sampled_from([b"", b"not a picture", b"\x89PNG", bytes(100)]), names)
def test_a_file_that_is_no_picture_is_an_error_that_names_it(content, name):
    """An empty file, or one of other bytes, raises an error with the file's name in its text."""
    with written({name: content, "good.png": make_picture("L", (1, 1), 0)}) as folder:
        il = ImageList([folder / "good.png", folder / name])
        with assert_raises(Exception, name) as came:
            came.append(il[1])


@law("ImageList")
@given(names)
def test_a_file_that_is_not_there_is_an_error_that_names_it(name):
    """il[i] raises an error with the file's name in its text where there is no such file."""
    with written({}) as folder:
        il = ImageList([folder / "there" / name])
        with assert_raises(Exception, name) as came:
            came.append(il[0])


TREE = {
    "1.png": make_picture("L", (1, 1), 1),
    "train/2.jpg": make_picture("L", (1, 1), 2),
    "train/deep/3.PNG": make_picture("L", (1, 1), 3),
    "valid/4.bmp": make_picture("L", (1, 1), 4),
    "valid/5.txt": b"text",
    "notes.csv": b"1,2",
}
WAYS = [
    ({}, ["1.png", "train/2.jpg", "train/deep/3.PNG", "valid/4.bmp"]),
    ({"recurse": False}, ["1.png"]),
    ({"extensions": [".png"]}, ["1.png", "train/deep/3.PNG"]),
    ({"extensions": ".txt"}, ["valid/5.txt"]),
    ({"include": ["valid"]}, ["1.png", "valid/4.bmp"]),
    ({"include": "train", "extensions": {".jpg"}}, ["train/2.jpg"]),
]


def found(il, folder):
    """The files of an item list, as names below `folder`, sorted."""
    return sorted(Path(fn).relative_to(folder).as_posix() for fn in il.items)


@law("ImageList")
@given(st.sampled_from(WAYS), kinds)
@example(WAYS[0], str)
@example(WAYS[1], Path)
def test_from_files_holds_the_pictures_below_a_folder(way, kind):
    """All files that end as pictures do, in subfolders too, unless other files are asked for."""
    options, wanted = way
    with written(TREE) as folder:
        il = ImageList.from_files(kind(folder), **options)
        assert_same(found(il, folder), sorted(wanted))


@law("ImageList")
@given(st.sampled_from(WAYS[1:5]))
def test_from_files_takes_its_options_by_position(way):
    """from_files(path, extensions, recurse, include)."""
    options, wanted = way
    given_ones = {"extensions": None, "recurse": True, "include": None} | options
    with written(TREE) as folder:
        il = ImageList.from_files(folder, *given_ones.values())
        assert_same(found(il, folder), sorted(wanted))


@law("ImageList")
def test_from_files_keeps_path_and_transforms_and_class():
    """The list has the class it was asked of, the folder as its path, and further arguments."""
    kind = type("Pictures", (ImageList,), {})
    with written(TREE) as folder:
        il = kind.from_files(folder, extensions=".bmp", tfms=[lambda img: img.size])
        assert_same([type(il), Path(il.path), il[0]], [kind, folder, (1, 1)])
