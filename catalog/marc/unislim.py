"""XML of the UNISlim kind: MARCXchange whose links keep their embedded fields as fields.

Each embedded field stands in an element ``s1`` of its link: ``<datafield tag="461"…><s1><datafield
tag="200"…>``, so that any link can be held, whatever its format and tag. Written is the namespace
of MARCXchange 2; read is any.
"""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from catalog.marc import xmlrecords
from catalog.marc.marcxchange import NAMESPACES
from catalog.marc.reading import BadRecord, ReadRecord
from catalog.record import Record

_DIALECT = xmlrecords.Dialect(NAMESPACES[0], nested=True, marks=(("format", "{format}"),))


def looks_like(head: bytes) -> bool:
    """Return whether a file that begins so is XML with nested fields."""
    return b"<s1>" in head and head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def write(records: Iterable[Record]) -> Iterator[bytes]:
    """Yield the records as one collection in UTF-8; errors: ``xmlrecords.write``."""
    return xmlrecords.write(records, _DIALECT)


def read(
    stream: BinaryIO, form: str = "rusmarc", charset: str = "utf-8"
) -> Iterator[ReadRecord | BadRecord]:
    """Yield every record; XML names its charset itself. Errors: ``xmlrecords.read``."""
    return xmlrecords.read(stream, form)
