"""Export: records leave as a file that was read back and compared before it appeared."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from catalog.crosswalk.convert import convert
from catalog.marc.profile import Profile
from catalog.marc.reading import container_of
from catalog.record import Record
from olketanu.errors import InputError, UsageError
from store.catalogue import records
from store.catalogue.records import StoredRecord
from store.imports.originals import Original, iterate_originals
from workflow.exchange.proof import AUTO, Placed, Wanted, place_checked, placing_unless
from workflow.library import Library

_CHUNK = 1 << 20
_KEPT = ("draft", "active")
_IRBIS_TEXT = "irbis-text"
JOINED = ("iso2709", "mrk", _IRBIS_TEXT, "jsonl")
"""Containers in which records simply follow each other."""

_LEADER_LINE = (b"=LDR ", b"=000 ")
_BLANK_LINE = re.compile(rb"\n[ \t\r]*\n\Z")
_STARS = re.compile(rb"^\*{5}[ \t\r]*\Z", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Export:
    """What to export: ``format`` rusmarc or marc21; ``container`` as ``--as`` names it, or auto.

    ``only``: these records; ``catalogue``: a code. ``original``: the bytes in which records came,
    whatever format, charset and profile are.
    """

    target: Path
    format: str
    container: str = AUTO
    only: tuple[str, ...] = ()
    catalogue: str | None = None
    original: bool = False
    charset: str = "utf-8"
    profile: Profile | None = None


@dataclass(slots=True)
class Exported:
    """How many records were written; (record, fields) that the format could not hold.

    ``left`` are the records that have no original bytes to give in this container, with the reason:
    ``edited`` (changed here since they came), ``other`` (they came in another container).
    ``placed`` is the file that is there.
    """

    placed: Placed
    records: int = 0
    lost: list[tuple[str, str]] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)


def export_records(library: Library, order: Export, *, dry_run: bool) -> Exported:
    """Write the records to ``order.target``; the file appears only after it was read back equal.

    Which container it is where that was left to the program:
    :func:`workflow.exchange.proof.place_checked`.

    Raises:
        UsageError: unknown record; ``error.nothing-to-export``; ``error.original-container``;
            ``error.charset-not-written``; ``error.crosswalk-format``: into ИРБИС text goes only
            what is of ИРБИС.
        InputError: a record does not fit the container; ``error.export-differs``.
        CannotWriteError: the target cannot be written.
    """
    container = container_of(order.target.name) if order.container == AUTO else order.container
    done = Exported(Placed(order.target, container))
    if order.original:
        _originals_placed(library, order, done, dry_run=dry_run)
        return done
    if container == _IRBIS_TEXT:
        order = replace(order, format="irbis")  # the only format that it holds

    def chosen() -> Iterator[Record]:
        done.records, done.lost = 0, []
        return _converted(library, order, done)

    wanted = Wanted(order.target, order.format, order.container, order.charset, order.profile)
    done.placed = place_checked(wanted, chosen, dry_run=dry_run)
    return done


def _converted(library: Library, order: Export, done: Exported) -> Iterator[Record]:
    for stored in _chosen(library, order):
        one = convert(stored.record, order.format)
        done.records += 1
        if one.lost:
            done.lost.append((stored.id, " ".join(map(str, one.lost))))
        yield one.record
    _require_any(done)


def _require_any(done: Exported) -> None:
    if not done.records and not done.left:
        raise UsageError("error.nothing-to-export")


def _chosen(library: Library, order: Export) -> Iterator[StoredRecord]:
    if order.only:
        yield from (records.get_record(library.store, record) for record in order.only)
        return
    for stored in records.iterate_records(library.store):
        if stored.status in _KEPT and order.catalogue in (None, *stored.catalogues):
            yield stored


def _originals_placed(library: Library, order: Export, done: Exported, *, dry_run: bool) -> None:
    if done.placed.container not in JOINED:
        known = ", ".join(JOINED)
        raise UsageError("error.original-container", name=done.placed.container, known=known)
    with placing_unless(order.target.resolve(), dry_run=dry_run) as stream:
        _write_originals(_originals(library, order, done), done.placed, stream)
        _require_any(done)


def _write_originals(found: Iterator[Original], placed: Placed, stream: BinaryIO) -> None:
    """No parsing here: the promise is of bytes, and bytes are compared."""
    written = hashlib.sha256()
    before: bytes | None = None
    for one in found:
        raw = one.raw or b""
        joint = b"" if before is None else _joint(before, raw, placed.container)
        for piece in (joint, raw):
            stream.write(piece)
            written.update(piece)
        before = raw
    if before is not None and placed.container == "jsonl":
        stream.write(b"\n")
        written.update(b"\n")
    stream.flush()
    stream.seek(0)
    read = hashlib.sha256()
    while chunk := stream.read(_CHUNK):
        read.update(chunk)
    if read.digest() != written.digest():
        raise InputError("error.export-differs", file=str(placed.target))


def _joint(before: bytes, after: bytes, container: str) -> bytes:
    """What parts two records where neither brings it: the last of a file may have no end."""
    if container == "jsonl":
        return b"\n"
    line_end = b"" if before.endswith(b"\n") else b"\n"
    if container == "mrk":
        parted = after.startswith(_LEADER_LINE) or _BLANK_LINE.search(before)
        return line_end if parted else line_end + b"\n"
    if container == _IRBIS_TEXT:
        return line_end if _STARS.search(before.rstrip(b"\n")) else line_end + b"*****\n"
    return b""


def _originals(library: Library, order: Export, done: Exported) -> Iterator[Original]:
    """What has bytes to give, in the order in which it came; the rest is named in ``done``."""
    for one in iterate_originals(library.store, order.catalogue):
        if order.only and one.record not in order.only:
            continue
        if one.raw is None or one.container != done.placed.container:
            done.left.append((one.record, "edited" if one.raw is None else "other"))
            continue
        done.records += 1
        yield one
