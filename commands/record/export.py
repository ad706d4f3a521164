"""``olketanu record export``."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from commands.call import Command, current_call
from commands.output import emit, say, say_fallback, say_first
from commands.record.convert import WRITTEN
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
    type=click.Choice(WRITTEN),
    default="auto",
    show_default=True,
    help=translate("help.record.as"),
)
@click.option(
    "--charset", metavar="NAME", default="utf-8", help=translate("help.record.export.charset")
)
@click.option("--profile", metavar="NAME|FILE", help=translate("help.record.export.profile"))
@click.option(
    "--record", "only", multiple=True, metavar="RECORD", help=translate("help.record.only")
)
@click.option("--catalogue", metavar="CODE", help=translate("help.record.catalogue"))
@click.option("--original", is_flag=True, help=translate("help.record.original"))
def export(target: Path, **told: Any) -> int:  # noqa: ANN401  (click hands over any type)
    """Write records to a file, read them back, and only then let the file appear."""
    from catalog.catalogues import catalogue_code
    from workflow.exchange.export import Export, export_records
    from workflow.exchange.profiles import profile_of
    from workflow.library import open_library
    from workflow.record.show import record_id

    call = current_call()
    order = Export(
        *(target, told["wanted"], told["container"], told["only"]),
        catalogue_code(told["catalogue"]) if told["catalogue"] else None,
        original=told["original"],
        charset=told["charset"],
        profile=profile_of(told["profile"]) if told["profile"] else None,
    )
    with open_library(call.open_home()) as library:
        chosen = tuple(record_id(library, one) for one in order.only)
        done = export_records(library, replace(order, only=chosen), dry_run=call.dry_run)
    placed = done.placed
    emit(
        {
            "file": str(placed.target),
            "container": placed.container,
            "records": done.records,
            "lost": done.lost,
            "left": done.left,
            "fell_back": placed.fell_back.key if placed.fell_back else None,
        }
    )
    facts = (dict(zip(("record", "fields"), one, strict=True)) for one in done.lost)
    say_first([translate("export.lost", one) for one in facts])
    say_first([translate(f"export-left.{why}", {"record": record}) for record, why in done.left])
    say_fallback(placed.fell_back)
    key = "export.would" if call.dry_run else "export.done"
    say(plural(key, done.records, {"file": placed.target}))
    return ExitCode.REVIEW if done.left else ExitCode.DONE
