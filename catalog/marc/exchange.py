"""One door for files of every exchange format: what is this file, and which records does it hold?

opened = open_exchange(stream, ReadOrder(format="rusmarc"))
for one in opened.records: ...
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any, BinaryIO

from catalog.marc.reading import CONTAINERS, BadRecord, Known, ReadRecord
from catalog.record import Record
from olketanu.errors import UsageError

_ROOMS = {"iso2709": "catalog.marc.iso2709", "marcxml": "catalog.marc.marcxml"}


@dataclass(frozen=True, slots=True)
class ReadOrder:
    """What the person said of the file; None is found out from its bytes.

    ``profile`` names a dialect (corpora/profiles), which may say all of the others.
    """

    container: str | None = None
    format: str | None = None
    charset: str | None = None
    profile: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A file being read. ``margin`` is how sure the charset is, 0 to 1; ``evidence`` why."""

    container: str
    format: str
    charset: str
    margin: float
    evidence: str
    records: Iterator[ReadRecord | BadRecord]


def open_exchange(stream: BinaryIO, order: ReadOrder, known: Known | None = None) -> Opened:
    """Return what the file is and an iterator over all its records, in their order.

    A container that has ``read_unknown`` (ISO 2709) leaves out the records that are ``known``,
    without parsing them; the others yield them all.
    ``stream`` is binary and seekable, at its beginning; it stays the caller's to close.
    InputError where it is no exchange file; UsageError ``error.container`` for an unknown name.
    """
    container = order.container or _container(stream)
    form = order.format or "rusmarc"
    charset = order.charset or "utf-8"
    room = _room(container)
    if known is not None and hasattr(room, "read_unknown"):
        records = room.read_unknown(stream, form, charset, known)
    else:
        records = room.read(stream, form, charset)
    return Opened(container, form, charset, 1.0, "given" if order.charset else "utf-8", records)


def write_exchange(
    records: Iterable[Record], container: str, charset: str = "utf-8"
) -> Iterator[bytes]:
    """Yield the file of this container piece by piece; errors as the container's ``write``."""
    other = () if charset == "utf-8" else (charset,)
    pieces: Iterator[bytes] = _room(container).write(records, *other)
    return pieces


def _room(container: str) -> Any:  # noqa: ANN401 - a module of the shape told in reading.py
    if container not in _ROOMS:
        raise UsageError("error.container", name=container, known=", ".join(CONTAINERS))
    return import_module(_ROOMS[container])


def _container(stream: BinaryIO) -> str:
    head = stream.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
    stream.seek(0)
    return "marcxml" if head.startswith(b"<") else "iso2709"
