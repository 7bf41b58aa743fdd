"""Wrong answers to the exercises of `item_lists`: each changes one part of a right one."""

import copy
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageFile

from .containers import ListContainer, compose, listify, plain_index
from .files import get_files, image_extensions


class _List(ListContainer):
    def __init__(self, items, path=".", tfms=None):
        super().__init__(items)
        self.path, self.tfms = Path(path), tfms

    def __getitem__(self, idx):
        found = ListContainer.__getitem__(self, idx)
        if hasattr(plain_index(idx), "__index__"):
            return self._one(found)
        return [self._one(o) for o in found]

    def _one(self, item):
        return compose(self.get(item), self.tfms)

    def get(self, item):
        return item

    def new(self, items):
        return type(self)(items, self.path, self.tfms)


class ItemList(_List):
    """Applies the transforms to an item's name and forgets to fetch the item with `get`."""

    def _one(self, item):
        return compose(item, self.tfms)


class ItemList(_List):
    """Transforms the name first and fetches the result."""

    def _one(self, item):
        return self.get(compose(item, self.tfms))


class ItemList(_List):
    """Fetches items but never transforms them."""

    def _one(self, item):
        return self.get(item)


class ItemList(_List):
    """Passes the list of a slice to `get` as if it were one item."""

    def __getitem__(self, idx):
        return self._one(ListContainer.__getitem__(self, idx))


class ItemList(_List):
    """Transforms single items only; a slice returns the items as they came in."""

    def __getitem__(self, idx):
        found = ListContainer.__getitem__(self, idx)
        return self._one(found) if hasattr(plain_index(idx), "__index__") else found


class ItemList(_List):
    """Checks the item instead of the index, as the lecture does, so an item that is a list is split."""

    def __getitem__(self, idx):
        found = ListContainer.__getitem__(self, idx)
        return [self._one(o) for o in found] if isinstance(found, list) else self._one(found)


class ItemList(_List):
    """Transforms the parts of a fetched item one by one if the item is a list."""

    def _one(self, item):
        fetched = self.get(item)
        if isinstance(fetched, list):
            return [compose(o, self.tfms) for o in fetched]
        return compose(fetched, self.tfms)


class ItemList(_List):
    """Recognises only Python's own ints, so an int from numpy or torch counts as several places."""

    def __getitem__(self, idx):
        found = ListContainer.__getitem__(self, idx)
        return self._one(found) if isinstance(idx, int) else [self._one(o) for o in found]


class ItemList(_List):
    """Uses `operator.index` on any tensor, so a tensor with one place in it counts as an int."""

    def __getitem__(self, idx):
        try:
            return self._one(self.items[idx.__index__()])
        except (AttributeError, TypeError, ValueError):
            return _List.__getitem__(self, idx)


class ItemList(_List):
    """Leaves None out: an item that is None isn't fetched."""

    def _one(self, item):
        return None if item is None else _List._one(self, item)


class ItemList(_List):
    """Doesn't transform a fetched item that counts as false, such as 0 or an empty list."""

    def _one(self, item):
        fetched = self.get(item)
        return compose(fetched, self.tfms) if fetched else fetched


class ItemList(_List):
    """Fetches and transforms everything once, at the start."""

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items, path, tfms)
        self.done = [self._one(o) for o in self.items]

    def __getitem__(self, idx):
        return ListContainer(self.done)[idx]


class ItemList(_List):
    """Remembers results, so an item is never transformed a second time."""

    def _one(self, item):
        known = vars(self).setdefault("known", {})
        if repr(item) not in known:
            known[repr(item)] = _List._one(self, item)
        return known[repr(item)]


class ItemList(_List):
    """Fetches an item twice each time, once to look whether it's there."""

    def _one(self, item):
        return _List._one(self, item) if self.get(item) is not ... else ...


