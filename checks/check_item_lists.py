"""The laws of item lists."""

import os
from pathlib import Path

import numpy as np
import torch
from hypothesis import assume, example, given
from hypothesis import strategies as st

from checks.laws import assert_raises, assert_same, assert_that, law
from checks.words.folders import handles_on, written
from checks.words.items import (
    Adding,
    add_three,
    double,
    fetching,
    item_numbers,
    item_places,
    negative_in_the_end,
    odd_items,
    one_of_numbers,
    several_of_numbers,
)
from checks.words.pictures import decoded, encoded, make_picture, not_pictures, picture_files
from katas.containers import ListContainer, compose
from katas.item_lists import ImageList, ItemList

names = st.sampled_from(["one.png", "two.jpg", "three.bmp"])
kinds = st.sampled_from([str, Path])


@law(
    "ItemList",
    "il[i] == compose(il.get(il.items[i]), tfms)",
    "Here `i` is an int, a numpy int, or a tensor without dimensions.",
    "subclasses override this",
)
@given(one_of_numbers)
@example(([1, 2, 3], (-1, -1)))
@example(([1, 2, 3], (np.int64(1), 1)))
@example(([1, 2, 3], (torch.tensor(2), 2)))
def test_an_item_is_fetched_and_then_transformed(case):
    """il[i] == compose(il.get(il.items[i]), tfms), also for a negative i or one of numpy."""
    xs, (idx, position) = case
    tens = fetching(ItemList, lambda item: 10 * item)
    wanted = -2 * (10 * xs[position] + 3)
    assert_same(tens(list(xs), tfms=[negative_in_the_end, add_three, double])[idx], wanted)


@law(
    "ItemList",
    "A slice, list, mask, or one-dimensional array or tensor returns a list of the",
)
@given(several_of_numbers)
@example(([1, 2, 3], (slice(0, 1), [0])))
@example(([1, 2, 3], ([0], [0])))
@example(([1, 2, 3], (torch.tensor([1]), [1])))
@example(([1, 2, 3], (np.array([1]), [1])))
@example(([1, 2, 3], ([False, False, True], [2])))
@example(([1, 2, 3], ([], [])))
def test_many_items_are_each_fetched_and_transformed(case):
    """il[idx] == [il[i] for each place i that the index means], as a list."""
    xs, (idx, positions) = case
    tens = fetching(ItemList, lambda item: 10 * item)
    wanted = [2 * (10 * xs[i] + 3) for i in positions]
    assert_same(tens(list(xs), tfms=[add_three, double])[idx], wanted)


@law("ItemList", "An item may be anything, even a list or", "`item` itself")
@given(odd_items)
@example([[3, 4], (1, 2)])
@example([None, 0])
def test_an_item_may_be_anything(items):
    """ItemList(items)[i] is items[i], and with tfms=str its text; get(item) is item."""
    il, texts = ItemList(list(items)), ItemList(list(items), tfms=str)
    one_by_one = [il[i] for i in range(len(items))]
    assert_same([one_by_one, il[:], [il.get(o) for o in items]], [items] * 3)
    assert_same([texts[i] for i in range(len(items))], [str(o) for o in items])
    assert_same(texts[:], [str(o) for o in items])


@law("ItemList", "An item may be anything, even a list or")
@given(item_numbers)
def test_what_is_fetched_may_be_a_list(xs):
    """A `get` that returns a list or None has that transformed as one thing."""
    pairs = fetching(ItemList, lambda item: [item, None] if item else None)
    wanted = [str([x, None] if x else None) for x in xs]
    il = pairs(list(xs), tfms=str)
    assert_same([[il[i] for i in range(len(xs))], il[:]], [wanted, wanted])


@law("ItemList", "tfms None, one function or several, kept in `tfms`")
@given(item_numbers, st.sampled_from([None, [], (), add_three, [add_three], (add_three,)]))
def test_transforms_may_be_none_or_one_or_several(xs, tfms):
    """tfms=None leaves items as they are; one bare function is as good as a list of it."""
    wanted = [x + 3 if tfms else x for x in xs]
    il = ItemList(list(xs), ".", tfms)
    assert_same([ItemList(list(xs), tfms=tfms)[:], il[:], il[0]], [wanted, wanted, wanted[0]])
    assert_same([compose(x, il.tfms) for x in xs], wanted)


