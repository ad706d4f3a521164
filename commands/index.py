"""``olketanu index rebuild|status|update``."""

import click

from commands.call import Group, current_call
from commands.output import emit, say, show
from olketanu.errors import ExitCode
from olketanu.messages.translate import translate


@click.group("index", cls=Group, help=translate("help.index"))
def index() -> None:
    """Commands over the search index."""


@index.command("rebuild", help=translate("help.index.rebuild"))
def rebuild() -> int:
    """Build a new generation from the catalogue and switch to it."""
    from workflow.index import index_status, rebuild_index
    from workflow.library import open_library

    call = current_call()
    with open_library(call.open_home()) as library:
        if not call.dry_run:
            rebuild_index(library)
        status = index_status(library)
    emit(status.as_json())
    key = status.state if call.dry_run else "rebuilt"
    say(translate(f"index.{key}", status.as_json()))
    return ExitCode.DONE


@index.command("status", help=translate("help.index.status"))
def status_of_index() -> int:
    """Show generation, counts and how far the index follows the catalogue."""
    from workflow.index import index_status
    from workflow.library import open_library

    with open_library(current_call().open_home()) as library:
        status = index_status(library)
    emit(status.as_json())
    show(translate(f"index.{status.state}", status.as_json()))
    return ExitCode.DONE if status.state == "current" else ExitCode.REVIEW
