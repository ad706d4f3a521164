"""What ``olketanu search --json`` prints: a line a hit, and at the end one of sums."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from commands.search.facets import told_name
from workflow.hits.told import notice_words

if TYPE_CHECKING:
    from search.query.expand import Expansion
    from search.query.tree import Notice
    from search.results.highlight import Snippet
    from search.results.request import Facet
    from workflow.explain import ExplainedHit
    from workflow.find import FoundHit, FoundHits


def hit_line(
    found: "FoundHit", *, grouped: bool, why: "ExplainedHit | None" = None
) -> dict[str, object]:
    """Return a result as one line (docs/reference/json/search.json), with its reasons if any."""
    hit = found.hit
    reasons = {} if why is None else {"why": _why(why)}
    return {
        "document": hit.document or None,
        "page": hit.page or None,
        "record": hit.record or None,
        "title": found.title.text or None,
        "date": hit.date or None,
        "snippet": found.snippet.text or None,
        "score": round(found.score, 4),
        "form": hit.form or None,
        "marks": [list(mark) for mark in found.snippet.marks],
        "boxes": [[list(box) for box in boxes] for boxes in found.boxes],
        "frame": list(found.frame) if found.boxes else None,
        "elements": [_element(one.name, one.snippet) for one in found.elements],
        "pages": found.pages if grouped else None,
        "others": [other.page for other in found.others],
        **reasons,
    }


def sum_line(found: "FoundHits", *, grouped: bool) -> dict[str, object]:
    """Return the last line: counts, facets, and what is to be said of the query."""
    return {
        "total": found.total,
        "groups": found.groups if grouped else None,
        "more_groups": found.more_groups,
        "facets": {told_name(one.name): _facet(one) for one in found.facets},
        "notices": [notice(one) for one in found.notices],
        "expansions": [_expansion(one) for one in found.expansions],
        "suggestions": [{"query": one.query, "total": one.total} for one in found.suggestions],
    }


def _why(why: "ExplainedHit") -> dict[str, object]:
    return {
        "page": [asdict(one) for one in why.page],
        "record": [asdict(one) for one in why.record],
    }


def _element(name: str, piece: "Snippet") -> dict[str, object]:
    return {"element": name, "text": piece.text, "marks": [list(mark) for mark in piece.marks]}


def _facet(facet: "Facet") -> dict[str, object]:
    values = [{"value": one.value, "count": one.count} for one in facet.buckets]
    return {"values": values, "more": facet.more}


def notice(one: "Notice") -> dict[str, object]:
    """Return what was not understood, in words, and where."""
    return {"code": one.key, "message": notice_words(one), "span": list(one.span)}


def _expansion(made: "Expansion") -> dict[str, object]:
    return {"kind": made.kind, "typed": made.typed, "to": list(made.to), "span": list(made.span)}
