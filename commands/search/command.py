"""``olketanu search``."""

import datetime
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from catalog.isbd.style import EDITIONS
from catalog.rights import READER, STAFF
from commands.call import Command, current_call
from commands.output import emit, say, show
from commands.search.explain import show_reasons, tell_understood
from commands.search.export import EXPORTS, export
from commands.search.facets import FACETS, USUAL, facet_lines
from commands.search.hits import show_hit
from commands.search.inside import tell_inside
from commands.search.lines import hit_line, sum_line
from commands.search.notices import say_beside, say_notices
from olketanu.errors import ExitCode, UsageError
from olketanu.messages.translate import plural, translate

if TYPE_CHECKING:
    from search.results.request import Request
    from workflow.explain import ExplainedHit
    from workflow.find import FoundHits
    from workflow.library import Library

_FILTERS = ("language", "kind", "catalogue", "udc")
_DAY = re.compile(
    r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.?|(?P<month_first>[0-9]{1,2})-(?P<day_last>[0-9]{1,2})"
)
_LEAP_YEAR = 2000
_SHOWN = 10
_ACTORS = {"staff": STAFF, "reader": READER}
_MOST = 100_000


def _filter(name: str) -> Callable[[Any], Any]:
    key = f"help.search.{name.removeprefix('--')}"
    return click.option(name, multiple=True, metavar="VALUE", help=translate(key))


@click.command("search", cls=Command, help=translate("help.search"))
@click.argument("query", nargs=-1, metavar="[QUERY]")
@click.option("--from", "first", metavar="DATE", default="", help=translate("help.search.from"))
@click.option("--to", "last", metavar="DATE", default="", help=translate("help.search.to"))
@click.option("--day", metavar="DAY", default="", help=translate("help.search.day"))
@_filter("--language")
@_filter("--kind")
@_filter("--catalogue")
@_filter("--udc")
@click.option("--in", "inside", metavar="ID|URL", help=translate("help.search.in"))
@click.option(
    "--sort",
    "order",
    type=click.Choice(["relevance", "newest", "oldest"]),
    default="relevance",
    show_default=True,
    help=translate("help.search.sort"),
)
@click.option("--group/--no-group", "grouped", default=True, help=translate("help.search.group"))
@click.option("--exact", is_flag=True, help=translate("help.search.exact"))
@click.option("--explain", is_flag=True, help=translate("help.search.explain"))
@click.option("--facets", is_flag=True, help=translate("help.search.facets"))
@click.option(
    "--facet",
    "counted",
    multiple=True,
    type=click.Choice(FACETS),
    help=translate("help.search.facet"),
)
@click.option(
    "--limit", metavar="N", type=click.IntRange(1, _MOST), help=translate("help.search.limit")
)
@click.option(
    "--offset",
    metavar="N",
    type=click.IntRange(min=0),
    default=0,
    help=translate("help.search.offset"),
)
@click.option(
    "--as",
    "role",
    type=click.Choice(list(_ACTORS)),
    default="staff",
    show_default=True,
    help=translate("help.search.as"),
)
@click.option("--export", "form", type=click.Choice(EXPORTS), help=translate("help.search.export"))
@click.option(
    *("-o", "--output", "target"),
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help=translate("help.search.output"),
)
@click.option("--style", type=click.Choice(EDITIONS), help=translate("help.list.style"))
@click.option("--replace", is_flag=True, help=translate("help.search.replace"))
def search(query: tuple[str, ...], **told: Any) -> int:  # noqa: ANN401 - click hands over any type
    """Find pages and records; a hit a line."""
    from workflow.find import find
    from workflow.library import open_library

    if (told["form"] is None) != (told["target"] is None):
        raise UsageError("error.export-and-output")
    told["actor"] = _ACTORS[told["role"]]
    request = _request(" ".join(query), told)
    with open_library(current_call().open_home()) as library:
        if told["inside"]:
            return tell_inside(library, request, told)
        if told["form"]:
            return export(library, request, told)
        found = find(library, request, actor=told["actor"])
        explained = _explained(library, found, told)
    _tell(request, found, explained)
    return ExitCode.DONE


def _explained(
    library: "Library", found: "FoundHits", told: dict[str, Any]
) -> tuple["ExplainedHit", ...] | None:
    if not told["explain"]:
        return None
    from workflow.explain import explain_found

    return explain_found(library, found, actor=told["actor"])


def _request(query: str, told: dict[str, Any]) -> "Request":
    from search.query.filters import NO_FILTERS, read_filters
    from search.results.request import Request

    filters = read_filters({n: told[n] for n in _FILTERS}, told["first"], told["last"])
    anniversary = _anniversary(told["day"])
    if not (query.strip() or anniversary or filters != NO_FILTERS):
        raise UsageError("error.search-nothing")
    counted = told["counted"] or (USUAL if told["facets"] else ())
    return Request(
        query,
        filters=filters,
        anniversary=anniversary,
        facets=tuple(FACETS[name] for name in counted),
        offset=told["offset"],
        limit=told["limit"] or _SHOWN,
        grouped=told["grouped"],
        expand=not told["exact"],
        widen=not told["exact"],
        order=told["order"],
    )


def _anniversary(day: str) -> str:
    """The day of a year (``03-12``) that «12.03» or «03-12» means; "" for none."""
    found = _DAY.fullmatch(day.strip())
    if found is None:
        if day.strip():
            raise UsageError("error.search-day", text=day)
        return ""
    month, of_month = found["month"] or found["month_first"], found["day"] or found["day_last"]
    try:
        return datetime.date(_LEAP_YEAR, int(month), int(of_month)).strftime("%m-%d")
    except ValueError as error:
        raise UsageError("error.search-day", text=day) from error


def _tell(
    request: "Request", found: "FoundHits", explained: tuple["ExplainedHit", ...] | None
) -> None:
    """Show and emit the results, each with its reasons where they were asked for."""
    say_notices(request.query, found.notices)
    say_beside(found)
    if explained is not None:
        tell_understood(request.query, found)
    for number, one in enumerate(found.hits):
        why = None if explained is None else explained[number]
        emit(hit_line(one, grouped=request.grouped, why=why))
        show_hit(request.offset + number + 1, one)
        if why is not None:
            show_reasons(why, one.score)
    for line in facet_lines(found.facets):
        show(line)
    emit(sum_line(found, grouped=request.grouped))
    _say_sum(request, found)


def _say_sum(request: "Request", found: "FoundHits") -> None:
    query = request.query or translate("search.everything")
    facts = {"query": query, "entries": found.total}
    if not found.total:
        say(translate("search.nothing", facts))
    elif not request.grouped:
        say(plural("search.sum", found.total, facts))
    elif found.more_groups:
        say(translate("search.sum-best", {**facts, "count": found.groups}))
    else:
        say(plural("search.sum-groups", found.groups, facts))
    behind = request.offset + len(found.hits)
    if found.hits and behind < found.groups:
        say(translate("search.next", {"first": request.offset + 1, "last": behind, "next": behind}))
