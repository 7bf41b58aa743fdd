"""The laws of files."""

import os
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from checks.laws import assert_raises, assert_same, assert_that, law, unchanged
from checks.words.folders import file_trees, written
from katas.files import get_files, image_extensions

few = settings(max_examples=5)  # each writes a folder, which takes its time on a busy disk
more = settings(max_examples=10)
endings = st.lists(
    st.sampled_from([".jpg", ".JPG", ".jpeg", ".pNg", ".gz", ".txt"]), min_size=1, max_size=3
)
top_folders = st.lists(st.sampled_from(["train", "train2", "valid", "n01.440", "x.jpg"]))
PICTURES = [
    "1.jpg",
    "2.JPG",
    "train/3.jpg",
    "train/valid/4.Jpg",
    "valid/5.jpg",
    "valid/train/6.jpg",
]


def folder_of(tree):
    """A new folder with these files."""
    return written(dict.fromkeys(tree, b""))


def visible(tree, recurse=True):
    """The files of a tree that are not hidden, nor in a hidden folder; sorted, each once."""
    shown = {o for o in tree if not any(part.startswith(".") for part in o.split("/"))}
    return sorted(o for o in shown if recurse or "/" not in o)


def ending(tree, extensions):
    """Those that end in one of the extensions, whatever the case of either."""
    return [o for o in tree if any(o.lower().endswith(e.lower()) for e in extensions)]


def inside(tree, *folders):
    """Those that lie at the top, or in one of these folders of the top."""
    return [o for o in tree if "/" not in o or o.split("/")[0] in folders]


def names(found, root):
    """Where the Paths of a list are below a folder, sorted: any order is right."""
    assert_that(type(found) is list, f"wanted a list, got a {type(found).__name__}", found, [])
    others = sorted({type(o).__name__ for o in found if not isinstance(o, Path)})
    assert_that(not others, f"wanted a list of Paths, got {', '.join(others)}", found)
    return sorted(os.path.relpath(o, root) for o in found)


plain_trees = file_trees.map(visible)


class Entry:
    """An entry of a folder that says when it is asked for more than the folder's list tells."""

    def __init__(self, entry, disk):
        self.entry, self.disk = entry, disk

    def stat(self, **kwargs):
        """What the disk knows of it."""
        self.disk.stats += 1
        return self.entry.stat(**kwargs)

    def __fspath__(self):
        return self.entry.path

    def __getattr__(self, name):
        return getattr(self.entry, name)


class Entries:
    """The entries of a folder, one after the other, as `os.scandir` gives them."""

    def __init__(self, entries, disk):
        self.entries, self.disk, self.close = entries, disk, entries.close

    def __iter__(self):
        return self

    def __next__(self):
        return Entry(next(self.entries), self.disk)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()


class Disk:
    """While it is open: how often a folder was listed, and how often a path was asked about."""

    def __enter__(self):
        self.lists = self.stats = 0
        names = ("stat", "lstat", "listdir", "scandir")
        self.kept = stat, lstat, listdir, scandir = [getattr(os, name) for name in names]
        os.stat, os.lstat = self.counting("stats", stat), self.counting("stats", lstat)
        os.listdir, scanning = self.counting("lists", listdir), self.counting("lists", scandir)
        os.scandir = lambda *args: Entries(scanning(*args), self)
        return self

    def __exit__(self, *error):
        os.stat, os.lstat, os.listdir, os.scandir = self.kept

    def counting(self, count, f):
        """`f`, with its calls counted."""

        def counted(*args, **kwargs):
            setattr(self, count, getattr(self, count) + 1)
            return f(*args, **kwargs)

        return counted


def cost(tree, *args, **kwargs):
    """What a call of get_files asks of the disk where these files are."""
    with folder_of(tree) as root, Disk() as disk:
        get_files(root, *args, **kwargs)
    return disk


def folders_with(count):
    """A tree of three folders, each with this many pictures."""
    return [f"{folder}{i}.jpg" for folder in ("", "a/", "a/b/") for i in range(count)]


@law("get_files")
@few
@given(plain_trees)
@example(["1.jpg", "6", "train/2.jpg"])
@example([])
def test_the_files_of_a_folder_come_as_a_list_of_paths(tree):
    """Without `recurse`: a Path for each file that lies in the folder itself, in any order."""
    wanted = visible(tree, recurse=False)
    with folder_of(tree) as root:
        assert_same(names(get_files(root), root), wanted)


