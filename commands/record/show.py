"""``olketanu record show``."""

import click

from commands.call import Command, current_call
from commands.output import emit, show
from olketanu.errors import ExitCode
from olketanu.messages.translate import translate


@click.command("show", cls=Command, help=translate("help.record.show"))
@click.argument("identifier", metavar="RECORD")
@click.option(
    "--format", "wanted", type=click.Choice(["rusmarc", "marc21"]), help=translate("help.format")
)
def show_record(identifier: str, wanted: str | None) -> int:
    """Show a record field by field."""
    from workflow.library import open_library
    from workflow.record.show import describe_record

    with open_library(current_call().open_home()) as library:
        shown = describe_record(library, identifier, wanted)
    emit(shown.as_json())
    show("\n".join(shown.lines(translate)))
    return ExitCode.DONE
