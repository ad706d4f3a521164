"""The sidecar of a document: everything that its rows say, as one deterministic file beside it.

Numbers that depend on the order of work (event, change set, amendment) stay out: change sets are
written in full.
"""

from typing import Any

from catalog.rights import to_dict
from pages.codec import article_to_dict
from pages.text import PageFrame
from store.catalogue.links import Link, list_links
from store.database import Reader, json_value
from store.digitised.articles import list_articles
from store.digitised.batches import get_batch
from store.digitised.documents import Document, get_document
from store.digitised.pages import Page, list_pages
from store.digitised.rights import get_rights
from store.sidecars.batch import master_forms, source_form
from store.sidecars.findings import document_findings
from store.sidecars.form import page as sealed_page
from store.sidecars.record import change_set_form, record_forms

_AMENDMENTS = (
    "SELECT amendment.*, change_set.time AS made, actor, reason FROM amendment JOIN change_set "
    "ON change_set.id = change_set WHERE document = ? ORDER BY amendment.id"
)
_JOBS = (
    "SELECT key, kind, page, state, code FROM job WHERE document = ? "
    "AND state IN ('done', 'failed') ORDER BY kind, page, key"
)


def document_sidecar(reader: Reader, document: str) -> bytes:
    """Return the sidecar of a document: equal rows give equal bytes.

    Raises:
        UsageError: no such document.
    """
    found = get_document(reader, document)
    pages = list_pages(reader, document)
    links = sorted(list_links(reader, document), key=lambda link: link.id)
    sources = reader.rows(
        "SELECT * FROM source_file WHERE document = ? ORDER BY batch, raw_name", (document,)
    )
    batch = get_batch(reader, found.batch)
    masters = {page.frame.master for page in pages} | {found.first_master}
    masters |= {row["sha256"] for row in sources if row["sha256"] is not None}
    content = {
        "batch": {"name": batch.name, "path": batch.path, "created": batch.created},
        "document": _document(reader, found),
        "sources": [source_form(row) for row in sources],
        "masters": master_forms(reader, masters),
        "pages": [_page(page) for page in pages],
        "rights": _rights(reader, document),
        "amendments": _amendments(reader, document),
        "links": [_link(link) for link in links],
        "records": record_forms(reader, {link.record for link in links}),
        "findings": document_findings(reader, document),
        "jobs": [dict(row) for row in reader.rows(_JOBS, (document,))],
    }
    articles = [article_to_dict(article) for article in list_articles(reader, document)]
    # Left out where there are none, so that sidecars of older programs stay as they are.
    return sealed_page(content | ({"articles": articles} if articles else {}))


def _document(reader: Reader, found: Document) -> dict[str, Any]:
    names = ("id", "position", "name", "first_master", "kind", "language", "script", "title")
    more = ("state", "code", "manifest", "profile", "created", "assembled_key", "files")
    row = reader.rows("SELECT settled_as FROM document WHERE id = ?", (found.id,))[0]
    return {name: getattr(found, name) for name in (*names, *more)} | {
        "settled_as": json_value(row["settled_as"])
    }


def _page(page: Page) -> dict[str, Any]:
    names = ("key", "position", "label", "source", "text_layer", "state", "code")
    more = ("recognised_key", "alto_sha256", "confidence", "languages", "words")
    return {name: getattr(page, name) for name in (*names, *more)} | {"frame": _frame(page.frame)}


def _frame(frame: PageFrame) -> dict[str, Any]:
    names = ("master", "frame", "crop", "quarter_turn", "width", "height", "dpi")
    return {name: getattr(frame, name) for name in names}


def _rights(reader: Reader, document: str) -> dict[str, str] | None:
    """What was set; None where nobody has set anything, which is closed too."""
    found = reader.rows("SELECT 1 FROM rights WHERE document = ?", (document,))
    return to_dict(get_rights(reader, document)) if found else None


def _amendments(reader: Reader, document: str) -> list[dict[str, Any]]:
    return [
        {name: row[name] for name in ("page", "kind", "old", "new")}
        | {"box": json_value(row["box"]), "applied": bool(row["applied"])}
        | {"change_set": change_set_form(row)}
        for row in reader.rows(_AMENDMENTS, (document,))
    ]


def _link(link: Link) -> dict[str, Any]:
    names = ("id", "record", "kind", "evidence", "score", "status", "made_by", "decided_by")
    return {name: getattr(link, name) for name in (*names, "created")}
