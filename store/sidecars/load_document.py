"""A document out of its sidecar, with its pages, links, amendments, rights and ended jobs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from store.database import json_text
from store.sidecars.form import decoded
from store.sidecars.loading import Loading, load_findings, load_masters

Form = Mapping[str, Any]


def load_document(loading: Loading, path: Path, content: Form) -> None:
    """Enter everything that the sidecar of a document says; source files come with their batch.

    Its records have been entered before.

    Raises:
        ValueError, KeyError, TypeError, sqlite3.IntegrityError: it does not fit.
    """
    document = content["document"]
    if path.parent.name != document["id"]:
        raise ValueError("sidecar of another document")
    batch = content["batch"]
    if batch["name"] not in loading.batches:
        loading.insert("batch", {name: batch[name] for name in ("name", "path", "created")})
        loading.batches.add(batch["name"])
    load_masters(loading, content["masters"])
    seq = _document_row(loading, document, batch["name"])
    for form in content["pages"]:
        _page(loading, document["id"], form)
    _rights(loading, document["id"], content["rights"])
    for form in content["amendments"]:
        _amendment(loading, document["id"], form)
    for position, form in enumerate(content.get("articles", ()), start=1):
        _article(loading, document["id"], position, form)
    for form in content["links"]:
        _link(loading, path, document["id"], form)
    _jobs(loading, document["id"], seq, content)
    load_findings(loading, content["findings"])
    loading.documents[document["id"]] = seq


def load_source(loading: Loading, form: Form) -> bool:
    """Enter an input file; where its document is lost it waits for the next run to take it in.

    Returns:
        Whether the document is there, or none is named.
    """
    names = ("batch", "name", "sha256", "size", "state", "code", "document")
    row = {name: form[name] for name in names} | {"raw_name": decoded(form["raw_name"])}
    found = row["document"] is None or row["document"] in loading.documents
    if not found:
        row |= {"state": "waiting", "document": None}
    loading.insert("source_file", row)
    return found


def _document_row(loading: Loading, form: Form, batch: str) -> int:
    names = ("id", "position", "name", "first_master", "kind", "language", "script", "title")
    more = ("state", "code", "created", "assembled_key")
    row = {name: form[name] for name in (*names, *more)} | {
        "seq": len(loading.documents) + 1,
        "batch": batch,
        "manifest": _json(form["manifest"]),
        "profile": json_text(form["profile"]),
        "files": json_text(form["files"]),
        "settled_as": _json(form["settled_as"]),
    }
    loading.require("document", row)
    return int(row["seq"])


def _page(loading: Loading, document: str, form: Form) -> None:
    names = ("key", "position", "label", "state", "code", "recognised_key", "alto_sha256")
    row = {name: form[name] for name in (*names, "confidence", "words")}
    row |= {"document": document, "languages": json_text(form["languages"])}
    loading.require("page", row)
    frame = form["frame"]
    sides = ("master", "frame", "quarter_turn", "width", "height", "dpi")
    loading.require(
        "page_frame",
        {name: frame[name] for name in sides}
        | {"document": document, "page": form["key"], "source": form["source"]}
        | {"crop": _json(frame["crop"]), "text_layer": int(form["text_layer"])},
    )


def _rights(loading: Loading, document: str, form: Form | None) -> None:
    if form is not None:
        row = {name: form.get(name) for name in ("code", "until", "contract")}
        loading.require("rights", row | {"document": document})


def _amendment(loading: Loading, document: str, form: Form) -> None:
    waiting = loading.history.amended.get(f"{document}/{form['page']}", [])
    row = {name: form[name] for name in ("page", "kind", "old", "new")} | {
        "id": waiting.pop(0) if waiting else _free_number(loading),
        "document": document,
        "box": json_text(form["box"]),
        "applied": int(form["applied"]),
        "change_set": loading.change_set(form["change_set"]),
    }
    loading.require("amendment", row)


def _article(loading: Loading, document: str, position: int, form: Form) -> None:
    row = {name: form[name] for name in ("id", "title", "language", "confidence")}
    row |= {"document": document, "position": position, "regions": json_text(form["regions"])}
    loading.require("article", row)


def _free_number(loading: Loading) -> int:
    """A number behind all that the journal knows of."""
    loading.history.amendments += 1
    return loading.history.amendments


def _link(loading: Loading, path: Path, document: str, form: Form) -> None:
    if form["record"] not in loading.records:
        loading.name(path, "record-lost")
        return
    names = ("id", "record", "kind", "score", "status", "made_by", "decided_by", "created")
    row = {name: form[name] for name in names} | {"document": document}
    loading.require("link", row | {"evidence": json_text(form["evidence"])})


def _jobs(loading: Loading, document: str, seq: int, content: Form) -> None:
    """Jobs that have ended; those that had not are planned anew by the next run."""
    places = _places(content["pages"])
    for form in content["jobs"]:
        row = {name: form[name] for name in ("key", "kind", "page", "state", "code")}
        row |= {"document": document, "document_seq": seq, "position": places.get(form["page"], 0)}
        loading.require("job", row | {"attempt": 0, "claims": 0, "payload": "{}"})


def _places(pages: Sequence[Form]) -> dict[str | None, int]:
    return {page["key"]: page["position"] for page in pages}


def _json(value: object) -> str | None:
    return None if value is None else json_text(value)
