"""``olketanu record convert``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from catalog.marc.reading import CONTAINERS, BadRecord, message_key
from commands.call import Command, current_call
from commands.output import emit, say, say_fallback, say_first
from olketanu.errors import ExitCode
from olketanu.messages.translate import plural, translate

if TYPE_CHECKING:
    from workflow.exchange.convert import Converted, Told

_READ_ONLY = "irbis-mst"
_READ = tuple(CONTAINERS)
WRITTEN = ("auto", *(name for name in CONTAINERS if name != _READ_ONLY))


@click.command("convert", cls=Command, help=translate("help.record.convert"))
@click.argument(
    "source", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.argument("target", metavar="OUT", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--from", "source_container", type=click.Choice(_READ), help=translate("help.record.from")
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
    "--format",
    "wanted",
    type=click.Choice(["rusmarc", "marc21"]),
    help=translate("help.format"),
)
@click.option("--charset", metavar="NAME", help=translate("help.record.charset"))
@click.option("--profile", metavar="NAME|FILE", help=translate("help.record.profile"))
@click.option("--back", is_flag=True, help=translate("help.record.back"))
def convert(
    source: Path, target: Path, source_container: str | None, container: str, **more: str | None
) -> int:
    """Write the records of a file to another file, in another container, format or dialect."""
    from workflow.exchange.convert import Order, convert_file
    from workflow.exchange.profiles import profile_of

    call = current_call()
    profile = profile_of(more["profile"]) if more["profile"] else None
    order = Order(
        source,
        target,
        source_container,
        container,
        format=more["wanted"],
        charset=more["charset"],
        profile=profile,
        back=bool(more["back"]),
    )
    done = convert_file(order, dry_run=call.dry_run)
    _tell_each(done.told)
    _tell_all(done, dry_run=call.dry_run)
    return ExitCode.PARTLY_FAILED if done.told.bad else ExitCode.DONE


def _tell_each(told: "Told") -> None:
    for offset, reason, size in told.bad:
        emit({"offset": offset, "reason": reason, "bytes": size})
        why = translate(message_key(BadRecord(offset, reason, b"")))
        say(translate("convert.bad", {"offset": offset, "reason": why}))
    for record, fields in told.lost:
        emit({"record": record, "lost": fields.split()})
    facts = (dict(zip(("record", "fields"), one, strict=True)) for one in told.lost)
    say_first([translate("export.lost", one) for one in facts])


def _tell_all(done: "Converted", *, dry_run: bool) -> None:
    opened, placed, told = done.opened, done.placed, done.told
    emit(
        {
            "file": str(placed.target),
            "container": placed.container,
            "format": done.format,
            "source_container": opened.container,
            "source_format": opened.format,
            "charset": opened.charset,
            "margin": opened.margin,
            "evidence": opened.evidence,
            "read": told.written + len(told.bad),
            "written": told.written,
            "bad": len(told.bad),
            "lossy": len(told.lost),
            "mended": dict(told.mended),
            "fell_back": placed.fell_back.key if placed.fell_back else None,
        }
    )
    facts = {"container": opened.container, "format": opened.format, "charset": opened.charset}
    say(translate("convert.source", facts))
    for code, count in sorted(told.mended.items()):
        what = translate(f"read.note.{code}", {"tag": "…", "detail": "…"})
        say(translate("convert.mended", {"code": code, "count": count, "what": what}))
    say_fallback(placed.fell_back)
    said = {"file": placed.target, "bad": len(told.bad), "container": placed.container}
    say(plural("convert.would" if dry_run else "convert.done", told.written, said))
