"""Words for folders: files that are written, and trees of them."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from hypothesis import strategies as st


@contextmanager
def written(files: dict[str, Any]) -> Iterator[Path]:
    """A folder with these files: bytes as they are, pictures in the format that the name says."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content) if isinstance(content, bytes) else content.save(path)
        yield Path(folder)


def handles_on(path: Path) -> int:
    """How many of this process's open file handles are of the file at `path`."""
    wanted, found = os.stat(path), 0
    os.close(free := os.open(path, os.O_RDONLY))  # the lowest that is free: leaks lie below it
    for handle in range(max(256, free)):
        with suppress(OSError):
            found += os.path.samestat(os.fstat(handle), wanted)
    return found


file_names = st.sampled_from(
    ["1.jpg", "2.JPG", "3.Jpeg", "4.png", "5.txt", "6", "7jpg", "8.jpg.txt", "9.tar.gz", ".a.jpg"]
)
"""Names of files; some are hidden, some have no extension."""

folder_names = st.sampled_from(["train", "train2", "valid", "n01.440", "x.jpg", ".git"])
"""Names of folders; some are hidden, some look like names of files."""

file_trees = st.lists(
    st.builds(
        lambda folders, name: "/".join([*folders, name]),
        st.lists(folder_names, max_size=3),
        file_names,
    ),
    unique=True,
    max_size=6,
)
"""Files of a folder and of folders in it at any depth, each by its path."""
