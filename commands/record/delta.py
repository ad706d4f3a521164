"""``olketanu record delta``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from catalog.marc.reading import CONTAINERS
from commands.call import Command, current_call
from commands.output import emit, say, say_undo, show
from olketanu.errors import ExitCode, UsageError
from olketanu.messages.translate import language, plural, translate

if TYPE_CHECKING:
    from workflow.delta.taking import Told
    from workflow.delta.writing import Delta

_SHEETS = ("sheet-xlsx", "sheet-docx", "sheet-html")


@click.command("delta", cls=Command, help=translate("help.record.delta"))
@click.argument("target", metavar="[OUT]", required=False, type=click.Path(path_type=Path))
@click.option("--catalogue", metavar="CODE", help=translate("help.record.delta.catalogue"))
@click.option(
    "--as",
    "form",
    type=click.Choice((*_SHEETS, *CONTAINERS)),
    metavar="KIND",
    help=translate("help.record.delta.as"),
)
@click.option("--since", type=int, metavar="CHANGE", help=translate("help.record.delta.since"))
@click.option("--all-open", "everything", is_flag=True, help=translate("help.record.delta.all"))
@click.option(
    "--done",
    "sheet",
    metavar="SHEET",
    type=click.Path(path_type=Path),
    help=translate("help.record.delta.done"),
)
@click.option("--actor", envvar="OLKETANU_ACTOR", default="staff", help=translate("help.actor"))
def delta(  # noqa: PLR0913 - one parameter an option
    target: Path | None,
    catalogue: str | None,
    form: str | None,
    since: int | None,
    everything: bool,
    sheet: Path | None,
    actor: str,
) -> int:
    """List what we changed in records of another system, write it, or take the ticked sheet."""
    from catalog.catalogues import catalogue_code

    if target and sheet:
        raise UsageError("error.delta-both")
    code = catalogue_code(catalogue) if catalogue else None
    if sheet:
        return _take(sheet, actor)
    if target is None:
        return _list(code, since)
    return _write((target, form, code, since, everything), actor)


def _write(told: tuple[Path, str | None, str | None, int | None, bool], actor: str) -> int:
    from pipeline import catch_up
    from workflow.delta.writing import DeltaOrder, write_delta
    from workflow.library import open_library

    call = current_call()
    order = DeltaOrder(*told)
    with open_library(call.open_home()) as library:
        done = write_delta(library, order, actor=actor, dry_run=call.dry_run)
        if not call.dry_run:
            catch_up(library)
    emit(done.as_json())
    _say(done, order.target, dry_run=call.dry_run)
    return ExitCode.REVIEW if done.contested or done.unfit else ExitCode.DONE


def _say(done: "Delta", target: Path, *, dry_run: bool) -> None:
    facts = {"file": target, "corrections": done.corrections, "charset": done.charset or ""}
    if not done.records:
        say(translate("delta.nothing"))
    else:
        say(plural("delta.would" if dry_run else "delta.written", done.records, facts))
    if done.waiting:
        say("  → " + plural("delta.left-out", done.waiting))
    told_apart = {
        "contested": done.contested,
        "numberless": done.numberless,
        "unfit": done.unfit,
    }
    for key, names in told_apart.items():
        if names:
            told = {"records": ", ".join(names)}
            say("  → " + plural(f"delta.{key}", len(names), told))


def _take(sheet: Path, actor: str) -> int:
    from pipeline import catch_up
    from workflow.delta.taking import take_sheet
    from workflow.library import open_library

    call = current_call()
    with open_library(call.open_home()) as library:
        done = take_sheet(library, sheet, actor=actor, dry_run=call.dry_run)
        if not call.dry_run:
            catch_up(library)
    for problem in done.problems:
        emit(problem.as_json())
        facts = {"line": problem.line, "row": problem.code, "detail": problem.detail}
        say(translate(f"delta.problem.{problem.reason}", facts))
    for row in done.rows:
        emit(row.as_json())
    emit(done.as_json())
    say(translate("delta.would-take" if call.dry_run else "delta.taken", done.as_json()))
    for row in done.rows:
        say(_told(row))
    say_undo(done.act)
    return ExitCode.REVIEW if done.problems else ExitCode.DONE


def _told(row: "Told") -> str:
    """A row that would be taken: whose, what, and with which mark."""
    one = row.told
    change = " → ".join(text.replace("\n", " ") or "∅" for text in (one.was, one.now))
    mark = translate(f"delta.state.{'waiting' if row.tick.state == 'done' else 'refused'}")
    note = f": {row.tick.note}" if row.tick.note else ""
    return f"  {row.number or row.record}  {one.field}  {change}  [{mark}{note}]"


def _list(catalogue: str | None, since: int | None) -> int:
    from catalog.catalogues import catalogue_name
    from workflow.delta.listing import list_corrections
    from workflow.library import open_library

    with open_library(current_call().open_home()) as library:
        found, counts = list_corrections(library, catalogue, since)
    place = ("", "")
    several = len({one.catalogue for one in found}) > 1
    for one in found:
        emit(one.as_json())
        if (one.catalogue, one.record) != place:
            place = (one.catalogue, one.record)
            where = f"  [{catalogue_name(one.catalogue, language())}]" if several else ""
            show(f"{one.number or one.record}  {one.title}{where}")
        told = " → ".join(text.replace("\n", " ") or "∅" for text in (one.was, one.now))
        if not one.was and not one.now:  # the whole record
            told = one.note
        told = ": ".join(text for text in (one.action, told) if text)
        show(f"    {one.field}  {told}  [{translate(f'delta.state.{one.state}')}]")
    show(translate("delta.sum" if found else "delta.nothing", counts))
    return ExitCode.DONE
