"""A library in which everything that came from outside would be script, if a page let it."""

import json
import shutil
from hashlib import sha256
from pathlib import Path

from catalog.drafting import draft as drafts
from catalog.record import ControlField, DataField, Field, Record, Subfield
from olketanu.home import Home
from store import changes
from store.catalogue import findings, links, records
from store.catalogue.links import NewLink
from store.catalogue.records import NewRecord
from store.database import Transaction
from store.digitised import batches
from store.digitised import pages as page_rows
from store.digitised.documents import NewDocument
from store.digitised.pages import Recognised
from tests.portal.guarded_home import write_files
from tests.portal.payloads import PAYLOADS
from tests.unit.found_library import add_document, record_of
from tests.unit.made_entries import LEADER
from tests.unit.proposed_links import draft_of
from workflow.index import rebuild_index
from workflow.library import open_library

GROUP = 12
"""Payloads that stand together in one title; each has a line of its own on a page."""
STATUSES = ("active", "draft", "active", "draft")
GREY = (200, 200, 200)


def make_hostile_home(made: Path, root: Path) -> Home:
    """Copy the small library ``made`` to ``root`` and put payloads wherever texts come in."""
    home = Home(shutil.copytree(made, root))
    name = json.dumps(" ".join(PAYLOADS[:GROUP]))
    settings = home.settings.read_text("utf-8").replace('name = ""', f"name = {name}")
    home.settings.write_text(settings, "utf-8")
    with open_library(home) as library:
        with library.store.transaction("staff") as tx:
            for number, group in enumerate(_groups()):
                _add(tx, number, group)
        rebuild_index(library)
    return home


def _groups() -> list[tuple[str, ...]]:
    return [PAYLOADS[at : at + GROUP] for at in range(0, len(PAYLOADS), GROUP)]


def file_name(text: str) -> str:
    """A text as the name of a file: without what no file system takes."""
    return text.replace("/", "\u2215").replace("\0", "")[:200]


def _add(tx: Transaction, number: int, group: tuple[str, ...]) -> None:
    """A batch with a document, its record and all cards that wait for a person."""
    text = " ".join(group)
    batch = file_name(f"{number} {text}")
    batches.add_batch(tx, batch, f"/scans/{text}")
    lines = tuple(("rus", payload) for payload in group)
    names = ("title", "author", "source", "number", "date", "pages", "udc", "folder", "note")
    told = NewDocument(
        *(batch, file_name(text), "", "newspaper_issue", "rus"),
        title=text,
        manifest=dict.fromkeys(names, text),
    )
    document = add_document(tx, told, (lines, lines))
    write_files(tx, document, (lines, lines), GREY)
    _recognise_badly(tx, document)
    for one in group:
        file = batches.source(batch, file_name(one), size=1, state="quarantined", code="NO_IMAGE")
        batches.set_source(tx, file)
    tx.note("document.extracted", document, {"draft": drafts.to_dict(draft_of(text))})
    _enter(tx, number, group, document)
    reason = {"code": "title-equal", "facts": {"title": text}}
    links.propose(tx, NewLink(document, record_of(tx, "n1"), evidence=[reason], score=50.0))
    facts = {"box": [100, 100, 900, 140], "old": group[0], "new": group[1], "note": text}
    findings.add_finding(tx, f"{document}/p0001", "reader-correction", facts)


def _recognise_badly(tx: Transaction, document: str) -> None:
    """So that the page waits at the desk to be read."""
    key = sha256(f"{document} 1".encode()).hexdigest()
    read = Recognised("text", None, key, "0" * 64, 0.3, ("rus",), 5)
    page_rows.set_recognised(tx, document, "p0001", read)


def _enter(tx: Transaction, number: int, group: tuple[str, ...], document: str) -> None:
    """A record whose every field holds payloads, one of them in each repetition."""
    key, text = f"h{number}", " ".join(group)
    one_each = ("200", "210", "225", "300", "327", "330", "606", "607", "610", "675", "700", "856")
    fields: list[Field] = [ControlField("001", key)]
    fields += [_field(tag, text) for tag in one_each]
    fields += [_field(tag, payload) for payload in group for tag in ("610", "701", "856")]
    record = Record("rusmarc", LEADER, tuple(fields))
    change = changes.new_change_set(tx, text)
    new = NewRecord(record, "books", key, "book", STATUSES[number % len(STATUSES)])
    stored = records.create_record(tx, new, change)
    link = links.propose(tx, NewLink(document, stored.id, score=100.0))
    links.accept(tx, link.id)


def _field(tag: str, text: str) -> DataField:
    codes = "u" if tag == "856" else "abcdefgtvx"
    return DataField(tag, "  ", tuple(Subfield(code, text) for code in codes))
