"""Item lists: files that become pictures when you index them.

Level 2. About 30 minutes. After `containers`, `files` and `transforms`.
Source: fast.ai 2019, lesson 11, 0:29:40 to 0:36:00.
See it at work in notebooks/1_data_block.ipynb: `make lab kata=item_lists`.
"""

from pathlib import Path
from typing import Any, Self

from PIL import Image

from .containers import ListContainer, compose, plain_index
from .files import get_files, image_extensions


class ItemList(ListContainer):
    """A `ListContainer` that fetches and transforms an item each time you index it.

        il[i]  ==  compose(il.get(il.items[i]), tfms)

    Here `i` is an int, a numpy int, or a tensor without dimensions. A slice, list, mask, or
    one-dimensional array or tensor returns a list of the transformed items. An item may be
    anything, even a list or None. Nothing is fetched until you index it, and no result is cached.
    `il.items`, `len(il)` and loops over `il` are about the items as you passed them in.

    items  anything that `ListContainer` accepts, kept in `items`
    path   the folder of the items, a str or a Path, kept in `path` as a Path
    tfms   None, one function or several, kept in `tfms`; you can replace them there later

    >>> doubled = ItemList([1, 2, 3], tfms=lambda x: 2 * x)
    >>> doubled[0], doubled[1:], doubled.new([5])[0]
    (2, [4, 6], 10)
    """

    def __init__(self, items: Any, path: str | Path = ".", tfms: Any = None) -> None:
        raise NotImplementedError

    def __getitem__(self, idx: Any) -> Any:
        raise NotImplementedError

    def get(self, item: Any) -> Any:
        """`item` itself; subclasses override this."""
        raise NotImplementedError

    def new(self, items: Any) -> Self:
        """A list of `items` with the same class, path and transforms; `self` is unchanged."""
        raise NotImplementedError


class ImageList(ItemList):
    """An item list of picture files: `il[i]` is the picture in the file `il.items[i]`, transformed.

    >>> sizes = ImageList(["data/1.jpg", "data/2.jpg"], "data", tfms=lambda img: img.size)
    >>> sizes.items, sizes.path.name
    (['data/1.jpg', 'data/2.jpg'], 'data')
    """

    @classmethod
    def from_files(
        cls,
        path: str | Path,
        extensions: Any = None,
        recurse: bool = True,
        include: Any = None,
        **kwargs: Any,
    ) -> Self:
        """The picture files below `path`, as a list of the class that you call this on.

        `path`, `recurse` and `include` mean what they mean for `get_files`. The path of the list
        is `path`.

        extensions  those of `get_files`; None for those of pictures, `image_extensions`
        kwargs      further arguments of the class, such as `tfms`
        """
        raise NotImplementedError

    def get(self, item: str | Path) -> Image.Image:
        """The picture in the file `item`, loaded and in the file's own mode.

        `item` alone names the file, so the path of the list isn't put in front of it. The file is
        closed, even if it has several frames. A file that is not a picture, or only half of one,
        raises an OSError whose message names the file. A file that does not exist raises
        FileNotFoundError with the name in its message.
        """
        raise NotImplementedError
