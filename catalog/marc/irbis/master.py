"""ИРБИС master files (.mst), read only: ИРБИС64 and the older ИРБИС32 (CDS/ISIS).

A file holds every version that a record ever had: the last copy of a record number (MFN) is the
record. Its copies follow each other, each with a leader (MFN, length, place of the version before,
base address, number of fields, state), a directory (tag, position, length of each field) and the
texts. What the figures say is believed only as far as they fit together and into the file; behind a
wrong one the next leader that fits is looked for. Memory is the places of the last copies and one
record; nothing is allocated by a claim.
"""

import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import SEEK_END
from typing import BinaryIO

from catalog.marc.irbis.fields import field_of
from catalog.marc.irbis.text import LEADER
from catalog.marc.reading import BadRecord, ReadNote, ReadRecord
from catalog.marc.stream import text_in
from catalog.record import Field, Record
from olketanu.errors import InputError, UsageError

FORMAT = "irbis"
_MOST_RECORD = 1 << 26
_MOST_MFN = 1 << 28  # a letter of the text before can be no first byte of a number
_WINDOW = 1 << 16
_ENTRIES = 512
_CONTROL = 64  # the first copy of ИРБИС32 begins within so many bytes of the control record


@dataclass(frozen=True, slots=True)
class _Copy:
    """A copy at ``offset``: ``length`` bytes, texts from ``base`` on. ``mfn`` 0: no copy at all."""

    offset: int
    length: int
    mfn: int = 0
    base: int = 0
    fields: int = 0
    state: int = 0


@dataclass(frozen=True, slots=True)
class _Layout:
    """Sizes and order of figures; ``order`` picks those of a copy from its leader."""

    leader: struct.Struct
    entry: struct.Struct
    order: tuple[int, int, int, int, int]  # MFN, length, base address, fields, state
    first: int
    likely: re.Pattern[bytes]
    deleted: int
    charset: str
    step: int  # a copy begins at a multiple of it
    slack: int  # bytes that may be left over behind the last text


_64 = _Layout(
    leader=struct.Struct(">8I"),
    entry=struct.Struct(">3I"),
    order=(0, 1, 4, 5, 7),
    first=36,
    likely=re.compile(rb"(?=[\s\S]{4}[\0-\3][\s\S]{11}\0[\s\S]{3}\0[\s\S]{3})"),
    deleted=0b0011,  # logically or physically
    charset="utf-8",
    step=1,
    slack=0,
)
_32 = _Layout(
    leader=struct.Struct("<IhiHHHH"),
    entry=struct.Struct("<3H"),
    order=(0, 1, 4, 5, 6),
    first=16,
    likely=re.compile(rb"(?=[\s\S]{3}\0)"),
    deleted=0x0101,  # programs of the time wrote the state in either order of bytes
    charset="cp1251",
    step=2,
    slack=1 << 15,
)


def looks_like(head: bytes) -> bool:
    """Return whether a file that begins so is a master file: zeros, then a leader that fits."""
    return head[:4] == bytes(4) and any(
        _head(layout, at, head[at : at + layout.leader.size])
        for layout in (_64, _32)
        for at in range(layout.first, layout.first + _CONTROL, 2)
    )


def write(records: Iterable[Record]) -> Iterator[bytes]:
    """Refuse: UsageError ``error.container-read-only``; only ИРБИС itself writes master files."""
    raise UsageError("error.container-read-only", name="irbis-mst")


def read(
    stream: BinaryIO, form: str = "irbis", charset: str = "utf-8"
) -> Iterator[ReadRecord | BadRecord]:
    """Yield the last copy of every record in the order of the file; deleted ones have a note.

    The note is ``deleted``, and leader position 5 is ``d``. ИРБИС32 is read by CP1251 where
    ``charset`` is the usual UTF-8. What lies between copies and is not empty is a BadRecord
    (``bad-leader``). InputError ``error.mst-unreadable`` where the file is no master file.
    """
    layout = _layout(stream)
    if layout is None:
        raise InputError("error.mst-unreadable")
    last: dict[int, int] = {}
    gaps: dict[int, int] = {}
    for copy in _copies(stream, layout):
        if copy.mfn:
            last[copy.mfn] = copy.offset
        else:
            gaps[copy.offset] = copy.length
    used = layout.charset if charset == "utf-8" else charset
    for offset in sorted((*last.values(), *gaps)):
        found = None if offset in gaps else _copy(stream, layout, offset)
        if found is None:
            yield BadRecord(offset, "bad-leader", _bytes(stream, offset, gaps.get(offset, 0)))
        else:
            yield _record(stream, layout, found, form, used)


def _layout(stream: BinaryIO) -> _Layout | None:
    if _bytes(stream, 0, 4) != bytes(4):
        return None
    for layout in (_64, _32):
        if _next(stream, layout, layout.first, layout.first + _WINDOW) is not None:
            return layout
    return None


