"""Files of records that are read back and compared before they appear.

Records go through one by one, so that memory does not grow with the file.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

from catalog.marc.exchange import ReadOrder, open_exchange, write_exchange
from catalog.marc.profile import Profile
from catalog.marc.reading import ReadRecord, container_of
from catalog.record import Record, canonical_json
from olketanu.errors import InputError, UsageError
from store.disk.files import placing, writing

AUTO = "auto"
"""The container that the ending of a file's name says, or what its records fit."""

_ROOMIER = "marcxml"
_TOO_MUCH = frozenset(
    {"error.iso2709-too-long", "error.iso2709-control", "error.tag", "error.link-nested"}
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The file to write: ``container`` as ``--as`` names it; ``source`` is never written over."""

    target: Path
    format: str
    container: str = AUTO
    charset: str = "utf-8"
    profile: Profile | None = None
    source: Path | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """The file that is there: named otherwise than wanted where ``fell_back`` says why."""

    target: Path
    container: str
    fell_back: InputError | None = None


def place_checked(
    wanted: Wanted, records: Callable[[], Iterable[Record]], *, dry_run: bool
) -> Placed:
    """Write what ``records`` yields; the file appears only after it was read back equal.

    Where a record does not fit ISO 2709 and the container was left to the program, ``records`` is
    asked once more and all are written as MARCXML, to a name that ends in ``.xml``. With
    ``dry_run`` everything is done but for the file's name.

    Raises:
        UsageError: ``error.same-file``; ``error.charset-not-written``.
        InputError: a record that the container cannot hold; ``error.export-differs``.
        CannotWriteError: the target cannot be written.
    """
    automatic = wanted.container == AUTO
    container = container_of(wanted.target.name) if automatic else wanted.container
    try:
        return _placed(replace(wanted, container=container), records(), dry_run=dry_run)
    except InputError as error:
        if not automatic or container != "iso2709" or error.key not in _TOO_MUCH:
            raise
        target = wanted.target.with_suffix(".xml")
        instead = replace(wanted, target=target, container=_ROOMIER, charset="utf-8")
        return replace(_placed(instead, records(), dry_run=dry_run), fell_back=error)


def write_checked(
    records: Iterable[Record], order: ReadOrder, stream: BinaryIO, target: Path
) -> None:
    """Write records to an empty binary file as ``order`` names all of it, and read them back.

    Errors name ``target``: as :func:`place_checked`.
    """
    written, read = hashlib.sha256(), hashlib.sha256()
    container, charset = order.container or container_of(target.name), order.charset or "utf-8"
    for piece in write_exchange(_digested(records, written), container, charset, order.profile):
        with writing(target):
            stream.write(piece)
    stream.seek(0)
    for one in open_exchange(stream, replace(order, container=container, charset=charset)).records:
        if not isinstance(one, ReadRecord):
            raise InputError("error.export-differs", file=str(target))
        _add(one.record, read)
    if read.digest() != written.digest():
        raise InputError("error.export-differs", file=str(target))


def _placed(wanted: Wanted, records: Iterable[Record], *, dry_run: bool) -> Placed:
    target = wanted.target.resolve()
    if wanted.source is not None and target == wanted.source.resolve():
        raise UsageError("error.same-file", file=str(wanted.target))
    order = ReadOrder(wanted.container, wanted.format, wanted.charset, wanted.profile)
    with placing_unless(target, dry_run=dry_run) as stream:
        write_checked(records, order, stream, wanted.target)
    return Placed(wanted.target, wanted.container)


@contextmanager
def placing_unless(target: Path, *, dry_run: bool) -> Iterator[BinaryIO]:
    """Give a stream that becomes ``target``, or with ``dry_run`` nothing, when the block ends."""
    with writing(target), TemporaryFile() if dry_run else placing(target) as stream:
        yield stream


def _digested(records: Iterable[Record], digest: "hashlib._Hash") -> Iterator[Record]:
    """Pass records through and add to ``digest`` what they say."""
    for record in records:
        _add(record, digest)
        yield record


def _add(record: Record, digest: "hashlib._Hash") -> None:
    # Lengths in the leader (ISO 2709 §4.3) are the container's, not the record's.
    digest.update(hashlib.sha256(canonical_json(replace(record, leader=""))).digest())
