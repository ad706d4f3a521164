"""Master files of ИРБИС in memory, written from the two layouts, for tests."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

BLOCK = 512
ROOM = 14
"""A leader of ИРБИС32 does not begin in the last bytes of a block."""


@dataclass(frozen=True)
class Copy:
    """One copy of a record: its number, its fields as (tag, text), its state."""

    mfn: int
    fields: tuple[tuple[int, str], ...]
    state: int = 0


def irbis64(copies: Sequence[Copy], tail: bytes = b"") -> bytes:
    body = b"".join(copy64(copy) for copy in copies)
    return struct.pack(">9I", 0, len(copies) + 1, 36 + len(body), 0, 0, 0, 0, 0, 0) + body + tail


def copy64(copy: Copy) -> bytes:
    directory, texts = b"", b""
    for tag, text in copy.fields:
        data = text.encode()
        directory += struct.pack(">3I", tag, len(texts), len(data))
        texts += data
    base = 32 + len(directory)
    head = (copy.mfn, base + len(texts), 0, 0, base, len(copy.fields), 1, copy.state)
    return struct.pack(">8I", *head) + directory + texts


def irbis32(copies: Sequence[Copy]) -> bytes:
    file = bytearray(struct.pack("<IIIHH", 0, len(copies) + 1, 1, 0, 0)).ljust(64, b"\0")
    for copy in copies:
        if BLOCK - len(file) % BLOCK < ROOM:
            file += bytes(BLOCK - len(file) % BLOCK)
        file += copy32(copy)
    return bytes(file).ljust(-(-len(file) // BLOCK) * BLOCK, b"\0")


def copy32(copy: Copy) -> bytes:
    directory, texts = b"", b""
    for tag, text in copy.fields:
        data = text.encode("cp1251")
        directory += struct.pack("<3H", tag, len(texts), len(data))
        texts += data
    base = 18 + len(directory)
    length = base + len(texts) + (base + len(texts)) % 2
    head = struct.pack("<IHiHHHH", copy.mfn, length, 0, 0, base, len(copy.fields), copy.state)
    return (head + directory + texts).ljust(length, b"\0")
