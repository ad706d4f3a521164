"""Facets for people: a small table of counts with bars, years as a histogram."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from commands.output import padded, screen_width
from olketanu.messages.translate import plural, translate
from workflow.hits.told import by_decade, value_name

if TYPE_CHECKING:
    from search.results.request import Facet

FACETS: Mapping[str, str] = {
    "language": "language",
    "kind": "form",
    "catalogue": "catalogue",
    "collection": "collection",
    "udc": "udc",
    "year": "year",
    "month": "month",
    "day": "day",
    "anniversary": "anniversary",
    "entry": "kind",
}
"""What may be counted, as the command line calls it, and the facet's own name."""

USUAL = ("language", "kind", "catalogue", "year")
"""What ``--facets`` counts."""

_BAR = "█"
_PIECES = " ▏▎▍▌▋▊▉"
_LONGEST = 24


def facet_lines(facets: Iterable["Facet"]) -> list[str]:
    """Return a heading and a line a value for each facet that has values."""
    lines: list[str] = []
    for facet in facets:
        if facet.buckets:
            lines += ["", translate(f"facet.{told_name(facet.name)}"), *_table(facet)]
    return lines


def bar(count: int, most: int, longest: int = _LONGEST) -> str:
    """Return a bar of eighths of a character, never quite empty; ``most`` has ``longest``."""
    whole, rest = divmod(max(1, round(8 * longest * count / max(1, most))), 8)
    return (_BAR * whole + _PIECES[rest]).rstrip()


def _table(facet: "Facet") -> list[str]:
    name = told_name(facet.name)
    counts = [(bucket.value, bucket.count) for bucket in facet.buckets]
    rows = by_decade(counts) if name == "year" else counts
    words = [(value_name(name, value), count) for value, count in rows]
    column = max(screen_width(word) for word, _ in words)
    figures = max(len(str(count)) for _, count in words)
    most = max(count for _, count in words)
    lines = [
        f"  {padded(word, column)}  {count:>{figures}}  {bar(count, most)}" for word, count in words
    ]
    more = [f"  {plural('facet.more', facet.more)}"] if facet.more else []
    return lines + more


def told_name(facet: str) -> str:
    """What the command line calls a facet."""
    return next(told for told, name in FACETS.items() if name == facet)
