"""A draft: what is known about a document before it is a record, each element with its evidence.

Neutral between formats: :mod:`catalog.drafting.build` turns a draft into RUSMARC or MARC 21. An
element without evidence is never written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pages.text import Box

ELEMENTS = (
    "title",
    "subtitle",
    "responsibility",
    "author",
    "edition",
    "place",
    "publisher",
    "year",
    "extent",
    "isbn",
    "udc",
    "bbk",
    "author_mark",
    "annotation",
    "print_run",
    "language",
    "script",
    "host_title",
    "host_number",
    "host_date",
    "pages",
    "note",
    "record_number",
    "inventory_number",
    "collection",
)
"""Names of elements; ``author`` and class numbers may be repeated, ``host_date`` is ISO 8601."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a value comes from.

    ``page`` is a page key and ``box`` pixels of its frame, both None for the librarian's sheet;
    ``confidence`` 0.0 to 1.0 is that of recognition; ``rule`` names the rule that took it; ``text``
    is what stands there, unchanged.
    """

    page: str | None
    box: Box | None
    confidence: float | None
    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Element:
    """One value: ``name`` of ``ELEMENTS``, ``language`` of the value (ISO 639-2) where known."""

    name: str
    value: str
    language: str | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """Elements of one document of a ``kind`` (codes of docs/reference/codes.md), in order."""

    kind: str
    elements: tuple[Element, ...]

    def element(self, name: str) -> Element | None:
        """The first element of that name, or None."""
        return next((e for e in self.elements if e.name == name), None)

    def first(self, name: str) -> str | None:
        """Value of the first element of that name, or None."""
        found = self.element(name)
        return found.value if found else None

    def all(self, name: str) -> list[str]:
        """Values of every element of that name, in order."""
        return [e.value for e in self.elements if e.name == name]


def to_dict(draft: Draft) -> dict[str, Any]:
    """Return the draft as plain JSON values."""
    elements = [
        {
            "name": e.name,
            "value": e.value,
            "language": e.language,
            "evidence": [_evidence_out(one) for one in e.evidence],
        }
        for e in draft.elements
    ]
    return {"kind": draft.kind, "elements": elements}


def from_dict(data: Mapping[str, Any]) -> Draft:
    """Return the draft that :func:`to_dict` wrote; KeyError on other input."""
    elements = tuple(
        Element(e["name"], e["value"], e["language"], tuple(map(_evidence_in, e["evidence"])))
        for e in data["elements"]
    )
    return Draft(data["kind"], elements)


def _evidence_out(evidence: Evidence) -> dict[str, Any]:
    return {
        "page": evidence.page,
        "box": None if evidence.box is None else list(evidence.box),
        "confidence": evidence.confidence,
        "rule": evidence.rule,
        "text": evidence.text,
    }


def _evidence_in(data: Mapping[str, Any]) -> Evidence:
    box: Sequence[int] | None = data["box"]
    return Evidence(
        data["page"],
        None if box is None else Box(*box),
        data["confidence"],
        data["rule"],
        data["text"],
    )
