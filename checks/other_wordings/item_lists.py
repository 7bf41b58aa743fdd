"""Variants for `item_lists`: mistakes of the catalogue in other words, and mistakes not in it.

The docstring is the sentence that is expected; where there is none, nothing is to be named.
"""

from pathlib import Path

from PIL import Image

from .containers import ListContainer, compose, plain_index
from .files import get_files, image_extensions


class _Base(ListContainer):
    def __init__(self, items, path=".", tfms=None):
        ListContainer.__init__(self, items)
        self.path = Path(path)
        self.tfms = tfms

    def __getitem__(self, idx):
        found = ListContainer.__getitem__(self, idx)
        if isinstance(plain_index(idx), int):
            return self.one(found)
        return list(map(self.one, found))

    def one(self, item):
        return compose(self.get(item), self.tfms)

    def get(self, item):
        return item

    def new(self, items):
        return self.__class__(items, path=self.path, tfms=self.tfms)


class ItemList(_Base):
    """Fetches items but never transforms them."""

    def one(self, item):
        return self.get(item)


class ItemList(_Base):
    """Applies the transforms to an item's name and forgets to fetch the item with `get`."""

    def one(self, item):
        return compose(item, self.tfms)


class ItemList(_Base):
    """Makes a new list without the transforms."""

    def new(self, items):
        other = self.__class__(items, self.path)
        return other


class ItemList(_Base):
    """Makes a new list whose path is the folder where the program runs."""

    def new(self, items):
        return self.__class__(items, Path("."), self.tfms)


class ItemList(_Base):
    """Transforms single items only; a slice returns the items as they came in."""

    def __getitem__(self, idx):
        found = ListContainer.__getitem__(self, idx)
        return self.one(found) if isinstance(plain_index(idx), int) else list(found)


class ItemList(_Base):
    """Replaces its own items instead of making a new list."""

    def new(self, items):
        self.items[:] = list(items)
        return self


class ItemList(_Base):
    """Keeps a str path as a str, so `path / name` fails later."""

    def __init__(self, items, path=".", tfms=None):
        ListContainer.__init__(self, items)
        self.path = path
        self.tfms = tfms


class ItemList(_Base):
    """Checks the item instead of the index, as the lecture does, so an item that is a list is split."""

    def __getitem__(self, idx):
        res = super(_Base, self).__getitem__(idx)
        if isinstance(res, list):
            return list(map(self.one, res))
        return self.one(res)


class ItemList(_Base):
    # transforms twice
    def one(self, item):
        return compose(compose(self.get(item), self.tfms), self.tfms)


class ItemList(_Base):
    # a slice is in the reverse order
    def __getitem__(self, idx):
        found = ListContainer.__getitem__(self, idx)
        if isinstance(plain_index(idx), int):
            return self.one(found)
        return [self.one(o) for o in reversed(found)]


class ItemList(_Base):
    # a new list has the old items as well
    def new(self, items):
        return self.__class__([*self.items, *items], self.path, self.tfms)


class _Images(ItemList):
    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        if extensions is None:
            extensions = image_extensions
        found = get_files(path, extensions=extensions, recurse=recurse, include=include)
        return cls(found, path=path, **kwargs)

    def get(self, item):
        try:
            with Image.open(item) as img:
                return img.copy()
        except FileNotFoundError:
            raise
        except Exception as error:
            raise OSError(f"{item} isn't a picture: {error}") from None


class ImageList(_Images):
    """Makes every picture RGB, so a grey one has three channels before it is transformed."""

    def get(self, item):
        return _Images.get(self, item).convert(mode="RGB")


class ImageList(_Images):
    """Raises an error that says what is wrong, but not which file it's about."""

    def get(self, item):
        try:
            return _Images.get(self, item)
        except FileNotFoundError:
            raise
        except OSError:
            raise OSError("one of the files cannot be read as a picture") from None


class ImageList(_Images):
    """Looks only in the top folder by default instead of searching all folders below it."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=False, include=None, **kwargs):
        found = get_files(path, extensions or image_extensions, recurse, include)
        return cls(found, path=path, **kwargs)


class ImageList(_Images):
    """Does not pass `include` on, so all folders are entered."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        wanted = image_extensions if extensions is None else extensions
        return cls(get_files(path, wanted, recurse=recurse), path=path, **kwargs)


class ImageList(_Images):
    """Reads every picture as grey, which saves memory and loses the colours."""

    def get(self, item):
        r = _Images.get(self, item)
        return r if r.mode == "L" else r.convert("L")


class ImageList(_Images):
    """Raises a ValueError for a file that is not a picture, where an OSError is promised."""

    def get(self, item):
        try:
            return _Images.get(self, item)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise ValueError(str(error)) from None


class ImageList(_Images):
    """Calls `load` and leaves it to Pillow to close the file, which stays open for a GIF."""

    def get(self, item):
        _Images.get(self, item)  # raises where it must
        picture = Image.open(item)
        picture.load()
        return picture


class ImageList(_Images):
    # half as large as the file has it
    def get(self, item):
        img = _Images.get(self, item)
        return img.resize((max(1, img.width // 2), max(1, img.height // 2)))


class ImageList(_Images):
    # mirrored
    def get(self, item):
        return _Images.get(self, item).transpose(Image.Transpose.FLIP_LEFT_RIGHT)


class ImageList(_Images):
    # the names in upper case
    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        wanted = image_extensions if extensions is None else extensions
        found = get_files(path, wanted, recurse, include)
        return cls([str(o).upper() for o in found], path=path, **kwargs)
