"""``olketanu index update|rebuild|verify|status``."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from commands.call import Group, current_call
from commands.output import emit, say, say_first, show
from commands.progress import Progress
from olketanu.errors import ExitCode
from olketanu.messages.translate import plural, translate

if TYPE_CHECKING:
    from workflow.index import IndexReport
    from workflow.library import Library

    Work = Callable[[Library, Progress], int]


@click.group("index", cls=Group, help=translate("help.index"))
def index() -> None:
    """Commands over the search index."""


@index.command("update", help=translate("help.index.update"))
def update() -> int:
    """Take over what has changed since; an index that cannot be used is built anew."""
    from workflow.index import update_index

    return _work(update_index)


@index.command("rebuild", help=translate("help.index.rebuild"))
def rebuild() -> int:
    """Build a new generation from the catalogue and switch to it."""
    from workflow.index import rebuild_index

    return _work(rebuild_index)


@index.command("verify", help=translate("help.index.verify"))
def verify() -> int:
    """Read every byte of the index and compare it with what was written."""
    from workflow.index import verify_index
    from workflow.library import open_library

    with open_library(current_call().open_home()) as library:
        found = verify_index(library)
    emit(found.as_json())
    if found.is_well:
        show(plural("index.verified", found.files, {"generation": found.generation}))
        return ExitCode.DONE
    say_first([translate("index.damaged", {"file": name}) for name in found.damaged])
    show(translate(f"index.{found.state}", {"reason": _reason(found.fault)}))
    return ExitCode.REVIEW if found.state == "missing" else ExitCode.PARTLY_FAILED


@index.command("status", help=translate("help.index.status"))
def status_of_index() -> int:
    """Show generation, counts and how far the index follows the catalogue."""
    from workflow.index import index_status
    from workflow.library import open_library

    with open_library(current_call().open_home()) as library:
        status = index_status(library)
    emit(status.as_json())
    show(_sentence(status))
    return ExitCode.DONE if status.state == "current" else ExitCode.REVIEW


def _work(work: "Work") -> int:
    """Let ``work`` write the index, unless it is a dry run, and say how it stands then."""
    from workflow.index import index_status
    from workflow.library import open_library

    call = current_call()
    with open_library(call.open_home()) as library:
        changed = 0
        if not call.dry_run:
            with Progress(quiet=call.quiet) as progress:
                changed = work(library, progress)
        status = replace(index_status(library), changed=changed)
    emit(status.as_json())
    if not call.dry_run:
        say(translate("index.changed", {"changed": changed}))
    say(_sentence(status))
    return ExitCode.DONE


def _sentence(status: "IndexReport") -> str:
    facts = {
        **status.as_json(),
        "size": f"{status.size / 1_000_000:.1f}",
        "reason": _reason(status.fault),
    }
    return translate(f"index.{status.state}", facts)


def _reason(fault: str) -> str:
    """Why the index is stale, in words."""
    return translate(f"index.fault.{fault}") if fault else ""
