"""``olketanu search``."""

from pathlib import Path
from typing import Any

import click

from catalog.isbd.style import EDITIONS
from commands.call import Command, current_call
from commands.output import emit, say, show
from commands.search.export import EXPORTS, export
from olketanu.errors import ExitCode, UsageError
from olketanu.messages.translate import plural, translate

_SHOWN = 10
_MOST = 100_000


@click.command("search", cls=Command, help=translate("help.search"))
@click.argument("query", nargs=-1, required=True, metavar="QUERY")
@click.option(
    "--limit", metavar="N", type=click.IntRange(1, _MOST), help=translate("help.search.limit")
)
@click.option(
    "--as",
    "role",
    type=click.Choice(["staff", "reader"]),
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
    from search.results.request import Request
    from workflow.find import find
    from workflow.library import open_library

    asked = " ".join(query)
    if (told["form"] is None) != (told["target"] is None):
        raise UsageError("error.export-and-output")
    limit = told["limit"] or (_MOST if told["form"] else _SHOWN)
    with open_library(current_call().open_home()) as library:
        found = find(library, Request(asked, limit=limit), role=told["role"])
        if told["form"]:
            return export(library, [one.hit for one in found.hits], asked, told)
    for notice in found.notices:
        say(translate(notice.key, notice.facts))
    for number, one in enumerate(found.hits, 1):
        emit(one.as_json())
        hit = one.hit
        where = f"{hit.document} {hit.page}" if hit.page else hit.record
        show(f"{number}. {hit.title or translate('search.untitled')}  [{where}]")
        if one.snippet.text:
            show(f"   {one.snippet.text}")
    say(plural("search.sum", found.total, {"query": asked}))
    return ExitCode.DONE
