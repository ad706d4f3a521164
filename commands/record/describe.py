"""``olketanu record describe``."""

import datetime
from dataclasses import replace
from typing import Any

import click

from catalog.isbd.style import EDITIONS
from commands.call import Command, current_call
from commands.output import emit, show
from olketanu.errors import ExitCode
from olketanu.messages.translate import translate

_FORMS = ("text", "html", "bibtex", "ris", "csl-json")


@click.command("describe", cls=Command, help=translate("help.record.describe"))
@click.argument("identifiers", metavar="RECORD...", nargs=-1, required=True)
@click.option(
    "--style", "edition", type=click.Choice(EDITIONS), help=translate("help.describe.style")
)
@click.option(
    "--as",
    "form",
    type=click.Choice(_FORMS),
    default="text",
    show_default=True,
    help=translate("help.describe.as"),
)
@click.option("--dashes/--no-dashes", default=None, help=translate("help.describe.dashes"))
@click.option("--medium/--no-medium", default=None, help=translate("help.describe.medium"))
@click.option(
    "--pages-after/--pages-before", default=None, help=translate("help.describe.pages-after")
)
@click.option("--price/--no-price", default=None, help=translate("help.describe.price"))
@click.option(
    "--accessed",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help=translate("help.describe.accessed"),
)
def describe(
    identifiers: tuple[str, ...],
    form: str,
    accessed: datetime.datetime | None,
    **told: Any,  # noqa: ANN401 - a name or a yes or no, each for the field of its name
) -> int:
    """Describe records by GOST 7.1-2003 or GOST R 7.0.100-2018, or cite them."""
    from workflow.library import open_library
    from workflow.record.describe import describe_records, library_style

    with open_library(current_call().open_home()) as library:
        wanted = {name: value for name, value in told.items() if value is not None}
        day = accessed.date() if accessed else None
        style = replace(library_style(library.settings), accessed=day, **wanted)
        described = describe_records(library, identifiers, form, style)
    for one in described.records:
        emit(one.as_json())
    show(described.text.replace("\r\n", "\n").rstrip("\n"))
    return ExitCode.DONE