@law("get_files")
@more
@given(plain_trees)
@example(["1.jpg", "train/2.jpg", "train/valid/3.jpg"])
@example(["train/n01.440/x/1.jpg", "n01.440/2.jpg"])
def test_with_recurse_files_come_from_every_depth(tree):
    """With `recurse`: each file below the folder once, however deep it lies."""
    wanted = visible(tree)
    with folder_of(tree) as root:
        assert_same(names(get_files(root, recurse=True), root), wanted)


@law("get_files")
@more
@given(plain_trees, endings, st.booleans())
@example(PICTURES, [".jpg"], True)
@example(PICTURES, [".JPG"], True)
@example(["7jpg", "8.jpg.txt", "1.jpg", "train/2.jpg"], [".jpg"], False)
def test_extensions_match_whatever_the_case(tree, extensions, recurse):
    """a.JPG ends in ".jpg", and a.jpg in ".JPG"; what counts is the end of the name."""
    wanted = ending(visible(tree, recurse), extensions)
    with folder_of(tree) as root, unchanged(extensions=extensions):
        assert_same(names(get_files(root, extensions, recurse), root), wanted)


@law("get_files")
@few
@given(endings, st.sampled_from([".JPG", ".jpg", ".pNg"]))
@example([".jpg", ".PNG"], ".jpg")
def test_extensions_may_be_one_or_several(several, one):
    """One as a str; several as a list, a tuple or a set, which stay as they are."""
    tree = ["1.jpg", "2.JPG", "3.jpeg", "4.Png", "5.txt", "6", "g", "train/7.jpg"]
    with folder_of(tree) as root:
        for kind in (list, tuple, set):
            extensions = kind(several)
            with unchanged(extensions=extensions):
                found = names(get_files(root, extensions=extensions, recurse=True), root)
            assert_same(found, ending(tree, several))
        found = names(get_files(root, extensions=one, recurse=True), root)
        assert_same(found, ending(tree, [one]))


@law("get_files")
@few
@given(plain_trees)
@example(["1.jpg", "3.Jpeg", "4.png", "5.txt", "train/2.JPG"])
def test_the_image_extensions_find_the_pictures(tree):
    """With `image_extensions` the pictures are found, whatever the case of their names."""
    wanted = ending(visible(tree), [".jpg", ".jpeg", ".png"])
    with folder_of(tree) as root, unchanged(image_extensions=image_extensions):
        assert_same(names(get_files(root, image_extensions, recurse=True), root), wanted)


@law("get_files")
@few
@given(file_trees, st.booleans(), st.sampled_from([None, ".jpg"]))
@example(["1.jpg"], False, None)
@example(["1.jpg"], True, ".jpg")
def test_hidden_files_are_left_out(tree, recurse, extensions):
    """A file whose name begins with a dot is not in the list, at no depth."""
    tree = [*tree, ".b.jpg", "valid/.b.jpg", "valid/train/.b.jpg"]
    wanted = ending(visible(tree, recurse), [extensions or ""])
    with folder_of(tree) as root:
        assert_same(names(get_files(root, extensions, recurse), root), wanted)


@law("get_files")
@few
@given(file_trees)
@example(["train/3.jpg"])
def test_hidden_folders_are_not_entered(tree):
    """Nothing comes from a folder whose name begins with a dot, at no depth."""
    tree = [*tree, ".b/1.jpg", "train/.b/1.jpg", ".b/train/1.jpg"]
    wanted = visible(tree)
    with folder_of(tree) as root:
        assert_same(names(get_files(root, recurse=True), root), wanted)


@law("get_files")
@few
@given(st.lists(st.sampled_from([".cache", "data", ".x.jpg"]), min_size=1, max_size=3))
@example([".cache"])
def test_folders_above_may_be_hidden(above):
    """The name of the folder itself, and what lies above it, may begin with a dot."""
    prefix = "/".join(above)
    with folder_of([f"{prefix}/{name}" for name in PICTURES]) as top:
        root = top / prefix
        assert_same(names(get_files(root, ".jpg", recurse=True), root), PICTURES)


@law("get_files")
@more
@given(plain_trees, top_folders)
@example(PICTURES, ["train"])
@example(["train/1.jpg", "train2/2.jpg", "n01.440/train/3.jpg"], ["train"])
@example(PICTURES, [])
def test_include_names_the_top_folders_to_enter(tree, folders):
    """Of the folders directly in `path`, only those in `include`; the files there stay."""
    folders = [o for o in folders if any(name.startswith(f"{o}/") for name in tree)]
    wanted = inside(visible(tree), *folders)
    with folder_of(tree) as root, unchanged(include=folders):
        for include in (folders, tuple(folders), set(folders)):
            assert_same(names(get_files(root, recurse=True, include=include), root), wanted)


