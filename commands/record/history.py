"""``olketanu record history`` and ``olketanu record diff``."""

import click

from commands.call import Command, current_call
from commands.output import emit, show
from olketanu.errors import ExitCode
from olketanu.messages.translate import translate


@click.command("history", cls=Command, help=translate("help.record.history"))
@click.argument("identifier", metavar="RECORD")
def history(identifier: str) -> int:
    """Tell what happened to a record: versions and imports, who, when, why, from which file."""
    from workflow.exchange.history import history as lines_of
    from workflow.exchange.history import told_reason
    from workflow.library import open_library

    with open_library(current_call().open_home()) as library:
        lines = lines_of(library, identifier)
    for line in lines:
        emit(line.as_json())
        facts = {**line.as_json(), "tags": " ".join(line.tags)}
        facts["reason"] = told_reason(line.reason)
        facts["what"] = translate(f"history-what.{line.what}", facts)
        show(translate("history.line", facts))
        if line.file is not None:
            show(f"    {translate('history.file', facts)}")
        if line.tags:
            show(f"    {translate('history.tags', facts)}")
    return ExitCode.DONE


@click.command("diff", cls=Command, help=translate("help.record.diff"))
@click.argument("identifier", metavar="RECORD")
@click.argument("first", metavar="[A]", type=click.IntRange(min=1), required=False)
@click.argument("second", metavar="[B]", type=click.IntRange(min=1), required=False)
def diff(identifier: str, first: int | None, second: int | None) -> int:
    """Show field by field in what two versions of a record differ."""
    from workflow.exchange.history import difference_lines
    from workflow.library import open_library

    with open_library(current_call().open_home()) as library:
        lines = difference_lines(library, identifier, first, second)
    for line in lines:
        emit(line.as_json())
        for sign, text in (("-", line.was), ("+", line.now)):
            if text is not None:
                indented = text.replace("\n", f"\n{sign} ")
                show(f"{sign} {indented}")
    if not lines:
        show(translate("diff.none"))
    return ExitCode.DONE
