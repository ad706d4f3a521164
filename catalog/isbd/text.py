"""Blocks as plain text."""

from collections.abc import Iterable

from catalog.isbd.block import Block

_APART = ("heading", "divider")


def to_text(blocks: Iterable[Block]) -> str:
    """Return one line a block, ended by a line feed; headings and dividers stand between blanks."""
    lines: list[str] = []
    for block in blocks:
        if block.kind in _APART:
            lines.extend([""] if lines and lines[-1] else [])
            lines.extend([block.text, ""])
        else:
            lines.append(block.text)
    return "".join(f"{line}\n" for line in lines)
