"""``olketanu run``: the main job over folders, documents, images or PDFs."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.call import Command, current_call
from commands.output import emit, say, table
from commands.progress import Progress
from olketanu.errors import ExitCode
from olketanu.messages.translate import plural, translate

if TYPE_CHECKING:
    from workflow.summary import DocumentLine, RunReport


PROFILES = ("modern", "old-soviet", "latin-kk-1929", "arabic-kk", "ru-petr")


@click.command("run", cls=Command, help=translate("help.run"))
@click.argument("paths", nargs=-1, metavar="PATH...", type=click.Path(exists=True, path_type=Path))
@click.option("--workers", type=click.IntRange(1, 64), help=translate("help.run.workers"))
@click.option(
    "--rights", type=click.Choice(["open", "on_site", "closed"]), help=translate("help.run.rights")
)
@click.option("--profile", type=click.Choice(PROFILES), help=translate("help.run.profile"))
def run(
    paths: tuple[Path, ...], workers: int | None, rights: str | None, profile: str | None
) -> int:
    """Take in what is new, finish what is unfinished, and report every document."""
    from pipeline import Job, plan, run_job
    from workflow.library import open_library

    call = current_call()
    job = Job(inputs=paths, workers=workers, rights=rights, profile=profile)
    with open_library(call.open_home()) as library:
        if call.dry_run:
            for found in plan(library, job):
                emit({"would": found.action, "document": found.name, "files": found.files})
                say(
                    translate(
                        f"run.would.{found.action}", {"name": found.name, "files": found.files}
                    )
                )
            return ExitCode.DONE
        with Progress(quiet=call.quiet) as progress:
            report = run_job(library, job, progress)
    return print_report(report)


def print_report(report: "RunReport") -> int:
    """Print a line a document and the counts; return the exit code they ask for."""
    for line in report.documents:
        emit(line.as_json())
    if report.documents:
        say(table(_HEADINGS, [_row(line) for line in report.documents]))
    for refused in report.refused:
        emit({"input": refused.name, "state": "quarantined", "code": refused.code})
        facts = {"file": refused.name}
        say(f"✗ {refused.name}: {translate(f'quarantine.{refused.code}', facts)}")
        say(f"    → {translate(f'quarantine.{refused.code}.hint', facts)}")
    if not report.documents and not report.refused:
        say(translate("run.nothing-new"))
    say(plural("run.sum", report.total, report.counts()))
    if report.waiting:
        say(plural("run.review", report.waiting))
    return report.exit_code


_HEADINGS = (
    "column.document",
    "column.name",
    "column.kind",
    "column.pages",
    "column.language",
    "column.confidence",
    "column.seconds",
    "column.pdf",
    "column.record",
    "column.state",
)


def _row(line: "DocumentLine") -> tuple[str, ...]:
    confidence = "" if line.confidence is None else f"{line.confidence:.0%}"
    return (
        line.document,
        line.name,
        translate(f"kind.{line.kind}"),
        str(line.text + line.image_only + line.failed),
        "+".join(line.languages),
        confidence,
        f"{line.seconds:.1f}",
        f"{line.pdf_bytes / 1024:.0f} KB" if line.pdf_bytes else "",
        line.record_words(translate),
        translate(f"state.{line.state}"),
    )
