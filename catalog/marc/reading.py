"""What readers of exchange files hand over: records with the bytes they came in, and bad ones.

Every container (ISO 2709, MARCXML, ИРБИС text …) has one module with two functions of this shape:

    read(stream: BinaryIO, form: str, charset: str = "utf-8") -> Iterator[ReadRecord | BadRecord]
    write(records: Iterable[Record]) -> Iterator[bytes]

``read`` is given a seekable binary file, holds a few records at once whatever the file's size, and
yields exactly one value a record: nothing is dropped in silence. ``write`` yields the file in
pieces. A module may also have:

    looks_like(head: bytes) -> bool     the first 4 kB of a file are of this container
    FORMAT = "irbis"                    the one record format that the container holds
    BY_EVIDENCE = True                  bytes in a character set that has to be found out; ``read``
                                        takes a ``Decision`` (catalog.charset.evidence) as well as a
                                        name, and then proves it record by record
    WRITES = ("cp1251",)                character sets besides UTF-8 that ``write`` takes second
    told_format(stream) -> str          the record format, where the file itself says it
    COLUMNS = True                      a table: ``read`` takes the columns of a profile last,
                                        ``write`` takes them second
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from types import MappingProxyType

from catalog.record import Record
from olketanu.errors import UsageError

CONTAINERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "iso2709": (".mrc", ".iso", ".dat"),
        "marcxml": (".xml", ".marcxml"),
        "marcxchange": (".marcxchange",),
        "unislim": (".unislim",),
        "marcjson": (".json",),
        "jsonl": (".jsonl", ".ndjson"),
        "mrk": (".mrk",),
        "irbis-text": (".txt",),
        "irbis-mst": (".mst",),
        "csv": (".csv",),
        "xlsx": (".xlsx",),
    }
)
"""Every container by the name that ``--as`` takes, with the endings that files of it have."""


_OTHER = frozenset(
    {".doc", ".docx", ".htm", ".html", ".ods", ".odt", ".pdf", ".rtf", ".xls", ".zip"}
)
"""Endings by which a person expects no file of records."""


def container_of(name: str) -> str:
    """Return the container that a file's ending promises; ISO 2709 where it promises none.

    UsageError ``error.ending`` where it promises something that no container is.
    """
    ending = PurePath(name).suffix.lower()
    if ending in _OTHER:
        raise UsageError("error.ending", file=name, known=", ".join(CONTAINERS))
    return next((one for one, endings in CONTAINERS.items() if ending in endings), "iso2709")


NOTES = (
    "bad-byte",
    "bad-code",
    "bad-leader",
    "bad-tag",
    "deleted",
    "directory",
    "empty-field",
    "empty-subfield",
    "indicators",
    "leading-data",
    "length",
    "loose-line",
    "missing-field",
    "no-field-end",
    "no-leader",
    "no-terminator",
    "other-charset",
    "stray-terminator",
)
"""Every code of a :class:`ReadNote`."""

REASONS = (
    "bad-json",
    "bad-leader",
    "bad-line",
    "bad-record",
    "bad-row",
    "bad-xml",
    "no-fields",
    "no-terminator",
    "torn",
)
"""Every reason of a :class:`BadRecord`."""


@dataclass(frozen=True, slots=True)
class ReadNote:
    """What was found wrong and mended while reading; ``code`` names it, ``tag`` the field.

    ``detail`` is what stood there, as far as it can be shown. The codes: docs/reference/codes.md.
    """

    code: str
    tag: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ReadRecord:
    """A record, ``raw``: the very bytes it was read from, at ``offset`` bytes into the file.

    In containers that have no place in bytes (XML, tables) ``offset`` is the record's number from
    1 and ``raw`` its element or row by itself. ``charset`` is what these bytes were decoded by.
    """

    offset: int
    raw: bytes
    record: Record
    charset: str = "utf-8"
    notes: tuple[ReadNote, ...] = ()


Known = Callable[[bytes], bool]
"""Asked for the bytes of every record before they are parsed: those that are known are left out.

Asked once a record, in the order of the file, so that whoever answers can count."""


@dataclass(frozen=True, slots=True)
class BadRecord:
    """What could not be read: place as in :class:`ReadRecord`, a reason code, the bytes themselves.

    The reasons: docs/reference/codes.md.
    """

    offset: int
    reason: str
    raw: bytes


def message_key(found: ReadNote | BadRecord) -> str:
    """Name the message that tells a person what was found; its facts are ``tag`` and ``detail``."""
    if isinstance(found, BadRecord):
        return f"read.bad.{found.reason}"
    return f"read.note.{found.code}"
