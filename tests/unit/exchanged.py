"""Whole files in memory, for tests: what a container reads from bytes, and the bytes it writes."""

import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Protocol

from catalog.marc.reading import BadRecord, ReadRecord
from catalog.record import Record


class Container(Protocol):
    def read(self, stream: BinaryIO, form: str) -> Iterator[ReadRecord | BadRecord]: ...

    def write(self, records: Iterable[Record]) -> Iterator[bytes]: ...


def read_all(room: Container, data: bytes, form: str = "rusmarc") -> list[Record | BadRecord]:
    """Records without what is told of their reading, and the bad ones."""
    found = room.read(io.BytesIO(data), form)
    return [one if isinstance(one, BadRecord) else one.record for one in found]


def written(room: Container, records: Iterable[Record]) -> bytes:
    return b"".join(room.write(records))
