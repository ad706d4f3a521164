"""``olketanu document show|list|amend|export|import``: digitised documents and their text."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.call import Group, current_call
from commands.output import emit, say, say_undo, show, table
from commands.progress import Progress
from olketanu.errors import ExitCode, UsageError
from olketanu.messages.translate import plural, translate

if TYPE_CHECKING:
    from workflow.document.show import ShownPage
    from workflow.library import Library


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
    from workflow.document.show import describe_document
    from workflow.library import open_library

    with open_library(current_call().open_home()) as library:
        shown = describe_document(library, address, with_text=text)
    emit(shown.as_json())
    show(
        "\n".join(f"{translate(f'label.{name}')}: {value}" for name, value in shown.rows(translate))
    )
    for page in shown.pages:
        show("  " + "  ".join(_page_words(page)))
        if text:
            show(page.text)
    return ExitCode.DONE


def _page_words(page: "ShownPage") -> list[str]:
    """What is told of a page on one line."""
    size, languages = f"{page.width}×{page.height}", "+".join(page.languages)
    words = [page.key, translate(f"state.{page.state}"), size, languages]
    if page.text_layer == "kept":
        return [*words, translate("page.layer-kept")]
    words.append(page.engine or "")
    if page.text_layer is not None:
        words.append(translate("page.layer-refused", {"code": page.text_layer}))
    return [word for word in words if word]


@document.command("amend", help=translate("help.document.amend"))
@click.argument("address", metavar="ID|URL")
@click.argument("page", metavar="PAGE")
@click.option(
    "--kind",
    type=click.Choice(["text", "region_kind", "language"]),
    default="text",
    help=translate("help.amend.kind"),
)
@click.option("--old", required=True, help=translate("help.amend.old"))
@click.option("--new", required=True, help=translate("help.amend.new"))
@click.option("--box", metavar="L,T,R,B", help=translate("help.amend.box"))
@click.option("--reason", default="", help=translate("help.reason"))
@click.option("--actor", envvar="OLKETANU_ACTOR", default="staff", help=translate("help.actor"))
def amend(address: str, page: str, **told: str | None) -> int:
    """Correct words on a page; the correction survives every new recognition."""
    from workflow.document.amend import Correction
    from workflow.library import open_library
    from workflow.proofreading.by_words import amend_page

    correction = Correction.from_options(page, told)
    call = current_call()
    with open_library(call.open_home()) as library:
        done = amend_page(library, address, correction, dry_run=call.dry_run)
        if not call.dry_run:
            _assemble(library, done.document)
    emit(done.as_json(page))
    key = "amend.would" if call.dry_run else "amend.done"
    say(translate(key, {"page": page, "document": done.document, "line": done.line}))
    say_undo(done.act)
    return ExitCode.DONE


@document.command("export", help=translate("help.document.export"))
@click.argument("address", metavar="ID|URL")
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--as",
    "form",
    type=click.Choice(["text", "alto", "hocr", "mets"]),
    default="text",
    show_default=True,
    help=translate("help.document.as"),
)
def export(address: str, folder: Path, form: str) -> int:
    """Write the text of a document as files for other programs."""
    from workflow.document.text_export import export_text
    from workflow.library import open_library

    call = current_call()
    with open_library(call.open_home()) as library:
        written = export_text(library, address, form, folder, dry_run=call.dry_run)
    for file in written:
        emit(
            {
                "document": file.document,
                "page": file.page,
                "form": form,
                "file": str(file.file),
                "bytes": file.size,
            }
        )
    key = "text.would-export" if call.dry_run else "text.exported"
    say(plural(key, len(written), {"folder": folder}))
    return ExitCode.DONE


@document.command("import", help=translate("help.document.import"))
@click.argument("address", metavar="ID|URL")
@click.argument("page", metavar="PAGE|all")
@click.argument("source", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@click.option("--undo", is_flag=True, help=translate("help.import.undo"))
@click.option("--actor", envvar="OLKETANU_ACTOR", default="staff", help=translate("help.actor"))
def import_page(address: str, page: str, source: Path | None, undo: bool, actor: str) -> int:
    """Take the text of pages from ALTO or hOCR files instead of recognising them."""
    if undo == (source is not None):
        raise UsageError("error.import-file")
    from workflow.document.text_import import drop_import, import_text
    from workflow.library import open_library

    call = current_call()
    with open_library(call.open_home()) as library:
        if source is None:
            done = drop_import(library, address, page, actor=actor, dry_run=call.dry_run)
        else:
            done = import_text(library, address, page, source, actor=actor, dry_run=call.dry_run)
        if done and not call.dry_run:
            _assemble(library, done[0].document)
    for text in done:
        emit(
            {
                "document": text.document,
                "page": text.page,
                "engine": text.engine,
                "words": text.words,
                "confidence": text.confidence,
                "languages": list(text.languages),
            }
        )
    if call.dry_run:
        say(plural("import.would-undo" if undo else "import.would", len(done)))
    else:
        say(plural("import.undone" if undo else "import.done", len(done)))
    return ExitCode.DONE


def _assemble(library: "Library", document: str) -> None:
    """Do what the document needs now: its page job where one waits, its files, the catalogue."""
    from pipeline import Job, run_job

    with Progress(quiet=current_call().quiet) as progress:
        run_job(library, Job(documents=(document,)), progress)
