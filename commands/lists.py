"""``olketanu list new|show|print|cards``: bibliographic lists, bulletins and catalogue cards."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from catalog.isbd.style import EDITIONS
from catalog.lists.definition import HEADINGS, LANGUAGES, ORDERS, Definition
from catalog.lists.selection import Selection
from commands.call import Group, current_call
from commands.output import emit, say, show
from language.collation import ALPHABETS
from olketanu.errors import ExitCode, UsageError
from olketanu.home import Home
from olketanu.messages.translate import plural, translate
from olketanu.settings import read_settings

_KINDS = (
    *("newspaper_article", "journal_article", "analytic", "book_part", "book"),
    *("newspaper_issue", "journal_issue", "card", "map", "photograph", "other"),
)


@click.group("list", cls=Group, help=translate("help.list"))
def lists() -> None:
    """Commands over saved lists."""


def _several(name: str, into: str, metavar: str, key: str) -> Callable[[Any], Any]:
    return click.option(name, into, multiple=True, metavar=metavar, help=translate(key))


_FROM = click.option(
    "--from", "entered_from", metavar="DAY", default="", help=translate("help.list.from")
)
_TO = click.option("--to", "entered_to", metavar="DAY", default="", help=translate("help.list.to"))


@lists.command("new", help=translate("help.list.new"))
@click.argument("name", metavar="NAME")
@click.option("--title", required=True, metavar="TEXT", help=translate("help.list.title"))
@_several("--catalogue", "catalogues", "CODE", "help.list.catalogue")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(_KINDS), help=translate("help.list.kind")
)
@_several("--language", "languages", "CODE", "help.list.language")
@_several("--udc", "udc", "PREFIX", "help.list.udc")
@_several("--bbk", "bbk", "PREFIX", "help.list.bbk")
@_several("--record", "records", "RECORD", "help.list.record")
@click.option("--from-search", "query", metavar="QUERY", help=translate("help.list.from-search"))
@_FROM
@_TO
@click.option("--drafts", is_flag=True, help=translate("help.list.drafts"))
@click.option(
    *("--order", "order"),
    multiple=True,
    default=["author"],
    show_default=True,
    type=click.Choice(ORDERS),
    help=translate("help.list.order"),
)
@click.option(
    *("--heading", "headings"),
    multiple=True,
    type=click.Choice(HEADINGS),
    help=translate("help.list.heading"),
)
@click.option(
    "--alphabet", type=click.Choice(ALPHABETS), default="kk", help=translate("help.list.alphabet")
)
@click.option(
    "--in", "language", type=click.Choice(LANGUAGES), default="kk", help=translate("help.list.in")
)
@click.option("--style", type=click.Choice(EDITIONS), help=translate("help.list.style"))
@click.option("--no-names", is_flag=True, help=translate("help.list.no-names"))
@click.option("--replace", is_flag=True, help=translate("help.list.replace"))
def new(name: str, **given: Any) -> int:  # noqa: ANN401 - click hands over any type
    """Save a list under a name."""
    from catalog.catalogues import catalogue_code
    from workflow.lists import save_list

    call = current_call()
    home = call.open_home()
    given["style"] = given["style"] or read_settings(home.settings).description.edition
    given["catalogues"] = tuple(map(catalogue_code, given["catalogues"]))
    replacing, names = given.pop("replace"), not given.pop("no_names")
    if query := given.pop("query"):
        given["records"] = (*given["records"], *_found(home, query))
    form = {key: given.pop(key) for key in ("title", "order", "headings", "alphabet")}
    form |= {key: given.pop(key) for key in ("language", "style")}
    definition = Definition(**form, names=names, selection=Selection(**given))
    path = save_list(home, name, definition, replacing=replacing, dry_run=call.dry_run)
    emit({"list": name, "file": str(path)})
    say(translate("list.would-save" if call.dry_run else "list.saved", {"file": path}))
    return ExitCode.DONE


def _found(home: Home, query: str) -> tuple[str, ...]:
    """The records that a search finds now, by themselves or by their pages."""
    from catalog.rights import STAFF
    from search.results.request import Request
    from workflow.hits.all import all_hits
    from workflow.hits.works import leads_of
    from workflow.library import open_library

    with open_library(home) as library:
        leads = leads_of(all_hits(library, Request(query), actor=STAFF))
    found = tuple(lead.record for lead in leads if lead.record)
    if not found:
        raise UsageError("error.no-hits")
    if left := len(leads) - len(found):
        say(plural("list.left-bare", left))
    return found


@lists.command("show", help=translate("help.list.show"))
@click.argument("name", metavar="[NAME]", required=False)
@_FROM
@_TO
def show_list(name: str | None, entered_from: str, entered_to: str) -> int:
    """Show a list as text, or the names of all lists."""
    from catalog.lists.compile import compile_list
    from catalog.lists.markup import list_text
    from workflow.library import open_library
    from workflow.lists import Span, find_entries, list_names, read_list

    home = current_call().open_home()
    if name is None:
        for one in list_names(home):
            title = read_list(home, one).title
            emit({"list": one, "title": title})
            show(f"{one}  {title}")
        return ExitCode.DONE
    definition = read_list(home, name, Span(entered_from, entered_to))
    with open_library(home) as library:
        compiled = compile_list(definition, find_entries(library, definition))
    for block in compiled.body:
        emit({"list": name, "kind": block.kind, "text": block.text, "record": block.record})
    show(list_text(compiled).rstrip("\n"))
    return ExitCode.DONE


_FILE = click.argument("target", metavar="FILE", type=click.Path(path_type=Path))


@lists.command("print", help=translate("help.list.print"))
@click.argument("name", metavar="NAME")
@_FILE
@click.option(
    *("--as", "form"),
    type=click.Choice(["txt", "html", "docx", "pdf"]),
    help=translate("help.list.as"),
)
@_FROM
@_TO
def print_(name: str, target: Path, form: str | None, entered_from: str, entered_to: str) -> int:
    """Write a list to a file."""
    from workflow.library import open_library
    from workflow.lists import Span, read_list
    from workflow.print.write import Target, print_list

    call = current_call()
    home = call.open_home()
    definition = read_list(home, name, Span(entered_from, entered_to))
    with open_library(home) as library:
        entries = print_list(library, definition, Target(target, form), dry_run=call.dry_run)
    emit({"list": name, "file": str(target), "entries": entries})
    key = "list.would-print" if call.dry_run else "list.printed"
    say(plural(key, entries, {"file": target}))
    return ExitCode.DONE


@lists.command("cards", help=translate("help.list.cards"))
@click.argument("name", metavar="NAME")
@_FILE
@click.option(
    *("--as", "form"),
    type=click.Choice(["txt", "docx", "pdf"]),
    help=translate("help.list.as"),
)
@_FROM
@_TO
def cards(name: str, target: Path, form: str | None, entered_from: str, entered_to: str) -> int:
    """Write the catalogue cards of a list to a file."""
    from workflow.library import open_library
    from workflow.lists import Span, read_list
    from workflow.print.write import Target, print_cards

    call = current_call()
    home = call.open_home()
    definition = read_list(home, name, Span(entered_from, entered_to))
    with open_library(home) as library:
        done = print_cards(library, definition, Target(target, form), dry_run=call.dry_run)
    emit({"list": name, "file": str(target), "cards": done.cards, "dividers": done.dividers})
    key = "list.would-cards" if call.dry_run else "list.cards"
    say(plural(key, done.cards, {"file": target, "dividers": done.dividers}))
    return ExitCode.DONE
