"""``olketanu document show|list|amend``: digitised documents and people's corrections."""

import click

from commands.call import Group, current_call
from commands.output import emit, say, show, table
from commands.progress import Progress
from olketanu.errors import ExitCode
from olketanu.messages.translate import translate


@click.group("document", cls=Group, help=translate("help.document"))
def document() -> None:
    """Commands over digitised documents."""


@document.command("list", help=translate("help.document.list"))
@click.option("--batch", metavar="BATCH", help=translate("help.document.batch"))
@click.option("--state", metavar="STATE", help=translate("help.document.state"))
def list_documents(batch: str | None, state: str | None) -> int:
    """List the documents of the home."""
    from workflow.library import open_library
    from workflow.summary import document_lines

    with open_library(current_call().open_home()) as library:
        lines = document_lines(library, batch=batch, state=state)
    for line in lines:
        emit(line.as_json())
    rows = [
        (
            line.document,
            line.name,
            translate(f"kind.{line.kind}"),
            str(line.text + line.image_only + line.failed),
            line.record_words(translate),
            translate(f"state.{line.state}"),
        )
        for line in lines
    ]
    headings = ("document", "name", "kind", "pages", "record", "state")
    show(table([f"column.{heading}" for heading in headings], rows))
    return ExitCode.DONE


@document.command("show", help=translate("help.document.show"))
@click.argument("address", metavar="ID|URL")
@click.option("--text", is_flag=True, help=translate("help.document.text"))
def show_document(address: str, text: bool) -> int:
    """Show a document by its identifier or by the address in field 856 $u."""
    from workflow.documents import describe_document
    from workflow.library import open_library

    with open_library(current_call().open_home()) as library:
        shown = describe_document(library, address, with_text=text)
    emit(shown.as_json())
    show(
        "\n".join(f"{translate(f'label.{name}')}: {value}" for name, value in shown.rows(translate))
    )
    for page in shown.pages:
        state = translate(f"state.{page.state}")
        show(f"  {page.key}  {state}  {page.width}×{page.height}  {'+'.join(page.languages)}")
        if text:
            show(page.text)
    return ExitCode.DONE


@document.command("amend", help=translate("help.document.amend"))
@click.argument("address", metavar="ID|URL")
@click.argument("page", metavar="PAGE")
@click.option("--old", required=True, help=translate("help.amend.old"))
@click.option("--new", required=True, help=translate("help.amend.new"))
@click.option("--box", metavar="L,T,R,B", help=translate("help.amend.box"))
@click.option("--reason", default="", help=translate("help.reason"))
@click.option("--actor", envvar="OLKETANU_ACTOR", default="staff", help=translate("help.actor"))
def amend(address: str, page: str, **told: str | None) -> int:
    """Correct words on a page; the correction survives every new recognition."""
    from pipeline import Job, run_job
    from workflow.amend import Correction, amend_page
    from workflow.library import open_library

    correction = Correction.from_options(page, told)
    call = current_call()
    with open_library(call.open_home()) as library:
        done = amend_page(library, address, correction, dry_run=call.dry_run)
        if not call.dry_run:
            with Progress(quiet=call.quiet) as progress:
                run_job(library, Job(documents=(done.document,)), progress)
    emit({"document": done.document, "page": page, "amendment": done.amendment, "line": done.line})
    key = "amend.would" if call.dry_run else "amend.done"
    say(translate(key, {"page": page, "document": done.document, "line": done.line}))
    return ExitCode.DONE