@law("get_files")
@few
@given(plain_trees)
@example([])
def test_include_has_no_say_deeper_down(tree):
    """Below an included folder all folders are entered, whatever their names."""
    tree = [*tree, "train/valid/1.jpg", "train/deep/down/2.jpg", "valid/train/3.jpg"]
    wanted = inside(visible(tree), "train")
    with folder_of(tree) as root:
        assert_same(names(get_files(root, recurse=True, include=["train"]), root), wanted)


@law("get_files")
@few
@given(plain_trees)
@example(PICTURES)
def test_without_recurse_no_folder_is_entered_for_include(tree):
    """Without `recurse`, only the files of the folder itself, whatever `include` names."""
    tree = [*tree, "train/1.jpg"]
    wanted = visible(tree, recurse=False)
    with folder_of(tree) as root:
        assert_same(names(get_files(root, include=["train"]), root), wanted)


@law("get_files")
@few
@given(plain_trees, st.booleans())
@example(["x.jpg/1.jpg", "x.jpg/x.jpg/5.txt"], True)
@example(["1.jpg", "x.jpg/5.txt"], False)
def test_a_folder_is_no_file_whatever_its_name(tree, recurse):
    """A folder named x.jpg is not in the list; with `recurse` it is entered."""
    tree = [*tree, "y.jpg/.keep", "y.jpg/z.JPG/1.jpg"]
    wanted = ending(visible(tree, recurse), [".jpg"])
    with folder_of(tree) as root:
        assert_same(names(get_files(root, [".jpg"], recurse), root), wanted)


@law("get_files")
@few
@given(plain_trees, st.sampled_from([str, Path, lambda path: f"{path}/", os.path.relpath]))
@example(PICTURES, str)
@example(PICTURES, Path)
def test_the_folder_may_be_a_str_or_a_path(tree, kind):
    """`path` is a str or a Path, absolute or not; the Paths that come lead to the files."""
    wanted = inside(visible(tree), "train")
    with folder_of(tree) as root:
        assert_same(names(get_files(kind(root), None, True, ["train"]), root), wanted)


@law("get_files")
@few
@given(st.sampled_from([str, Path]), st.booleans(), st.sampled_from([None, ".jpg", {".png"}]))
@example(str, False, None)
@example(Path, True, ".jpg")
def test_a_folder_that_does_not_exist_is_an_error(kind, recurse, extensions):
    """FileNotFoundError at the call, with `recurse` and without, whatever else is asked for."""
    with folder_of(["train/1.jpg"]) as root:
        for include in (None, ["train"]):
            with assert_raises(FileNotFoundError):
                get_files(kind(root / "nowhere"), extensions, recurse, include)


@law("get_files")
@few
@given(plain_trees)
@example(PICTURES)
def test_each_call_lists_what_is_there(tree):
    """What an earlier call found is no part of the list, and has no say in it."""
    wanted = visible(tree)
    with folder_of([*tree, "new.jpg"]) as root:
        get_files(root, recurse=True)
        os.remove(root / "new.jpg")
        assert_same(names(get_files(root, recurse=True), root), wanted)


@law("get_files")
@few
@given(st.integers(2, 9), st.booleans(), st.sampled_from([None, ".jpg", [".jpg", ".png"]]))
@example(9, True, ".jpg")
@example(9, False, None)
def test_no_file_is_asked_about_by_itself(count, recurse, extensions):
    """More files in the same folders: no more calls of `stat`, as `is_file` and others make."""
    few, many = (cost(folders_with(n), extensions, recurse=recurse) for n in (1, count))
    why = f"{many.stats} calls of stat with {3 * count} files, {few.stats} with 3"
    assert_that(many.stats <= few.stats, why, many.stats, few.stats)


@law("get_files")
@few
@given(st.integers(2, 6))
@example(6)
def test_one_pass_finds_all_extensions(count):
    """More extensions: no more folders are listed than for one."""
    asked = [".jpg", ".png", ".gif", ".bmp", ".webp", ".jpeg"][:count]
    one, several = (cost(folders_with(2), o, recurse=True) for o in ([".jpg"], asked))
    why = f"folders were listed {several.lists} times for {count} extensions, {one.lists} for one"
    assert_that(several.lists <= one.lists, why, several.lists, one.lists)