@law("ItemList", "you can replace them there later")
@given(item_numbers, st.sampled_from([add_three, [double, add_three], None]))
@example([1, 2], add_three)
def test_transforms_can_be_replaced(xs, tfms):
    """After il.tfms = tfms, the items are transformed by tfms alone."""
    il = ItemList(list(xs), tfms=negative_in_the_end)
    before, il.tfms = il[0], tfms
    wanted = [compose(x, tfms) for x in xs]
    assert_same([before, il[0], il[:], il.new(list(xs))[:]], [-xs[0], wanted[0], wanted, wanted])


@law("ItemList", "Nothing is fetched until you index it, and no result is")
@given(several_of_numbers)
def test_items_are_fetched_when_they_are_indexed(case):
    """Each indexing calls get once for each item that it means, in order; nothing else does."""
    xs, (idx, positions) = case
    log = []
    il = fetching(ItemList, lambda item: log.append(item) or item)(list(xs))
    results = [il.new([0]), len(il), repr(il), il[idx], il[idx], il[0], il[0]]
    wanted = [xs[i] for i in positions] * 2 + [xs[0]] * 2
    assert_same([len(results), log], [7, wanted])


@law(
    "ItemList",
    "A `ListContainer` that fetches",
    "`il.items`, `len(il)` and loops over `il` are about the items as",
    "items anything that `ListContainer` accepts, kept in `items`",
)
@given(several_of_numbers, st.sampled_from([list, tuple, iter]))
@example(([1, 2], (slice(0, 1), [0])), iter)
@example((list(range(20)), (slice(0, 1), [0])), list)
def test_an_item_list_keeps_its_items(case, form):
    """An ItemList is a ListContainer of the items, before and after you index it."""
    xs, (idx, _) = case
    il = ItemList(form(xs), tfms=double)
    assert_that(isinstance(il, ListContainer), "ItemList is not a subclass of ListContainer", il)
    assert_same([len(il), list(il.items)], [len(xs), xs])
    assert_same([len([il[idx], il[0]]), len(il), list(il.items)], [2, len(xs), xs])
    assert_same([[*il], [*il]], [xs, xs])
    assert_same([list(ItemList(one).items) for one in (None, "ab", 7)], [[], ["ab"], [7]])


@law("ItemList", "A list of `items` with the same class, path and")
@given(item_numbers, item_numbers, item_places, st.sampled_from([list, tuple, iter]))
def test_a_new_list_keeps_class_path_and_transforms(xs, others, place, form):
    """il.new(items) has the class, the path and the transforms of il."""
    tens = fetching(ItemList, lambda item: 10 * item)
    fresh = tens(list(xs), place, tfms=[step := Adding(9), double]).new(form(others))
    step.much = 3  # the transform itself, and no copy of it
    wanted = [2 * (10 * x + 3) for x in others]
    assert_same([type(fresh), fresh.path, fresh[:]], [tens, Path(place), wanted])
    assert_same(list(fresh.items), others)


@law(
    "ItemList",
    "A list of `items` with the same class, path and transforms; `self` is unchanged.",
    "path the folder of the items, a str or a Path",
)
@given(item_numbers, item_numbers, item_places)
def test_each_list_has_its_own_items_path_and_transforms(xs, others, place):
    """The path is Path(".") unless another is named; lists that are made later change nothing."""
    plain, placed = ItemList(list(xs)), ItemList(list(xs), place)
    one = ItemList(list(xs), place, tfms=double)
    fresh, elsewhere = one.new(list(others)), ItemList(list(others), "elsewhere")
    fresh.tfms = add_three
    assert_same([fresh.path, elsewhere.path], [Path(place), Path("elsewhere")])
    assert_same([plain.path, placed.path, plain[:]], [Path("."), Path(place), xs])
    assert_same([one.path, one[:]], [Path(place), [2 * x for x in xs]])


