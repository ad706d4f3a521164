"""The fields of one ISO 2709 record: what the directory says, proved by the field terminators.

Each entry of the directory has a tag, the length of the field with its terminator, and where it
begins (ISO 2709 §4.4). It is believed when all lengths and starts fit the terminators; else the
fields are taken from the terminators, and the directory gives the tags.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from struct import iter_unpack

from catalog.marc.reading import ReadNote

FIELD_END = b"\x1e"
LEADER = 24
ENTRY = 12
_DIRECTORY = re.compile(rb"(?:[0-9A-Za-z\x1e]{12})+")
_LENGTH = 5
_LEADER_SIZES = (24, 23, 25, 26, 27)


@dataclass(frozen=True, slots=True)
class Dissected:
    """Leader, tags and contents without terminators, in the order of the directory."""

    leader: bytes
    tags: list[bytes]
    contents: list[bytes]
    notes: tuple[ReadNote, ...] = ()


def split(body: bytes) -> tuple[bytes, list[bytes]]:
    """Cut a record without its terminator into leader with directory, and the parts behind it.

    The directory ends at the first 0x1E (ISO 2709 §4.4), or at the base address where that shows
    that this terminator is missing or that there is a stray one in the directory.
    """
    head, *parts = body.split(FIELD_END)
    base = _figure(head[12:17])
    if base == len(head) + 1 or not LEADER < base <= len(body):
        return head, parts
    claimed = body[: base - 1]
    for start in (base, base - 1):  # another byte stands there, or none
        behind = body[start:].split(FIELD_END)
        if proved(claimed, behind[:-1]):
            return claimed, behind
    if body[base - 1 : base] == FIELD_END and _DIRECTORY.fullmatch(claimed, LEADER):
        return claimed, body[base:].split(FIELD_END)
    return head, parts


def dissect(head: bytes, parts: list[bytes]) -> Dissected:
    """Return the fields of a record.

    ``head`` is leader and directory, ``parts`` what stands between the terminators behind it. No
    byte of ``parts`` is lost: what has no entry stands in the last field, joined by 0x1E.
    """
    return proved(head, parts) or _repaired(head, parts)


def proved(head: bytes, parts: list[bytes]) -> Dissected | None:
    """The fields where the directory fits the parts one by one, or None."""
    if len(head) != LEADER + ENTRY * len(parts):
        return None
    entries = list(iter_unpack("3s4s5s", head[LEADER:]))
    lengths = [len(part) + 1 for part in parts]
    try:
        claimed = [int(length) for _, length, _ in entries]
        starts = [int(start) for _, _, start in entries]
    except ValueError:
        return None
    if claimed != lengths or starts != list(accumulate(lengths[:-1], initial=0)):
        return None
    return Dissected(head[:LEADER], [tag for tag, _, _ in entries], parts)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry; −1 where a figure is not a figure."""

    tag: bytes
    length: int
    start: int


def _repaired(head: bytes, parts: list[bytes]) -> Dissected:
    places = range(LEADER, len(head) - ENTRY + 1, ENTRY)
    entries = [_entry(head, at) for at in places]
    even = len(head) == LEADER + ENTRY * len(entries)
    if even and (contents := _spans(entries, FIELD_END.join([*parts, b""]))):
        return _spanned(head[:LEADER], entries, contents)
    leader, entries = _wide(head, parts) or (head[:LEADER], entries if even else _torn(head, parts))
    order = _order(entries, parts)
    laid = _aligned([entries[number] for number in order], parts)
    found = {order[number]: content for number, content in laid}
    kept = [number for number in range(len(entries)) if number in found]
    lost = [entries[number].tag for number in range(len(entries)) if number not in found]
    strays = [entries[n].tag for n in kept if FIELD_END in found[n]]
    notes = (
        ReadNote("directory"),
        *(ReadNote("missing-field", shown(tag)) for tag in lost),
        *(ReadNote("stray-terminator", shown(tag)) for tag in strays),
    )
    return Dissected(leader, [entries[n].tag for n in kept], [found[n] for n in kept], notes)


def shown(data: bytes) -> str:
    """Bytes as text for a note: ASCII as it is, the rest as hexadecimal escapes."""
    return data.decode("ascii", "backslashreplace")


def _entry(head: bytes, at: int) -> _Entry:
    return _Entry(
        head[at : at + 3], _figure(head[at + 3 : at + 7]), _figure(head[at + 7 : at + 12])
    )


def _figure(text: bytes) -> int:
    return int(text) if text.isdigit() else -1


