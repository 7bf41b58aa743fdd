"""Data sets: from a name, an archive or a folder to the folder that holds `train` and `val`.

A name is downloaded once, an archive is unpacked once, and both are kept in a cache folder.
"""

import errno
import glob
import gzip
import hashlib
import lzma
import os
import shutil
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.client import HTTPException, HTTPResponse
from pathlib import Path, PurePath, PureWindowsPath
from typing import BinaryIO, Self
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tqdm.auto import tqdm

from .folders import VALID_NAMES, folders_below
from .opening import ENDINGS

try:
    import fcntl
except ImportError:  # Windows: processes are not kept apart, and the first rename wins
    fcntl = None  # type: ignore[assignment]

BUCKET = "https://s3.amazonaws.com/fast-ai-imageclas"
# Two MD5 sums of imagewoof2-160.tgz are in public use.
ARCHIVES: dict[str, tuple[str, set[str]]] = {
    "imagenette": (f"{BUCKET}/imagenette2-160.tgz", {"e793b78cc4c9e9a4ccc0c1155377a412"}),
    "imagenette-320": (f"{BUCKET}/imagenette2-320.tgz", {"3df6f0d01a2c9592104656642f5e78a3"}),
    "imagenette-full": (f"{BUCKET}/imagenette2.tgz", {"fe2fc210e6bb7c5664d602c3cd71e612"}),
    "imagewoof": (
        f"{BUCKET}/imagewoof2-160.tgz",
        {"3d200a7be99704a0d7509be2a9fbfe15", "fcd23cc7dfce8837c95a8f9d63a128b7"},
    ),
}
SPLITS = {"train": ("train",), "val": VALID_NAMES}  # a part, and what its folder may be called
ROOM = 0.95  # share of the free disk that an archive may fill
TIMEOUT = 30  # seconds without a byte
CHUNK = 1 << 16
WRAPPINGS = 9  # folders that hold nothing but one more folder
FULL = (errno.ENOSPC, errno.EDQUOT)
DAMAGED = (
    tarfile.TarError,
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    RuntimeError,  # zipfile: a password or an unknown compression
    ValueError,  # names and numbers in a header that make no sense
    OverflowError,
    KeyError,  # tarfile: a hard link to a member that isn't there
)


class DataError(Exception):
    """Data that cannot be had; the message is one line that says what to do."""


def find_data(data: str | Path, cache: str | Path, flat: bool = False) -> Path:
    """The folder that holds `train` and `val`, each with at least one picture.

    data   a name of `ARCHIVES`; or an archive (.tgz, .tar, .zip); or a folder in Imagenette's
           layout, or one with a single such folder in it; a `Path` is never a name
    cache  where downloads and unpacked archives are kept for the next call; made when missing
    flat   any folder with pictures in it will do: the caller splits them

    Raises DataError, and leaves nothing half unpacked and no file with a wrong checksum. The part
    that an interrupted download has brought is kept, and the next call continues from there.
    """
    cache, found_in = Path(cache), _pictures_in if flat else _data_set_in
    try:
        if isinstance(data, str) and data in ARCHIVES:
            folder = cache / data
            return _cached(folder, partial(_fetch, data, cache), found_in)
        path = Path(data).expanduser()
        if path.is_dir():
            return found_in(path, path)
        if path.is_file():
            return _cached(cache / _unpacked_name(path), lambda: path, found_in)
    except OSError as error:
        if error.errno in FULL:
            raise DataError(f"{cache}: the disk is full; make room and run again") from error
        raise DataError(f"{error.filename or data}: {error.strerror or error}") from error
    names = ", ".join(ARCHIVES)
    raise DataError(f"no such data: {data}; an archive, a folder or one of {names} is wanted")


def _unpacked_name(archive: Path) -> str:
    """A folder name that changes with the archive."""
    state = archive.stat()
    key = f"{archive.name}/{state.st_size}/{state.st_mtime_ns}"
    return f"{archive.name.partition('.')[0]}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


Find = Callable[[Path, Path], Path]
"""From a folder, and what errors call it, to the data set in it."""


