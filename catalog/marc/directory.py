"""The fields of one ISO 2709 record: what the directory says, proved by the field terminators.

Each entry of the directory has a tag, the length of the field with its terminator, and where it
begins (ISO 2709 §4.4). It is believed when all lengths and starts fit the terminators; else the
fields are taken from the terminators, and the directory gives the tags.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from struct import iter_unpack

from catalog.marc.reading import ReadNote

FIELD_END = b"\x1e"
LEADER = 24
ENTRY = 12


@dataclass(frozen=True, slots=True)
class Dissected:
    """Leader, tags and contents without terminators, in the order of the directory."""

    leader: bytes
    tags: list[bytes]
    contents: list[bytes]
    notes: tuple[ReadNote, ...] = ()


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
    whole, rest = divmod(len(head) - LEADER, ENTRY)
    note = ReadNote("directory")
    if rest:
        leader, entries = _torn_entries(head, parts)
    else:
        leader = head[:LEADER]
        entries = [_entry(head, LEADER + ENTRY * number) for number in range(whole)]
        if contents := _spans(entries, FIELD_END.join([*parts, b""])):
            return _spanned(leader, entries, contents)
    order = sorted(range(len(entries)), key=lambda number: entries[number].start)
    if any(entry.start < 0 for entry in entries) or _repeats(entries):
        order = list(range(len(entries)))
    laid = list(_aligned([entries[number] for number in order], parts))
    found = dict(zip(order, laid, strict=False))
    kept = [number for number in range(len(entries)) if number in found]
    lost = [entries[number].tag for number in range(len(entries)) if number not in found]
    notes = (note, *(ReadNote("missing-field", shown(tag)) for tag in lost))
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


def _repeats(entries: Sequence[_Entry]) -> bool:
    return len({entry.start for entry in entries}) < len(entries)


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


def _torn_entries(head: bytes, parts: Sequence[bytes]) -> tuple[bytes, list[_Entry]]:
    """Leader and entries where bytes are missing or too many in leader or directory.

    Entries before the damage count from the front, those behind it from the end.
    """
    count = (len(head) - LEADER + ENTRY // 2) // ENTRY
    behind = len(head) - ENTRY * count
    found = []
    for number, part in enumerate(parts[:count]):
        front = _entry(head, LEADER + ENTRY * number)
        back = _entry(head, behind + ENTRY * number)
        found.append(front if front.length == len(part) + 1 else back)
    damaged_behind = not found or found[0] == _entry(head, LEADER)
    return head[: LEADER if damaged_behind else min(LEADER, behind)], found


def _aligned(entries: Sequence[_Entry], parts: Sequence[bytes]) -> Iterator[bytes]:
    """Contents for the entries in their order: parts, joined or cut where the lengths say so."""
    left = list(parts)
    for number, entry in enumerate(entries):
        if not left:
            return
        waiting = len(entries) - number - 1
        surplus = len(left) - 1 - waiting
        if surplus < 0 and 0 < entry.length <= len(left[0]):
            yield left[0][: entry.length - 1]
            left[0] = left[0][entry.length - 1 :]
            continue
        taken = 1 + surplus if not waiting else _joined(entry.length, left, surplus)
        yield FIELD_END.join(left[:taken])
        del left[:taken]


def _joined(length: int, parts: Sequence[bytes], surplus: int) -> int:
    """How many parts make up a field of this length; one where none fit."""
    ends = accumulate(len(part) + 1 for part in parts[: surplus + 1])
    return next((count for count, end in enumerate(ends, 1) if end == length), 1)
