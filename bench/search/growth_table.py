"""What was measured of growth as tables to be read."""

from collections.abc import Iterator
from typing import Any

_INDEXING = (
    ("CPU s", "cpu_seconds"),
    ("of it keys", "analysis_cpu_seconds"),
    ("CPU ms a page", "cpu_ms_a_page"),
    ("index MB", "megabytes"),
    ("peak MB", "peak_mb"),
)
BASE = "whoosh"
"""The peer that ratios are taken to."""


def table(results: dict[str, Any]) -> str:
    """Return tables of indexing and of latencies for every size, with ratios to stock Whoosh."""
    return "\n".join(line for size in _sizes(results) for line in _of_size(results, size))


def _sizes(results: dict[str, Any]) -> list[str]:
    return sorted(results["sizes"], key=lambda size: (size.endswith("s"), int(size.split("+")[0])))


def _of_size(results: dict[str, Any], size: str) -> Iterator[str]:
    peers: dict[str, Any] = results["sizes"][size]
    yield from ("", f"{size} pages", "")
    yield _row("", *peers)
    yield _row("---", *("---:" for _ in peers))
    for title, name in _INDEXING:
        yield _row(title, *(_figure(peers, peer, (name,)) for peer in peers))
    classes = list(dict.fromkeys(what for one in peers.values() for what in one["milliseconds"]))
    for what in classes:
        cells = (
            f"{_figure(peers, peer, ('milliseconds', what, 'p50'))} / "
            f"{_figure(peers, peer, ('milliseconds', what, 'p95'))}"
            for peer in peers
        )
        yield _row(f"{what} p50 / p95 ms", *cells)


def _figure(peers: dict[str, Any], peer: str, path: tuple[str, ...]) -> str:
    """Return a figure and, beside the base's own, how many times the base's it is."""
    own, base = _at(peers.get(peer), path), _at(peers.get(BASE), path)
    if own is None:
        return "–"
    if not base or peer == BASE:
        return f"{own:g}"
    ratio = own / base
    return f"{own:g} ({ratio:.2g}×)"


def _at(figures: Any, path: tuple[str, ...]) -> float | None:  # noqa: ANN401 - out of JSON
    for name in path:
        figures = (figures or {}).get(name)
    return None if figures is None else float(figures)


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"
