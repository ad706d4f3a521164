"""Export: records leave as a file that was read back and compared before it appeared.

Records go through one by one, so that memory does not grow with the file.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from catalog.crosswalk.convert import convert
from catalog.marc.exchange import ReadOrder, open_exchange, write_exchange
from catalog.marc.reading import ReadRecord
from catalog.record import Record, canonical_json
from olketanu.errors import InputError, UsageError
from store import records
from store.files import placing
from store.imports.originals import Original, iterate_originals
from store.records import StoredRecord
from workflow.library import Library

_CHUNK = 1 << 20
_KEPT = ("draft", "active")
_JOINED = ("iso2709", "mrk", "irbis-text")
"""Containers in which records simply follow each other."""


@dataclass(frozen=True, slots=True)
class Export:
    """What to export: ``format`` rusmarc or marc21; ``container`` as ``--as`` names it.

    ``only``: these records; ``catalogue``: a code. ``original``: the bytes in which records came.
    """

    target: Path
    format: str
    container: str
    only: tuple[str, ...] = ()
    catalogue: str | None = None
    original: bool = False


@dataclass(slots=True)
class Exported:
    """How many records were written; (record, fields) that the format could not hold.

    ``left`` are the records that have no original bytes to give in this container, with the reason:
    ``edited`` (changed here since they came), ``other`` (they came in another container).
    """

    records: int = 0
    lost: list[tuple[str, str]] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)


def export_records(library: Library, order: Export, *, dry_run: bool) -> Exported:
    """Write the records to ``order.target``; the file appears only after it was read back equal.

    Raises:
        UsageError: unknown record; ``error.nothing-to-export``; ``error.original-container``.
        InputError: a record does not fit the container; ``error.export-differs``.
        CannotWriteError: the target cannot be written.
    """
    done = Exported()
    if order.original and order.container not in _JOINED:
        raise UsageError("error.original-container", name=order.container)
    if dry_run:
        found = _originals if order.original else _converted
        for _ in found(library, order, done):
            pass
        _require_any(done)
        return done
    with placing(order.target.resolve()) as stream:
        write = _write_originals if order.original else _write_converted
        write(library, order, done, stream)
        _require_any(done)
    return done


def write_checked(wanted: Iterable[Record], order: ReadOrder, stream: BinaryIO, name: str) -> None:
    """Write records to an empty binary file as ``order`` names all of it, and read them back.

    InputError ``error.export-differs`` of ``name`` where they read back other than they were.
    """
    written, read = hashlib.sha256(), hashlib.sha256()
    pieces = write_exchange(
        _digested(wanted, written), order.container or "iso2709", order.charset or "utf-8"
    )
    for piece in pieces:
        stream.write(piece)
    stream.seek(0)
    for one in open_exchange(stream, order).records:
        if not isinstance(one, ReadRecord):
            raise InputError("error.export-differs", file=name)
        _add(one.record, read)
    if read.digest() != written.digest():
        raise InputError("error.export-differs", file=name)


def _write_converted(library: Library, order: Export, done: Exported, stream: BinaryIO) -> None:
    wanted = _converted(library, order, done)
    read = ReadOrder(order.container, order.format, "utf-8")
    write_checked(wanted, read, stream, str(order.target))


def _require_any(done: Exported) -> None:
    if not done.records and not done.left:
        raise UsageError("error.nothing-to-export")


def _digested(found: Iterable[Record], digest: "hashlib._Hash") -> Iterator[Record]:
    """Pass records through and add to ``digest`` what they say."""
    for record in found:
        _add(record, digest)
        yield record


def _add(record: Record, digest: "hashlib._Hash") -> None:
    # Lengths in the leader (ISO 2709 §4.3) are the container's, not the record's.
    digest.update(hashlib.sha256(canonical_json(replace(record, leader=""))).digest())


def _converted(library: Library, order: Export, done: Exported) -> Iterator[Record]:
    for stored in _chosen(library, order):
        one = convert(stored.record, order.format)
        done.records += 1
        if one.lost:
            done.lost.append((stored.id, " ".join(map(str, one.lost))))
        yield one.record


def _chosen(library: Library, order: Export) -> Iterator[StoredRecord]:
    if order.only:
        yield from (records.get_record(library.store, record) for record in order.only)
        return
    for stored in records.iterate_records(library.store):
        if stored.status in _KEPT and order.catalogue in (None, *stored.catalogues):
            yield stored


def _write_originals(library: Library, order: Export, done: Exported, stream: BinaryIO) -> None:
    """No parsing here: the promise is of bytes, and bytes are compared."""
    written = hashlib.sha256()
    for one in _originals(library, order, done):
        stream.write(one.raw or b"")
        written.update(one.raw or b"")
    stream.flush()
    stream.seek(0)
    read = hashlib.sha256()
    while chunk := stream.read(_CHUNK):
        read.update(chunk)
    if read.digest() != written.digest():
        raise InputError("error.export-differs", file=str(order.target))


def _originals(library: Library, order: Export, done: Exported) -> Iterator[Original]:
    """What has bytes to give, in the order in which it came; the rest is named in ``done``."""
    for one in iterate_originals(library.store, order.catalogue):
        if order.only and one.record not in order.only:
            continue
        if one.raw is None or one.container != order.container:
            done.left.append((one.record, "edited" if one.raw is None else "other"))
            continue
        done.records += 1
        yield one
