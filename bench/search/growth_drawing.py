"""What was measured of growth as a drawing: CPU of indexing over pages, both on scales of tens."""

import math
from collections.abc import Iterator
from typing import Any

_WIDTH, _HEIGHT, _MARGIN = 560, 340, 46
_PAGES = (2000, 40_000)
_SECONDS = (0.2, 1000)
_COLOURS = ("#0b6e4f", "#c0392b", "#e67e22", "#2c5aa0", "#7d3c98", "#555555")


def drawing(results: dict[str, Any]) -> str:
    """Return an SVG of CPU seconds for each engine at each size without records."""
    sizes = sorted(int(size) for size in results["sizes"] if size.isdigit())
    peers = sorted({name for size in sizes for name in results["sizes"][str(size)]})
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="sans-serif" font-size="11">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        *_grid(sizes),
    ]
    for colour, peer in zip(_COLOURS, peers, strict=False):
        points = [
            (_across(size), _up(results["sizes"][str(size)][peer]["cpu_seconds"]))
            for size in sizes
            if peer in results["sizes"][str(size)]
        ]
        lines += _line(peer, colour, points)
    return "\n".join((*lines, "</svg>", ""))


def _grid(sizes: list[int]) -> Iterator[str]:
    for power in range(3):
        seconds = 10**power
        height = _up(seconds)
        yield (
            f'<path d="M{_MARGIN} {height:.0f}H{_WIDTH - 2 * _MARGIN}" stroke="#ddd"/>'
            f'<text x="4" y="{height + 4:.0f}">{seconds} s</text>'
        )
    for size in sizes:
        yield f'<text x="{_across(size) - 14:.0f}" y="{_HEIGHT - 24}">{size:,}</text>'
    yield f'<text x="{_MARGIN}" y="{_HEIGHT - 8}">pages; CPU seconds of indexing</text>'


def _line(peer: str, colour: str, points: list[tuple[float, float]]) -> Iterator[str]:
    path = "L".join(f"{x:.0f} {y:.0f}" for x, y in points)
    yield f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
    for x, y in points:
        yield f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3" fill="{colour}"/>'
    x, y = points[-1]
    yield f'<text x="{x + 7:.0f}" y="{y + 4:.0f}" fill="{colour}">{peer}</text>'


def _across(pages: float) -> float:
    return _MARGIN + _share(pages, *_PAGES) * (_WIDTH - 3 * _MARGIN)


def _up(seconds: float) -> float:
    return _HEIGHT - _MARGIN - _share(max(seconds, _SECONDS[0]), *_SECONDS) * (_HEIGHT - 60)


def _share(value: float, least: float, most: float) -> float:
    return math.log(value / least) / math.log(most / least)
