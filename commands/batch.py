"""``olketanu batch new|check|status|retry``: the librarian's sheet and what became of a batch."""

from pathlib import Path

import click

from commands.call import Group, current_call
from commands.output import emit, say, show, table
from olketanu.errors import ExitCode
from olketanu.messages.translate import language, plural, translate


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
    """Count a batch's inputs, documents and pages by state."""
    from workflow.batches import batch_status
    from workflow.library import open_library

    with open_library(current_call().open_home()) as library:
        states = batch_status(library, name and Path(name).name)
    rows = []
    for line in states:
        emit(line.as_json())
        counts = ", ".join(f"{translate(f'state.{s}')}: {n}" for s, n in line.documents.items())
        pages = ", ".join(f"{translate(f'state.{s}')}: {n}" for s, n in line.pages.items())
        rows.append((line.batch, counts, pages, str(line.quarantined)))
    headings = ("column.batch", "column.documents", "column.pages", "column.quarantined")
    show(table(headings, rows) if rows else translate("batch.none"))
    return ExitCode.DONE


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
