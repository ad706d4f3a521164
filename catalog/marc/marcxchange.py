"""MARCXchange (ISO 25577), in and out; read are versions 1 and 2, written is version 2.

Links of RUSMARC and UNIMARC are written flat, as in ISO 2709; nested ones are read too.
"""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from catalog.marc import xmlrecords
from catalog.marc.reading import BadRecord, ReadRecord
from catalog.record import Record

NAMESPACES = ("info:lc/xmlns/marcxchange-v2", "info:lc/xmlns/marcxchange-v1")
_DIALECT = xmlrecords.Dialect(
    NAMESPACES[0], marks=(("format", "{format}"), ("type", "Bibliographic"))
)


def looks_like(head: bytes) -> bool:
    """Return whether a file that begins so names a namespace of MARCXchange."""
    return any(name.encode() in head for name in NAMESPACES)


def write(records: Iterable[Record]) -> Iterator[bytes]:
    """Yield the records as one collection in UTF-8; errors: ``xmlrecords.write``."""
    return xmlrecords.write(records, _DIALECT)


def read(
    stream: BinaryIO, form: str = "rusmarc", charset: str = "utf-8"
) -> Iterator[ReadRecord | BadRecord]:
    """Yield every record; XML names its charset itself. Errors: ``xmlrecords.read``."""
    return xmlrecords.read(stream, form)
