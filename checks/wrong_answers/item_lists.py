"""Wrong answers to the exercises of `item_lists`."""

import copy
from pathlib import Path

from PIL import Image

from .containers import ListContainer, compose, listify
from .files import get_files, image_extensions


class ItemList(ListContainer):
    """Composes the transforms over the name of an item and forgets to fetch it by `get`."""

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items)
        self.path, self.tfms = Path(path), tfms

    def new(self, items):
        return self.__class__(items, self.path, tfms=self.tfms)

    def get(self, item):
        return item

    def __getitem__(self, idx):
        res = super().__getitem__(idx)
        if isinstance(res, list):
            return [compose(o, self.tfms) for o in res]
        return compose(res, self.tfms)


class ItemList(ListContainer):
    """Transforms the name first and fetches what comes out."""

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items)
        self.path, self.tfms = Path(path), tfms

    def new(self, items):
        return self.__class__(items, self.path, tfms=self.tfms)

    def get(self, item):
        return item

    def _get(self, item):
        return self.get(compose(item, self.tfms))

    def __getitem__(self, idx):
        res = super().__getitem__(idx)
        return [self._get(o) for o in res] if isinstance(res, list) else self._get(res)


class ItemList(ListContainer):
    """Fetches items but never transforms them."""

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items)
        self.path, self.tfms = Path(path), tfms

    def new(self, items):
        return self.__class__(items, self.path, tfms=self.tfms)

    def get(self, item):
        return item

    def __getitem__(self, idx):
        res = super().__getitem__(idx)
        return [self.get(o) for o in res] if isinstance(res, list) else self.get(res)


class ItemList(ListContainer):
    """Hands the list of a slice to `get` as if it were one item."""

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items)
        self.path, self.tfms = Path(path), tfms

    def new(self, items):
        return self.__class__(items, self.path, tfms=self.tfms)

    def get(self, item):
        return item

    def __getitem__(self, idx):
        return compose(self.get(super().__getitem__(idx)), self.tfms)


class ItemList(ListContainer):
    """Transforms single items only; a slice gives what came in."""

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items)
        self.path, self.tfms = Path(path), tfms

    def new(self, items):
        return self.__class__(items, self.path, tfms=self.tfms)

    def get(self, item):
        return item

    def __getitem__(self, idx):
        res = super().__getitem__(idx)
        return compose(self.get(res), self.tfms) if isinstance(idx, int) else res


class ItemList(ListContainer):
    """Fetches and transforms everything once, at the start."""

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items)
        self.path, self.tfms = Path(path), tfms
        self.done = [compose(self.get(o), tfms) for o in self.items]

    def new(self, items):
        return self.__class__(items, self.path, tfms=self.tfms)

    def get(self, item):
        return item

    def __getitem__(self, idx):
        return ListContainer(self.done)[idx]


class ItemList(ListContainer):
    """Keeps what was fetched, so an item is never transformed anew."""

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items)
        self.path, self.tfms, self.known = Path(path), tfms, {}

    def new(self, items):
        return self.__class__(items, self.path, tfms=self.tfms)

    def get(self, item):
        return item

    def _get(self, item):
        if item not in self.known:
            self.known[item] = compose(self.get(item), self.tfms)
        return self.known[item]

    def __getitem__(self, idx):
        res = super().__getitem__(idx)
        return [self._get(o) for o in res] if isinstance(res, list) else self._get(res)


class ItemList(ListContainer):
    """Puts the transformed item in the place of the item, so the next time it is done twice."""

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items)
        self.path, self.tfms = Path(path), tfms

    def new(self, items):
        return self.__class__(items, self.path, tfms=self.tfms)

    def get(self, item):
        return item

    def __getitem__(self, idx):
        if isinstance(idx, int):
            self.items[idx] = compose(self.get(self.items[idx]), self.tfms)
            return self.items[idx]
        return [compose(self.get(o), self.tfms) for o in super().__getitem__(idx)]


class ItemList(ListContainer):
    """Calls the transforms in the order given instead of composing them by their order."""

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items)
        self.path = Path(path)
        self.tfms = tfms if isinstance(tfms, (list, tuple)) else [tfms] if tfms else []

    def new(self, items):
        return self.__class__(items, self.path, tfms=self.tfms)

    def get(self, item):
        return item

    def _get(self, item):
        item = self.get(item)
        for tfm in self.tfms:
            item = tfm(item)
        return item

    def __getitem__(self, idx):
        res = super().__getitem__(idx)
        return [self._get(o) for o in res] if isinstance(res, list) else self._get(res)