@law("ItemList", "A `ListContainer` that fetches")
@given(item_numbers, st.integers(1, 3))
@example([1, 2, 3], 1)
def test_an_index_beyond_the_items_is_an_index_error(xs, more):
    """il[i] with i >= len(il), and a mask of another length, raise IndexError."""
    il = ItemList(list(xs), tfms=double)
    with assert_raises(IndexError) as came:
        came.append(il[len(xs) + more - 1])
    with assert_raises(IndexError) as came:
        came.append(il[[True] * (len(xs) + more)])


@law(
    "ImageList",
    "An item list of picture files: `il[i]` is the picture in the file `il.items[i]`, transformed.",
    "The picture in the file `item`, loaded and in the",
)
@given(picture_files, kinds)
@example(("1.png", encoded(make_picture("P", (2, 1), 0), "PNG")), str)
@example(("1.jpeg", encoded(make_picture("L", (9, 4), 0), "JPEG")), Path)
def test_a_file_becomes_its_picture(file, kind):
    """il[i] and il.get(fn) have the mode, size, pixels and palette of the file."""
    name, content = file
    wanted = decoded(content)
    with written({name: content}) as folder:
        il = ImageList([kind(folder / name)], folder)
        found = [il[0], il[-1], *il[:], il.get(kind(folder / name))]
    assert_same(found, [wanted] * 4)
    assert_same([img.convert("RGBA") for img in found], [wanted.convert("RGBA")] * 4)


@law("ImageList", "`item` alone names the file, so the path of the list isn't put")
@given(picture_files, st.sampled_from(["elsewhere", "data", "."]))
@example(("1.png", encoded(make_picture("L", (2, 1), 0), "PNG")), "elsewhere")
def test_the_path_of_the_list_is_not_put_before_a_file(file, place):
    """il[i] is the picture in the file of that name, whatever folder `path` is."""
    name, content = file
    with written({name: content}) as folder:
        fn = os.path.relpath(folder / name)
        found = [ImageList([fn], place)[0], ImageList([Path(fn)], place).get(fn)]
        found.append(ImageList.from_files(os.path.relpath(folder))[0])
    assert_same(found, [decoded(content)] * 3)


@law("ImageList", "An item list of picture files: `il[i]` is the picture in the file")
@given(picture_files, picture_files, kinds)
def test_a_file_is_read_each_time(before, after, kind):
    """After the file has changed, il[i] is the new picture; an ImageList is an ItemList."""
    with written({"picture": before[1]}) as folder:
        il = ImageList([kind(folder / "picture")])
        first = il[0]
        (folder / "picture").unlink()  # Pillow may have mapped the old one into memory
        (folder / "picture").write_bytes(after[1])
        assert_same([first, il[0]], [decoded(before[1]), decoded(after[1])])
        assert_that(isinstance(il, ItemList), "ImageList is not a subclass of ItemList", il)


@law("ImageList", "is the picture in the file `il.items[i]`, transformed")
@given(st.lists(picture_files, min_size=1, max_size=3))
def test_pictures_are_transformed(files):
    """il[i] and il[:] are the pictures, transformed; il.items stay the files."""
    wanted = [decoded(content).convert("RGB").resize((5, 4)) for _, content in files]
    with written({f"{i}.{name}": content for i, (name, content) in enumerate(files)}) as folder:
        paths = [folder / f"{i}.{name}" for i, (name, _) in enumerate(files)]
        il = ImageList(paths, tfms=lambda img: img.convert("RGB").resize((5, 4)))
        assert_same([il[0], il[-1], il[:]], [wanted[0], wanted[-1], wanted])
        assert_same(list(il.items), paths)


@law("ImageList", "The file is closed, even if it has several frames.")
@given(picture_files, kinds)
@example(("1.jpeg", encoded(make_picture("RGB", (2, 2), 0), "JPEG")), str)
@example(("2.gif", encoded(make_picture("L", (2, 2), 0), "GIF", 2)), str)
@example(("2.tiff", encoded(make_picture("L", (2, 2), 0), "TIFF", 2)), Path)
def test_no_file_stays_open(file, kind):
    """While you hold the picture, no handle on its file is open."""
    name, content = file
    assume(name != "1.bmp")  # Pillow maps such a file into memory, and a mapping holds a handle
    with written({name: content}) as folder:
        held = ImageList([kind(folder / name)])[0]
        assert_that(handles_on(folder / name) == 0, f"{name} is still open", held)


