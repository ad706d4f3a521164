"""The JPEG strips of a TIFF as one JPEG stream; no coefficient is touched.

Scanners write a page as strips, each a JPEG that leaves its tables to the file (TIFF Technical
Note 2). Strips of whole rows of blocks differ from the intervals of one JPEG in their headers only:
prediction begins anew in both (ITU-T T.81 §E.1.4). So restart markers join them, and a PDF shows
the page in the bytes that the scanner made.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

_SOI, _EOI, _SOS, _RST = 0xD8, 0xD9, 0xDA, 0xD0
_BASELINE, _EXTENDED = 0xC0, 0xC1
_DHT, _DQT, _DRI, _APP14 = 0xC4, 0xDB, 0xDD, 0xEE
_UNCHANGED = b"Adobe" + struct.pack(">HHHB", 100, 0, 0, 0)  # colours are RGB, not YCbCr
_FRAMES = frozenset(range(0xC0, 0xD0)) - {_DHT, 0xC8, 0xCC}
_BLOCK = 8
_LONGEST_INTERVAL = 0xFFFF  # blocks between two restart markers (T.81 §B.2.4.4)
_CYCLE = 8  # restart markers count from 0 to 7


@dataclass(frozen=True, slots=True)
class _Strip:
    """One JPEG taken apart: tables by kind and number, frame and scan headers, coded data."""

    tables: dict[tuple[int, int], bytes]
    kind: int
    frame: bytes
    scan: bytes
    data: bytes

    @property
    def height(self) -> int:
        return int.from_bytes(self.frame[1:3], "big")


def joined(
    strips: Sequence[bytes], tables: bytes, size: tuple[int, int], *, rgb: bool = False
) -> bytes | None:
    """Return one JPEG of ``size`` (pixels); None where the strips are not of the kind that joins.

    ``rgb`` says that its three colours are red, green and blue, which a JPEG alone does not tell.

    ``tables`` is the file's JPEGTables (tag 347), empty where each strip has its own. Joined are
    sequential strips of equal tables and frame, of whole rows of blocks but for the last, without
    restart markers of their own.
    """
    try:
        shared = _segments(tables)[0] if tables else {}
        parts = [_strip(strip, shared) for strip in strips]
    except (ValueError, IndexError, struct.error):
        return None
    if not parts or not _alike(parts):
        return None
    first = parts[0]
    across, down = _unit(first.frame)
    rows = [-(-part.height // down) for part in parts]
    interval = rows[0] * -(-size[0] // across)
    cut = any(part.height != first.height or part.height % down for part in parts[:-1])
    whole = sum(rows) == -(-size[1] // down) and rows[-1] <= rows[0]
    width = int.from_bytes(first.frame[3:5], "big")
    if cut or not whole or width != size[0] or interval > _LONGEST_INTERVAL:
        return None
    frame = first.frame[:1] + struct.pack(">H", size[1]) + first.frame[3:]
    head = [_segment(_APP14, _UNCHANGED)] if rgb else []
    head += [_segment(kind, body) for (kind, _), body in first.tables.items()]
    head.append(_segment(first.kind, frame))
    if len(parts) > 1:
        head.append(_segment(_DRI, struct.pack(">H", interval)))
    head.append(_segment(_SOS, first.scan))
    body = bytearray(first.data)
    for number, part in enumerate(parts[1:]):
        body += bytes((0xFF, _RST + number % _CYCLE)) + part.data
    return bytes((0xFF, _SOI)) + b"".join(head) + bytes(body) + bytes((0xFF, _EOI))


def _alike(parts: list[_Strip]) -> bool:
    first = parts[0]
    same = (first.tables, first.kind, first.frame[:1], first.frame[3:], first.scan)
    return first.kind in (_BASELINE, _EXTENDED) and all(
        (p.tables, p.kind, p.frame[:1], p.frame[3:], p.scan) == same for p in parts
    )


def _unit(frame: bytes) -> tuple[int, int]:
    """Width and height in pixels of what is coded at once (T.81 §A.2)."""
    count = frame[5]
    if count == 1:
        return _BLOCK, _BLOCK
    factors = [frame[7 + 3 * n] for n in range(count)]
    return _BLOCK * max(f >> 4 for f in factors), _BLOCK * max(f & 15 for f in factors)


def _strip(jpeg: bytes, shared: dict[tuple[int, int], bytes]) -> _Strip:
    """ValueError for a stream that has no frame, no scan or no end, or restarts by itself."""
    tables, headers, at = _segments(jpeg)
    kinds = [kind for kind, _ in headers]
    frames = [(kind, body) for kind, body in headers if kind in _FRAMES]
    end = jpeg.rfind(bytes((0xFF, _EOI)))
    if len(frames) != 1 or not kinds or kinds[-1] != _SOS or _DRI in kinds or end < at:
        raise ValueError("no strip that joins")
    (kind, frame), scan = frames[0], headers[-1][1]
    count = frame[5]
    if not count or scan[0] != count or len(frame) != 6 + 3 * count:
        raise ValueError("more than one scan")
    if not all(frame[7 + 3 * n] & 15 and frame[7 + 3 * n] >> 4 for n in range(count)):
        raise ValueError("blocks without a size")  # T.81 §B.2.2
    return _Strip(shared | tables, kind, frame, scan, jpeg[at:end])


def _segments(
    jpeg: bytes,
) -> tuple[dict[tuple[int, int], bytes], list[tuple[int, bytes]], int]:
    """Tables by kind and order, other segments up to the scan's, and where its data begin."""
    if jpeg[:2] != bytes((0xFF, _SOI)):
        raise ValueError("no JPEG")
    tables: dict[tuple[int, int], bytes] = {}
    others: list[tuple[int, bytes]] = []
    at = 2
    while at + 4 <= len(jpeg):
        mark, kind, length = struct.unpack_from(">BBH", jpeg, at)
        if kind == _EOI:  # of a file's tables
            break
        if mark != 0xFF or length < 2:
            raise ValueError("no marker")
        body = jpeg[at + 4 : at + 2 + length]
        at += 2 + length
        if kind in (_DHT, _DQT):
            tables[kind, sum(known == kind for known, _ in tables)] = body
        else:
            others.append((kind, body))
        if kind == _SOS:
            break
    return tables, others, at


def _segment(kind: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, kind, len(body) + 2) + body
