"""``olketanu record bad list|export|retry``: what could not be read of imported files."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.call import Group, current_call
from commands.output import emit, say, show
from olketanu.errors import ExitCode
from olketanu.messages.translate import translate

if TYPE_CHECKING:
    from workflow.exchange.bad import BadLine

_IMPORT = click.option(
    "--import", "only", metavar="IMPORT", help=translate("help.record.bad.import")
)


@click.group("bad", cls=Group, help=translate("help.record.bad"))
def bad() -> None:
    """Commands over records that could not be read."""


@bad.command("list", help=translate("help.record.bad.list"))
@_IMPORT
@click.option("--all", "every", is_flag=True, help=translate("help.record.bad.all"))
def list_bad(only: str | None, every: bool) -> int:
    """List bad records with place, reason and size."""
    from workflow.exchange.bad import bad_lines
    from workflow.library import open_library

    count = 0
    with open_library(current_call().open_home()) as library:
        for line in bad_lines(library, only, every=every):
            count += 1
            emit(line.as_json())
            show(translate("bad.line", {**line.as_json(), "reason": _why(line)}))
    if count:
        say("  → " + translate("bad.next"))
    else:
        show(translate("bad.none"))
    return ExitCode.DONE


def _why(line: "BadLine") -> str:
    return translate(f"read.bad.{line.row.reason}")


@bad.command("export", help=translate("help.record.bad.export"))
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
@_IMPORT
def export(target: Path, only: str | None) -> int:
    """Write the bytes of bad records to a file."""
    from workflow.exchange.bad import export_bad
    from workflow.library import open_library

    call = current_call()
    with open_library(call.open_home()) as library:
        count = export_bad(library, target, only, dry_run=call.dry_run)
    emit({"file": str(target), "written": count})
    key = "bad.would-export" if call.dry_run else "bad.exported"
    say(translate(key, {"file": target, "count": count}))
    return ExitCode.DONE


@bad.command("retry", help=translate("help.record.bad.retry"))
@_IMPORT
@click.option("--format", "form", metavar="FORMAT", help=translate("help.format"))
@click.option("--from", "container", metavar="KIND", help=translate("help.record.from"))
@click.option("--charset", metavar="NAME", help=translate("help.record.charset"))
@click.option("--profile", metavar="NAME|FILE", help=translate("help.record.profile"))
@click.option("--actor", envvar="OLKETANU_ACTOR", default="staff", help=translate("help.actor"))
def retry(
    only: str | None,
    form: str | None,
    container: str | None,
    charset: str | None,
    profile: str | None,
    actor: str,
) -> int:
    """Read bad records once more, after an update or with another character set."""
    from pipeline import catch_up
    from workflow.exchange.bad import Retry, retry_bad
    from workflow.exchange.profiles import profile_of
    from workflow.library import open_library

    call = current_call()
    dialect = profile_of(profile) if profile else None
    order = Retry(only, form, container, charset, dialect)
    with open_library(call.open_home()) as library:
        done = retry_bad(library, order, actor=actor, dry_run=call.dry_run)
        if not call.dry_run:
            catch_up(library)
    for one in done:
        emit(one.as_json())
        ids = ", ".join(record for record, _ in one.records)
        facts = {**one.as_json(), "records": ids, "reason": _why(one.line)}
        say(translate("bad.read" if one.records else "bad.still", facts))
    read = sum(1 for one in done if one.records)
    say(translate("bad.retried", {"read": read, "left": len(done) - read}))
    return ExitCode.PARTLY_FAILED if read < len(done) else ExitCode.DONE