@law(
    "ImageList",
    "A file that is not a picture, or only half of one, raises an OSError whose message names",
)
@given(not_pictures, names, kinds)
@example(encoded(make_picture("L", (6, 6), 0), "PNG")[:70], "one.png", str)
@example(encoded(make_picture("RGB", (6, 6), 0), "JPEG")[:-20], "two.jpg", Path)
def test_a_file_that_is_not_a_picture_is_an_error_that_names_it(content, name, kind):
    """An empty file, one of other bytes, and half a picture raise an OSError with its name."""
    with written({name: content, "good.gif": make_picture("L", (1, 1), 0)}) as folder:
        il = ImageList([kind(folder / "good.gif"), kind(folder / name)])
        for idx in (1, slice(0, 2)):
            with assert_raises(OSError, name) as came:
                came.append(il[idx])


@law("ImageList", "A file that does not exist raises FileNotFoundError with the name")
@given(names, kinds)
def test_a_file_that_does_not_exist_is_an_error_that_names_it(name, kind):
    """il[i] raises FileNotFoundError with the file's name, also if path / name is a file."""
    with written({"there/" + name: make_picture("L", (1, 1), 0)}) as folder:
        il = ImageList([kind(folder / "elsewhere" / name), kind(f"there/{name}")], folder)
        for i in range(2):
            with assert_raises(FileNotFoundError, name) as came:
                came.append(il[i])


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
    ({"include": []}, ["1.png"]),
    ({"recurse": False, "include": ["valid"]}, ["1.png"]),
]


def below(folder, names):
    """The files with these names below `folder`, sorted."""
    return sorted(folder / name for name in names)


@law(
    "ImageList",
    "The picture files below `path`",
    "`path`, `recurse` and `include` mean what they mean for `get_files`.",
    "extensions those of `get_files`; None for those of pictures, `image_extensions`",
)
@given(st.sampled_from(WAYS), kinds)
@example(WAYS[0], str)
@example(WAYS[1], Path)
@example(WAYS[-2], str)
@example(WAYS[-1], str)
def test_from_files_holds_the_pictures_below_a_folder(way, kind):
    """All files that end as pictures do, in subfolders too, unless you ask for other files."""
    options, wanted = way
    with written(TREE) as folder:
        il = ImageList.from_files(kind(folder), **options)
        assert_same(sorted(il.items), below(folder, wanted))


@law("ImageList", "`path`, `recurse` and `include` mean what they mean for `get_files`.")
@given(st.sampled_from(WAYS[1:5]))
def test_from_files_takes_its_options_by_position(way):
    """from_files(path, extensions, recurse, include)."""
    options, wanted = way
    given_ones = {"extensions": None, "recurse": True, "include": None} | options
    with written(TREE) as folder:
        il = ImageList.from_files(folder, *given_ones.values())
        assert_same(sorted(il.items), below(folder, wanted))


@law("ImageList", "`path`, `recurse` and `include` mean what they mean for `get_files`.")
@given(st.booleans())
def test_from_files_of_a_folder_that_does_not_exist_is_an_error(recurse):
    """FileNotFoundError, as `get_files` raises it, and at once."""
    with written({}) as folder, assert_raises(FileNotFoundError) as came:
        came.append(ImageList.from_files(folder / "there", recurse=recurse))


@law(
    "ImageList",
    "as a list of the class that you call this on",
    "The path of the list is `path`.",
    "kwargs further arguments of the class, such as `tfms`",
)
@given(kinds, st.integers(0, 9))
def test_from_files_keeps_path_and_transforms_and_class(kind, note):
    """The list has the class that from_files is called on, path as its path, and the transforms."""
    with written(TREE) as folder:
        il = Noted.from_files(kind(folder), extensions=".bmp", tfms=[str.upper], note=note)
        assert_same([type(il), il.path, il[0], il.note], [Noted, folder, "4.BMP", note])


class Noted(ImageList):
    """Pictures with an argument more, each fetched as its name."""

    def __init__(self, items, path=".", tfms=None, note=None):
        super().__init__(items, path, tfms)
        self.note = note

    def get(self, item):
        """The name of the file."""
        return Path(item).name
