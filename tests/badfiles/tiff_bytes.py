"""TIFF files made by hand, where Pillow cannot write what is wanted (TIFF 6.0, BigTIFF)."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

SHORT, LONG, LONG8 = 3, 4, 16
_LETTERS = {1: "B", SHORT: "H", LONG: "I", LONG8: "Q"}


@dataclass(frozen=True)
class Ifd:
    """One directory: tag to (type, values), and the data of its strips or tiles."""

    entries: dict[int, tuple[int, tuple[int, ...]]]
    blocks: tuple[bytes, ...] = ()
    tiled: bool = False


def grey(
    size: tuple[int, int],
    blocks: Sequence[bytes],
    *,
    bits: Sequence[int] = (8,),
    photometric: int = 1,
    compression: int = 1,
    rows: int | None = None,
    tile: tuple[int, int] | None = None,
    **more: int,
) -> Ifd:
    """A directory of an image in strips of ``rows`` rows, or in tiles."""
    entries: dict[int, tuple[int, tuple[int, ...]]] = {
        256: (LONG, (size[0],)),
        257: (LONG, (size[1],)),
        258: (SHORT, tuple(bits)),
        259: (SHORT, (compression,)),
        262: (SHORT, (photometric,)),
        277: (SHORT, (len(bits),)),
    }
    if tile is None:
        entries[278] = (LONG, (rows or size[1],))
    else:
        entries |= {322: (LONG, (tile[0],)), 323: (LONG, (tile[1],))}
    entries |= {int(tag[1:]): (SHORT, (value,)) for tag, value in more.items()}
    return Ifd(entries, tuple(blocks), tile is not None)


def tiff(
    ifds: Sequence[Ifd], *, order: str = "<", big: bool = False, after: int | None = None
) -> bytes:
    """The file; ``after`` overrides where the last directory says the next one is."""
    offset_type, offset = (LONG8, "Q") if big else (LONG, "I")
    mark = b"II" if order == "<" else b"MM"
    head = struct.pack(f"{order}H", 43) + struct.pack(f"{order}HH", 8, 0) if big else b""
    out = bytearray(mark + (head or struct.pack(f"{order}H", 42)))
    link = len(out)
    out += bytes(8 if big else 4)
    for number, ifd in enumerate(ifds):
        places = []
        for block in ifd.blocks:
            places.append(len(out))
            out += block + bytes(len(block) % 2)
        tags = (324, 325) if ifd.tiled else (273, 279)
        entries = dict(ifd.entries)
        entries.setdefault(tags[0], (offset_type, tuple(places)))
        entries.setdefault(tags[1], (offset_type, tuple(map(len, ifd.blocks))))
        packed = {}
        for tag, (kind, values) in entries.items():
            data = struct.pack(f"{order}{len(values)}{_LETTERS[kind]}", *values)
            room = 8 if big else 4
            if len(data) > room:
                at = len(out)
                out += data + bytes(len(data) % 2)
                data = struct.pack(f"{order}{offset}", at)
            packed[tag] = (kind, len(values), data.ljust(room, b"\0"))
        at = len(out)
        struct.pack_into(f"{order}{offset}", out, link, at)
        out += struct.pack(f"{order}{'Q' if big else 'H'}", len(packed))
        for tag, (kind, count, data) in sorted(packed.items()):
            out += struct.pack(f"{order}HH{offset}", tag, kind, count) + data
        link = len(out)
        following = after if after is not None and number == len(ifds) - 1 else 0
        out += struct.pack(f"{order}{offset}", following)
    return bytes(out)
