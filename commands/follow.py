"""``olketanu follow``: let everything see what people changed."""

import os
from typing import TYPE_CHECKING

import click

from commands.call import Command, current_call
from commands.output import emit, say
from commands.progress import Progress
from olketanu.errors import ExitCode
from olketanu.messages.translate import translate

if TYPE_CHECKING:
    from workflow.desk.behind import Behind


@click.command("follow", cls=Command, help=translate("help.follow"))
def follow() -> int:
    """Bring catalogue, index, sidecars and files of documents up to what people changed."""
    from pipeline import keep_up
    from workflow.desk.behind import behind
    from workflow.follow import only_follower
    from workflow.library import open_library

    call = current_call()
    with open_library(call.open_home()) as library:
        before = behind(library)
        if not call.dry_run:
            os.nice(library.settings.run.nice)
            with only_follower(library.home), Progress(quiet=call.quiet) as progress:
                keep_up(library, progress)
    _tell(before, done=not call.dry_run)
    return ExitCode.DONE


def _tell(before: "Behind", *, done: bool) -> None:
    emit(before.as_json(done=done))
    if not before:
        say(translate("follow.nothing"))
        return
    facts = {"index": before.index, "documents": before.documents}
    say(translate("follow.done" if done else "follow.would", facts))
