"""The whole catalogue out of the files of a home, in one transaction."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from store.sidecars.batch import batch_name
from store.sidecars.journal import CURSOR
from store.sidecars.load_document import load_document, load_source
from store.sidecars.load_imports import load_arrivals, load_imports
from store.sidecars.load_journal import load_head, load_journal, note_loss
from store.sidecars.loading import Loading, load_findings, load_masters, load_record
from store.sidecars.records import bucket_of
from store.sidecars.staff import load_staff

_CACHE_KILOBYTES = 65536
"""Ids are hashes, so rows go everywhere in the tables: SQLite's own 2 MB are too few for that."""

Step = Callable[[str, int, int, str], None]
_UNKNOWN = 1 << 62
"""Sorts what the journal does not know behind what it does."""


def load_catalogue(loading: Loading, stages: tuple[str, ...], floor: int, step: Step) -> None:
    """Fill the empty catalogue of ``loading``, which names what is damaged.

    Without damage no event is written: the catalogue says what the one before it said. With damage
    the loss is the journal's next event, and all sidecars are to be looked at anew.

    ``stages``: cursors of the catalogue stages; ``floor``: a number that events have reached
    elsewhere (in the index), so that none is given twice; ``step`` is told how far it is.
    """
    loading.tx.keep_books(f"PRAGMA cache_size = -{_CACHE_KILOBYTES}")
    load_journal(loading)
    load_staff(loading)
    _load_batches(loading)
    load_imports(loading)
    _load_buckets(loading, step)
    _load_documents(loading, step)
    _load_sources(loading)
    for sha256, (size, kind, added) in sorted(loading.history.masters.items()):
        form = {"sha256": sha256, "size": size, "type": kind, "added": added}
        load_masters(loading, [form])
    _load_loose(loading)
    _merge(loading)
    _name_missing(loading)
    load_head(loading, stages, floor)
    if loading.damaged:
        note_loss(loading)
    else:
        loading.insert("cursor", {"name": CURSOR, "seq": loading.history.seq})


def _load_batches(loading: Loading) -> None:
    found = []
    for path in sorted(loading.home.batch_sidecar("x").parent.glob("*.json")):
        content = loading.page(path)
        if content is not None:
            found.append((path, content["batch"]))
    ranks = loading.history.batches
    found.sort(key=lambda item: (ranks.get(item[1]["name"], _UNKNOWN), item[1]["created"]))
    for path, form in found:
        with loading.fitting(path):
            loading.require("batch", {name: form[name] for name in ("name", "path", "created")})
            loading.batches.add(form["name"])


def _load_buckets(loading: Loading, step: Step) -> None:
    paths = sorted(loading.home.record_sidecar("x").parent.glob("*.jsonl"))
    for done, path in enumerate(paths):
        step("records", done, len(paths), path.stem)
        for number, form in loading.lines(path):
            with loading.fitting(path, number):
                load_findings(loading, form["findings"])
                _load_record(loading, form)


def _load_documents(loading: Loading, step: Step) -> None:
    paths = _in_order(loading, sorted(loading.home.objects.glob("*/document.json")))
    for done, path in enumerate(paths):
        step("documents", done, len(paths), path.parent.name)
        content = loading.page(path)
        for form in [] if content is None else content["records"]:
            with loading.fitting(path):
                _load_record(loading, form)
        if content is not None:
            with loading.fitting(path):
                load_document(loading, path, content)


def _load_record(loading: Loading, form: Mapping[str, Any]) -> None:
    if load_record(loading, form):
        load_arrivals(loading, str(form["id"]), form.get("arrivals", ()))


def _in_order(loading: Loading, paths: list[Path]) -> list[Path]:
    """Sidecars in order of intake: as the journal has it, then by time, batch and position."""
    ranks = loading.history.documents
    known = sorted((p for p in paths if p.parent.name in ranks), key=lambda p: ranks[p.parent.name])
    others = [path for path in paths if path.parent.name not in ranks]
    return known + sorted(others, key=lambda path: _time_and_place(loading, path))


def _time_and_place(loading: Loading, path: Path) -> tuple[str, str, int]:
    content = loading.page(path, again=True)
    form: dict[str, Any] = {} if content is None else content["document"]
    batch = {} if content is None else content["batch"]
    return str(form.get("created")), str(batch.get("name")), int(form.get("position", 0))


def _load_sources(loading: Loading) -> None:
    """Input files in the order of their batches; without a batch's sidecar, from the documents'."""
    rows = loading.tx.rows("SELECT name FROM batch ORDER BY rowid")
    for batch in (row["name"] for row in rows):
        path = loading.home.batch_sidecar(batch_name(batch))
        content = loading.page(path, again=True)
        forms = _of_documents(loading, batch) if content is None else content["sources"]
        with loading.fitting(path):
            if content is not None:
                load_masters(loading, content["masters"])
            for form in forms:
                load_source(loading, form)


def _of_documents(loading: Loading, batch: str) -> Iterator[dict[str, Any]]:
    rows = loading.tx.rows("SELECT id FROM document WHERE batch = ? ORDER BY seq", (batch,))
    for row in rows:
        content = loading.page(loading.home.sidecar(row["id"]), again=True)
        yield from [] if content is None else content["sources"]


def _load_loose(loading: Loading) -> None:
    path = loading.home.loose_findings
    content = loading.page(path) if path.is_file() else None
    if content is not None:
        with loading.fitting(path):
            load_findings(loading, content["findings"])


def _merge(loading: Loading) -> None:
    """Records that went into others: only now all of them are there."""
    for record, into in sorted(loading.merged.items()):
        if into not in loading.records:
            loading.name(loading.home.record_sidecar(bucket_of(record)), "record-lost")
            continue
        loading.tx.keep_books("UPDATE record SET merged_into = ? WHERE id = ?", (into, record))


def _name_missing(loading: Loading) -> None:
    """What the journal speaks of and no sidecar holds, beyond what is named already."""
    home, lost = loading.home, loading.lost()
    buckets = {bucket_of(record) for record in (*loading.records, *lost["records"])}
    batches = sorted({*loading.batches, *lost["batches"]})
    wanted = [home.sidecar(document) for document in lost["documents"]]
    wanted += [home.record_sidecar(name) for name in sorted(buckets)]
    wanted += [home.batch_sidecar(batch_name(batch)) for batch in batches]
    wanted += [home.import_sidecar(found) for found in lost.get("imports", ())]
    wanted += [home.staff_sidecar] if "members" in lost else []
    if wanted and not loading.history.seq:
        wanted.append(home.journal_segment(1))
    for path in wanted:
        if path not in loading.spoiled and not path.is_file():
            loading.name(path, "missing")
    for path in sorted({home.record_sidecar(bucket_of(record)) for record in lost["records"]}):
        if path not in loading.spoiled:
            loading.name(path, "records-lost")
