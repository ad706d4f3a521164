"""``olketanu batch new|check|status|retry``: the librarian's sheet and what became of a batch."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.call import Group, current_call
from commands.output import emit, say, show, table
from olketanu.errors import ExitCode
from olketanu.messages.translate import language, plural, translate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow.standing import BatchState


@click.group("batch", cls=Group, help=translate("help.batch"))
def batch() -> None:
    """Commands over one batch folder."""


@batch.command("new", help=translate("help.batch.new"))
@click.argument("folder", metavar="BATCH", type=click.Path(exists=True, path_type=Path))
def new(folder: Path) -> int:
    """Write a manifest with a row for every document found in the folder."""
    from workflow.batches import new_manifest

    made = new_manifest(folder, language(), dry_run=current_call().dry_run)
    emit({"manifest": str(made.path), "rows": made.rows})
    say(translate("batch.new", {"path": made.path, "rows": made.rows}))
    return ExitCode.DONE


@batch.command("check", help=translate("help.batch.check"))
@click.argument("folder", metavar="BATCH", type=click.Path(exists=True, path_type=Path))
def check(folder: Path) -> int:
    """Check sheet and files before anything runs; nothing is written."""
    from workflow.batches import check_batch

    checked = check_batch(folder, current_call().home)
    for finding in checked.findings:
        emit(
            {
                "code": finding.code,
                "severity": finding.severity,
                "place": finding.place,
                "facts": dict(finding.facts),
            }
        )
        mark = "✗" if finding.severity == "error" else "!"
        facts = {"place": finding.place, **dict(finding.facts)}
        say(f"{mark} {finding.place}: {translate(f'check.{finding.code}', facts)}")
    say(plural("batch.checked", checked.documents, {"errors": checked.errors}))
    return ExitCode.BAD_INPUT if checked.errors else ExitCode.DONE


@batch.command("status", help=translate("help.batch.status"))
@click.argument("name", metavar="BATCH", required=False)
def status(name: str | None) -> int:
    """Tell of every batch what it holds, what waits, and for whom."""
    from workflow.library import open_library
    from workflow.standing import batch_status

    with open_library(current_call().open_home()) as library:
        states = batch_status(library, name and Path(name).name)
    for line in states:
        emit(line.as_json())
    show(table(_HEADINGS, [_row(line) for line in states]) if states else translate("batch.none"))
    waiting = [line.oldest for line in states if line.oldest is not None]
    if waiting:
        oldest = min(waiting, key=lambda one: one.since)
        facts = {"document": oldest.document, "name": oldest.name, "since": oldest.since}
        say(translate("batch.oldest", facts))
    return ExitCode.DONE


_HEADINGS = (
    "column.batch",
    "column.documents",
    "column.pages",
    "column.quarantined",
    "column.size",
    "column.waits",
)


def _row(line: "BatchState") -> tuple[str, ...]:
    return (
        line.batch,
        _states(line.documents),
        _states(line.pages),
        str(line.quarantined),
        f"{line.bytes / 1_000_000:.1f} MB",
        ", ".join(f"{translate(f'waits.{name}')}: {n}" for name, n in line.waits.items()),
    )


def _states(counts: "Mapping[str, int]") -> str:
    return ", ".join(f"{translate(f'state.{name}')}: {n}" for name, n in counts.items())


@batch.command("retry", help=translate("help.batch.retry"))
@click.argument("name", metavar="BATCH")
def retry(name: str) -> int:
    """Set failed pages and refused files of a batch to be tried again by the next run."""
    from workflow.batches import retry_batch
    from workflow.library import open_library

    call = current_call()
    with open_library(call.open_home()) as library:
        again = retry_batch(library, Path(name).name, dry_run=call.dry_run)
    emit({"batch": again.batch, "pages": again.pages, "files": again.files})
    say(translate("batch.retry", {"pages": again.pages, "files": again.files}))
    return ExitCode.DONE
