"""``olketanu link list|accept|reject``: proposals that join a digital copy to a record."""

import click

from commands.call import Group, current_call
from commands.output import emit, say, say_undo, show
from olketanu.errors import ExitCode
from olketanu.messages.translate import translate


@click.group("link", cls=Group, help=translate("help.link"))
def link() -> None:
    """Commands over links between documents and records."""


@link.command("list", help=translate("help.link.list"))
@click.option("--all", "every", is_flag=True, help=translate("help.link.all"))
def list_links(every: bool) -> int:
    """List proposals with their reasons."""
    from workflow.library import open_library
    from workflow.record.links import link_lines

    with open_library(current_call().open_home()) as library:
        lines = link_lines(library, every=every)
    for line in lines:
        emit(line.as_json())
        show("\n".join(line.words(translate)))
    if not lines:
        show(translate("link.none"))
    return ExitCode.DONE


def _decide(number: str, decision: str, reason: str, actor: str) -> int:
    from pipeline import catch_up
    from workflow.library import open_library
    from workflow.record.links import decide

    call = current_call()
    with open_library(call.open_home()) as library:
        line, act = decide(
            library, number, decision, reason=reason, actor=actor, dry_run=call.dry_run
        )
        if not call.dry_run:
            catch_up(library)
    emit({**line.as_json(), "act": act})
    key = f"link.would-{decision}" if call.dry_run else f"link.{decision}"
    say(translate(key, {"link": number, "document": line.document, "record": line.record}))
    say_undo(act)
    return ExitCode.DONE


_REASON = click.option("--reason", default="", help=translate("help.reason"))
_ACTOR = click.option(
    "--actor", envvar="OLKETANU_ACTOR", default="staff", help=translate("help.actor")
)


@link.command("accept", help=translate("help.link.accept"))
@click.argument("number", metavar="LINK")
@_REASON
@_ACTOR
def accept(number: str, reason: str, actor: str) -> int:
    """Accept a proposal: the record gets field 856 for the copy."""
    return _decide(number, "accept", reason, actor)


@link.command("reject", help=translate("help.link.reject"))
@click.argument("number", metavar="LINK")
@_REASON
@_ACTOR
def reject(number: str, reason: str, actor: str) -> int:
    """Reject a proposal: this pair is never proposed again, and a draft is made."""
    return _decide(number, "reject", reason, actor)
