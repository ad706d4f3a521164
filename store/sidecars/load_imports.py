"""Imports out of their sidecars, and what came for each record out of the record's line."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from catalog.record import canonical_json, from_json
from store.database import json_text
from store.sidecars.form import decoded
from store.sidecars.loading import Loading

Form = Mapping[str, Any]

_PLAIN = ("id", "sha256", "size", "name", "catalogue", "container", "format", "charset")
_ARRIVAL = (
    "INSERT INTO arrival (file, place, catalogue, key, record, outcome, state, version, sha256, "
    "raw_sha256, content, raw, charset, notes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (file, place) DO UPDATE SET state = excluded.state, version = excluded.version "
    "RETURNING id"
)


def load_imports(loading: Loading) -> None:
    """Enter every imported file with its bad records, in the order in which they came."""
    ranks = loading.history.imports
    paths = sorted(loading.home.import_sidecar("x").parent.glob("*.jsonl"))
    for path in sorted(paths, key=lambda path: ranks.get(path.stem, len(ranks))):
        for number, form in loading.lines(path):
            with loading.fitting(path, number):
                if number == 1:
                    _file(loading, path, form)
                else:
                    _bad(loading, path.stem, form)


def load_arrivals(loading: Loading, record: str, forms: Sequence[Form]) -> None:
    """Enter what came for a record, with its conflicts; what a lost file brought stays out.

    An arrival that is known already takes the newer state.
    """
    known: dict[tuple[str, int], int] = {}
    for form in forms:
        place = (form["file"], form["place"])
        if form["file"] in loading.imports:
            known[place] = _arrival(loading, record, form)
        if "conflict" in form and place in known:
            _conflict(loading, record, form["conflict"], known, known[place])


def _file(loading: Loading, path: Path, form: Form) -> None:
    if form["id"] != path.stem:
        raise ValueError("sidecar of another import")
    row = {name: form[name] for name in (*_PLAIN, "margin", "evidence", "state")} | {
        "told": json_text(form["told"]),
        "counts": json_text(form["counts"]),
        "change_set": loading.change_set(form["change_set"]),
    }
    loading.require("import_file", row)
    loading.imports.add(form["id"])


def _bad(loading: Loading, file: str, form: Form) -> None:
    row = {name: form[name] for name in ("place", "reason", "status")}
    loading.require("bad_record", row | {"file": file, "raw": decoded(form["raw"])})


def _arrival(loading: Loading, record: str, form: Form) -> int:
    content = form["record"]
    if content is not None:
        # Through the record, since its canonical form has an order of keys of its own.
        content = canonical_json(from_json(json_text(content))).decode()
    row = (
        *(form["file"], form["place"], form["catalogue"], form["key"], record, form["outcome"]),
        *(form["state"], form["version"], form["sha256"], form["raw_sha256"], content),
        *(decoded(form["raw"]), form["charset"], json_text(form["notes"])),
    )
    return int(loading.tx.returning(_ARRIVAL, row)[0]["id"])


def _conflict(
    loading: Loading,
    record: str,
    form: Form,
    known: Mapping[tuple[str, int], int],
    theirs: int,
) -> None:
    base = None if form["base"] is None else known.get((form["base"][0], form["base"][1]))
    values = (form["id"], record, theirs, base, form["ours"])
    loading.tx.keep_books(
        "INSERT INTO conflict VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
        "status = excluded.status, decision = excluded.decision, decided_by = excluded.decided_by",
        (*values, form["status"], form["decision"], form["decided_by"]),
    )
