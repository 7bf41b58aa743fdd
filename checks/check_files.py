"""The laws of files."""

import os
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from checks.laws import assert_raises, assert_same, assert_that, law, unchanged
from checks.words.folders import Disk, ending, file_trees, folder_of, inside, names, visible
from katas.files import get_files, image_extensions

few = settings(max_examples=4)  # each writes a folder, which takes its time on a busy disk
more = settings(max_examples=8)
plain_trees = file_trees.map(visible)
suffixes = st.sampled_from([".jpg", ".JPG", ".jpeg", ".pNg", ".gz", ".txt"])
endings = st.lists(suffixes, min_size=1, max_size=3)
top_folders = st.lists(st.sampled_from(["train", "train2", "valid", "n01.440", "x.jpg"]))
PICTURES = [
    "1.jpg",
    "2.JPG",
    "train/3.jpg",
    "train/valid/4.Jpg",
    "valid/5.jpg",
    "valid/train/6.jpg",
]


def cost(count, *args, **kwargs):
    """What get_files asks of the disk where three folders have this many pictures each."""
    tree = [f"{folder}{i}.jpg" for folder in ("", "a/", "a/b/") for i in range(count)]
    with folder_of(tree) as root, Disk() as disk:
        get_files(root, *args, **kwargs)
    return disk


@law(
    "get_files", "A list of the files in the folder `path`, as Paths in any order.", "None for all"
)
@few
@given(plain_trees)
@example(["1.jpg", "6", "train/2.jpg"])
@example([])
def test_the_files_of_a_folder_come_as_a_list_of_paths(tree):
    """Without `recurse`: a Path for each file that lies in the folder itself, in any order."""
    wanted = visible(tree, recurse=False)
    with folder_of(tree) as root:
        assert_same(names(get_files(root), root), wanted)


@law("get_files", "recurse whether to list the files in folders below `path` too")
@more
@given(plain_trees)
@example(["1.jpg", "train/2.jpg", "train/valid/3.jpg"])
@example(["train/n01.440/x/1.jpg", "n01.440/2.jpg"])
def test_with_recurse_files_come_from_every_depth(tree):
    """With `recurse`: each file below the folder once, however deep it lies."""
    wanted = visible(tree)
    with folder_of(tree) as root:
        assert_same(names(get_files(root, recurse=True), root), wanted)


@law("get_files", "extensions endings of the files to list", "The ending of a name starts at its")
@more
@given(plain_trees, endings, st.booleans())
@example(["1.jpg", "2.txt", "train/3.jpg"], [".jpg"], True)
@example(["7jpg", "jpg", "8.jpg.txt", "1.jpg", "train/2.jpg"], [".jpg"], False)
def test_files_are_chosen_by_their_endings(tree, extensions, recurse):
    """The end of a name counts: a.jpg has the ending ".jpg", and a.jpg.txt and jpg don't."""
    wanted = ending(visible(tree, recurse), extensions)
    with folder_of(tree) as root:
        assert_same(names(get_files(root, extensions, recurse), root), wanted)


@law(
    "get_files", "Case doesn't matter in endings, but it does in the names of folders in `include`."
)
@few
@given(plain_trees, endings)
@example(PICTURES, [".jpg"])
@example(PICTURES, [".JPG"])
def test_extensions_match_whatever_the_case(tree, extensions):
    """a.JPG ends in ".jpg", and a.jpg in ".JPG"."""
    wanted = ending(visible(tree), extensions)
    with folder_of(tree) as root:
        assert_same(names(get_files(root, extensions, recurse=True), root), wanted)


@law("get_files", 'one such as ".jpg", or several in a list, tuple or set')
@few
@given(endings, suffixes)
@example([".jpg", ".PNG"], ".jpg")
def test_extensions_may_be_one_or_several(several, one):
    """One as a str; several as a list, a tuple or a set."""
    tree = ["1.jpg", "2.JPG", "3.jpeg", "4.Png", "5.txt", "6", "g", "train/7.jpg"]
    wanted = ending(tree, several)
    with folder_of(tree) as root:
        for extensions in (several, tuple(several), set(several)):
            assert_same(names(get_files(root, extensions=extensions, recurse=True), root), wanted)
        found = names(get_files(root, extensions=one, recurse=True), root)
        assert_same(found, ending(tree, [one]))


@law("get_files", "extensions endings of the files to list")
@few
@given(plain_trees)
@example(["1.jpg", "3.Jpeg", "4.png", "5.txt", "train/2.JPG"])
def test_the_image_extensions_find_the_pictures(tree):
    """With `image_extensions` the pictures are found, whatever the case of their names."""
    wanted = ending(visible(tree), [".jpg", ".jpeg", ".png"])
    with folder_of(tree) as root, unchanged(image_extensions=image_extensions):
        assert_same(names(get_files(root, image_extensions, recurse=True), root), wanted)


