"""``olketanu backup``: bring a backup folder up to date, thin it out, or check it."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.call import Call, Command, current_call
from commands.output import emit, say, show
from commands.progress import Progress
from olketanu.errors import ExitCode, UsageError
from olketanu.messages.translate import plural, translate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflow.backup.back_up import BackupReport
    from workflow.backup.collect import Problem
    from workflow.library import Library

_MEGA = 1_000_000


@click.command("backup", cls=Command, help=translate("help.backup"))
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--keep", type=click.IntRange(1), help=translate("help.backup.keep"))
@click.option("--check", is_flag=True, help=translate("help.backup.check"))
@click.option("--new", "anew", is_flag=True, help=translate("help.backup.new"))
def backup(folder: Path | None, keep: int | None, check: bool, anew: bool) -> int:
    """Write a snapshot where something is new."""
    call = current_call()
    if check and folder is not None:
        return _check(folder, call)
    from workflow.backup.back_up import BackupOrder, back_up, would_back_up
    from workflow.library import open_library

    with open_library(call.open_home()) as library:
        target = folder or _from_settings(library)
        if not check:
            do = would_back_up if call.dry_run else back_up
            with Progress(quiet=call.quiet) as progress:
                report = do(library, BackupOrder(target, keep, anew), progress)
            return _print(report, call)
    return _check(target, call)


def _from_settings(library: "Library") -> Path:
    folder = library.settings.backup.folder
    if not folder:
        raise UsageError("error.backup-not-named")
    return Path(folder)


def _check(folder: Path, call: Call) -> int:
    from workflow.backup.check import check_backup

    with Progress(quiet=call.quiet) as progress:
        report = check_backup(folder, progress, dry_run=call.dry_run)
    print_problems(report.problems, "backup.check-what-to-do")
    emit(report.as_json())
    say(translate("backup.checked", {**report.as_json(), "size": _size(report.bytes)}))
    return ExitCode.PARTLY_FAILED if report.problems else ExitCode.DONE


def print_problems(problems: "Sequence[Problem]", what_to_do: str) -> None:
    """Name each file that is not what it should be, and once what to do about them."""
    # A quiet nightly backup must still be heard when something is wrong.
    tell = show if current_call().quiet else say
    for problem in problems:
        emit(problem.as_json())
        tell(f"✗ {problem.path}: {translate(f'damage.{problem.state}')}")
    if problems:
        tell(f"  → {translate(what_to_do)}")


def _print(report: "BackupReport", call: Call) -> int:
    print_problems(report.problems, "backup.what-to-do")
    emit(report.as_json())
    facts = {
        **report.as_json(),
        "size": _size(report.bytes),
        "new_size": _size(report.new_bytes),
        "removed": ", ".join(report.removed),
    }
    say(translate(f"backup.{report.state}", facts))
    if report.removed:
        key = "backup.would-remove" if call.dry_run else "backup.removed"
        say(plural(key, len(report.removed), facts))
    for warning in ("same_disk", "branched"):
        if facts[warning]:
            say(f"! {translate(f'backup.{warning}', facts)}")
    if report.problems:
        return ExitCode.PARTLY_FAILED
    return ExitCode.REVIEW if report.branched else ExitCode.DONE


def _size(count: int) -> str:
    return f"{count / _MEGA:,.1f} MB"
