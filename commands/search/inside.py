"""What ``olketanu search --in`` shows: every place of one document, page by page."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from commands.output import emit, say, show, show_folded
from commands.search.lines import notice
from commands.search.notices import say_notices
from olketanu.errors import ExitCode
from olketanu.messages.translate import plural

if TYPE_CHECKING:
    from search.results.inside import PagePlaces, Place
    from search.results.request import Request
    from workflow.library import Library

_INDENT = "   "


def tell_inside(library: "Library", request: "Request", told: Mapping[str, Any]) -> ExitCode:
    """Show the places of the pages that answer (``--limit``: of so many), and the sums."""
    from search.query.parse import parse
    from store.digitised import documents
    from workflow.document.show import resolve
    from workflow.find_inside import find_inside
    from workflow.naming import document_title
    from workflow.seeing import seer_of

    document = documents.get_document(library.store, resolve(library, told["inside"]))
    seer = seer_of(told["actor"])
    found = find_inside(library, document.id, request, seer)
    notices = parse(request.query).notices
    say_notices(request.query, notices)
    for page in found.pages[: told["limit"]]:
        emit(_line(document.id, page))
        show(f"{page.page}  {plural('search.places', len(page.places))}")
        for place in page.places:
            _show_place(place)
    title = document_title(library, document, reads=seer.may_search(library, document.id)).text
    emit(
        {
            "document": document.id,
            "title": title,
            "total": found.total,
            "pages": len(found.pages),
            "notices": [notice(one) for one in notices],
        }
    )
    facts = {"query": request.query, "title": title, "pages": len(found.pages)}
    say(plural("search.sum-inside", found.total, facts))
    return ExitCode.DONE


def _show_place(place: "Place") -> None:
    before = place.before.lstrip()
    marks = [(len(before), len(before) + len(place.text))]
    show_folded(_INDENT, f"{before}{place.text}{place.after}".rstrip(), marks)


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