def _cached(folder: Path, get_archive: Callable[[], Path], found_in: Find) -> Path:
    """The data set in `folder`, which is made from an archive if it is not there yet."""
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _alone(folder) as alone:
            if alone:  # then a draft is what a killed process left
                for draft in folder.parent.glob(f".{glob.escape(folder.name)}.*.draft"):
                    shutil.rmtree(draft, ignore_errors=True)
            if not folder.is_dir():
                _unpack(get_archive(), folder, found_in)
    return found_in(folder, folder)


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """One process at a time makes `folder`: whether the system can promise that."""
    with folder.with_name(f".{folder.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            alone = True
        except (AttributeError, OSError):  # no fcntl, or a network file system without locks
            alone = False
        yield alone


def _data_set_in(folder: Path, shown: Path) -> Path:
    """The data set that `folder` is or holds; errors speak of it as `shown`."""
    for _ in range(WRAPPINGS):
        inside = _folders_in(folder)
        splits = {d: [s for s in SPLITS if _part(d, s)] for d in [folder, *inside]}
        if any(splits.values()) or len(inside) != 1:
            break
        (folder,) = inside
        shown = shown / folder.name
    whole = [d for d in splits if len(splits[d]) == len(SPLITS)]
    advice = "split=0.2 splits class folders"
    if not whole:
        half = next((d for d in splits if splits[d]), None)
        if half is None:
            raise DataError(f"{shown}: no `train` and no `val` folder in it; {advice}")
        missing = next(s for s in SPLITS if s not in splits[half])
        where = shown / half.relative_to(folder)
        raise DataError(f"{where}: no `{missing}` folder in it; {advice}")
    if folder not in whole and len(whole) > 1:
        names = ", ".join(d.name for d in whole)
        raise DataError(f"{shown}: several data sets in it ({names}); name one of them")
    for split in SPLITS:
        part = _part(whole[0], split)
        if part and not _has_picture(part):
            raise DataError(f"{shown / part.relative_to(folder)}: no pictures in it")
    return whole[0]


def _part(folder: Path, split: str) -> Path | None:
    """The folder of a part of the data set in `folder`."""
    return next((folder / name for name in SPLITS[split] if (folder / name).is_dir()), None)


def _folders_in(folder: Path) -> list[Path]:
    return sorted(d for d in _shown_in(folder) if d.is_dir())


def _shown_in(folder: Path) -> list[Path]:
    """What people see in a folder; in archives from macOS there is more."""
    return [d for d in folder.iterdir() if d.name[0] != "." and d.name != "__MACOSX"]


def _pictures_in(folder: Path, shown: Path) -> Path:
    """The folder, or the only one in it, and so on down: the first that is more than a wrapping."""
    if not _has_picture(folder):
        raise DataError(f"{shown}: no pictures in it")
    while sorted(_shown_in(folder)) == (inside := _folders_in(folder)):
        if len(inside) != 1:
            break
        folder = inside[0]
    return folder


def _has_picture(folder: Path) -> bool:
    """Whether there is one in `folder` or below, in none that is hidden."""
    return any(
        name[0] != "." and os.path.splitext(name)[1].lower() in ENDINGS
        for below in folders_below(folder)
        for name in os.listdir(below)
    )


def _bar(what: str, total: int | None, initial: int = 0) -> tqdm:
    """A bar over bytes; none where standard error isn't a terminal."""
    return tqdm(desc=what, total=total, initial=initial, unit="B", unit_scale=True, disable=None)


def _fetch(name: str, cache: Path) -> Path:
    """The archive `name` in `cache`, with the right checksum, downloaded unless it is there."""
    url, sums = ARCHIVES[name]
    archive = cache / url.rpartition("/")[2]
    if archive.exists():
        _verify(archive, sums)
        return archive
    part, version = (archive.with_name(archive.name + end) for end in (".part", ".part.version"))
    _download(url, part, version)
    _verify(part, sums)
    part.replace(archive)
    version.unlink(missing_ok=True)
    return archive


def _verify(file: Path, sums: set[str]) -> None:
    with file.open("rb") as content:
        found = hashlib.file_digest(content, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    if found not in sums:
        file.unlink()
        wanted = " or ".join(sorted(sums))
        raise DataError(f"{file}: MD5 is {found}, not {wanted}; removed; run again to download it")


def _version_of(reply: HTTPResponse) -> str:
    """What If-Range takes: a strong ETag, else the date (RFC 9110, section 13.1.5)."""
    tag = reply.headers.get("ETag") or "W/"
    return (reply.headers.get("Last-Modified") or "") if tag.startswith("W/") else tag


def _download(url: str, part: Path, version: Path) -> None:
    """Make `part` whole; `version` keeps which state of the file on the server it is part of."""
    had = version.read_text() if version.exists() and part.exists() else ""
    start = part.stat().st_size if had else 0
    ranged = {"Range": f"bytes={start}-", "If-Range": had} if start else {}
    try:
        reply = urlopen(Request(url, headers=ranged), timeout=TIMEOUT)
    except (OSError, HTTPException) as error:
        if isinstance(error, HTTPError):
            error.close()  # it is a reply, with a connection
            if error.code == 416 and start:
                if error.headers.get("Content-Range") == f"bytes */{start}":
                    return  # it was whole, and a kill came before the checksum
                part.unlink()
                return _download(url, part, version)
        why = str(error) or type(error).__name__
        by_hand = "download it by other means and pass data=PATH"
        raise DataError(f"{url} cannot be had ({why}); run again later, or {by_hand}") from error
    with reply:
        if reply.status == 206:
            goes_on = reply.headers.get("Content-Range", "").startswith(f"bytes {start}-")
            if not goes_on or _version_of(reply) not in ("", had):
                part.unlink()
                return _download(url, part, version)
        else:
            start = 0
            part.unlink(missing_ok=True)  # first, so that no old part meets a new version
            version.write_text(_version_of(reply))
        _save(reply, url, part, start)


def _save(reply: HTTPResponse, url: str, part: Path, start: int) -> None:
    """Append the body of `reply` to `part`, which holds `start` bytes."""
    length = reply.headers.get("Content-Length")
    total = None if length is None else start + int(length)
    broken = f"{url}: the connection broke; run again, and the download continues where it stopped"
    with part.open("ab") as out, _bar(part.stem, total, start) as bar:
        while True:
            try:
                chunk = reply.read1(CHUNK)
            except (OSError, HTTPException) as error:
                raise DataError(broken) from error
            if not chunk:
                break
            out.write(chunk)
            bar.update(len(chunk))
        if total is not None and out.tell() < total:
            raise DataError(broken)


def _unpack(archive: Path, folder: Path, found_in: Find) -> None:
    """Make `folder` of what `archive` holds, in one rename."""
    with tempfile.TemporaryDirectory(
        prefix=f".{folder.name}.", suffix=".draft", dir=folder.parent, ignore_cleanup_errors=True
    ) as temporary:
        draft = Path(temporary) / "data"  # of its own, since a temporary folder is private
        draft.mkdir()
        with archive.open("rb") as raw, _bar(archive.name, archive.stat().st_size) as bar:
            unpack = _unzip if raw.read(4) in (b"PK\3\4", b"PK\5\6") else _untar
            raw.seek(0)
            try:
                for _ in unpack(raw, draft):
                    bar.update(raw.tell() - bar.n)
            except (_Refused, tarfile.FilterError) as error:
                raise DataError(f"{archive}: not unpacked, since {error}") from error
            except DAMAGED as error:
                why = str(error) or type(error).__name__
                raise DataError(f"{archive}: truncated or damaged ({why})") from error
            except OSError as error:
                if error.errno in FULL or not str(error.filename).startswith(str(draft)):
                    raise
                name = str(error.filename)[len(str(draft)) + 1 :]
                name = name if len(name) < 80 else f"{name[:80]}..."
                why = f"{name!r} can't be written here ({error.strerror})"
                raise DataError(f"{archive}: not unpacked, since {why}") from error
        found_in(draft, archive)
        try:
            draft.rename(folder)
        except OSError:
            if not folder.is_dir():  # else another process was first with the same content
                raise


class _Refused(Exception):
    """A member that an archive of data has no business to hold."""


class _StrictInfo(tarfile.TarInfo):
    """To `tarfile` a damaged or missing header is the archive's end; this one raises."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        try:
            return super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as error:
            if len(buf) == tarfile.BLOCKSIZE and not any(buf):
                raise  # a block of zeros is the true end
            raise tarfile.ReadError(str(error)) from error


def _check_name(name: str, links: set[PurePath]) -> None:
    """Refuse names that lead out of the folder, read as Unix and as Windows read them."""
    path = PureWindowsPath(name)
    if path.anchor or ".." in path.parts:
        raise _Refused(f"{name!r} leads out of its folder")
    # tarfile's own filter resolves links on disk, which very long paths have got round.
    if links and not links.isdisjoint([path, *path.parents]):
        raise _Refused(f"{name!r} leads through a link")


def _check_room(needed: int, room: float) -> None:
    """Refuse what the disk can't hold: a few kilobytes can unpack to any size."""
    if needed > room:
        raise _Refused(f"it unpacks to more than {room / 1e9:.1f} GB, all that the disk has left")


def _untar(raw: BinaryIO, folder: Path) -> Iterator[None]:
    links: set[PurePath] = set()
    room, needed = ROOM * shutil.disk_usage(folder).free, 0
    try:
        tar = tarfile.open(fileobj=raw, mode="r:*", tarinfo=_StrictInfo)
    except tarfile.ReadError as error:
        raise _Refused("it isn't a .tgz, .tar or .zip archive") from error
    with tar:
        for member in tar:
            _check_name(member.name, links)
            needed += member.size
            _check_room(needed, room)
            if member.islnk():
                _check_name(member.linkname, links)
            if member.issym():
                links.add(PureWindowsPath(member.name))
            tar.extract(member, folder, filter="data")
            yield
        while tar.fileobj.read(CHUNK):  # type: ignore[union-attr]
            pass  # a compressed file's own checksum comes after the last member


def _unzip(raw: BinaryIO, folder: Path) -> Iterator[None]:
    with zipfile.ZipFile(raw) as archive:
        needed = sum(info.file_size for info in archive.infolist())
        _check_room(needed, ROOM * shutil.disk_usage(folder).free)
        for info in archive.infolist():
            info.filename = info.filename.replace("\\", "/")  # as some programs of Windows write it
            _check_name(info.filename, set())
            if info.flag_bits & 1:
                raise _Refused(f"{info.filename!r} is locked with a password")
            if stat.S_ISLNK(info.external_attr >> 16):
                raise _Refused(f"{info.filename!r} is a link in a .zip")
            archive.extract(info, folder)
            yield
