"""``olketanu record conflicts list|show|take``: what both sides have changed."""

import click

from commands.call import Group, current_call
from commands.output import emit, say, say_undo, show
from olketanu.errors import ExitCode
from olketanu.messages.translate import translate

_SIDES = ("base", "theirs", "ours")


@click.group("conflicts", cls=Group, help=translate("help.record.conflicts"))
def conflicts() -> None:
    """Commands over records that both sides have changed."""


@conflicts.command("list", help=translate("help.record.conflicts.list"))
@click.option("--all", "every", is_flag=True, help=translate("help.record.conflicts.all"))
def list_all(every: bool) -> int:
    """List conflicts with the fields that differ."""
    from workflow.exchange.conflicts import conflict_lines
    from workflow.library import open_library

    with open_library(current_call().open_home()) as library:
        lines = conflict_lines(library, every=every)
    for line in lines:
        emit(line.as_json())
        status = translate(f"conflict-status.{line.conflict.status}")
        what = " — ".join(filter(None, (" ".join(line.tags), status)))
        show(translate("conflict.line", {**line.as_json(), "what": what}))
    if not lines:
        show(translate("conflict.none"))
    if any(line.conflict.status == "open" for line in lines):
        say("  → " + translate("conflict.next"))
    return ExitCode.REVIEW if lines and not every else ExitCode.DONE


@conflicts.command("show", help=translate("help.record.conflicts.show"))
@click.argument("identifier", metavar="CONFLICT")
def show_one(identifier: str) -> int:
    """Show the three sides of a conflict, field by field."""
    from workflow.exchange.conflicts import conflict_sides
    from workflow.library import open_library

    with open_library(current_call().open_home()) as library:
        line, sides = conflict_sides(library, identifier)
    emit(line.as_json())
    show(f"{line.conflict.record}  {line.number}  «{line.title}»")
    for side in sides:
        emit(side.as_json())
        show(side.tag)
        for name in _SIDES:
            text = getattr(side, name)
            shown = translate("conflict.nothing") if text is None else text
            indented = shown.replace("\n", "\n      ")
            show(f"  {translate(f'side.{name}')}\n      {indented}")
    return ExitCode.DONE


@conflicts.command("take", help=translate("help.record.conflicts.take"))
@click.argument("identifier", metavar="CONFLICT")
@click.argument("what", metavar="theirs|ours|TAG...", nargs=-1, required=True)
@click.option("--actor", envvar="OLKETANU_ACTOR", default="staff", help=translate("help.actor"))
def take(identifier: str, what: tuple[str, ...], actor: str) -> int:
    """Resolve a conflict: theirs, ours, or single fields from theirs."""
    from pipeline import catch_up
    from workflow.exchange.conflicts import decide
    from workflow.library import open_library

    call = current_call()
    with open_library(call.open_home()) as library:
        line, act = decide(library, identifier, what, actor=actor, dry_run=call.dry_run)
        if not call.dry_run:
            catch_up(library)
    told = {"conflict": identifier, "record": line.conflict.record, "taken": list(what)}
    emit({**told, "act": act})
    taken = translate(f"taken.{what[0]}") if what[0] in _SIDES else " ".join(what)
    facts = {"conflict": identifier, "record": line.conflict.record, "taken": taken}
    say(translate("conflict.would" if call.dry_run else "conflict.taken", facts))
    say_undo(act)
    return ExitCode.DONE
