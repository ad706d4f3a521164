"""Articles of documents, as rows: what the last document job cut out of the pages."""

import sqlite3
from collections.abc import Sequence

from pages.text import Article, RegionRef
from store.database import Reader, Transaction, json_text, json_value


def set_articles(tx: Transaction, document: str, articles: Sequence[Article]) -> bool:
    """Set the articles of a document in their order; False, and nothing written, when so already.

    Raises:
        sqlite3.IntegrityError: no such document, or an id that stands there twice.
    """
    if list_articles(tx, document) == list(articles):
        return False
    tx.keep_books("DELETE FROM article WHERE document = ?", (document,))
    for position, article in enumerate(articles, start=1):
        tx.keep_books(
            "INSERT INTO article (document, id, position, title, language, confidence, regions) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                *(document, article.id, position, article.title, article.language),
                *(article.confidence, json_text(article.regions)),
            ),
        )
    tx.note("document.articles", document, {"articles": len(articles)})
    return True


def list_articles(reader: Reader, document: str) -> list[Article]:
    """Return the articles of a document in their order."""
    rows = reader.rows("SELECT * FROM article WHERE document = ? ORDER BY position", (document,))
    return [_article(row) for row in rows]


def _article(row: sqlite3.Row) -> Article:
    regions = tuple(RegionRef(*ref) for ref in json_value(row["regions"]))
    return Article(row["id"], row["title"], regions, row["language"], row["confidence"])
