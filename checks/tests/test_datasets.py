"""`solutions.trainer.datasets` against a server on loopback and archives made to do harm."""

import contextlib
import errno
import hashlib
import io
import mimetypes
import os
import random
import stat
import tarfile
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPResponse, IncompleteRead
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from solutions.trainer import datasets
from solutions.trainer.datasets import DataError, find_data

steady = settings(derandomize=True, database=None, deadline=None, max_examples=60)

PICTURES = {
    f"imagenette2-160/{split}/n0{k}/{i}.JPEG": random.Random(f"{split}{k}{i}").randbytes(700)
    for split in ("train", "val")
    for k in (1, 2)
    for i in (1, 2)
}


def tarred(
    files: Mapping[str, bytes], mode: Literal["w", "w:gz", "w:xz"] = "w:gz", *extra: tarfile.TarInfo
) -> bytes:
    out = io.BytesIO()
    with tarfile.open(None, mode, out) as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
        for member in extra:
            tar.addfile(member)
    return out.getvalue()


def zipped(files: Mapping[Any, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def special(name: str, kind: bytes, linkname: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, linkname
    return member


def tree(folder: Path) -> dict[str, bytes]:
    files = (f for f in folder.rglob("*") if f.is_file())
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in files}


def names_in(folder: Path) -> list[str]:
    """What lies in a cache, without the locks."""
    return sorted(p.name for p in folder.iterdir() if not p.name.endswith(".lock"))


ARCHIVE = tarred(PICTURES)
IMAGES = {name.partition("/")[2]: content for name, content in PICTURES.items()}


class Site:
    """A server of one file that can be told to misbehave, and remembers what it was asked."""

    def __init__(self) -> None:
        self.reset()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.answer(self)

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/imagenette2-160.tgz"

    def reset(self) -> None:
        self.body, self.status = ARCHIVE, 200
        self.headers: dict[str, str] = {"ETag": '"one"'}
        self.ranges = self.if_range = self.tells_total = True
        self.cut: int | None = None  # bytes of the body before the connection breaks
        self.range_start: int | None = None  # a server that sends another range than asked for
        self.asked: list[dict[str, str]] = []
        self.sent: list[int] = []

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        asked = {k: request.headers[k] for k in ("Range", "If-Range") if k in request.headers}
        self.asked.append(asked)
        body, status, extra = self.body, self.status, {}
        same = not self.if_range or asked.get("If-Range") in self.headers.values()
        if status == 200 and self.ranges and "Range" in asked and same:
            start = int(asked["Range"].removeprefix("bytes=").removesuffix("-"))
            start = start if self.range_start is None else self.range_start
            status, extra["Content-Range"] = 206, f"bytes {start}-{len(body) - 1}/{len(body)}"
            if start >= len(body):
                status, extra["Content-Range"] = 416, f"bytes */{len(body)}"
            if not self.tells_total and status == 416:
                del extra["Content-Range"]
            body = b"" if status == 416 else body[start:]
        whole, body = len(body), body[: self.cut]
        self.sent.append(len(body))  # before the client sees the end, and asks again
        request.send_response(status)
        for name, value in {**self.headers, **extra, "Content-Length": str(whole)}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture(scope="module")
def server() -> Iterator[Site]:
    site = Site()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("no_proxy", "*")
        sums = {hashlib.md5(ARCHIVE).hexdigest()}
        patch.setitem(datasets.ARCHIVES, "imagenette", (site.url, sums))
        yield site
    site.close()


@pytest.fixture
def site(server: Site) -> Site:
    server.reset()
    return server


def interrupt(site: Site, cache: Path, at: int) -> Path:
    """The part that a download cut after `at` bytes leaves; the server is whole again after."""
    site.cut = at
    with pytest.raises(DataError, match="run again"):
        find_data("imagenette", cache)
    site.cut = None
    site.asked.clear()
    site.sent.clear()
    return cache / "imagenette2-160.tgz.part"


def test_a_name_is_downloaded_once(site: Site, tmp_path: Path) -> None:
    cache = tmp_path / "deep" / "cache"
    found = find_data("imagenette", cache)
    assert tree(found) == IMAGES
    assert find_data("imagenette", cache) == found
    assert site.asked == [{}]
    assert names_in(cache) == ["imagenette", "imagenette2-160.tgz"]


def test_an_archive_that_is_there_is_verified_and_not_downloaded(
    site: Site, tmp_path: Path
) -> None:
    (tmp_path / "imagenette2-160.tgz").write_bytes(ARCHIVE)
    assert tree(find_data("imagenette", tmp_path)) == IMAGES
    assert site.asked == []


def test_only_the_rest_is_transferred_after_a_break(site: Site, tmp_path: Path) -> None:
    part = interrupt(site, tmp_path, at=1000)
    assert part.read_bytes() == ARCHIVE[:1000]
    assert tree(find_data("imagenette", tmp_path)) == IMAGES
    assert site.asked == [{"Range": "bytes=1000-", "If-Range": '"one"'}]
    assert site.sent == [len(ARCHIVE) - 1000]
    assert names_in(tmp_path) == ["imagenette", "imagenette2-160.tgz"]


@steady
@given(cuts=st.lists(st.integers(0, len(ARCHIVE) - 1), min_size=1, max_size=3))
@example(cuts=[0])
@example(cuts=[len(ARCHIVE) - 1])
def test_breaks_anywhere_change_no_byte(server: Site, cuts: list[int]) -> None:
    server.reset()
    with tempfile.TemporaryDirectory() as folder:
        for cut in cuts:
            part = Path(folder, "imagenette2-160.tgz.part")
            had = part.stat().st_size if part.exists() else 0
            interrupt(server, Path(folder), min(cut, len(ARCHIVE) - had - 1))
        had = part.stat().st_size
        find_data("imagenette", folder)
        assert Path(folder, "imagenette2-160.tgz").read_bytes() == ARCHIVE
        assert server.sent == [len(ARCHIVE) - had]


def test_a_date_will_do_where_there_is_no_strong_etag(site: Site, tmp_path: Path) -> None:
    site.headers = {"ETag": 'W/"weak"', "Last-Modified": "Tue, 24 Nov 2020 08:00:00 GMT"}
    interrupt(site, tmp_path, at=500)
    find_data("imagenette", tmp_path)
    assert site.asked[0]["If-Range"] == "Tue, 24 Nov 2020 08:00:00 GMT"
    assert site.sent == [len(ARCHIVE) - 500]


def test_without_any_version_the_download_starts_over(site: Site, tmp_path: Path) -> None:
    site.headers = {}
    interrupt(site, tmp_path, at=500)
    assert tree(find_data("imagenette", tmp_path)) == IMAGES
    assert site.asked == [{}]


def test_a_server_that_ignores_ranges_starts_over(site: Site, tmp_path: Path) -> None:
    interrupt(site, tmp_path, at=500)
    site.ranges = False
    assert tree(find_data("imagenette", tmp_path)) == IMAGES
    assert "Range" in site.asked[0] and site.sent == [len(ARCHIVE)]


@pytest.mark.parametrize("if_range", [True, False], ids=["heeds If-Range", "ignores If-Range"])
def test_what_changed_on_the_server_is_not_patched_together(
    site: Site, tmp_path: Path, if_range: bool
) -> None:
    old = random.Random(0).randbytes(len(ARCHIVE))
    site.body, site.headers = old, {"ETag": '"old"'}
    assert interrupt(site, tmp_path, at=500).read_bytes() == old[:500]
    site.body, site.headers, site.if_range = ARCHIVE, {"ETag": '"new"'}, if_range
    assert tree(find_data("imagenette", tmp_path)) == IMAGES


def test_another_range_than_asked_for_is_not_taken(site: Site, tmp_path: Path) -> None:
    interrupt(site, tmp_path, at=500)
    site.range_start = 100
    assert tree(find_data("imagenette", tmp_path)) == IMAGES
    assert site.asked[-1] == {}


def test_a_part_that_is_whole_needs_no_second_transfer(site: Site, tmp_path: Path) -> None:
    interrupt(site, tmp_path, at=500).write_bytes(ARCHIVE)
    assert tree(find_data("imagenette", tmp_path)) == IMAGES
    assert site.sent == [0]


@pytest.mark.parametrize("tells_total", [True, False])
def test_a_part_longer_than_the_file_starts_over(
    site: Site, tmp_path: Path, tells_total: bool
) -> None:
    interrupt(site, tmp_path, at=500).write_bytes(ARCHIVE + b"more")
    site.tells_total = tells_total
    assert tree(find_data("imagenette", tmp_path)) == IMAGES
    assert site.sent == [0, len(ARCHIVE)]


def test_a_wrong_checksum_names_both_and_removes_the_file(site: Site, tmp_path: Path) -> None:
    site.body = b"<html>sign in first</html>"
    found, wanted = (hashlib.md5(b).hexdigest() for b in (site.body, ARCHIVE))
    with pytest.raises(DataError, match=f"{found}.*{wanted}"):
        find_data("imagenette", tmp_path)
    assert names_in(tmp_path) == ["imagenette2-160.tgz.part.version"]
    site.body = ARCHIVE
    assert tree(find_data("imagenette", tmp_path)) == IMAGES


def test_a_wrong_archive_in_the_cache_is_removed(site: Site, tmp_path: Path) -> None:
    (tmp_path / "imagenette2-160.tgz").write_bytes(ARCHIVE[:-1])
    with pytest.raises(DataError, match="MD5"):
        find_data("imagenette", tmp_path)
    assert names_in(tmp_path) == []


def test_either_of_two_checksums_is_accepted(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sums = {"0" * 32, hashlib.md5(ARCHIVE).hexdigest()}
    monkeypatch.setitem(datasets.ARCHIVES, "imagewoof", (site.url, sums))
    assert tree(find_data("imagewoof", tmp_path)) == IMAGES


@pytest.mark.parametrize("status", [403, 404, 503])
def test_a_server_that_refuses_is_told_with_the_way_round(
    site: Site, tmp_path: Path, status: int
) -> None:
    site.status = status
    with pytest.raises(DataError) as caught:
        find_data("imagenette", tmp_path)
    assert all(word in str(caught.value) for word in (site.url, str(status), "data=PATH"))


def test_a_refusal_keeps_the_part(site: Site, tmp_path: Path) -> None:
    part = interrupt(site, tmp_path, at=500)
    site.status = 503
    with pytest.raises(DataError, match="503"):
        find_data("imagenette", tmp_path)
    assert part.read_bytes() == ARCHIVE[:500]


def test_an_unreachable_server_is_told_with_the_way_round(
    server: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    gone.server_close()
    url = f"http://127.0.0.1:{gone.server_port}/x.tgz"
    monkeypatch.setitem(datasets.ARCHIVES, "imagenette", (url, {"0" * 32}))
    with pytest.raises(DataError) as caught:
        find_data("imagenette", tmp_path)
    assert url in str(caught.value) and "data=PATH" in str(caught.value)


def full_disk(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, calls: int) -> None:
    """After `calls` calls, `owner.name` finds the disk full."""
    real, left = getattr(owner, name), iter(range(calls))

    def write(*args: Any, **kwargs: Any) -> Any:
        if next(left, None) is None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*args, **kwargs)

    monkeypatch.setattr(owner, name, write)


@pytest.mark.parametrize("error", [TimeoutError("slow"), IncompleteRead(b"")])
def test_an_error_amid_the_body_keeps_the_part(
    site: Site, tmp_path: Path, error: Exception
) -> None:
    def fail_later(reply: HTTPResponse, n: int) -> bytes:
        chunks.append(n)
        if len(chunks) > 1:
            raise error
        return read(reply, 1000)

    read, chunks = HTTPResponse.read1, list[int]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HTTPResponse, "read1", fail_later)
        with pytest.raises(DataError, match="run again"):
            find_data("imagenette", tmp_path)
    had = (tmp_path / "imagenette2-160.tgz.part").read_bytes()
    assert 0 < len(had) <= 1000 and ARCHIVE.startswith(had)
    assert tree(find_data("imagenette", tmp_path)) == IMAGES
    assert site.sent[-1] == len(ARCHIVE) - len(had)


def test_a_full_disk_keeps_what_was_downloaded(site: Site, tmp_path: Path) -> None:
    class Full(io.FileIO):
        def write(self, content: Any) -> int:
            if self.tell() >= 1000:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return super().write(content)

    def open_part(path: Path, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        return Full(path, "ab") if mode == "ab" else real(path, mode, *args, **kwargs)

    real = Path.open
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "open", open_part)
        patch.setattr(datasets, "CHUNK", 1000)
        with pytest.raises(DataError, match="disk is full"):
            find_data("imagenette", tmp_path)
    part = tmp_path / "imagenette2-160.tgz.part"
    had = part.stat().st_size
    assert 1000 <= had < len(ARCHIVE) and part.read_bytes() == ARCHIVE[:had]
    assert tree(find_data("imagenette", tmp_path)) == IMAGES
    assert site.sent[-1] == len(ARCHIVE) - had


FORMS: dict[str, Callable[[], bytes]] = {
    "a.tgz": lambda: ARCHIVE,
    "a.tar.gz": lambda: ARCHIVE,
    "a.tar": lambda: tarred(PICTURES, "w"),
    "a.zip": lambda: zipped(PICTURES),
    "misnamed.zip": lambda: ARCHIVE,
}


def put(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", FORMS)
def test_an_archive_is_unpacked_once(name: str, tmp_path: Path) -> None:
    archive = put(tmp_path, name, FORMS[name]())
    cache = tmp_path / "cache"
    found = find_data(str(archive), cache)
    assert tree(found) == IMAGES
    before = found.stat().st_ino
    assert find_data(archive, cache) == found and found.stat().st_ino == before
    assert len(names_in(cache)) == 1


def test_another_archive_of_the_same_name_is_unpacked_anew(tmp_path: Path) -> None:
    archive = put(tmp_path, "a.tgz", ARCHIVE)
    first = find_data(archive, tmp_path / "cache")
    other = {name: content[::-1] for name, content in PICTURES.items()}
    archive.write_bytes(tarred(other))
    second = find_data(archive, tmp_path / "cache")
    assert tree(first) == IMAGES
    assert tree(second) == {name: content[::-1] for name, content in IMAGES.items()}


def test_an_archive_may_hold_the_splits_at_its_top(tmp_path: Path) -> None:
    assert tree(find_data(put(tmp_path, "a.tar", tarred(IMAGES)), tmp_path / "cache")) == IMAGES


def refuse(archive: Path, match: str) -> None:
    """`archive` is refused in one line, and nothing of it stays, in the cache or beside it."""
    cache = archive.parent / "box" / "cache"
    outside = sorted(archive.parent.rglob("*"))
    with pytest.raises(DataError, match=match) as caught:
        find_data(archive, cache)
    assert "\n" not in str(caught.value) and archive.name in str(caught.value)
    assert names_in(cache) == []
    assert sorted(p for p in archive.parent.rglob("*") if "box" not in p.parts) == outside


@pytest.mark.parametrize("name", ["a.tgz", "a.tar", "a.zip"])
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_truncated_archive_is_refused(name: str, share: float, tmp_path: Path) -> None:
    content = FORMS[name]()
    short = content[: int(len(content.rstrip(b"\0")) * share)]
    refuse(put(tmp_path, name, short), "truncated or damaged")


@steady
@given(name=st.sampled_from(["a.tgz", "a.tar", "a.zip"]), data=st.data())
def test_a_cut_anywhere_is_refused_or_costs_nothing(name: str, data: st.DataObject) -> None:
    content = FORMS[name]()
    cut = data.draw(st.integers(0, len(content) - 1))
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(DataError):
        found = find_data(put(Path(folder), name, content[:cut]), Path(folder, "cache"))
        assert tree(found) == IMAGES


@settings(steady, max_examples=150)
@given(name=st.sampled_from(["a.tgz", "a.tar", "a.zip"]), data=st.data())
def test_damage_anywhere_is_no_other_error(name: str, data: st.DataObject) -> None:
    content = bytearray(FORMS[name]())
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4)):
        content[at] ^= data.draw(st.integers(1, 255))
    with tempfile.TemporaryDirectory() as folder:
        archive = put(Path(folder), name, bytes(content))
        with contextlib.suppress(DataError):
            find_data(archive, Path(folder, "box", "cache"))
        assert sorted(os.listdir(folder)) in ([name], [name, "box"])
        assert os.listdir(Path(folder, "box")) == ["cache"]


def test_a_password_is_named(tmp_path: Path) -> None:
    refuse(put(tmp_path, "a.zip", encrypted()), "locked with a password")


def test_names_with_backslashes_are_paths(tmp_path: Path) -> None:
    content = zipped({name.replace("/", "\\"): o for name, o in PICTURES.items()})
    assert tree(find_data(put(tmp_path, "a.zip", content), tmp_path / "cache")) == IMAGES
    refuse(put(tmp_path, "b.zip", zipped({"..\\..\\x.png": b""})), "leads out of its folder")


def test_a_hard_link_to_nothing_is_damage(tmp_path: Path) -> None:
    member = tarfile.TarInfo("a.png")
    member.type, member.linkname = tarfile.LNKTYPE, "nothing.png"
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        tar.addfile(member)
    refuse(put(tmp_path, "a.tar", content.getvalue()), "truncated or damaged")


def test_a_tar_whose_later_header_is_damaged_is_refused(tmp_path: Path) -> None:
    content = bytearray(tarred(PICTURES, "w"))
    content[3 * (512 + 1024) + 150] ^= 1  # the checksum of the fourth header
    refuse(put(tmp_path, "a.tar", bytes(content)), "truncated or damaged")


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8\xff not a data set", b"PK\3\4", b"\x1f\x8b\x08"]
)
def test_what_is_no_archive_is_refused(content: bytes, tmp_path: Path) -> None:
    refuse(
        put(tmp_path, "a.tgz", content), "isn't a .tgz, .tar or .zip archive|truncated or damaged"
    )


