"""MARC-in-JSON as JSON Lines: a record a line; read as :mod:`catalog.marc.marcjson` reads both."""

from collections.abc import Iterable, Iterator

from catalog.marc.marcjson import START, read, record_out
from catalog.record import Record

__all__ = ["looks_like", "read", "write"]


def looks_like(head: bytes) -> bool:
    """Return whether a file that begins so begins with a record of JSON."""
    return START.match(head.lstrip(b"\xef\xbb\xbf \t\r\n")) is not None


def write(records: Iterable[Record]) -> Iterator[bytes]:
    """Yield the records, a line a piece; InputError as ``marcjson.record_out``."""
    return (record_out(record) + b"\n" for record in records)
