"""What readers of exchange files hand over: records with the bytes they came in, and bad ones.

Every container (ISO 2709, MARCXML, ИРБИС text …) has one module with two functions of this shape:

    read(stream: BinaryIO, form: str, charset: str = "utf-8") -> Iterator[ReadRecord | BadRecord]
    write(records: Iterable[Record]) -> Iterator[bytes]

``read`` is given a seekable binary file, holds a few records at once whatever the file's size, and
yields exactly one value a record: nothing is dropped in silence. ``write`` yields the file in
pieces.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from catalog.record import Record

CONTAINERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "iso2709": (".mrc", ".iso", ".dat"),
        "marcxml": (".xml", ".marcxml"),
    }
)
"""Every container by the name that ``--as`` takes, with the endings that files of it have."""


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
