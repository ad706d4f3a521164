"""``olketanu restore``: a home out of a backup, or its catalogue out of its own files."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.backup import print_problems
from commands.call import Call, Command, current_call
from commands.output import emit, say
from commands.progress import Progress
from olketanu.errors import ExitCode, UsageError
from olketanu.messages.translate import translate

if TYPE_CHECKING:
    from workflow.backup.rebuild import RebuildReport

_MEGA = 1_000_000


@click.command("restore", cls=Command, help=translate("help.restore"))
@click.argument("folder", metavar="BACKUP", required=False, type=click.Path(path_type=Path))
@click.option("--snapshot", metavar="NAME", help=translate("help.restore.snapshot"))
@click.option("--from-objects", is_flag=True, help=translate("help.restore.from-objects"))
def restore(folder: Path | None, snapshot: str | None, from_objects: bool) -> int:
    """Restore into a new or empty folder, or make the catalogue of a home again."""
    call = current_call()
    if from_objects == (folder is not None) or (from_objects and snapshot):
        raise UsageError("error.restore-what")
    if from_objects:
        return _rebuild(call)
    return _from_backup(folder or Path(), snapshot, call)


def _from_backup(folder: Path, snapshot: str | None, call: Call) -> int:
    from workflow.backup.restore import RestoreOrder, would_restore
    from workflow.backup.restore import restore as restore_home

    if call.home is None:
        raise UsageError("error.home-not-named")
    order = RestoreOrder(folder, call.home, snapshot)
    with Progress(quiet=call.quiet) as progress:
        report = would_restore(order) if call.dry_run else restore_home(order, progress)
    print_problems(report.problems, "restore.what-to-do")
    emit(report.as_json())
    size = f"{report.bytes / _MEGA:,.1f} MB"
    say(translate(f"restore.{report.state}", {**report.as_json(), "size": size}))
    return ExitCode.PARTLY_FAILED if report.problems else ExitCode.DONE


def _rebuild(call: Call) -> int:
    from workflow.backup.rebuild import rebuild_catalogue

    home = call.open_home()
    if call.dry_run:
        emit({"would": "rebuild", "home": str(home.root)})
        say(translate("rebuild.would", {"home": home.root}))
        return ExitCode.DONE
    with Progress(quiet=call.quiet) as progress:
        report = rebuild_catalogue(home, progress)
    return _print_rebuilt(report)


def _print_rebuilt(report: "RebuildReport") -> int:
    for path, reason in report.damaged:
        emit({"path": path, "state": reason})
        say(f"✗ {path}: {translate(f'rebuild-damage.{reason}')}")
    for digest in report.missing_masters:
        emit({"path": f"masters/{digest[:2]}/{digest[2:4]}/{digest}", "state": "missing"})
        say(f"✗ {digest}: {translate('damage.missing')}")
    facts = {
        "documents": report.documents,
        "records": report.records,
        "batches": report.batches,
        "events": report.events,
        "damaged": len(report.damaged),
        "missing_masters": len(report.missing_masters),
        "replaced": str(report.replaced or ""),
    }
    emit(facts)
    if report.damaged or report.missing_masters:
        say(f"  → {translate('rebuild.what-to-do', facts)}")
    say(translate("rebuild.done", facts))
    if report.replaced is not None:
        say(translate("rebuild.replaced", facts))
    problems = report.damaged or report.missing_masters
    return ExitCode.PARTLY_FAILED if problems else ExitCode.DONE
