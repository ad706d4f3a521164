"""``olketanu search``."""

import click

from commands.call import Command, current_call
from commands.output import emit, say, show
from olketanu.errors import ExitCode
from olketanu.messages.translate import plural, translate


@click.command("search", cls=Command, help=translate("help.search"))
@click.argument("query", nargs=-1, required=True, metavar="QUERY")
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True)
@click.option(
    "--as",
    "role",
    type=click.Choice(["staff", "reader"]),
    default="staff",
    show_default=True,
    help=translate("help.search.as"),
)
def search(query: tuple[str, ...], limit: int, role: str) -> int:
    """Find pages and records; a hit a line."""
    from search.results.request import Request
    from workflow.find import find
    from workflow.library import open_library

    asked = " ".join(query)
    with open_library(current_call().open_home()) as library:
        found = find(library, Request(asked, limit=limit), role=role)
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
