"""``olketanu undo``: what was decided, and taking it back."""

from typing import TYPE_CHECKING

import click

from commands.call import Command, current_call
from commands.output import emit, say, show, table
from commands.progress import Progress
from olketanu.errors import ExitCode
from olketanu.messages.translate import plural, translate

if TYPE_CHECKING:
    from workflow.desk.console import ActLine

SHOWN = 20
_HEADINGS = ("column.act", "column.time", "column.who", "column.what", "column.subject")


@click.command("undo", cls=Command, help=translate("help.undo"))
@click.argument("acts", metavar="[ACT...]", type=click.IntRange(min=1), nargs=-1)
@click.option("--by", metavar="NAME", help=translate("help.undo.by"))
@click.option("--all", "every", is_flag=True, help=translate("help.undo.all"))
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=SHOWN, help=translate("help.undo.limit")
)
@click.option("--actor", envvar="OLKETANU_ACTOR", default="staff", help=translate("help.actor"))
def undo(acts: tuple[int, ...], by: str | None, every: bool, limit: int, actor: str) -> int:
    """List what was decided, or take it back."""
    return _take_back(acts, actor) if acts else _list(by, limit, every=every)


def _list(by: str | None, limit: int, *, every: bool) -> int:
    from workflow.desk.console import list_acts
    from workflow.library import open_library

    with open_library(current_call().open_home()) as library:
        found = list_acts(library.store, by=by, every=every, limit=limit)
    for line in found:
        emit(line.as_json())
    show(table(_HEADINGS, [_row(line) for line in found]) if found else translate("undo.none"))
    if any(line.stands for line in found):
        say("  → " + translate("undo.how", {"act": found[0].done.number}))
    return ExitCode.DONE


def _take_back(acts: tuple[int, ...], actor: str) -> int:
    from pipeline import keep_up
    from workflow.desk.console import undo_acts
    from workflow.library import open_library

    call = current_call()
    with open_library(call.open_home()) as library:
        undone = undo_acts(library, acts, actor, dry_run=call.dry_run)
        if not call.dry_run:
            with Progress(quiet=call.quiet) as progress:
                keep_up(library, progress)
    for line in undone:
        emit(line.as_json())
        say("  ".join(_row(line)))
    say(plural("undo.acts-would" if call.dry_run else "undo.acts-done", len(undone)))
    return ExitCode.DONE


def _row(line: "ActLine") -> tuple[str, ...]:
    done, act = line.done, line.done.act
    what = f"{translate(f'desk.kind.{act.kind}')}: {translate(f'desk.did.{act.name}')}"
    if not line.stands and not current_call().dry_run:
        what += f" ({translate('desk.undone')})"
    return str(done.number), done.time[:16].replace("T", " "), act.actor, what, line.title
