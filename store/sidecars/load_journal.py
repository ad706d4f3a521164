"""The journal out of its files: every event with its number, time and chain value.

Where events are lost, each lost number says so itself (``event.lost``), those behind the gap keep
theirs, and all from there on get chain values that go on from the last event before the gap: a new
chain that can be checked from end to end again.
"""

from collections.abc import Mapping
from typing import Any

from store.chain import START, chain_hash
from store.database import json_text
from store.sidecars.journal import segment_of
from store.sidecars.loading import History, Loading

LOSS = "restore.loss"
"""Kind of the event that says what a rebuild could not bring back."""

_COLUMNS = ("seq", "time", "actor", "kind", "subject")


def load_journal(loading: Loading) -> None:
    """Enter all events that can be read and learn from them what order things were made in."""
    stated = START
    for path in sorted(loading.home.journal_segment(1).parent.glob("[0-9]*.jsonl")):
        for number, content in loading.lines(path):
            with loading.fitting(path, number):
                _load_event(loading, content, stated)
                stated = str(content["chain"])


def load_head(loading: Loading, stages: tuple[str, ...], floor: int) -> None:
    """Enter the cursors; numbers of events that were reached and are not in the journal are lost.

    Without the file that says how far each stage is, all ``stages`` stand at the end of the
    journal: sidecars are written after them. ``floor`` is a number reached elsewhere.
    """
    path, end = loading.home.journal_head, loading.history.seq
    content = loading.page(path) if path.is_file() or end else None
    if content is None:
        content = {"seq": end, "cursors": dict.fromkeys(stages, end)}
    reached = max(floor, content["seq"], *content["cursors"].values())
    if reached > end:
        loading.name(path, "events-lost")
        _fill(loading, reached)
    for name, seq in content["cursors"].items():
        loading.insert("cursor", {"name": name, "seq": seq})


def note_loss(loading: Loading) -> None:
    """Write into the journal what was lost, as its next event."""
    data = {
        "events": [list(span) for span in loading.history.gaps],
        "damaged": [list(item) for item in loading.damaged],
        "lost": loading.lost(),
    }
    _note(loading, LOSS, data)


def _load_event(loading: Loading, content: Mapping[str, Any], stated: str) -> None:
    history = loading.history
    row = {name: content[name] for name in _COLUMNS} | {"data": json_text(content["data"])}
    path = loading.home.journal_segment(segment_of(row["seq"]))
    if row["seq"] <= history.seq:
        raise ValueError("order of events")
    if row["seq"] > history.seq + 1:
        if path not in loading.spoiled:
            loading.name(path, "events-lost")
        _fill(loading, row["seq"] - 1)
    elif chain_hash(stated, **row) != content["chain"]:
        loading.name(path, "chain")
    _insert(loading, row)
    _learn(loading, row, content["data"])


def _fill(loading: Loading, upto: int) -> None:
    """Let each lost number up to and with ``upto`` say that it is lost."""
    loading.history.gaps.append((loading.history.seq + 1, upto))
    while loading.history.seq < upto:
        _note(loading, "event.lost", {})


def _note(loading: Loading, kind: str, data: Mapping[str, Any]) -> None:
    tx = loading.tx
    told = (loading.history.seq + 1, tx.now, tx.actor, kind, "home", json_text(data))
    _insert(loading, dict(zip((*_COLUMNS, "data"), told, strict=True)))


def _insert(loading: Loading, row: Mapping[str, Any]) -> None:
    history = loading.history
    chain = chain_hash(history.chain, **row)
    loading.require("event", {**row, "chain": chain})
    history.seq, history.chain = int(row["seq"]), chain


def _learn(loading: Loading, row: Mapping[str, Any], data: Mapping[str, Any]) -> None:
    history, kind, subject = loading.history, row["kind"], row["subject"]
    ranked = {
        "document.added": history.documents,
        "batch.added": history.batches,
        "import.begun": history.imports,
    }
    known = {"record.created": history.records, "staff.added": history.members}
    if kind in ranked:
        ranked[kind][subject] = len(ranked[kind])
    elif kind in known:
        known[kind].add(subject)
    elif kind in ("page.amended", "page.amendment-withdrawn"):
        _learn_amendment(history, subject, None if kind == "page.amended" else data["n"])
    elif kind == "master.added":
        history.masters[subject] = (data["size"], data["type"], row["time"])
    elif kind == LOSS:
        history.mourned.update(*data["lost"].values())


def _learn_amendment(history: History, page: str, gone: int | None) -> None:
    """A correction made, or the one ``gone`` of the page's (from 1) taken back."""
    if gone is None:
        history.amendments += 1
        history.amended.setdefault(page, []).append(history.amendments)
    else:  # nothing where the event that made it is lost
        del history.amended.get(page, [])[gone - 1 : gone]