class ItemList(_List):
    """Stores the transformed item in place of the original, so the next time it's transformed twice."""

    def __getitem__(self, idx):
        found = _List.__getitem__(self, idx)
        if isinstance(idx, int):
            self.items[idx] = found
        return found


class ItemList(_List):
    """Calls the transforms in the order given instead of composing them by their order."""

    def _one(self, item):
        item = self.get(item)
        for tfm in listify(self.tfms):
            item = tfm(item)
        return item


class ItemList(_List):
    """Stops at the first transform and never calls the others."""

    def _one(self, item):
        return compose(self.get(item), listify(self.tfms)[:1])


class ItemList(_List):
    """Expects a list of transforms, so it never calls one bare function."""

    def _one(self, item):
        return compose(self.get(item), self.tfms if isinstance(self.tfms, list | tuple) else [])


class ItemList(_List):
    """Composes the transforms when it's made, so replacing `tfms` later changes nothing."""

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items, path, tfms)
        self._tfms = listify(tfms)

    def _one(self, item):
        return compose(self.get(item), self._tfms)


class ItemList(_List):
    """Hides the transforms in an attribute of another name, so setting `tfms` does nothing."""

    def __init__(self, items, path=".", tfms=None):
        ListContainer.__init__(self, items)
        self.path, self._tfms = Path(path), tfms

    def _one(self, item):
        return compose(self.get(item), self._tfms)

    def new(self, items):
        return type(self)(items, self.path, self._tfms)


class ItemList(_List):
    """Keeps a str path as a str, so `path / name` fails later."""

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items, path, tfms)
        self.path = path


class ItemList(_List):
    """Resolves the path, so "data" becomes a folder of this machine."""

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items, path, tfms)
        self.path = Path(path).resolve()


class ItemList(_List):
    """Makes a new list without the transforms."""

    def new(self, items):
        return type(self)(items, self.path)


class ItemList(_List):
    """Makes a new list of the base class, so the `get` of a subclass is lost."""

    def new(self, items):
        return ItemList(items, self.path, tfms=self.tfms)


class ItemList(_List):
    """Makes a new list whose path is the folder where the program runs."""

    def new(self, items):
        return type(self)(items, tfms=self.tfms)


class ItemList(_List):
    """Replaces its own items instead of making a new list."""

    def new(self, items):
        self.items = list(items)
        return self


class ItemList(_List):
    """Makes a new list as a copy of the old one and leaves the old items in it."""

    def new(self, items):
        return copy.copy(self)


class ItemList(_List):
    """Makes a copy and puts in the new items without `listify`, so a generator stays one."""

    def new(self, items):
        other = copy.copy(self)
        other.items = items
        return other


class ItemList(_List):
    """Fetches the items before it makes a new list of them."""

    def new(self, items):
        return type(self)([self.get(o) for o in listify(items)], self.path, self.tfms)


class ItemList(_List):
    """Keeps path and transforms in the class, so the list that is made last sets them for all."""

    def __init__(self, items, path=".", tfms=None):
        ListContainer.__init__(self, items)
        ItemList.path, ItemList.tfms = Path(path), [tfms]

    def _one(self, item):
        return compose(self.get(item), listify(self.tfms[0]))

    def new(self, items):
        return type(self)(items, self.path, self.tfms[0])


class ItemList(_List):
    """Keeps the path only where transforms are given as well."""

    path, tfms = Path("."), None

    def __init__(self, items, path=".", tfms=None):
        ListContainer.__init__(self, items)
        if tfms is not None:
            self.path, self.tfms = Path(path), tfms


class ItemList(_List):
    """Returns a slice as another item list, where the list of transformed items is wanted."""

    def __getitem__(self, idx):
        found = ListContainer.__getitem__(self, idx)
        return self._one(found) if hasattr(plain_index(idx), "__index__") else self.new(found)


class ItemList(_List):
    """Returns the transformed items of a slice one by one, as a generator."""

    def __getitem__(self, idx):
        found = _List.__getitem__(self, idx)
        return found if hasattr(plain_index(idx), "__index__") else iter(found)


