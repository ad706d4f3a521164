"""``olketanu record export``."""

from pathlib import Path

import click

from catalog.marc.reading import CONTAINERS, container_of
from commands.call import Command, current_call
from commands.output import emit, say
from olketanu.errors import ExitCode
from olketanu.messages.translate import plural, translate


@click.command("export", cls=Command, help=translate("help.record.export"))
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "wanted",
    type=click.Choice(["rusmarc", "marc21"]),
    default="rusmarc",
    show_default=True,
    help=translate("help.format"),
)
@click.option(
    "--as",
    "container",
    type=click.Choice(tuple(CONTAINERS)),
    help=translate("help.record.as"),
)
@click.option(
    "--record", "only", multiple=True, metavar="RECORD", help=translate("help.record.only")
)
def export(target: Path, wanted: str, container: str | None, only: tuple[str, ...]) -> int:
    """Write records to a file, read them back, and only then let the file appear."""
    from workflow.library import open_library
    from workflow.records import Export, export_records

    call = current_call()
    order = Export(target, wanted, container or container_of(target.name), only)
    with open_library(call.open_home()) as library:
        done = export_records(library, order, dry_run=call.dry_run)
    emit({"file": str(target), "records": done.records, "lost": list(done.lost)})
    for loss in done.lost:
        say(translate("export.lost", {"record": loss[0], "fields": loss[1]}))
    key = "export.would" if call.dry_run else "export.done"
    say(plural(key, done.records, {"file": target}))
    return ExitCode.DONE
