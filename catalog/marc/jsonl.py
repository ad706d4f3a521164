"""MARC-in-JSON as JSON Lines: a record a line; read as :mod:`catalog.marc.marcjson` reads both."""

from collections.abc import Iterable, Iterator

from catalog.marc.marcjson import looks_like, read, record_out
from catalog.record import Record

__all__ = ["looks_like", "read", "write"]


def write(records: Iterable[Record]) -> Iterator[bytes]:
    """Yield the records, a line a piece; InputError as ``marcjson.record_out``."""
    return (record_out(record) + b"\n" for record in records)
