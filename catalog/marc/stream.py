"""Streams of records as text: cut where a pattern says, decoded without losing a record."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from catalog.charset.decoding import decode
from catalog.marc.reading import ReadNote
from catalog.record import Record
from olketanu.errors import InputError

_CHUNK = 1 << 16
_AHEAD = 256
MOST_PIECE = 1 << 26
"""Bytes of a piece that are held; what goes on without an end is cut there."""


def cut(stream: BinaryIO, end: re.Pattern[bytes]) -> Iterator[bytes]:
    """Yield the stream in pieces, each up to the end of a match; joined they are the stream.

    ``end`` may look at most 256 bytes around itself. Held are one piece and one chunk of 64 KiB.
    """
    held, searched, more = bytearray(), 0, True
    while more:
        chunk = stream.read(_CHUNK)
        more = bool(chunk)
        held += chunk
        settled = len(held) - _AHEAD if more else len(held)
        start = 0
        for found in end.finditer(held, searched):
            if start < found.end() <= settled:
                yield bytes(held[start : found.end()])
                start = found.end()
        if len(held) - start > MOST_PIECE:
            yield bytes(held[start:])
            start = len(held)
        del held[:start]
        searched = max(0, settled - start - _AHEAD)
    if held:
        yield bytes(held)


def text_in(raw: bytes, charset: str) -> tuple[str, tuple[ReadNote, ...]]:
    """Return the text; a byte that the charset lacks becomes U+FFFD and the note ``bad-byte``."""
    try:
        return decode(raw, charset), ()
    except UnicodeDecodeError as error:
        note = ReadNote("bad-byte", detail=raw[error.start : error.end].hex())
        return decode(raw, charset, "replace"), (note,)


def encode(text: str, record: Record) -> bytes:
    """Return the text in UTF-8; InputError ``error.not-unicode`` where half a character stands."""
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise InputError("error.not-unicode", record=record.control_number or "?") from error


class Swapped:
    """A stream whose bytes are turned into others by a table of 256, each for each.

    For dialects whose signs are not those of ISO 2709; places and lengths stay.
    """

    def __init__(self, stream: BinaryIO, table: bytes) -> None:
        self._stream = stream
        self._table = table

    def read(self, size: int = -1) -> bytes:
        """Return up to ``size`` bytes."""
        return self._stream.read(size).translate(self._table)

    def readline(self, size: int = -1) -> bytes:
        """Return a line of the file, or ``size`` bytes of it."""
        return self._stream.readline(size).translate(self._table)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place; return it."""
        return self._stream.seek(offset, whence)
