"""Right answers to the exercises of `item_lists`."""

import copy
import io
import operator
import os
from pathlib import Path

import numpy as np
from PIL import Image

from .containers import ListContainer, compose, listify
from .files import get_files, image_extensions


class ItemList(ListContainer):
    """The lecture's form, with the index asked and not the item."""

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
        several = isinstance(idx, (slice, list)) or getattr(idx, "ndim", 0) == 1
        return [self._get(o) for o in res] if several else self._get(res)


class ItemList(ListContainer):
    """Keeps a list of transforms; asks whether the index has a length."""

    def __init__(self, things, path=".", tfms=None):
        ListContainer.__init__(self, things)
        self.path = Path(os.fspath(path))
        self.tfms = list(listify(tfms))

    def get(self, o):
        return o

    def new(self, others):
        return type(self)(others, path=self.path, tfms=self.tfms)

    def __getitem__(self, where):
        try:
            several = isinstance(where, slice) or len(where) >= 0
        except TypeError:
            several = False
        found = ListContainer.__getitem__(self, where)
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
        if not isinstance(idx, slice):
            idx = np.asarray(idx) if len(np.shape(idx)) and len(idx) else idx
        if isinstance(idx, list):
            return []
        places = np.arange(len(self.items))[idx]
        results = [compose(self.get(self.items[i]), self.tfms) for i in np.ravel(places)]
        return results if np.ndim(places) else results[0]


class ItemList(ListContainer):
    """Has the container index places and items together, so that one item is a tuple."""

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items)
        self.path, self.tfms = Path(path), tfms

    def get(self, item):
        return item

    def new(self, items):
        other = copy.copy(self)
        other.items = listify(items)
        return other

    def __getitem__(self, idx):
        found = ListContainer(list(enumerate(self.items)))[idx]
        if isinstance(found, tuple):
            return compose(self.get(found[1]), self.tfms)
        return [compose(self.get(item), self.tfms) for _, item in found]


class ItemList(ListContainer):
    """Asks `operator.index`, but not of a tensor with dimensions; composes lazily by `map`."""

    def __init__(self, items, path=".", tfms=None):
        self.items, self.path, self.tfms = listify(items), Path(path), tfms

    def get(self, item):
        return item

    def new(self, items):
        return self.__class__(items, self.path, self.tfms)

    def __getitem__(self, idx):
        found = super().__getitem__(idx)
        try:
            operator.index(idx)
            one = not getattr(idx, "shape", ())
        except TypeError:
            one = False
        done = map(lambda o: compose(self.get(o), self.tfms), [found] if one else found)
        return next(done) if one else list(done)


class ItemList(ListContainer):
    """Its path can be read and not be set."""

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items)
        self._path, self.tfms = Path(path), tfms

    @property
    def path(self):
        return self._path

    def get(self, item):
        return item

    def new(self, items):
        return type(self)(items, self._path, self.tfms)

    def __getitem__(self, idx):
        found = super().__getitem__(idx)
        if isinstance(idx, (slice, list)) or getattr(idx, "ndim", 0):
            return [compose(self.get(o), self.tfms) for o in found]
        return compose(self.get(found), self.tfms)


class ImageList(ItemList):
    """The lecture's form, with the pixels read while the file is open, and the file named."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        if extensions is None:
            extensions = image_extensions
        return cls(get_files(path, extensions, recurse=recurse, include=include), path, **kwargs)

    def get(self, fn):
        try:
            with Image.open(fn) as img:
                img.load()
                return img
        except FileNotFoundError:
            raise
        except OSError as error:
            raise OSError(f"{fn}: {error}") from None


class ImageList(ItemList):
    """Returns a copy; the error is a subclass of OSError."""

    class Broken(OSError):
        """A picture that cannot be read."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        files = get_files(path, extensions or image_extensions, recurse, include)
        return cls(files, path=Path(path), **kwargs)

    def get(self, fn):
        if not Path(fn).is_file():
            raise FileNotFoundError(f"no file {str(fn)!r}")
        try:
            with Image.open(fn) as img:
                return img.copy()
        except Exception as error:
            raise self.Broken(f"{fn} is not a picture") from error


class ImageList(ItemList):
    """Reads the bytes and opens the picture from memory."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        wanted = image_extensions if extensions is None else extensions
        return cls(sorted(get_files(path, wanted, recurse, include)), path, **kwargs)

    def get(self, item):
        data = Path(item).read_bytes()
        try:
            img = Image.open(io.BytesIO(data))
            img.load()
        except Exception as error:
            raise OSError(f"no picture in {str(item)!r}") from error
        return img


class ImageList(ItemList):
    """Opens the file itself and has Pillow read it before it is closed."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        return cls(get_files(path, extensions, recurse, include), path, **kwargs)

    def get(self, item):
        with open(item, "rb") as file:
            try:
                img = Image.open(file)
                img.load()
            except Exception as error:
                raise OSError(f"half a picture, or none: {Path(item).name}") from error
        return img
