"""Bars of counts, as shares that an inline SVG can draw."""

from collections.abc import Mapping
from dataclasses import dataclass

WHOLE = 100.0


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a bar: it begins at ``start`` and is ``width`` long, of ``WHOLE``."""

    name: str
    count: int
    start: float
    width: float


def stacked(counts: Mapping[str, int]) -> tuple[Piece, ...]:
    """Return the pieces of one bar that shows all counts side by side; nothings are left out."""
    total, before, made = sum(counts.values()), 0, []
    for name, count in counts.items():
        if count:
            made.append(Piece(name, count, _share(before, total), _share(count, total)))
            before += count
    return tuple(made)


def _share(count: int, total: int) -> float:
    return round(WHOLE * count / total, 3)
