"""What ``olketanu search --in`` shows: every place of one document, page by page."""

from typing import TYPE_CHECKING

from commands.output import emit, say, show
from commands.search.lines import expansion, notice
from commands.search.notices import say_notices
from olketanu.messages.translate import plural

if TYPE_CHECKING:
    from search.results.inside import PagePlaces, Place
    from workflow.inside import FoundInside

_INDENT = "   "


def tell_inside(query: str, found: "FoundInside", limit: int | None) -> None:
    """Show the places of the first ``limit`` pages (None: of all), a line each, and the sums."""
    say_notices(query, found)
    for page in found.inside.pages[:limit]:
        emit(_line(found.document, page))
        show(f"{page.page}  {plural('search.places', len(page.places))}")
        for place in page.places:
            _show_place(place)
    emit(
        {
            "document": found.document,
            "title": found.title,
            "total": found.inside.total,
            "pages": len(found.inside.pages),
            "notices": [notice(one) for one in found.notices],
            "expansions": [expansion(one) for one in found.expansions],
        }
    )
    facts = {"query": query, "title": found.title, "pages": len(found.inside.pages)}
    say(plural("search.sum-inside", found.inside.total, facts))


def _show_place(place: "Place") -> None:
    before = f"{_INDENT}{place.before.lstrip()}"
    at = len(before)
    show(f"{before}{place.text}{place.after.rstrip()}", [(at, at + len(place.text))])


def _line(document: str, page: "PagePlaces") -> dict[str, object]:
    places = [
        {
            "start": one.start,
            "end": one.end,
            "text": one.text,
            "before": one.before,
            "after": one.after,
            "boxes": [list(box) for box in one.boxes],
        }
        for one in page.places
    ]
    return {"document": document, "page": page.page, "frame": list(page.frame), "places": places}