@law("get_files", "Hidden files, whose names start with a dot, are left out.")
@few
@given(file_trees, st.booleans(), st.sampled_from([None, ".jpg"]))
@example(["1.jpg"], False, None)
@example(["1.jpg"], True, ".jpg")
def test_hidden_files_are_left_out(tree, recurse, extensions):
    """A file whose name starts with a dot is not in the list, at no depth."""
    tree = [*tree, ".b.jpg", ".jpg", "valid/.b.jpg", "valid/train/.b.jpg"]
    wanted = ending(visible(tree, recurse), [extensions or ""])
    with folder_of(tree) as root:
        assert_same(names(get_files(root, extensions, recurse), root), wanted)


@law("get_files", "Hidden folders aren't entered, even if `include` names them")
@few
@given(file_trees, st.sampled_from([None, [".b", "train"], ".b"]))
@example(["train/3.jpg"], None)
@example(["train/3.jpg"], [".b", "train"])
def test_hidden_folders_are_not_entered(tree, include):
    """Nothing comes from a folder whose name starts with a dot, at no depth."""
    tree = [*tree, ".b/1.jpg", "train/.b/1.jpg", ".b/train/1.jpg"]
    wanted = visible(tree) if include is None else inside(visible(tree), *include)
    with folder_of(tree) as root:
        assert_same(names(get_files(root, recurse=True, include=include), root), wanted)


@law("get_files", "but `path` itself may be hidden or lie in a hidden folder")
@few
@given(st.lists(st.sampled_from([".cache", "data", ".x.jpg"]), min_size=1, max_size=3))
@example([".cache"])
def test_folders_above_may_be_hidden(above):
    """The name of the folder itself, and the folders above it, may start with a dot."""
    prefix = "/".join(above)
    with folder_of([f"{prefix}/{name}" for name in PICTURES]) as top:
        root = top / prefix
        assert_same(names(get_files(root, ".jpg", recurse=True), root), PICTURES)


@law("get_files", "A folder is never listed as a file, whatever its name.")
@few
@given(plain_trees, st.booleans())
@example(["x.jpg/1.jpg", "x.jpg/x.jpg/5.txt"], True)
@example(["1.jpg", "x.jpg/5.txt"], False)
def test_a_folder_is_not_a_file_whatever_its_name(tree, recurse):
    """A folder named x.jpg is not in the list; with `recurse` it is entered."""
    tree = [*tree, "y.jpg/.keep", "y.jpg/z.JPG/1.jpg"]
    wanted = ending(visible(tree, recurse), [".jpg"])
    with folder_of(tree) as root:
        assert_same(names(get_files(root, [".jpg"], recurse), root), wanted)


@law(
    "get_files", "include names of the folders directly in `path` to enter", "a list, tuple or set"
)
@more
@given(plain_trees, top_folders)
@example(PICTURES, ["train"])
@example(["train/1.jpg", "train2/2.jpg", "n01.440/train/3.jpg"], ["train"])
@example(PICTURES, [])
def test_include_names_the_top_folders_to_enter(tree, folders):
    """Of the folders directly in `path`, only those in `include` are entered."""
    folders = [o for o in folders if any(name.startswith(f"{o}/") for name in tree)]
    wanted = inside(visible(tree), *folders)
    with folder_of(tree) as root:
        for include in (folders, tuple(folders), set(folders)):
            assert_same(names(get_files(root, recurse=True, include=include), root), wanted)


@law("get_files", "enter: one, or several")
@few
@given(plain_trees, st.sampled_from(["train", "valid"]))
@example([], "train")
def test_a_bare_name_in_include_is_one_folder(tree, name):
    """With include="train" the folders rain and t aren't entered."""
    tree = [*tree, "train/1.jpg", "rain/2.jpg", "t/3.jpg", "valid/4.jpg", "val/5.jpg"]
    wanted = inside(visible(tree), name)
    with folder_of(tree) as root:
        assert_same(names(get_files(root, recurse=True, include=name), root), wanted)


@law("get_files", "in the names of folders in")
@few
@given(plain_trees, st.sampled_from(["Train", ["TRAIN", "valid"], {"train"}]))
@example([], "Train")
@example([], {"train"})
def test_case_counts_in_include(tree, include):
    """With include="Train" the folder train isn't entered."""
    tree = [*tree, "train/1.jpg", "Train/2.jpg", "valid/3.jpg"]
    wanted = inside(visible(tree), *([include] if isinstance(include, str) else include))
    with folder_of(tree) as root:
        assert_same(names(get_files(root, recurse=True, include=include), root), wanted)