def _order(entries: Sequence[_Entry], parts: Sequence[bytes]) -> list[int]:
    """Numbers of the entries as their fields stand: as listed, or by start if that fits better."""
    listed = list(range(len(entries)))
    by_start = sorted(listed, key=lambda number: entries[number].start)

    def fitting(order: list[int]) -> int:
        pairs = zip(order, parts, strict=False)
        return sum(entries[number].length == len(part) + 1 for number, part in pairs)

    return max(listed, by_start, key=fitting)


def _spans(entries: Sequence[_Entry], data: bytes) -> list[bytes] | None:
    """Contents by the directory where its entries cover the data without gap or overlap."""
    spans = sorted((entry.start, entry.start + entry.length) for entry in entries)
    covered = spans and spans[0][0] == 0 and spans[-1][1] == len(data)
    if not covered or any(a[1] != b[0] or a[1] <= a[0] for a, b in pairwise(spans)):
        return None
    return [data[entry.start : entry.start + entry.length] for entry in entries]


def _spanned(leader: bytes, entries: Sequence[_Entry], contents: list[bytes]) -> Dissected:
    notes = [
        ReadNote("no-field-end", shown(entry.tag))
        for entry, content in zip(entries, contents, strict=True)
        if not content.endswith(FIELD_END)
    ]
    notes += [
        ReadNote("stray-terminator", shown(entry.tag))
        for entry, content in zip(entries, contents, strict=True)
        if FIELD_END in content[:-1]
    ]
    bare = [content.removesuffix(FIELD_END) for content in contents]
    return Dissected(leader, [entry.tag for entry in entries], bare, tuple(notes))


def _wide(head: bytes, parts: Sequence[bytes]) -> tuple[bytes, list[_Entry]] | None:
    """Leader and entries where figures have more places than there are, or the leader lacks one."""
    for size in _LEADER_SIZES:
        if entries := _wide_entries(head, size, parts):
            return _leader(head, size), entries
    return None


def _wide_entries(head: bytes, at: int, parts: Sequence[bytes]) -> list[_Entry]:
    """The entries where each has the figures that its part asks for, however many; else none."""
    entries = []
    start = 0
    for part in parts:
        figures = b"%04d%05d" % (len(part) + 1, start)
        entries.append(_Entry(head[at : at + 3], len(part) + 1, start))
        at += 3 + len(figures)
        if head[at - len(figures) : at] != figures:
            return []
        start += len(part) + 1
    return entries if at == len(head) else []


def _torn(head: bytes, parts: Sequence[bytes]) -> list[_Entry]:
    """The entries of a directory with bytes missing or too many: counted from either end."""
    count = (len(head) - LEADER + ENTRY // 2) // ENTRY
    behind = len(head) - ENTRY * count
    found = []
    for number, part in enumerate(parts[:count]):
        front = _entry(head, LEADER + ENTRY * number)
        back = _entry(head, behind + ENTRY * number)
        found.append(back if back.length == len(part) + 1 != front.length else front)
    return found


def _leader(head: bytes, size: int) -> bytes:
    """A leader of the right size, without the figures of the length that are too many."""
    return head[:_LENGTH] + head[:size][_LENGTH - LEADER :] if size > LEADER else head[:size]


def _aligned(entries: Sequence[_Entry], parts: Sequence[bytes]) -> Iterator[tuple[int, bytes]]:
    """Number of the entry and content: parts, joined or cut where the lengths say so.

    Entries that nothing is left for are passed over.
    """
    data = FIELD_END.join(parts)
    ends = list(accumulate(len(part) + 1 for part in parts))
    at = begin = 0  # the part, and the byte, that the next field begins with
    for number, entry in enumerate(entries):
        if at == len(parts):
            return
        size = ends[at] - begin
        waiting = len(entries) - number - 1
        surplus = len(parts) - at - 1 - waiting
        if surplus < 0 and entry.length != size:
            following = entries[number + 1].length if waiting else 0
            if following == size:
                continue
            cut = size - following
            # The terminator between the two is gone, or another byte stands there.
            if entry.length in (cut + 1, cut) and 0 <= cut < size:
                yield number, data[begin : begin + cut]
                begin += cut
                continue
        at = _joined(ends, at, begin + entry.length, surplus) if waiting else len(parts)
        yield number, data[begin : ends[at - 1] - 1]
        begin = ends[at - 1]


def _joined(ends: Sequence[int], at: int, end: int, surplus: int) -> int:
    """The part behind a field that ends so: the next one where no parts make it up."""
    last = max(at, at + surplus + 1)
    found = bisect_left(ends, end, at, last)
    return found + 1 if found < last and ends[found] == end else at + 1
