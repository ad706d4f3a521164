"""What stands of a document's former files, so that only what changed is made anew.

A page whose text or pictures would be made of the same as before has the same, byte for byte: its
files are linked, its layers taken out of the former PDFs. No former file is believed before its
bytes gave the hash that the catalogue has of it.
"""

import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

import pikepdf

from digitize.output.pdf.image import Layer
from digitize.output.pdf.taken import taken_layers
from digitize.output.pictures import PICTURES, Pictures, read_pictures
from store.disk.files import sha256_of


@dataclass(frozen=True, slots=True)
class Taken:
    """A page in one PDF: its layers, and whether they are a scan that pages share."""

    layers: tuple[Layer, ...]
    shared: bool


@dataclass(frozen=True, slots=True)
class Former:
    """Where a document's former files lie, and their hashes by the catalogue."""

    folder: Path = Path()
    files: Mapping[str, str] = field(default_factory=dict)

    def link(self, name: str, target: Path) -> bool:
        """Have a former file at ``target``; False, and nothing there, where it is not right.

        It is linked first and read then: whoever puts another file in its place meanwhile does not
        change what was checked. Nobody may write into ``target``: it is the former file itself.
        """
        if name not in self.files:
            return False
        try:
            _link_or_copy(self.folder / name, target)
        except FileNotFoundError:
            return False
        if _is_readable_as(target, self.files[name]):
            return True
        target.unlink()
        return False


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:  # a file system without links, or not our own file
        shutil.copyfile(source, target)


def _is_readable_as(path: Path, sha256: str) -> bool:
    try:
        return sha256_of(path) == sha256
    except OSError:  # the disk has lost it: all the more it is to be made anew
        return False


NOTHING = Former()
"""A document that is assembled for the first time has no former files."""


class FormerPictures:
    """The pictures of a former assembly; use as a context manager.

    ``scratch`` is a folder of the file system that the former files lie on.
    """

    def __init__(self, former: Former, scratch: Path) -> None:
        self._former = former
        self._stack = ExitStack()
        self._scratch = Path(self._stack.enter_context(TemporaryDirectory(dir=scratch)))
        self._pdfs: dict[str, pikepdf.Pdf | None] = {}
        self._known = {one.page: (at, one) for at, one in enumerate(self._read())}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def of(self, page: str) -> Pictures:
        """What the pictures of a page were made of."""
        return self._known[page][1] if page in self._known else Pictures(page)

    def take(self, page: str, names: Sequence[str], web: Path) -> dict[str, Taken] | None:
        """Link the page's web images into ``web``, and return what it is in each of these PDFs.

        None, and nothing new in ``web``, where any of it is missing or no longer what it was.
        """
        at, known = self._known[page]
        pdfs = {name: pdf for name in names if (pdf := self._pdf(name)) is not None}
        if len(pdfs) < len(names) or not self._link_all(known, web):
            return None
        taken = {}
        for name, pdf in pdfs.items():
            shown = known.shown[name]
            taken[name] = Taken(taken_layers(pdf.pages[at], shown.lying), shown.shared)
        return taken

    def _link_all(self, known: Pictures, web: Path) -> bool:
        names = [f"{known.page}-{width}.jpg" for width in known.widths]
        if all(self._former.link(f"web/{name}", web / name) for name in names):
            return True
        for name in names:
            (web / name).unlink(missing_ok=True)
        return False

    def _pdf(self, name: str) -> pikepdf.Pdf | None:
        """The former PDF of that name, checked once."""
        if name not in self._pdfs:
            path = self._scratch / name
            mode = pikepdf.AccessMode.stream  # it may be larger than what may be mapped
            opened = pikepdf.open(path, access_mode=mode) if self._former.link(name, path) else None
            self._pdfs[name] = None if opened is None else self._stack.enter_context(opened)
        return self._pdfs[name]

    def _read(self) -> tuple[Pictures, ...]:
        path = self._scratch / PICTURES
        return read_pictures(path.read_bytes()) if self._former.link(PICTURES, path) else ()