class ItemList(_List):
    """Returns the transformed items of a slice as a tuple."""

    def __getitem__(self, idx):
        found = _List.__getitem__(self, idx)
        return found if hasattr(plain_index(idx), "__index__") else tuple(found)


class ItemList(_List):
    """Reads a mask as places, so False is item 0 and True is item 1."""

    def __getitem__(self, idx):
        idx = plain_index(idx)
        if hasattr(idx, "__index__"):
            return self._one(self.items[idx])
        if isinstance(idx, slice):
            return [self._one(o) for o in self.items[idx]]
        return [self._one(self.items[i]) for i in idx]


class ItemList(_List):
    """Counts from 0 only: an index below 0 is an IndexError."""

    def __getitem__(self, idx):
        if hasattr(plain_index(idx), "__index__") and idx < 0:
            raise IndexError(idx)
        return _List.__getitem__(self, idx)


class ItemList(_List):
    """Keeps the first ten items, those that `repr` shows."""

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items, path, tfms)
        self.items = self.items[:10]


class ItemList:
    """Is a separate class instead of a subclass of `ListContainer`."""

    def __init__(self, items, path=".", tfms=None):
        self.box, self.path, self.tfms = ListContainer(items), Path(path), tfms
        self.items = self.box.items

    def __len__(self):
        return len(self.box)

    def __getitem__(self, idx):
        found = self.box[idx]
        one = hasattr(plain_index(idx), "__index__")
        return self._one(found) if one else [self._one(o) for o in found]

    _one, get, new = _List._one, _List.get, _List.new


class ItemList(_List):
    """Takes an index beyond the end modulo the length, so it raises no IndexError."""

    def __getitem__(self, idx):
        one = hasattr(plain_index(idx), "__index__")
        return _List.__getitem__(self, int(idx) % len(self.items) if one else idx)


class ItemList(_List):
    """It fetches and transforms the items in a loop, which should yield them as you passed them in."""

    def __iter__(self):
        return (self[i] for i in range(len(self)))


class ItemList(_List):
    """It fetches the first ten items for its repr, before you index it."""

    def __repr__(self):
        dots = "..." if len(self) > 10 else ""
        return f"{type(self).__name__} ({len(self)} items) {self[:10]}{dots}"


class _Images(ItemList):
    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        return cls(get_files(path, extensions, recurse, include), path, **kwargs)

    def get(self, item):
        try:
            return self._read(item)
        except FileNotFoundError:
            raise
        except Exception as error:
            raise OSError(f"{item} is not a picture: {error}") from error

    def _read(self, fn):
        with Image.open(fn) as img:
            return img.copy()


class ImageList(_Images):
    """Leaves the file open, as the lecture's form does until the pixels are read."""

    def _read(self, fn):
        return Image.open(fn)


class ImageList(_Images):
    """Leaves the file open, as the lecture's form does until the pixels are read."""

    opened: list = []

    def _read(self, fn):
        self.opened.append(open(fn, "rb"))
        return Image.open(self.opened[-1]).copy()


class ImageList(_Images):
    """Calls `load` and leaves it to Pillow to close the file, which stays open for a GIF."""

    def _read(self, fn):
        img = Image.open(fn)
        img.load()
        return img


class ImageList(_Images):
    """Closes the file before the pixels are read, so the picture cannot be used."""

    def _read(self, fn):
        with Image.open(fn) as img:
            return img


class ImageList(_Images):
    """Closes the picture itself, so its pixels are lost."""

    def _read(self, fn):
        img = Image.open(fn)
        img.load()
        img.close()
        return img


class ImageList(_Images):
    """Makes every picture RGB, so a grey one has three channels before it is transformed."""

    def _read(self, fn):
        return _Images._read(self, fn).convert("RGB")


