"""Works as CSL-JSON, the items that citation processors read (CSL 1.0.2)."""

import json
from collections.abc import Iterable

from catalog.citation.work import Person, Work


def to_csl_json(works: Iterable[Work]) -> str:
    """Return one JSON array of items, ended by a line feed; letters stand as they are."""
    return json.dumps([csl_item(work) for work in works], ensure_ascii=False, indent=2) + "\n"


def csl_item(work: Work) -> dict[str, object]:
    """Return the item; what the record does not say has no member."""
    parts = [int(part) for part in (work.date or "").split("-") if part]
    members: dict[str, object] = {
        "title": work.title,
        "author": [_name(person) for person in work.authors],
        "editor": [_name(person) for person in work.editors],
        "translator": [_name(person) for person in work.translators],
        "container-title": work.host,
        "issued": {"date-parts": [parts]} if parts else None,
        "volume": work.volume,
        "issue": work.number,
        "page": work.pages,
        "publisher-place": work.place,
        "publisher": work.publisher,
        "edition": work.edition,
        "collection-title": work.series,
        "ISBN": work.isbn,
        "ISSN": work.issn,
        "URL": work.url,
        "language": work.language,
        "abstract": work.summary,
        "keyword": ", ".join(work.subjects),
    }
    known = {name: value for name, value in members.items() if value}
    return {"id": work.key, "type": work.type_in("csl"), **known}


def _name(person: Person) -> dict[str, str]:
    """Family and given name; one that has no given name is a whole of its own."""
    if person.given is None:
        return {"literal": person.family}
    return {"family": person.family, "given": person.given}