def encrypted() -> bytes:
    """A zip whose first member says that it needs a password."""
    content = bytearray(zipped(PICTURES))
    content[6] |= 1
    content[content.index(b"PK\1\2") + 8] |= 1
    return bytes(content)


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 255]) + content[at + 1 :]


def of_pax(**headers: str) -> bytes:
    member = special("imagenette2-160/x.jpg", tarfile.REGTYPE)
    member.pax_headers = headers
    return tarred(PICTURES, "w:gz", member)


TEXT = {
    f"x/{split}/{i}.jpg": bytes(range(97, 122)) * 99 for split in ("train", "val") for i in "12"
}
XZ = tarred(PICTURES, "w:xz")
DAMAGE = {
    "checksum of .gz": flipped(ARCHIVE, len(ARCHIVE) - 6),
    "length of .gz": flipped(ARCHIVE, len(ARCHIVE) - 1),
    "deflated data": flipped(tarred(TEXT), 100),
    "deflated data in .zip": flipped(zipped(TEXT), 43),
    "checksum in .zip": flipped(zipped(PICTURES), 100),
    "end of .xz": flipped(XZ, len(XZ) - 1),
    "a name with a zero byte": of_pax(path="imagenette2-160/a\0b"),
    "a time beyond all times": of_pax(mtime="1e300"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_of_every_kind_is_told(kind: str, tmp_path: Path) -> None:
    refuse(put(tmp_path, "a.tgz", DAMAGE[kind]), "truncated or damaged")


# a gzip file holds the second in which it was made, so its bytes are no name for a test
@pytest.mark.parametrize(
    "content", [tarred({}, "w"), tarred({}), zipped({})], ids=["tar", "tgz", "zip"]
)
def test_an_empty_archive_holds_no_data_set(content: bytes, tmp_path: Path) -> None:
    refuse(put(tmp_path, "a.tgz", content), "no `train` and no `val` folder")


@pytest.mark.parametrize("form", ["a.tar", "a.zip"])
def test_what_people_pack_along_is_passed_by(form: str, tmp_path: Path) -> None:
    files = {f"my pictures/inner/{o.partition('/')[2]}": c for o, c in PICTURES.items()}
    files |= {"__MACOSX/my pictures/._inner": b"\0", "my pictures/.DS_Store": b"\0"}
    content = tarred(files) if form == "a.tar" else zipped(files)
    assert tree(find_data(put(tmp_path, form, content), tmp_path / "cache")) == IMAGES


@pytest.mark.parametrize("name", ["n" * 300, "train"])
@pytest.mark.parametrize("form", ["a.tar", "a.zip"])
def test_a_name_that_cannot_be_written_is_told(form: str, name: str, tmp_path: Path) -> None:
    files = {name: b"a file", "train/x.jpg": b"x"}
    content = tarred(files) if form == "a.tar" else zipped(files)
    refuse(put(tmp_path, form, content), "can't be written here")


def test_a_tar_is_no_zip_for_its_first_letters(tmp_path: Path) -> None:
    content = tarred({f"PK/{name}": picture for name, picture in IMAGES.items()}, "w")
    assert tree(find_data(put(tmp_path, "a.tar", content), tmp_path / "cache")) == IMAGES


OUTSIDE = ["../out.jpg", "a/../../out.jpg", "/tmp/out.jpg", "..\\out.jpg", "C:\\out.jpg"]


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize("form", ["a.tar", "a.zip"])
def test_a_path_out_of_the_folder_is_refused(form: str, name: str, tmp_path: Path) -> None:
    files = {**PICTURES, name: b"out"}
    content = tarred(files) if form == "a.tar" else zipped(files)
    refuse(put(tmp_path, form, content), "leads out of its folder")


ESCAPES = {
    "symbolic, up": special("imagenette2-160/out", tarfile.SYMTYPE, "../../.."),
    "symbolic, absolute": special("imagenette2-160/out", tarfile.SYMTYPE, "/etc"),
    "hard, up": special("imagenette2-160/out", tarfile.LNKTYPE, "../../a.tgz"),
    "hard, absolute": special("imagenette2-160/out", tarfile.LNKTYPE, "/etc/passwd"),
    "pipe": special("imagenette2-160/pipe", tarfile.FIFOTYPE),
    "device": special("imagenette2-160/null", tarfile.CHRTYPE),
}


@pytest.mark.parametrize("kind", ESCAPES)
def test_links_that_escape_and_devices_are_refused(kind: str, tmp_path: Path) -> None:
    content = tarred(PICTURES, "w:gz", ESCAPES[kind])
    refuse(put(tmp_path, "a.tgz", content), "not unpacked, since")


@pytest.mark.parametrize("through", ["door/x.jpg", "door", "DOOR/x.jpg"])
def test_nothing_is_written_through_a_link(through: str, tmp_path: Path) -> None:
    door = special("door", tarfile.SYMTYPE, "imagenette2-160")
    behind = special(through, tarfile.REGTYPE)
    content = tarred(PICTURES, "w:gz", door, behind)
    refuse(put(tmp_path, "a.tgz", content), "leads through a link")


def test_no_hard_link_is_made_through_a_link(tmp_path: Path) -> None:
    door = special("door", tarfile.SYMTYPE, "imagenette2-160")
    hard = special("hard.JPEG", tarfile.LNKTYPE, "door/train/n01/1.JPEG")
    refuse(put(tmp_path, "a.tgz", tarred(PICTURES, "w:gz", door, hard)), "leads through a link")


def test_links_inside_the_folder_are_kept(tmp_path: Path) -> None:
    first = "imagenette2-160/train/n01/1.JPEG"
    soft = special("imagenette2-160/train/n01/soft.JPEG", tarfile.SYMTYPE, "1.JPEG")
    hard = special("imagenette2-160/train/n01/hard.JPEG", tarfile.LNKTYPE, first)
    archive = put(tmp_path, "a.tgz", tarred(PICTURES, "w:gz", soft, hard))
    found = tree(find_data(archive, tmp_path / "cache"))
    assert found["train/n01/soft.JPEG"] == found["train/n01/hard.JPEG"] == PICTURES[first]


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("imagenette2-160/train/out")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    refuse(put(tmp_path, "a.zip", zipped({**PICTURES, link: b"/etc"})), "is a link")


@pytest.mark.parametrize(
    ("name", "owner", "method"),
    [("a.tgz", tarfile.TarFile, "makefile"), ("a.zip", zipfile.ZipFile, "_extract_member")],
)
def test_a_full_disk_leaves_nothing_half_unpacked(
    name: str, owner: Any, method: str, tmp_path: Path
) -> None:
    archive = put(tmp_path, name, FORMS[name]())
    with pytest.MonkeyPatch.context() as patch:
        full_disk(patch, owner, method, calls=3)
        with pytest.raises(DataError, match="disk is full"):
            find_data(archive, tmp_path / "cache")
    assert names_in(tmp_path / "cache") == []
    assert tree(find_data(archive, tmp_path / "cache")) == IMAGES


def test_an_interrupt_leaves_nothing_half_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*args: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(tarfile.TarFile, "makefile", interrupted)
    with pytest.raises(KeyboardInterrupt):
        find_data(put(tmp_path, "a.tgz", ARCHIVE), tmp_path / "cache")
    assert names_in(tmp_path / "cache") == []


def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    archive = put(tmp_path, "a.tgz", ARCHIVE)
    name = find_data(archive, tmp_path / "one").parent.name
    left = tmp_path / "two" / f".{name}.killed.draft"
    left.mkdir(parents=True)
    other = tmp_path / "two" / ".other.killed.draft"
    other.mkdir()
    find_data(archive, tmp_path / "two")
    assert not left.exists() and other.exists()


@pytest.mark.parametrize("locks", [True, False], ids=["locks", "no locks"])
def test_several_at_the_same_time_get_the_same(
    locks: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not locks:
        monkeypatch.setattr(datasets, "fcntl", None)
        together = threading.Barrier(4)  # all unpack before any has renamed
        check = datasets._data_set_in

        def wait_and_check(folder: Path, shown: Path) -> Path:
            if folder.name == "data":
                together.wait(timeout=60)
            return check(folder, shown)

        monkeypatch.setattr(datasets, "_data_set_in", wait_and_check)
    unpacked: list[Path] = []
    untar = datasets._untar

    def count_and_untar(raw: Any, folder: Path) -> Iterator[None]:
        unpacked.append(folder)
        return untar(raw, folder)

    monkeypatch.setattr(datasets, "_untar", count_and_untar)
    archive = put(tmp_path, "a.tgz", ARCHIVE)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: find_data(archive, tmp_path / "cache"), range(4)))
    assert len(set(found)) == 1 and tree(found[0]) == IMAGES
    assert names_in(tmp_path / "cache") == [found[0].parent.name]
    assert len(unpacked) == (1 if locks else 4)


def test_several_at_the_same_time_download_once(site: Site, tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: find_data("imagenette", tmp_path), range(4)))
    assert len(set(found)) == 1 and tree(found[0]) == IMAGES
    assert site.asked == [{}]