class ItemList(ListContainer):
    """Makes a new list without the transforms."""

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items)
        self.path, self.tfms = Path(path), tfms

    def new(self, items):
        return self.__class__(items, self.path)

    def get(self, item):
        return item

    def _get(self, item):
        return compose(self.get(item), self.tfms)

    def __getitem__(self, idx):
        res = super().__getitem__(idx)
        return [self._get(o) for o in res] if isinstance(res, list) else self._get(res)


class ItemList(ListContainer):
    """Makes a new list of the base class, so what `get` a subclass has is lost."""

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items)
        self.path, self.tfms = Path(path), tfms

    def new(self, items):
        return ItemList(items, self.path, tfms=self.tfms)

    def get(self, item):
        return item

    def _get(self, item):
        return compose(self.get(item), self.tfms)

    def __getitem__(self, idx):
        res = super().__getitem__(idx)
        return [self._get(o) for o in res] if isinstance(res, list) else self._get(res)


class ItemList(ListContainer):
    """Makes a new list whose path is the folder where the program runs."""

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items)
        self.path, self.tfms = Path(path), tfms

    def new(self, items):
        return self.__class__(items, tfms=self.tfms)

    def get(self, item):
        return item

    def _get(self, item):
        return compose(self.get(item), self.tfms)

    def __getitem__(self, idx):
        res = super().__getitem__(idx)
        return [self._get(o) for o in res] if isinstance(res, list) else self._get(res)


class ItemList(ListContainer):
    """Exchanges its own items where a new list is asked for."""

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items)
        self.path, self.tfms = Path(path), tfms

    def new(self, items):
        self.items = list(items)
        return self

    def get(self, item):
        return item

    def _get(self, item):
        return compose(self.get(item), self.tfms)

    def __getitem__(self, idx):
        res = super().__getitem__(idx)
        return [self._get(o) for o in res] if isinstance(res, list) else self._get(res)


class ItemList(ListContainer):
    """Keeps path and transforms in the class, so the list that is made last sets them for all."""

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items)
        ItemList.path, ItemList.tfms = Path(path), tfms

    def new(self, items):
        return self.__class__(items, self.path, tfms=self.tfms)

    def get(self, item):
        return item

    def _get(self, item):
        tfms = self.tfms if isinstance(self.tfms, (list, tuple)) else [self.tfms]
        return compose(self.get(item), [f for f in tfms if f])

    def __getitem__(self, idx):
        res = super().__getitem__(idx)
        return [self._get(o) for o in res] if isinstance(res, list) else self._get(res)


class ItemList(ListContainer):
    """Gives a slice as another item list, where the transformed items are wanted."""

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items)
        self.path, self.tfms = Path(path), tfms

    def new(self, items):
        return self.__class__(items, self.path, tfms=self.tfms)

    def get(self, item):
        return item

    def __getitem__(self, idx):
        res = super().__getitem__(idx)
        if isinstance(res, list):
            return self.new(res)
        return compose(self.get(res), self.tfms)


class ItemList(ListContainer):
    """Reads a mask as places, so False is item 0 and True is item 1."""

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items)
        self.path, self.tfms = Path(path), tfms

    def new(self, items):
        return self.__class__(items, self.path, tfms=self.tfms)

    def get(self, item):
        return item

    def _get(self, item):
        return compose(self.get(item), self.tfms)

    def __getitem__(self, idx):
        if isinstance(idx, int):
            return self._get(self.items[idx])
        if isinstance(idx, slice):
            return [self._get(o) for o in self.items[idx]]
        return [self._get(self.items[i]) for i in idx]


class ItemList:
    """Is a class of its own instead of a list container."""

    def __init__(self, items, path=".", tfms=None):
        self.box, self.path, self.tfms = ListContainer(items), Path(path), tfms
        self.items = self.box.items

    def __len__(self):
        return len(self.box)

    def new(self, items):
        return self.__class__(items, self.path, tfms=self.tfms)

    def get(self, item):
        return item

    def _get(self, item):
        return compose(self.get(item), self.tfms)

    def __getitem__(self, idx):
        res = self.box[idx]
        return [self._get(o) for o in res] if isinstance(res, list) else self._get(res)


class ItemList(ListContainer):
    """Takes an index beyond the end modulo the length, so there is no IndexError."""

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items)
        self.path, self.tfms = Path(path), tfms

    def new(self, items):
        return self.__class__(items, self.path, tfms=self.tfms)

    def get(self, item):
        return item

    def _get(self, item):
        return compose(self.get(item), self.tfms)

    def __getitem__(self, idx):
        if isinstance(idx, int):
            idx %= len(self.items)
        res = super().__getitem__(idx)
        return [self._get(o) for o in res] if isinstance(res, list) else self._get(res)


