"""Right answers to the exercises of `item_lists`."""

import io
import os
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from .containers import ListContainer, compose, listify
from .files import get_files, image_extensions


class ItemList(ListContainer):
    """The lecture's form."""

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items)
        self.path, self.tfms = Path(path), tfms

    def __repr__(self):
        return f"{super().__repr__()}\nPath: {self.path}"

    def new(self, items, cls=None):
        if cls is None:
            cls = self.__class__
        return cls(items, self.path, tfms=self.tfms)

    def get(self, i):
        return i

    def _get(self, i):
        return compose(self.get(i), self.tfms)

    def __getitem__(self, idx):
        res = super().__getitem__(idx)
        if isinstance(res, list):
            return [self._get(o) for o in res]
        return self._get(res)


class ItemList(ListContainer):
    """Decides by the index; path and transforms under other names as well."""

    def __init__(self, items, path=".", tfms=None):
        ListContainer.__init__(self, items)
        self.path = os.fspath(path)
        self.tfms = list(listify(tfms))

    def get(self, item):
        return item

    def new(self, items):
        return type(self)(items, path=self.path, tfms=self.tfms)

    def __getitem__(self, idx):
        several = isinstance(idx, slice) or hasattr(idx, "__len__")
        found = ListContainer.__getitem__(self, idx)
        results = [compose(self.get(o), self.tfms) for o in (found if several else [found])]
        return results if several else results[0]


class ItemList(ListContainer):
    """Goes by positions, which numpy works out."""

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items)
        self.path = Path(path)
        self.tfms = tfms

    def get(self, item):
        return item

    def new(self, items):
        made = type(self).__new__(type(self))
        made.__dict__.update(self.__dict__)
        made.items = listify(items)
        return made

    def __getitem__(self, idx):
        if isinstance(idx, int):
            return compose(self.get(self.items[idx]), self.tfms)
        idx = idx if isinstance(idx, slice) else np.asarray(idx)
        return [self[int(i)] for i in np.arange(len(self.items))[idx]]


class ImageList(ItemList):
    """The lecture's form, with the pixels read while the file is open."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        if extensions is None:
            extensions = image_extensions
        return cls(get_files(path, extensions, recurse=recurse, include=include), path, **kwargs)

    def get(self, fn):
        with Image.open(fn) as img:
            img.load()
            return img


class ImageList(ItemList):
    """Gives a copy; the error is one of its own."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        files = get_files(path, extensions or image_extensions, recurse, include)
        return cls(files, path=Path(path), **kwargs)

    def get(self, fn):
        try:
            with Image.open(fn) as img:
                return img.copy()
        except UnidentifiedImageError as error:
            raise ValueError(f"{fn} is not a picture") from error


class ImageList(ItemList):
    """Reads the bytes and opens the picture from memory."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        wanted = image_extensions if extensions is None else extensions
        return cls(sorted(get_files(path, wanted, recurse, include)), path, **kwargs)

    def get(self, fn):
        data = Path(fn).read_bytes()
        try:
            img = Image.open(io.BytesIO(data))
            img.load()
        except Exception as error:
            raise RuntimeError(f"no picture in {str(fn)!r}") from error
        return img


class ImageList(ItemList):
    """Loads the pixels, upon which Pillow closes the file."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        return cls(get_files(path, extensions, recurse, include), path, **kwargs)

    def get(self, item):
        img = Image.open(item)
        img.load()
        return img
