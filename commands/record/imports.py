"""``olketanu record imports``."""

import click

from commands.call import Command, current_call
from commands.output import emit, show
from olketanu.errors import ExitCode
from olketanu.messages.translate import language, translate


@click.command("imports", cls=Command, help=translate("help.record.imports"))
@click.option("--catalogue", metavar="CODE", help=translate("help.record.catalogue"))
def imports(catalogue: str | None) -> int:
    """List the imports, the oldest first."""
    from catalog.catalogues import catalogue_code, catalogue_name
    from store.imports.files import list_files
    from workflow.library import open_library

    code = None if catalogue is None else catalogue_code(catalogue)
    with open_library(current_call().open_home()) as library:
        found = list_files(library.store, code)
    for one in found:
        facts = {
            "import": one.id,
            "file": one.name,
            "catalogue": one.catalogue,
            "state": one.state,
            "time": one.time,
            "actor": one.actor,
            "change": one.change_set,
            "charset": one.charset,
            "format": one.format,
        }
        emit({**facts, "counts": dict(one.counts)})
        facts["catalogue"] = catalogue_name(one.catalogue, language())
        facts["state"] = translate(f"import-state.{one.state}")
        show(translate("record-import.line", facts))
    if not found:
        show(translate("record-import.none"))
    return ExitCode.DONE
