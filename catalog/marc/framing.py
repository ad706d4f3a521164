"""Where the records of an ISO 2709 stream begin and end.

A record ends at 0x1D (ISO 2709 §4.6). The length in its leader is a claim: where both agree all is
well; else a leader in the middle shows that a terminator is missing, and a claimed length that ends
at a terminator, with a record behind it, shows that an earlier 0x1D is data.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

RECORD_END = b"\x1d"
LONGEST = 1 << 24
"""What is longer than this, in bytes, without a terminator is no record and is cut here."""

_CHUNK = 1 << 20
# Two records of 99,999 bytes fit, so what is claimed can be looked up in the window.
_AHEAD = 1 << 18
# Blanks belong to no record only before a length or an end; a leader may lack its length.
_BETWEEN = re.compile(rb"(?:[\r\n\x00\t\x1a]|\xef\xbb\xbf| +(?=[0-9]{5}|[\r\n\x00\t\x1a]|\Z))+")
# The letters keep the figures of a directory from looking like a leader.
_LEADER = re.compile(
    rb"[0-9]{5}[a-z ][a-z ][a-z0-9 ][ -~]{2}22[0-9]{5}[ -~]{2,3}45[ -~]{2}[0-9]{12}"
)
_FIGURES = re.compile(rb"[0-9]{0,20}.", re.DOTALL)
_HEAD = re.compile(rb"[0-9]{5}[ -~]{19}[0-9A-Za-z]{3}[0-9]{9}")


def frames(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield offset and bytes of every record, with its terminator where there is one.

    What is skipped between records is blanks, line ends, NUL, 0x1A and byte order marks; all else
    is in one of the pieces. A few hundred kilobytes are read ahead, or one record if it is longer.
    """
    window, offset, start, ended = b"", 0, 0, False
    needed = _AHEAD
    while True:
        if len(window) - start < needed and not ended:
            chunk = stream.read(_CHUNK)
            ended = not chunk
            window, offset, start = window[start:] + chunk, offset + start, 0
            continue
        if start >= len(window):
            return
        if between := _BETWEEN.match(window, start):
            start = between.end()
            continue
        stop = _end(window, start, ended)
        if stop is None:
            needed = len(window) - start + _CHUNK
            continue
        yield offset + start, window[start:stop]
        start, needed = stop, _AHEAD


def _end(window: bytes, start: int, ended: bool) -> int | None:
    """End of the record that begins at ``start``; None where more must be read to know."""
    stop = window.find(RECORD_END, start) + 1
    length = window[start : start + 5]
    claimed = start + int(length) if length.isdigit() else -1
    if stop and stop == claimed:
        return stop
    limit = stop or min(len(window), start + LONGEST)
    if (inner := _inner(window, start, limit, claimed)) is not None:
        return inner
    if stop and claimed > stop and _is_end(window, claimed) and not _is_start(window, stop):
        return claimed
    return limit if stop or ended or limit - start == LONGEST else None


def _inner(window: bytes, start: int, limit: int, claimed: int) -> int | None:
    """Where another record begins before ``limit`` without a terminator before it, or None."""
    # A length of six figures, as some programs write, hides a leader in the record's own.
    if found := _LEADER.search(window, _behind_figures(window, start, limit), limit):
        return found.start()
    for at in (claimed - 1, claimed):  # the terminator is gone, or is another byte now
        if (
            start < at < limit
            and window[at - 2 : at].find(b"\x1e") >= 0
            and _HEAD.match(window, at)
        ):
            return at
    return None


def _behind_figures(window: bytes, start: int, stop: int) -> int:
    """Where a leader that is not the record's own may begin at the earliest."""
    found = _FIGURES.match(window, start)
    end = found.end() if found else start + 1
    for at in range(start + 1, end - 5):  # figures before the leader are not of it if that fits
        if at + int(window[at : at + 5]) == stop:
            return at
    return end


def _is_end(window: bytes, at: int) -> bool:
    return window[at - 1 : at] == RECORD_END and (at == len(window) or _is_start(window, at))


def _is_start(window: bytes, at: int) -> bool:
    if between := _BETWEEN.match(window, at):
        at = between.end()
    return at == len(window) or _HEAD.match(window, at) is not None
