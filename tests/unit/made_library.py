"""A library home with everything a catalogue can say, made through the store alone."""

from pathlib import Path
from typing import Any

from catalog.record import ControlField, DataField, Record, Subfield
from catalog.rights import Rights
from olketanu.home import Home
from olketanu.settings import TEMPLATE, Settings
from pages.text import Article, Box, PageFrame, RegionRef
from store import changes, jobs
from store.catalogue import findings, links, records
from store.catalogue.records import NewRecord
from store.database import Store, Transaction
from store.digitised import amendments, articles, batches, documents, rights
from store.digitised import pages as page_rows
from store.digitised.amendments import NewAmendment
from store.digitised.documents import NewDocument
from store.digitised.pages import NewPage, Recognised
from store.disk import masters
from store.disk.files import sha256_of, write_durably
from store.staff import members
from store.staff.members import NewMember
from workflow.library import Library

ALTO = b"<alto/>"


class Silent:
    """Progress that nobody looks at."""

    def step(self, stage: str, done: int, total: int, current: str) -> None:
        """Say nothing."""


class Ticking:
    """A clock that goes on a second with every transaction, so that times differ."""

    def __init__(self, seconds: int = 0) -> None:
        self.seconds = seconds

    def __call__(self) -> str:
        self.seconds += 1
        minutes, seconds = divmod(self.seconds, 60)
        return f"2026-01-01T00:{minutes % 60:02d}:{seconds:02d}Z"


def new_store(root: Path) -> Store:
    home = Home(root)
    store = Store.create(home, clock=Ticking())
    write_durably(home.settings, TEMPLATE.format(language="kk").encode())
    return store


def library_of(store: Store) -> Library:
    return Library(store.home, Settings(), store)


def record(number: int, title: str = "Өлке") -> Record:
    fields = (
        ControlField("001", f"n{number}"),
        DataField("200", "1 ", (Subfield("a", f"{title} {number}"), Subfield("f", "Ә. Ұлы"))),
    )
    return Record("rusmarc", "0" * 24, fields)


def add_record(tx: Transaction, number: int, **fields: Any) -> str:
    change = changes.new_change_set(tx, f"import {number // 3}")
    told: dict[str, Any] = {"raw": b"\x1e\x1draw", "identifiers": (("isbn", f"978{number}"),)}
    new = NewRecord(record(number), "books", f"n{number}", **(told | fields))
    return records.create_record(tx, new, change).id


def take_in(store: Store, batch: str, name: str, pages: int = 2, *, bytes_: bytes = b"") -> str:
    """A document of one master with so many pages, as intake would make it."""
    source = store.home.root / "source.tif"
    source.write_bytes(bytes_ or f"{batch} {name}".encode())
    master = masters.place_master(store.home, source, type="tiff")
    source.unlink()
    with store.transaction() as tx:
        batches.add_batch(tx, batch, f"/scans/{batch}")
        masters.add_master(tx, master)
        new = NewDocument(
            *(batch, name, master.sha256),
            title="Қарағанды",
            manifest={"folder": name, "date": "1962"},
            profile={"name": "fast"} if pages > 1 else {},
        )
        document = documents.add_document(tx, new)
        if not page_rows.list_pages(tx, document.id):
            crop = Box(0, 0, 5, 9)
            frames = [
                PageFrame(master.sha256, n, crop if n else None, n % 4, 10, 20, 300)
                for n in range(pages)
            ]
            page_rows.add_pages(tx, document.id, [NewPage(f, label=str(f.frame)) for f in frames])
        file = batches.source(
            *(batch, name),
            sha256=master.sha256,
            size=master.size,
            state="done",
            document=document.id,
        )
        batches.set_source(tx, file)
    return document.id


def read_pages(store: Store, document: str, *, failed: int = 0) -> None:
    """Page jobs and document job, all done but the last ``failed`` pages; then it is settled."""
    rows = page_rows.list_pages(store, document)
    bad = {page.key for page in rows[len(rows) - failed :]}
    key = f"{document}-{len(changes.events_of(store, document))}"
    with store.transaction() as tx:
        jobs.plan(tx, [jobs.new_job(f"{key}-{p.key}", "page", document, p.key) for p in rows])
        for job in jobs.claim(tx, "run", {"page"}, 99):
            _read_page(store, tx, job, failed=job.page in bad)
    pdf = store.home.pdf(document)
    write_durably(pdf, key.encode())
    with store.transaction() as tx:
        jobs.plan(tx, [jobs.new_job(key, "document", document)])
        jobs.claim(tx, "run", {"document"}, 99)
        jobs.finish(tx, key, "run", {"seconds": 1.5})
        state = "done-with-gaps" if failed else "done"
        files = {pdf.name: sha256_of(pdf)}
        documents.finish_document(tx, document, state=state, assembled_key=key, files=files)
        documents.settle(tx, documents.get_document(tx, document).batch)