class ImageList(_Images):
    """Replaces a picture's palette with its colours, so its mode changes."""

    def _read(self, fn):
        img = _Images._read(self, fn)
        return img.convert("RGB") if img.mode == "P" else img


class ImageList(_Images):
    """Copies the pixels into a new picture and loses the palette."""

    def _read(self, fn):
        img = _Images._read(self, fn)
        return Image.frombytes(img.mode, img.size, img.tobytes())


class ImageList(_Images):
    """Reads every picture as grey, which saves memory and loses the colours."""

    def _read(self, fn):
        return _Images._read(self, fn).convert("L")


class ImageList(_Images):
    """Returns the last frame of a file that has several."""

    def _read(self, fn):
        with Image.open(fn) as img:
            img.seek(getattr(img, "n_frames", 1) - 1)
            return img.copy()


class ImageList(_Images):
    """Opens the file by a method of Path, which a file name as text doesn't have."""

    def _read(self, fn):
        with fn.open("rb") as file:
            return Image.open(file).copy()


class ImageList(_Images):
    """Raises an error that says what is wrong, but not which file it's about."""

    def get(self, item):
        try:
            return self._read(item)
        except FileNotFoundError:
            raise
        except Exception as error:
            raise OSError("this file is not a picture") from error


class ImageList(_Images):
    """Names the file only if opening it fails, so the error for half a picture doesn't name it."""

    def get(self, item):
        try:
            img = Image.open(item)
        except FileNotFoundError:
            raise
        except Exception as error:
            raise OSError(f"{item} is not a picture: {error}") from error
        with img:
            return img.copy()


class ImageList(_Images):
    """Raises a ValueError for a file that is not a picture, where an OSError is promised."""

    def get(self, item):
        try:
            return self._read(item)
        except FileNotFoundError:
            raise
        except Exception as error:
            raise ValueError(f"{item} is not a picture: {error}") from error


class ImageList(_Images):
    """Raises the error for a broken picture even if the file does not exist."""

    def get(self, item):
        try:
            return self._read(item)
        except Exception as error:
            raise OSError(f"{item} is not a picture: {error}") from error


class ImageList(_Images):
    """Accepts half a picture, and the rest of it is grey."""

    def get(self, item):
        before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, True
        try:
            return _Images.get(self, item)
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before


class ImageList(_Images):
    """Returns None for a file that does not exist."""

    def get(self, item):
        return _Images.get(self, item) if Path(item).exists() else None


class ImageList(_Images):
    """Returns None for a file that is not a picture, and the error comes much later."""

    def get(self, item):
        try:
            return self._read(item)
        except FileNotFoundError:
            raise
        except Exception:
            return None


class ImageList(_Images):
    """Puts a black picture in the place of a file that cannot be read."""

    def get(self, item):
        try:
            return _Images.get(self, item)
        except FileNotFoundError:
            raise
        except OSError:
            return Image.new("RGB", (64, 64))


class ImageList(_Images):
    """Reads the bytes first, so the error names a buffer in memory instead of the file."""

    def get(self, item):
        with Image.open(BytesIO(Path(item).read_bytes())) as img:
            return img.copy()


class ImageList(_Images):
    """Looks only in the top folder by default instead of searching all folders below it."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=False, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        return cls(get_files(path, extensions, recurse, include), path, **kwargs)


class ImageList(_Images):
    """It enters the folders in `include` even if it is told not to recurse."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        return cls(get_files(path, extensions, recurse or bool(include), include), path, **kwargs)


class ImageList(_Images):
    """Recurses even where it is told not to."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        return cls(get_files(path, extensions, True, include), path, **kwargs)


class ImageList(_Images):
    """Lists every file, even text files, when you pass no extensions."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        return cls(get_files(path, extensions, recurse, include), path, **kwargs)


class ImageList(_Images):
    """Uses all picture extensions, even when you pass others."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        return cls(get_files(path, image_extensions, recurse, include), path, **kwargs)


class ImageList(_Images):
    """Knows three extensions of pictures instead of all of them."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = [".jpg", ".jpeg", ".png"] if extensions is None else extensions
        return cls(get_files(path, extensions, recurse, include), path, **kwargs)


