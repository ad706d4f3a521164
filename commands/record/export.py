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
@click.option("--catalogue", metavar="CODE", help=translate("help.record.catalogue"))
@click.option("--original", is_flag=True, help=translate("help.record.original"))
def export(
    target: Path,
    wanted: str,
    container: str | None,
    only: tuple[str, ...],
    catalogue: str | None,
    original: bool,
) -> int:
    """Write records to a file, read them back, and only then let the file appear."""
    from catalog.catalogues import catalogue_code
    from workflow.exchange.export import Export, export_records
    from workflow.library import open_library

    call = current_call()
    code = None if catalogue is None else catalogue_code(catalogue)
    order = Export(target, wanted, container or container_of(target.name), only, code, original)
    with open_library(call.open_home()) as library:
        done = export_records(library, order, dry_run=call.dry_run)
    emit(
        {
            "file": str(target),
            "records": done.records,
            "lost": done.lost,
            "left": done.left,
        }
    )
    for record, fields in done.lost:
        say(translate("export.lost", {"record": record, "fields": fields}))
    for record, reason in done.left:
        say(translate(f"export-left.{reason}", {"record": record}))
    key = "export.would" if call.dry_run else "export.done"
    say(plural(key, done.records, {"file": target}))
    return ExitCode.REVIEW if done.left else ExitCode.DONE