def grow(folder: Path, *files: str) -> Path:
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def test_a_folder_is_used_as_it_is(tmp_path: Path) -> None:
    folder = grow(tmp_path / "mine", "train/a/1.JPEG", "val/a/2.webp")
    assert find_data(folder, tmp_path / "cache") == folder
    assert find_data(str(folder), tmp_path / "cache") == folder
    assert not (tmp_path / "cache").exists()


def test_a_folder_in_a_folder_is_found(tmp_path: Path) -> None:
    grow(tmp_path / "one", "train/a/1.png", "val/a/2.png")
    grow(tmp_path, "half/train/a/1.png", ".hidden/train/a/1.png", ".hidden/val/a/1.png")
    assert find_data(tmp_path, tmp_path / "cache") == tmp_path / "one"


def test_a_folder_goes_before_the_folders_in_it(tmp_path: Path) -> None:
    grow(tmp_path, "train/a/1.png", "val/a/2.png", "old/train/a/1.png", "old/val/a/2.png")
    assert find_data(tmp_path, tmp_path / "cache") == tmp_path


def test_a_home_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = grow(tmp_path / "mine", "train/a/1.png", "val/a/2.png")
    assert find_data("~/mine", tmp_path / "cache") == folder


def test_webp_is_known_without_the_table_of_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = grow(tmp_path / "mine", "train/a/1.webp", "val/a/2.webp")
    monkeypatch.setattr(mimetypes, "_db", mimetypes.MimeTypes())
    assert find_data(folder, tmp_path / "cache") == folder