class ItemList(ListContainer):
    """Gives the transformed items of a slice one by one, as a generator."""

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items)
        self.path, self.tfms = Path(path), tfms

    def new(self, items):
        return self.__class__(items, self.path, tfms=self.tfms)

    def get(self, item):
        return item

    def _get(self, item):
        return compose(self.get(item), self.tfms)

    def __getitem__(self, idx):
        res = super().__getitem__(idx)
        return (self._get(o) for o in res) if isinstance(res, list) else self._get(res)


class ItemList(ListContainer):
    """Makes a new list as a copy of the old one and leaves the old items in it."""

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items)
        self.path, self.tfms = Path(path), tfms

    def new(self, items):
        return copy.copy(self)

    def get(self, item):
        return item

    def _get(self, item):
        return compose(self.get(item), self.tfms)

    def __getitem__(self, idx):
        res = super().__getitem__(idx)
        return [self._get(o) for o in res] if isinstance(res, list) else self._get(res)


class ImageList(ItemList):
    """Leaves the file open; the lecture's form does so until somebody reads the pixels."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        if extensions is None:
            extensions = image_extensions
        return cls(get_files(path, extensions, recurse=recurse, include=include), path, **kwargs)

    def get(self, fn):
        return Image.open(fn)


class ImageList(ItemList):
    """Closes the file before the pixels are read, so the picture is an empty promise."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        return cls(get_files(path, extensions, recurse, include), path, **kwargs)

    def get(self, fn):
        with Image.open(fn) as img:
            return img


class ImageList(ItemList):
    """Makes every picture RGB, so a grey one has three channels before anybody asks for it."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        return cls(get_files(path, extensions, recurse, include), path, **kwargs)

    def get(self, fn):
        with Image.open(fn) as img:
            return img.convert("RGB")


class ImageList(ItemList):
    """Raises an error that says what is wrong and not with which file."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        return cls(get_files(path, extensions, recurse, include), path, **kwargs)

    def get(self, fn):
        try:
            with Image.open(fn) as img:
                return img.copy()
        except Exception as error:
            raise ValueError("this file is no picture") from error


class ImageList(ItemList):
    """Gives None for a file that is not there."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        return cls(get_files(path, extensions, recurse, include), path, **kwargs)

    def get(self, fn):
        try:
            with Image.open(fn) as img:
                return img.copy()
        except FileNotFoundError:
            return None
        except Exception as error:
            raise OSError(f"{fn} is no picture: {error}") from error


class ImageList(ItemList):
    """Gives None for a file that is no picture, and the error comes much later."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        return cls(get_files(path, extensions, recurse, include), path, **kwargs)

    def get(self, fn):
        try:
            with Image.open(fn) as img:
                return img.copy()
        except Exception:
            return None


class ImageList(ItemList):
    """Puts a black picture in the place of a file that cannot be read."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        return cls(get_files(path, extensions, recurse, include), path, **kwargs)

    def get(self, fn):
        try:
            with Image.open(fn) as img:
                return img.copy()
        except OSError:
            return Image.new("RGB", (64, 64))


class ImageList(ItemList):
    """Reads the bytes first, so the error names a buffer in memory instead of the file."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        return cls(get_files(path, extensions, recurse, include), path, **kwargs)

    def get(self, fn):
        from io import BytesIO

        with Image.open(BytesIO(Path(fn).read_bytes())) as img:
            return img.copy()


class ImageList(ItemList):
    """Looks into the top folder only, where a list goes down into all of them."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=False, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        return cls(get_files(path, extensions, recurse, include), path, **kwargs)

    def get(self, fn):
        with Image.open(fn) as img:
            return img.copy()


class ImageList(ItemList):
    """Recurses whatever it is told."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        return cls(get_files(path, extensions, recurse=True, include=include), path, **kwargs)

    def get(self, fn):
        with Image.open(fn) as img:
            return img.copy()


class ImageList(ItemList):
    """Takes every file when no extensions are named, text files too."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        return cls(get_files(path, extensions, recurse, include), path, **kwargs)

    def get(self, fn):
        with Image.open(fn) as img:
            return img.copy()


class ImageList(ItemList):
    """Takes all picture extensions, also when others were named."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        return cls(get_files(path, image_extensions, recurse, include), path, **kwargs)

    def get(self, fn):
        with Image.open(fn) as img:
            return img.copy()


