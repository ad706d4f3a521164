"""``olketanu verify``: is everything still there, and still what it was?"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.call import Command, current_call
from commands.output import emit, say
from commands.progress import Progress
from olketanu.messages.translate import plural, translate

if TYPE_CHECKING:
    from workflow.fixity.problem import Problem
    from workflow.fixity.verify import VerifyReport


@click.command("verify", cls=Command, help=translate("help.verify"))
@click.option("--all", "whole", is_flag=True, help=translate("help.verify.all"))
@click.option("--repair", is_flag=True, help=translate("help.verify.repair"))
@click.option(
    "--backup",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help=translate("help.verify.backup"),
)
def verify(*, whole: bool, repair: bool, backup: Path | None) -> int:
    """Check files, sidecars, records, journal and index; name what is wrong, and mend it."""
    from workflow.fixity.verify import Asked
    from workflow.fixity.verify import verify as check
    from workflow.library import open_library

    call = current_call()
    asked = Asked(whole=whole, repair=repair, backup=backup, dry_run=call.dry_run)
    with open_library(call.open_home()) as library, Progress(quiet=call.quiet) as progress:
        report = check(library, asked, progress)
    print_report(report)
    return report.exit_code


def print_report(report: "VerifyReport") -> None:
    """Print a line a problem with what to do, then the sum."""
    for problem in report.problems:
        emit(problem.as_json())
        say(_sentence(problem))
    emit(report.as_json())
    say(plural("verify.sum", report.files, {"read": report.read, "records": report.versions}))
    if report.open:
        say(plural("verify.problems", len(report.open)))
    else:
        say(translate("verify.well"))


def _sentence(problem: "Problem") -> str:
    facts = {"path": problem.path, "found": problem.found or ""}
    mark = "·" if problem.state == "leftover" else "✗"
    said = translate(f"verify.{problem.state}", facts)
    key = f"verify.{problem.state}.hint"
    if problem.repair is not None:
        key = f"verify.repair.{problem.repair}"
    return f"{mark} {said}\n    → {translate(key, facts)}"