def test_two_data_sets_in_a_folder_are_named(tmp_path: Path) -> None:
    for name in ("one", "two"):
        grow(tmp_path / name, "train/a/1.png", "val/a/2.png")
    with pytest.raises(DataError, match=r"one, two"):
        find_data(tmp_path, tmp_path / "cache")


@pytest.mark.parametrize(
    ("files", "match"),
    [
        (["1.png"], "no `train` and no `val` folder"),
        (["train/a/1.png"], "no `val` folder"),
        (["val/a/1.png"], "no `train` folder"),
        (["x/train/a/1.png"], "x: no `val` folder"),
        (["train/a/1.png", "val"], "no `val` folder"),
        (["train/a/1.png", "val/a/notes.txt"], "val: no pictures"),
        (["train/a/.1.png", "val/a/1.png"], "train: no pictures"),
        (["train/.a/1.png", "val/a/1.png"], "train: no pictures"),
    ],
)
def test_a_folder_of_another_layout_is_told(files: list[str], match: str, tmp_path: Path) -> None:
    folder = grow(tmp_path / "mine", *files)
    with pytest.raises(DataError, match=match):
        find_data(folder, tmp_path / "cache")


def test_an_archive_of_another_layout_leaves_nothing(tmp_path: Path) -> None:
    content = tarred({"x/train/a/1.png": b"1", "x/val/a/notes.txt": b"2"})
    refuse(put(tmp_path, "a.tgz", content), "a.tgz/x/val: no pictures")


@pytest.mark.parametrize("data", ["imagenete", "no/such/folder", "/dev/null"])
def test_no_such_data_names_what_there_is(
    data: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match="imagenette"):
        find_data(data, tmp_path / "cache")


def test_a_path_is_never_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(grow(tmp_path, "imagenette/train/a/1.png", "imagenette/val/a/1.png"))
    assert find_data(Path("imagenette"), tmp_path / "cache") == Path("imagenette")


def test_a_cache_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    archive = put(tmp_path, "a.tgz", ARCHIVE)
    with pytest.raises(DataError, match="a.tgz"):
        find_data(archive, archive)