class ImageList(ItemList):
    """Does not pass `include` on, so all folders are entered."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        return cls(get_files(path, extensions, recurse=recurse), path, **kwargs)

    def get(self, fn):
        with Image.open(fn) as img:
            return img.copy()


class ImageList(ItemList):
    """Drops further arguments, so the transforms are lost."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        return cls(get_files(path, extensions, recurse, include), path)

    def get(self, fn):
        with Image.open(fn) as img:
            return img.copy()


class ImageList(ItemList):
    """Forgets the folder, so the path of the list is where the program runs."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        return cls(get_files(path, extensions, recurse, include), **kwargs)

    def get(self, fn):
        with Image.open(fn) as img:
            return img.copy()


class ImageList(ItemList):
    """Always makes an ImageList, also when a subclass was asked."""

    @staticmethod
    def from_files(path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        return ImageList(get_files(path, extensions, recurse, include), path, **kwargs)

    def get(self, fn):
        with Image.open(fn) as img:
            return img.copy()


class ImageList(ItemList):
    """Has the files ready as pictures in its items, all of them in memory at once."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        files = get_files(path, extensions, recurse, include)
        return cls([Image.open(fn).copy() for fn in files], path, **kwargs)

    def get(self, item):
        return item


class ImageList(ItemList):
    """Puts `include` where `recurse` belongs."""

    @classmethod
    def from_files(cls, path, extensions=None, include=None, recurse=True, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        return cls(get_files(path, extensions, recurse, include), path, **kwargs)

    def get(self, fn):
        with Image.open(fn) as img:
            return img.copy()


class ImageList(ItemList):
    """Leaves the file open; the lecture's form does so until somebody reads the pixels."""

    opened: dict = {}

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        return cls(get_files(path, extensions, recurse, include), path, **kwargs)

    def get(self, fn):
        self.opened[fn] = open(fn, "rb")
        return Image.open(self.opened[fn]).copy()


class ImageList(ItemList):
    """Gives the picture as it is when it is indexed, whatever the transforms."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        return cls(get_files(path, extensions, recurse, include), path, **kwargs)

    def get(self, fn):
        with Image.open(fn) as img:
            return img.copy()

    def __getitem__(self, idx):
        return self.get(self.items[idx])


class ImageList(ItemList):
    """Reads every picture as grey, which saves memory and loses the colours."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions if extensions is None else extensions
        return cls(get_files(path, extensions, recurse, include), path, **kwargs)

    def get(self, fn):
        with Image.open(fn) as img:
            return img.convert("L")


class ImageList(ItemList):
    """Adds the extensions that are asked for to those of all pictures."""

    @classmethod
    def from_files(cls, path, extensions=None, recurse=True, include=None, **kwargs):
        extensions = image_extensions | set(listify(extensions))
        return cls(get_files(path, extensions, recurse, include), path, **kwargs)

    def get(self, fn):
        with Image.open(fn) as img:
            return img.copy()


class ItemList(ListContainer):
    """Stops at the first transform and never calls the others."""

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items)
        self.path, self.tfms = Path(path), tfms

    def new(self, items):
        return self.__class__(items, self.path, tfms=self.tfms)

    def get(self, item):
        return item

    def _get(self, item):
        return compose(self.get(item), listify(self.tfms)[:1])

    def __getitem__(self, idx):
        res = super().__getitem__(idx)
        return [self._get(o) for o in res] if isinstance(res, list) else self._get(res)


class ItemList(ListContainer):
    """Wants a list of transforms: one bare function is not called."""

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items)
        self.path, self.tfms = Path(path), tfms

    def new(self, items):
        return self.__class__(items, self.path, tfms=self.tfms)

    def get(self, item):
        return item

    def _get(self, item):
        tfms = self.tfms if isinstance(self.tfms, (list, tuple)) else []
        return compose(self.get(item), tfms)

    def __getitem__(self, idx):
        res = super().__getitem__(idx)
        return [self._get(o) for o in res] if isinstance(res, list) else self._get(res)


class ItemList(ListContainer):
    """Keeps the path only where transforms are given as well."""

    path, tfms = Path("."), None

    def __init__(self, items, path=".", tfms=None):
        super().__init__(items)
        if tfms is not None:
            self.path, self.tfms = Path(path), tfms

    def new(self, items):
        return self.__class__(items, self.path, self.tfms)

    def get(self, item):
        return item

    def _get(self, item):
        return compose(self.get(item), self.tfms)

    def __getitem__(self, idx):
        res = super().__getitem__(idx)
        return [self._get(o) for o in res] if isinstance(res, list) else self._get(res)