@law("get_files", "`include` doesn't affect the files directly in `path` or the folders")
@few
@given(plain_trees, st.sampled_from([None, ".jpg"]))
@example([], None)
def test_include_has_no_say_at_the_top_and_deeper_down(tree, extensions):
    """Below an included folder all folders are entered, and the files in `path` are listed."""
    tree = [*tree, "1.jpg", "train/valid/1.jpg", "train/deep/down/2.jpg", "valid/train/3.jpg"]
    wanted = ending(inside(visible(tree), "train"), [extensions or ""])
    with folder_of(tree) as root:
        assert_same(names(get_files(root, extensions, True, ["train"]), root), wanted)


@law("get_files", "Without `recurse` no folder is entered.")
@few
@given(plain_trees, st.sampled_from([None, "train", ["train"]]))
@example(PICTURES, ["train"])
def test_without_recurse_no_folder_is_entered(tree, include):
    """Without `recurse`, only the files of the folder itself, whatever `include` names."""
    tree = [*tree, "train/1.jpg"]
    wanted = visible(tree, recurse=False)
    with folder_of(tree) as root:
        assert_same(names(get_files(root, include=include), root), wanted)


@law("get_files", "path a str or a Path")
@few
@given(plain_trees, st.sampled_from([str, Path, lambda path: f"{path}/", os.path.relpath]))
@example(PICTURES, str)
@example(PICTURES, Path)
@example(PICTURES, os.path.relpath)
def test_the_folder_may_be_a_str_or_a_path(tree, kind):
    """`path` is a str or a Path, absolute or not; the Paths in the list lead to the files."""
    wanted = inside(visible(tree), "train")
    with folder_of(tree) as root:
        assert_same(names(get_files(kind(root), None, True, ["train"]), root), wanted)


@law("get_files", "Raises FileNotFoundError if `path` doesn't exist, with")
@few
@given(st.sampled_from([str, Path]), st.booleans(), st.sampled_from([None, ".jpg", {".png"}]))
@example(str, False, None)
@example(Path, True, ".jpg")
def test_a_folder_that_does_not_exist_is_an_error(kind, recurse, extensions):
    """FileNotFoundError at the call, with `recurse` and without, whatever else is asked for."""
    with folder_of(["train/1.jpg"]) as root:
        for include in (None, ["train"]):
            with assert_raises(FileNotFoundError) as came:
                came.append(get_files(kind(root / "nowhere"), extensions, recurse, include))


@law("get_files", "All arguments are left unchanged.")
@few
@given(endings, top_folders)
@example([".JPG"], ["train", "n01.440"])
def test_the_arguments_are_left_unchanged(extensions, include):
    """The extensions and the folders to include are the same afterwards, lists or sets."""
    include = [".git", *(o for o in include if o in ("train", "valid"))]
    for kind in (list, set):
        given_extensions, given_include = kind(extensions), kind(include)
        with folder_of(PICTURES) as root, unchanged(e=given_extensions, i=given_include):
            get_files(root, given_extensions, True, given_include)


@law("get_files", "A list of the files in the folder `path`")
@few
@given(plain_trees)
@example(PICTURES)
def test_each_call_lists_the_files_of_its_time(tree):
    """A file that an earlier call found and that is gone is not in the list."""
    wanted = visible(tree)
    with folder_of([*tree, "new.jpg"]) as root:
        get_files(root, recurse=True)
        os.remove(root / "new.jpg")
        assert_same(names(get_files(root, recurse=True), root), wanted)


@law("get_files", "no file gets a `stat` call of its", "know which entries are folders")
@few
@given(st.integers(2, 9), st.booleans(), st.sampled_from([None, ".jpg", [".jpg", ".png"]]))
@example(9, True, ".jpg")
@example(9, False, None)
def test_no_file_is_asked_about_by_itself(count, recurse, extensions):
    """More files in the same folders: no more calls of `stat`, as `is_file` and others make."""
    few, many = (cost(n, extensions, recurse=recurse).stats for n in (1, count))
    why = f"got {many} calls of stat for {3 * count} files, wanted {few} as for 3 files"
    assert_that(many <= few, why, many, few)


@law("get_files", "No folder is listed more often for several extensions than for one.")
@few
@given(st.integers(2, 6))
@example(6)
def test_one_pass_finds_all_extensions(count):
    """More extensions: no more folders are listed than for one."""
    asked = [".jpg", ".png", ".gif", ".bmp", ".webp", ".jpeg"][:count]
    one, several = (cost(2, o, recurse=True).lists for o in ([".jpg"], asked))
    why = f"got {several} listings of folders for {count} extensions, wanted {one} as for one"
    assert_that(several <= one, why, several, one)
