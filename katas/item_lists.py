"""Item lists: files that become pictures when they are asked for.

Level 2. About 30 minutes. After `containers`, `files` and `transforms`.
Source: fast.ai 2019, lesson 11, 0:29:40 to 0:36:00.
"""

from pathlib import Path
from typing import Any, Self

from PIL import Image

from .containers import ListContainer, compose, plain_index
from .files import get_files, image_extensions


class ItemList(ListContainer):
    """Items that are fetched by `get` and transformed each time they are indexed.

        il[i]  ==  compose(il.get(il.items[i]), tfms)

    A list, slice or mask as index gives the list of the transformed items. `items` itself keeps
    what came in. `get` gives its argument back; subclasses override it.

    items  whatever `ListContainer` takes
    path   the folder that the items came from, kept in `path` as a Path
    tfms   None, one function or several, kept in `tfms`

    `new(items)` is an item list of the same class, path and transforms.

    >>> doubled = ItemList([1, 2, 3], tfms=lambda x: 2 * x)
    >>> doubled[0], doubled[1:], doubled.new([5])[0]
    (2, [4, 6], 10)
    """

    def __init__(self, items: Any, path: str | Path = ".", tfms: Any = None) -> None:
        raise NotImplementedError

    def __getitem__(self, idx: Any) -> Any:
        raise NotImplementedError

    def __repr__(self) -> str:
        raise NotImplementedError

    def get(self, item: Any) -> Any:
        """What stands for `item`: here `item` itself."""
        raise NotImplementedError

    def new(self, items: Any) -> Self:
        """Other items with this list's class, path and transforms."""
        raise NotImplementedError


class ImageList(ItemList):
    """Files that are pictures.

    `get(fn)` is the loaded picture of the file `fn`, which is not kept open. A file that is no
    picture, or half of one, raises an OSError that names the file.

    `ImageList.from_files(path, extensions=None, recurse=True, include=None, **kwargs)` holds what
    `get_files` finds below `path`; without `extensions`, the files that end as pictures do
    (`image_extensions`). Further arguments go to the class.

    >>> ImageList(["no.jpg"])[0]
    Traceback (most recent call last):
    FileNotFoundError: [Errno 2] No such file or directory: 'no.jpg'
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
        """The pictures below `path`."""
        raise NotImplementedError

    def get(self, item: Any) -> Image.Image:
        """The picture in the file `item`."""
        raise NotImplementedError
