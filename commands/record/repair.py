"""``olketanu record repair``: the worklist, what repairs would change, accepting and rejecting."""

from typing import TYPE_CHECKING, Any

import click

from commands.call import Command, current_call
from commands.output import emit, say, say_undo, show
from commands.progress import Progress
from olketanu.errors import ExitCode, UsageError
from olketanu.messages.translate import language, plural, translate

if TYPE_CHECKING:
    from workflow.checking.worklist import Change, Item, Wanted
    from workflow.library import Library

SHOWN = 20


@click.command("repair", cls=Command, help=translate("help.record.repair"))
@click.option("--rule", metavar="RULE", help=translate("help.repair.rule"))
@click.option("--record", metavar="RECORD", help=translate("help.repair.record"))
@click.option("--safe", is_flag=True, help=translate("help.repair.safe"))
@click.option("--accept", multiple=True, metavar="FINDING", help=translate("help.repair.accept"))
@click.option("--accept-all", is_flag=True, help=translate("help.repair.accept-all"))
@click.option("--reject", multiple=True, metavar="FINDING", help=translate("help.repair.reject"))
@click.option("--reject-all", is_flag=True, help=translate("help.repair.reject-all"))
@click.option(
    "--limit", type=click.IntRange(min=0), default=SHOWN, help=translate("help.repair.limit")
)
@click.option("--actor", envvar="OLKETANU_ACTOR", default="staff", help=translate("help.actor"))
def repair(**told: Any) -> int:  # noqa: ANN401  (click hands over any type)
    """Show the worklist before and after; accept or reject what was chosen."""
    from workflow.checking.worklist import Wanted
    from workflow.library import open_library
    from workflow.record.show import record_id

    accepts = bool(told["accept"] or told["accept_all"])
    rejects = bool(told["reject"] or told["reject_all"])
    if accepts and rejects:
        raise UsageError("error.accept-or-reject")
    named = told["accept"] or told["reject"]
    with open_library(current_call().open_home()) as library:
        record = record_id(library, told["record"]) if told["record"] else None
        wanted = Wanted(told["rule"], record, tuple(named), told["safe"])
        if accepts:
            return _accept(library, wanted, told["actor"])
        if rejects:
            return _reject(library, wanted, told["actor"])
        return _preview(library, wanted, told["limit"])


def _preview(library: "Library", wanted: "Wanted", limit: int) -> int:
    from workflow.checking.rules import library_rules
    from workflow.checking.worklist import about, as_json, changes, worklist

    items = worklist(library, library_rules(library), wanted)
    for item in items[:limit]:
        told = changes(library, item)
        emit(as_json(item, told, language()))
        show("\n".join(_lines(item, about(library, item), told)))
    repairs = sum(bool(item.edits) for item in items)
    say(plural("repair.waiting", len(items), {"repairs": repairs}))
    if len(items) > limit:
        say("  → " + translate("repair.more", {"shown": limit}))
    if repairs:
        say("  → " + translate("repair.how"))
    return ExitCode.DONE


def _lines(item: "Item", record: str, told: list["Change"]) -> list[str]:
    level = translate(f"level.{item.rule.level}")
    head = f"{item.finding.id}  {item.finding.subject}  {item.rule.id} ({level})"
    lines = [head, f"  {record}", f"  {item.message(language())}"]
    for change in told:
        gone = translate("repair.gone")
        lines.append(f"  - {change.place}: {change.before}")
        lines.append(f"  + {change.place}: {gone if change.after is None else change.after}")
    return lines


def _accept(library: "Library", wanted: "Wanted", actor: str) -> int:
    from pipeline import catch_up
    from workflow.checking.repair import accept

    dry_run, quiet = current_call().dry_run, current_call().quiet
    done = accept(library, wanted, actor, dry_run=dry_run)
    if done.change_set is not None:
        with Progress(quiet=quiet) as progress:
            catch_up(library, progress)
    emit(done.as_json())
    facts = {"findings": done.findings, "change": done.change_set}
    if done.findings:
        say(plural("repair.would" if dry_run else "repair.done", len(done.records), facts))
    elif not done.outdated:
        say(translate("repair.nothing"))
    if done.outdated:
        say(plural("repair.outdated", len(done.outdated)))
    return ExitCode.DONE


def _reject(library: "Library", wanted: "Wanted", actor: str) -> int:
    from pipeline import catch_up
    from workflow.checking.repair import reject

    dry_run = current_call().dry_run
    done = reject(library, wanted, actor, dry_run=dry_run)
    if not dry_run:
        catch_up(library)
    emit(done.as_json())
    say(plural("repair.would-reject" if dry_run else "repair.rejected", done.findings))
    say_undo(done.act)
    return ExitCode.DONE