def _copies(stream: BinaryIO, layout: _Layout) -> Iterator[_Copy]:
    """Every copy in the order of the file, and what lies between them where it is not all zeros."""
    size = stream.seek(0, SEEK_END)
    offset = layout.first
    while offset < size:
        copy = _whole(stream, layout, offset) or _next(stream, layout, offset + 1, size)
        end = copy.offset if copy else size
        # What is shorter than a leader and one entry is no record: ИРБИС32 fills its blocks so.
        if end - offset >= layout.leader.size + layout.entry.size:
            yield from _gap(stream, offset, end)
        if copy is None:
            return
        yield copy
        offset = copy.offset + copy.length


def _whole(stream: BinaryIO, layout: _Layout, offset: int) -> _Copy | None:
    """The copy at a place, or None where the next one begins within it: then its figures lie."""
    copy = _copy(stream, layout, offset)
    if copy is None:
        return None
    end = offset + copy.length
    following = _bytes(stream, end, layout.leader.size)
    if not any(following) or _head(layout, end, following):
        return copy
    inside = _next(stream, layout, offset + 1, end)
    return None if inside else copy


def _gap(stream: BinaryIO, start: int, end: int) -> Iterator[_Copy]:
    for at in range(start, end, _WINDOW):
        length = min(_WINDOW, end - at)
        if any(_bytes(stream, at, length)):
            yield _Copy(at, length)


def _next(stream: BinaryIO, layout: _Layout, start: int, end: int) -> _Copy | None:
    """The first copy that begins in ``start`` … ``end``, or None."""
    ahead = layout.leader.size
    for at in range(start, end, _WINDOW):
        window = _bytes(stream, at, min(_WINDOW, end - at) + ahead)
        for found in layout.likely.finditer(window):
            place = at + found.start()
            figures = window[found.start() : found.start() + ahead]
            if place % layout.step == 0 and _head(layout, place, figures):
                copy = _copy(stream, layout, place)
                if copy is not None and copy.fields:
                    return copy
    return None


def _head(layout: _Layout, offset: int, data: bytes) -> _Copy | None:
    """The copy by its leader alone, or None where the figures do not fit together."""
    if len(data) < layout.leader.size:
        return None
    figures = layout.leader.unpack(data)
    # ИРБИС32 has a minus before the length of a record that somebody had open.
    mfn, length, base, fields, state = (abs(figures[at]) for at in layout.order)
    # ИРБИС32 may leave a byte behind the directory, so that the texts begin at an even place.
    gap = base - layout.leader.size - fields * layout.entry.size
    fits = 0 < mfn <= _MOST_MFN and 0 <= gap < layout.step and base <= length <= _MOST_RECORD
    return _Copy(offset, length, mfn, base, fields, state) if fits else None


def _copy(stream: BinaryIO, layout: _Layout, offset: int) -> _Copy | None:
    """The copy at a place, or None where leader, directory and file contradict each other."""
    copy = _head(layout, offset, _bytes(stream, offset, layout.leader.size))
    if copy is None:
        return None
    end = 0
    for _, position, length in _directory(stream, layout, copy):
        if position != end:
            return None
        end += length
    filled = copy.base + end
    # ИРБИС32 may have written a shorter copy in its place; ИРБИС64 ends with the last text.
    whole = offset + filled <= stream.seek(0, SEEK_END)
    return copy if whole and filled <= copy.length <= filled + layout.slack else None


def _directory(stream: BinaryIO, layout: _Layout, copy: _Copy) -> Iterator[tuple[int, int, int]]:
    start, left = copy.offset + layout.leader.size, copy.fields
    while left:
        count = min(left, _ENTRIES)
        data = _bytes(stream, start, count * layout.entry.size)
        whole = len(data) - len(data) % layout.entry.size
        yield from layout.entry.iter_unpack(data[:whole])
        left = left - count if whole == count * layout.entry.size else 0
        start += whole


def _record(stream: BinaryIO, layout: _Layout, copy: _Copy, form: str, charset: str) -> ReadRecord:
    raw = _bytes(stream, copy.offset, copy.length)
    notes: list[ReadNote] = []
    fields: list[Field] = []
    for tag, position, length in _directory(stream, layout, copy):
        start = copy.base + position
        text, wrong = text_in(raw[start : start + length], charset)
        notes += [ReadNote(n.code, str(tag), n.detail) for n in wrong]
        fields.append(field_of(str(tag), text))
    leader = LEADER
    if copy.state & layout.deleted:
        leader = LEADER[:5] + "d" + LEADER[6:]
        notes.append(ReadNote("deleted"))
    return ReadRecord(copy.offset, raw, Record(form, leader, tuple(fields)), charset, tuple(notes))


def _bytes(stream: BinaryIO, offset: int, size: int) -> bytes:
    stream.seek(offset)
    return stream.read(size)
