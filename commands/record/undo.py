"""``olketanu record undo``."""

import click

from commands.call import Command, current_call
from commands.output import emit, say
from commands.progress import Progress
from olketanu.errors import ExitCode, UsageError
from olketanu.messages.translate import translate


@click.command("undo", cls=Command, help=translate("help.record.undo"))
@click.argument("change", metavar="[CHANGE]", type=click.IntRange(min=1), required=False)
@click.option("--batch", metavar="IMPORT", help=translate("help.record.undo.batch"))
@click.option("--reason", default="", help=translate("help.reason"))
@click.option("--actor", envvar="OLKETANU_ACTOR", default="staff", help=translate("help.actor"))
def undo(change: int | None, batch: str | None, reason: str, actor: str) -> int:
    """Take back one change, or all that an import has changed."""
    from pipeline import catch_up
    from workflow.exchange.undo import change_of_import
    from workflow.exchange.undo import undo as take_back
    from workflow.library import open_library

    call = current_call()
    if (change is None) == (batch is None):
        raise UsageError("error.undo-what")
    with open_library(call.open_home()) as library:
        number = change or change_of_import(library, batch or "")
        done = take_back(library, number, actor=actor, reason=reason, dry_run=call.dry_run)
        if done.change is not None:
            with Progress(quiet=call.quiet) as progress:
                catch_up(library, progress)
    for record, version in done.edited:
        emit({"record": record, "version": version, "edited": True})
        say(translate("undo.edited", {"record": record, "version": version}))
    emit(done.as_json())
    if done.edited:
        say(translate("undo.refused", done.as_json()))
        return ExitCode.REVIEW
    say(translate("undo.would" if call.dry_run else "undo.done", done.as_json()))
    return ExitCode.DONE
