"""``olketanu record show|export``."""

from pathlib import Path

import click

from commands.call import Group, current_call
from commands.output import emit, say, show
from olketanu.errors import ExitCode
from olketanu.messages.translate import plural, translate


@click.group("record", cls=Group, help=translate("help.record"))
def record() -> None:
    """Commands over catalogue records."""


@record.command("show", help=translate("help.record.show"))
@click.argument("identifier", metavar="RECORD")
@click.option(
    "--format", "wanted", type=click.Choice(["rusmarc", "marc21"]), help=translate("help.format")
)
def show_record(identifier: str, wanted: str | None) -> int:
    """Show a record field by field."""
    from workflow.library import open_library
    from workflow.records import describe_record

    with open_library(current_call().open_home()) as library:
        shown = describe_record(library, identifier, wanted)
    emit(shown.as_json())
    show("\n".join(shown.lines(translate)))
    return ExitCode.DONE


@record.command("export", help=translate("help.record.export"))
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
    type=click.Choice(["iso2709", "marcxml"]),
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
    order = Export(target, wanted, container or _container(target), only)
    with open_library(call.open_home()) as library:
        done = export_records(library, order, dry_run=call.dry_run)
    emit({"file": str(target), "records": done.records, "lost": list(done.lost)})
    for loss in done.lost:
        say(translate("export.lost", {"record": loss[0], "fields": loss[1]}))
    key = "export.would" if call.dry_run else "export.done"
    say(plural(key, done.records, {"file": target}))
    return ExitCode.DONE


def _container(target: Path) -> str:
    return "marcxml" if target.suffix.lower() == ".xml" else "iso2709"