def _read_page(store: Store, tx: Transaction, job: jobs.Job, *, failed: bool) -> None:
    page = str(job.page)
    if failed:
        jobs.fail(tx, job.key, "run", "TIMEOUT", retry=False)
        outcome = Recognised("image-only", "TIMEOUT", job.key)
    else:
        write_durably(store.home.recognised(job.document, page, job.key), ALTO)
        sha256 = sha256_of(store.home.recognised(job.document, page, job.key))
        jobs.finish(tx, job.key, "run", {"seconds": 0.1})
        outcome = Recognised("text", None, job.key, sha256, 0.875, ("kaz", "rus"), 7)
    page_rows.set_recognised(tx, job.document, page, outcome)


def amend(store: Store, document: str, page: str, old: str, *, applied: bool = True) -> None:
    with store.transaction("aigul") as tx:
        change = changes.new_change_set(tx, f"misread {old}")
        new = NewAmendment(document, page, "text", Box(0, 1, 2, 3), old, "ә")
        made = amendments.add_amendment(tx, new, change)
        if not applied:
            amendments.mark_applied(tx, document, page, {made.id})


def make_library(root: Path) -> Store:
    """Two batches with all the states there are, records with and without copy, findings."""
    store = new_store(root)
    first = take_in(store, "2026-01", "gazeta", 3)
    second = take_in(store, "2026-01", "кітап.tif", 1)
    third = take_in(store, "2026-02", "gazeta", 2)
    _odd_input(store, first)
    read_pages(store, first)
    read_pages(store, second, failed=1)
    amend(store, first, "p0002", "а")
    amend(store, third, "p0001", "б", applied=False)
    amend(store, first, "p0001", "в")
    amend(store, first, "p0002", "г")
    over_two = (RegionRef("p0001", "r2"), RegionRef("p0003", "r1"))
    with store.transaction() as tx:
        found = [Article("a0001", "Өлке", over_two, "kaz", 0.9)]
        found.append(Article("a0002", "Край", (RegionRef("p0002", "r1"),), "rus", 0.75))
        articles.set_articles(tx, first, found)
    with store.transaction("olketanu:import") as tx:
        ids = [add_record(tx, n, status="active", owner="external") for n in range(12)]
    with store.transaction("aigul") as tx:
        change = changes.new_change_set(tx, "corrected")
        for n, identifier in enumerate(ids[:3]):
            changed = record(n, "Сарыарқа")
            records.save_version(
                tx, identifier, changed, parent=1, change_set=change, identifiers=[("issn", "1")]
            )
        records.set_status(tx, ids[5], "merged", merged_into=ids[4])
        records.set_status(tx, ids[6], "deleted")
        records.add_membership(tx, ids[7], "local_history")
    _decisions(store, (first, second, third), ids)
    with store.transaction("staff") as tx:
        for name, role in (("Айгүл", "head"), ("Зарина", "scanner")):
            hashed = "$scrypt$ln=15,r=8,p=3$c2FsdA==$aGFzaA=="
            members.add_member(tx, NewMember(name, name.lower(), role, hashed))
        members.set_state(tx, members.get_member(tx, "зарина"), members.DISABLED)
    return store


def _odd_input(store: Store, document: str) -> None:
    source = store.home.root / "source.tif"
    source.write_bytes(b"the file of this name has been replaced since")
    replaced = masters.place_master(store.home, source, type="tiff")
    source.unlink()
    with store.transaction() as tx:
        masters.add_master(tx, replaced)
        for name, state, code, into in (
            ("copy.tif", "duplicate-of", None, document),
            ("bad\udcff.tif", "quarantined", "NO_IMAGE", None),
            ("later.tif", "waiting", None, None),
        ):
            file = batches.source("2026-02", name, size=3, state=state, code=code, document=into)
            batches.set_source(tx, file)


def _decisions(store: Store, ids: tuple[str, str, str], known: list[str]) -> None:
    first, second, third = ids
    with store.transaction("olketanu:match") as tx:
        evidence = [{"code": "title", "facts": {"page": "p0001"}}]
        for document, number in ((first, 0), (first, 1), (second, 0), (third, 8)):
            links.propose(tx, links.NewLink(document, known[number], evidence=evidence, score=0.5))
        findings.add_finding(tx, known[9], "udc-suggested", {"suggestions": [{"n": 1}]})
        findings.add_finding(tx, "2026-01", "odd-batch")
        findings.add_finding(tx, first, "LOW_DPI", {"name": "x"})
        findings.close_findings(tx, first)
    with store.transaction("aigul") as tx:
        found = {(link.document, link.record): link.id for link in links.list_links(tx)}
        links.accept(tx, found[first, known[0]])
        links.reject(tx, found[first, known[1]])
        tx.note("link.reason", found[first, known[1]], {"reason": "other year"})
        rights.set_rights(tx, first, Rights("open"))
        page_rows.reorder_pages(tx, first, ["p0003", "p0001", "p0002"])
        documents.update_document(tx, third, language="kaz", title=None)
        changes.set_cursor(tx, "extract", changes.last_seq(tx))
