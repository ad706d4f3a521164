"""What is taken over from former files: all of it or nothing, and nothing that is not what it was.

The pages are ones of every kind that a master can be; ``tests/property`` has sequences of changes.
"""

import errno
import hashlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from unittest import mock

import pytest

from digitize.output.former import Former
from digitize.output.pictures import PICTURES
from digitize.output.publish import FORMS, PublishedPage, Said, publish
from digitize.scan import decode
from pages.alto import write_alto
from pages.text import Box, PageFrame
from store.disk.files import sha256_of
from tests.unit.made_pdfs import DPI, INFO, ODD, SIZE, TIME, Odd, text_of

NAMES = {f"{form}.pdf": form for form in FORMS}


def pages_of(odd: Odd, folder: Path) -> list[PublishedPage]:
    folder.mkdir(parents=True)
    master = folder / f"master{odd.suffix}"
    odd.save(master)
    frames = [
        PageFrame("a" * 64, number, crop, odd.turn, *odd.size, DPI)
        for number in range(odd.frames)
        for crop in odd.boxes
    ]
    pages = []
    for number, frame in enumerate(frames, 1):
        page = PublishedPage(f"p{number:04d}", master, frame)
        if odd.text:
            alto = write_alto(text_of(frame, odd.skew), page_id=page.key, source="x", time=TIME)
            page = replace(page, alto=folder / f"{page.key}.xml")
            (folder / f"{page.key}.xml").write_bytes(alto)
        pages.append(page)
    return pages


def made(
    output: Path,
    pages: list[PublishedPage],
    former: Path | None = None,
    known: dict[str, str] | None = None,
) -> dict[str, bytes]:
    """Publish into a fresh folder; all that is there then. Of ``former`` a row knows ``known``."""
    (output / "web").mkdir(parents=True)
    rows = known if known is not None or former is None else hashes(files_of(former))
    before = Former() if former is None else Former(former, rows or {})
    publish(output, NAMES, pages, Said(INFO, [None] * len(pages)), former=before)
    return files_of(output)


def files_of(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def hashes(files: dict[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


@pytest.fixture
def never_decoding() -> Iterator[None]:
    with mock.patch.object(decode, "load_image", side_effect=AssertionError("decoded")):
        yield


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd.name)
def test_whatever_the_master_a_second_assembly_gives_the_same_and_decodes_nothing(
    tmp_path: Path, odd: Odd
) -> None:
    pages = pages_of(odd, tmp_path / "masters")
    first = made(tmp_path / "first", pages)
    with mock.patch.object(decode, "load_image", side_effect=AssertionError("decoded")):
        assert made(tmp_path / "second", pages, tmp_path / "first") == first
    with mock.patch.object(decode, "load_image", side_effect=AssertionError("decoded")):
        assert made(tmp_path / "third", pages, tmp_path / "second") == first


PHOTO = next(odd for odd in ODD if odd.name == "rgb-png")


@pytest.fixture
def before(tmp_path: Path) -> tuple[list[PublishedPage], Path, dict[str, bytes]]:
    pages = pages_of(PHOTO, tmp_path / "masters")
    return pages, tmp_path / "first", made(tmp_path / "first", pages)


def _gone(path: Path) -> None:
    path.unlink()


def _short(path: Path) -> None:
    data = path.read_bytes()
    path.unlink()  # it may be linked
    path.write_bytes(data[:-1])


def _flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.unlink()
    path.write_bytes(data)


@pytest.mark.parametrize("harm", [_gone, _short, _flipped])
@pytest.mark.parametrize("name", [PICTURES, "access.pdf", "master.pdf", "web/p0001-800.jpg"])
def test_a_former_file_that_is_not_what_it_was_is_never_taken(
    tmp_path: Path,
    before: tuple[list[PublishedPage], Path, dict[str, bytes]],
    name: str,
    harm: Callable[[Path], None],
) -> None:
    pages, folder, files = before
    known = hashes(files)
    harm(folder / name)
    with mock.patch.object(decode, "load_image", wraps=decode.load_image) as decoded:
        assert made(tmp_path / "second", pages, folder, known) == files
    assert decoded.call_count == 1


def test_a_former_file_that_no_row_knows_is_never_taken(
    tmp_path: Path, before: tuple[list[PublishedPage], Path, dict[str, bytes]]
) -> None:
    pages, folder, files = before
    known = dict.fromkeys(files, "0" * 64)
    with mock.patch.object(decode, "load_image", wraps=decode.load_image) as decoded:
        assert made(tmp_path / "second", pages, folder, known) == files
    assert decoded.call_count == 1


def test_a_former_file_that_the_disk_cannot_read_any_more_is_made_anew(
    tmp_path: Path, before: tuple[list[PublishedPage], Path, dict[str, bytes]]
) -> None:
    pages, folder, files = before

    def read(path: Path) -> str:
        if path.name == "master.pdf":
            raise OSError(errno.EIO, "Input/output error")
        return sha256_of(path)

    with mock.patch("digitize.output.former.sha256_of", read):
        assert made(tmp_path / "second", pages, folder) == files


def test_where_files_cannot_be_linked_they_are_copied(
    tmp_path: Path,
    before: tuple[list[PublishedPage], Path, dict[str, bytes]],
    never_decoding: None,
) -> None:
    pages, folder, files = before
    with mock.patch("os.link", side_effect=PermissionError):
        assert made(tmp_path / "second", pages, folder) == files


def test_another_crop_or_another_library_of_pictures_makes_them_anew(
    tmp_path: Path, before: tuple[list[PublishedPage], Path, dict[str, bytes]]
) -> None:
    pages, folder, files = before
    frame = replace(pages[0].frame, crop=Box(0, 0, SIZE[0], SIZE[1] - 8), height=SIZE[1] - 8)
    cut = [replace(pages[0], frame=frame)]
    anew = made(tmp_path / "anew", cut)
    assert made(tmp_path / "again", cut, folder) == anew != files
    shutil.rmtree(tmp_path / "anew")
    with mock.patch("digitize.output.publish.made_with", return_value=(("pil", "0"),)):
        anew = made(tmp_path / "anew", pages)
        with mock.patch.object(decode, "load_image", wraps=decode.load_image) as decoded:
            assert made(tmp_path / "other", pages, folder) == anew
    assert decoded.call_count == 1