class ImageList(_Images):
    """Adds the extensions that are asked for to those of all pictures."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions | set(listify(extensions))
        return cls(get_files(path, extensions, recurse, include), path, **kwargs)


class ImageList(_Images):
    """Does not pass `include` on, so all folders are entered."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        return cls(get_files(path, extensions, recurse), path, **kwargs)


class ImageList(_Images):
    """Puts `include` where `recurse` belongs."""

    @classmethod
    def from_files(cls, path, extensions=None, include=None, recurse=True, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        return cls(get_files(path, extensions, recurse, include), path, **kwargs)


class ImageList(_Images):
    """Drops further arguments, so the transforms are lost."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        return cls(get_files(path, extensions, recurse, include), path)


class ImageList(_Images):
    """Forgets the folder, so the path of the list is where the program runs."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        return cls(get_files(path, extensions, recurse, include), **kwargs)


class ImageList(_Images):
    """Always makes an ImageList, even when it is called on a subclass."""

    @staticmethod
    def from_files(path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        return ImageList(get_files(path, extensions, recurse, include), path, **kwargs)


class ImageList(_Images):
    """Opens all files at the start and keeps the pictures as its items, all of them in memory at once."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        files = get_files(path, extensions, recurse, include)
        return cls([Image.open(fn).copy() for fn in files], path, **kwargs)

    def get(self, item):
        return item


class ImageList(_Images):
    """Keeps the names of the files without their folders, so no file is found later."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        files = get_files(path, extensions, recurse, include)
        return cls([fn.relative_to(path) for fn in files], path, **kwargs)


class ImageList(_Images):
    """Keeps the names of the files as text, where Paths are wanted."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        files = get_files(path, extensions, recurse, include)
        return cls([str(fn) for fn in files], path, **kwargs)


class ImageList(_Images):
    """Returns an empty list for a folder that does not exist."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        files = get_files(path, extensions, recurse, include) if Path(path).exists() else []
        return cls(files, path, **kwargs)


class ImageList(_Images):
    """Returns the picture without its transforms when you index it."""

    def __getitem__(self, idx):
        return self.get(self.items[idx])


class ImageList(_Images):
    """Remembers the pictures that it has read, and a transform in place changes them for good."""

    known: dict = {}

    def get(self, item):
        if item not in self.known:
            self.known[item] = _Images.get(self, item)
        return self.known[item]


class ImageList(_Images):
    """Passes on only the transforms, so a subclass with an argument of its own doesn't get it."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        return cls(get_files(path, extensions, recurse, include), path, kwargs.get("tfms"))


class ImageList(_List):
    """Has the same methods as an `ItemList`, but isn't a subclass of it."""

    from_files, get, _read = classmethod(_Images.from_files.__func__), _Images.get, _Images._read


class ImageList(_Images):
    """It enters every folder where `include` is an empty list, as if that were None."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        return cls(get_files(path, extensions, recurse, include or None), path, **kwargs)


class ImageList(_Images):
    """It puts the list's path in front of the file's name, which already contains that path."""

    def _read(self, fn):
        with Image.open(self.path / fn) as img:
            return img.copy()


class ImageList(_Images):
    """It drops the file's folder and looks for the bare name directly in the path of the list."""

    def _read(self, fn):
        with Image.open(self.path / Path(fn).name) as img:
            return img.copy()


class ItemList(_List):
    """It copies itself deeply for a new list, so the transforms of that one are others."""

    def new(self, items):
        other = copy.deepcopy(self)
        ListContainer.__init__(other, items)
        return other


class ImageList(_Images):
    """It looks for a file below the path of the list if there's none of that name."""

    def _read(self, fn):
        with Image.open(fn if Path(fn).exists() else self.path / fn) as img:
            return img.copy()
