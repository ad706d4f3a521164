"""Whether the end of an image file is there, told from its structure alone.

Asked only about files that could not be decoded, to tell a copy that broke off from other damage:
the first is scanned or copied again, the second needs a look.
"""

import os
import struct
from pathlib import Path

_TAIL = 4096
_END_MARKS = {"jpeg": b"\xff\xd9", "jp2": b"\xff\xd9", "png": b"IEND"}
_OFFSETS = {273: 279, 324: 325}  # TIFF 6.0: StripOffsets and TileOffsets with their ByteCounts
_SIZES = {3: "H", 4: "I", 16: "Q"}
_MOST_DIRECTORIES = 10_000


def is_complete(path: Path, kind: str) -> bool:
    """Return whether the file of type ``kind`` (tiff, jpeg, png, jp2) reaches its own end.

    JPEG and JPEG 2000: an end marker among the last bytes; PNG: the chunk IEND; TIFF: all
    directories and strips lie inside the file.
    """
    if kind == "tiff":
        return _tiff_is_complete(path)
    with path.open("rb") as stream:
        stream.seek(0, os.SEEK_END)
        stream.seek(max(0, stream.tell() - _TAIL))
        return _END_MARKS[kind] in stream.read()


def _tiff_is_complete(path: Path) -> bool:
    data = path.read_bytes()
    order = "<" if data[:2] == b"II" else ">"
    if len(data) < 4 or struct.unpack_from(f"{order}H", data, 2)[0] != 42:
        return True  # BigTIFF is too rare to be followed here
    try:
        (offset,) = struct.unpack_from(f"{order}I", data, 4)
        for _ in range(_MOST_DIRECTORIES):
            if not offset:
                return True
            if _end_of_data(data, offset, order) > len(data):
                return False
            (entries,) = struct.unpack_from(f"{order}H", data, offset)
            (offset,) = struct.unpack_from(f"{order}I", data, offset + 2 + 12 * entries)
    except struct.error:
        return False
    return True


def _end_of_data(data: bytes, directory: int, order: str) -> int:
    """Where the last strip or tile of a directory ends; struct.error where the directory is cut."""
    values: dict[int, tuple[int, ...]] = {}
    (entries,) = struct.unpack_from(f"{order}H", data, directory)
    for number in range(entries):
        tag, kind, count = struct.unpack_from(f"{order}HHI", data, directory + 2 + 12 * number)
        if kind in _SIZES and (tag in _OFFSETS or tag in _OFFSETS.values()):
            values[tag] = _values(data, directory + 2 + 12 * number + 8, (kind, count), order)
    ends = [
        start + length
        for starts, lengths in _OFFSETS.items()
        for start, length in zip(values.get(starts, ()), values.get(lengths, ()), strict=False)
    ]
    return max(ends, default=0)


def _values(data: bytes, at: int, kind: tuple[int, int], order: str) -> tuple[int, ...]:
    """The numbers of a directory entry; more than 4 bytes of them lie elsewhere."""
    letter, count = _SIZES[kind[0]], kind[1]
    if struct.calcsize(letter) * count > 4:
        (at,) = struct.unpack_from(f"{order}I", data, at)
    if count > len(data):
        raise struct.error("more values than bytes")
    return struct.unpack_from(f"{order}{count}{letter}", data, at)
