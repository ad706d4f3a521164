"""One segment of an index as one file: arrays one after another, and at the end a table of them.

    arrays, each on a multiple of 8 bytes
    the table as JSON: documents, fields, and of each array its type, offset and length
    length of the table, 8 bytes; the mark, 8 bytes

A file that was cut has lost its mark. A segment is written once and never changed.
"""

import json
import mmap
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from search.engine.arrays.postings import Dictionary, Integers, Postings

_MARK = b"OLKSEG1\n"
_STEP = 8
_TAIL = 2 * _STEP


class Segment:
    """A segment that is open for reading; its file stays mapped as long as an array of it lives.

    Raises:
        ValueError: the file is cut, or no segment of this form. OSError: it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._mapped = mapped
        self._bytes = np.frombuffer(mapped, np.uint8)
        table = _table(mapped)
        self.documents: int = table["documents"]
        self.fields: tuple[str, ...] = tuple(table["fields"])
        self._arrays: dict[str, list[Any]] = table["arrays"]
        self._postings: dict[str, Postings] = {}
        if any(offset + length > len(mapped) for _, offset, length in self._arrays.values()):
            raise ValueError("a segment is cut short")

    def postings(self, field: str) -> Postings:
        """Return the postings of ``field``; KeyError where the segment knows no such field."""
        if field not in self._postings:
            terms = Dictionary(self._array(f"{field}/terms"), self._array(f"{field}/bounds"))
            self._postings[field] = Postings(
                terms,
                self._array(f"{field}/starts"),
                self._array(f"{field}/documents"),
                self._maybe(f"{field}/frequencies"),
                self._maybe(f"{field}/places"),
                self._maybe(f"{field}/positions"),
                self._array(f"{field}/lengths"),
            )
        return self._postings[field]

    def shown(self, document: int) -> list[str]:
        """Return what is stored of a document, as it was given."""
        start, end = self.rows[1][document : document + 2].tolist()
        row: list[str] = json.loads(self.rows[0][start:end].tobytes())
        return row

    @cached_property
    def rows(self) -> tuple[NDArray[np.uint8], Integers]:
        """What is stored of all documents: bytes, and where each row begins and the last ends."""
        return self._array("rows"), self._array("row-bounds")

    @cached_property
    def tokens(self) -> int:
        """How many keys all fields of all documents hold: the size of the segment."""
        return sum(int(self.postings(field).lengths.sum()) for field in self.fields)

    def forget_pages(self) -> None:
        """Let go of the memory of what was read of the file; it is read again when it is asked for.

        Only where the system offers that: elsewhere it stays until another program needs memory.
        """
        if hasattr(mmap, "MADV_DONTNEED"):
            self._mapped.madvise(mmap.MADV_DONTNEED)

    def _maybe(self, name: str) -> Integers | None:
        return self._array(name) if name in self._arrays else None

    def _array(self, name: str) -> Integers:
        kind, offset, length = self._arrays[name]
        return self._bytes[offset : offset + length].view(kind)


class SegmentFile:
    """A segment that is being written: arrays are appended one by one, or piece by piece."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._arrays: dict[str, tuple[str, int, int]] = {}

    def add(self, name: str, array: Integers) -> None:
        """Append an array."""
        self.add_pieces(name, array.dtype, [array])

    def add_pieces(self, name: str, kind: np.dtype[Any], pieces: Iterable[Integers]) -> None:
        """Append one array of the type ``kind`` that comes in pieces."""
        stored = kind.newbyteorder("<")
        offset = self._file.tell()
        for piece in pieces:
            self._file.write(np.ascontiguousarray(piece, stored).data)
        length = self._file.tell() - offset
        self._file.write(bytes(-length % _STEP))
        self._arrays[name] = (stored.str, offset, length)

    def add_field(self, field: str, arrays: Mapping[str, Integers | None]) -> None:
        """Append the arrays of one field; None stands for one that it does not need."""
        for name, array in arrays.items():
            if array is not None:
                self.add(f"{field}/{name}", array)

    def finish(self, documents: int, fields: Iterable[str]) -> None:
        """Write the table: the segment is complete."""
        table = {"documents": documents, "fields": list(fields), "arrays": self._arrays}
        text = json.dumps(table).encode()
        self._file.write(text + len(text).to_bytes(_STEP, "little") + _MARK)


@contextmanager
def writing_segment(path: Path) -> Iterator[SegmentFile]:
    """Write a new file; one that exists is never written over (it may be linked elsewhere)."""
    with path.open("xb") as file:
        yield SegmentFile(file)


def _table(mapped: mmap.mmap) -> Any:  # noqa: ANN401 - JSON
    if mapped[-_STEP:] != _MARK:
        raise ValueError("not a whole segment")
    length = int.from_bytes(mapped[-_TAIL:-_STEP], "little")
    return json.loads(mapped[-_TAIL - length : -_TAIL])
