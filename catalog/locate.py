"""The fields and values of a record by tag and code, each with its place (:mod:`catalog.place`).

Tables name values by specs: ``200$a``, ``463/200$v``, several codes ``200$hi``, a condition on
another subfield ``686$a?2=rubbk``; tags in one alternative are parted by blanks, alternatives by
``|`` (the first that gives anything wins).

In ИРБИС codes stand in both cases and a field may be text without a code: codes are read in small
letters here, text without a code as $a.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from catalog.place import numbered
from catalog.record import ControlField, DataField, Field, LinkField, Record, Subfield

_SPEC = re.compile(r"(?:(\d{3,})/)?(\d{3,})\$(\w+)(?:\?(\w)=(\w+))?")
_LEADING_TEXT = ("*", "", " ")


@dataclass(frozen=True, slots=True)
class Located:
    """A value as it stands in the record, and its place."""

    value: str
    place: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A field with subfields and its place (``200``, ``463[2]/200``)."""

    place: str
    field: DataField

    @property
    def tag(self) -> str:
        """The tag of the field itself."""
        return self.field.tag

    def first(self, code: str) -> Located | None:
        """The first value with this code that is not blank, or None."""
        return next(self.all(code), None)

    def all(self, codes: str) -> Iterator[Located]:
        """The values with one of the codes that are not blank, in record order."""
        seen: dict[str, int] = {}
        for subfield in self.field.subfields:
            code = subfield.code
            if code in codes:
                seen[code] = seen.get(code, 0) + 1
                if subfield.value.strip():
                    yield Located(subfield.value, f"{self.place}${numbered(code, seen[code])}")

    def text(self, code: str) -> str | None:
        """The first value with this code, or None."""
        found = self.first(code)
        return found.value if found else None


@dataclass(frozen=True, slots=True)
class _Spec:
    """One term of a spec: subfields ``codes`` of ``tag``, embedded in ``outer`` where it is one."""

    outer: str | None
    tag: str
    codes: str
    test: str | None
    prefix: str


class Fields:
    """The fields of a record by tag, each with its place."""

    def __init__(self, record: Record) -> None:
        self._by_tag: dict[str, list[tuple[str, Field]]] = {}
        # Every element asks for its tags: made once a field, not once a question.
        self._data: dict[str, list[Placed]] = {}
        for field in record.fields:
            known = self._by_tag.setdefault(field.tag, [])
            shaped = _irbis(field) if record.format == "irbis" else field
            place = numbered(field.tag, len(known) + 1)
            known.append((place, shaped))
            if isinstance(shaped, DataField):
                self._data.setdefault(field.tag, []).append(Placed(place, shaped))

    def data(self, *tags: str) -> list[Placed]:
        """The data fields with one of the tags, in the order of ``tags``."""
        return [placed for tag in tags for placed in self._data.get(tag, ())]

    def links(self, tag: str) -> list["Link"]:
        """The link fields with this tag, in either technique."""
        return [
            Link(place, field)
            for place, field in self._by_tag.get(tag, ())
            if not isinstance(field, ControlField)
        ]

    def control(self, tag: str) -> Located | None:
        """The first control field with this tag, or None."""
        found = (entry for entry in self._by_tag.get(tag, ()))
        return next((Located(f.data, p) for p, f in found if isinstance(f, ControlField)), None)

    def values(self, spec: str) -> tuple[Located, ...]:
        """The values that ``spec`` names, in the order of its tags, then of the record."""
        tags, alternatives = _parsed(spec)
        if tags.isdisjoint(self._by_tag):
            return ()
        for alternative in alternatives:
            found: list[Located] = []
            for term in alternative:
                if (term.outer or term.tag) in self._by_tag:
                    found += self._of(term)
            if found:
                return tuple(found)
        return ()

    def _of(self, term: _Spec) -> Iterator[Located]:
        if term.outer is None:
            fields = self._data.get(term.tag, [])
        else:
            fields = [f for link in self.links(term.outer) for f in link.data(term.tag)]
        for placed in fields:
            if term.test and not (placed.text(term.test) or "").startswith(term.prefix):
                continue
            yield from placed.all(term.codes)


@dataclass(frozen=True, slots=True)
class Link:
    """A link field: embedded fields ($1), or plain subfields of its own."""

    place: str
    field: DataField | LinkField

    @property
    def plain(self) -> Placed | None:
        """The field itself where it holds plain subfields, else None."""
        return Placed(self.place, self.field) if isinstance(self.field, DataField) else None

    def data(self, tag: str) -> list[Placed]:
        """The embedded data fields with this tag."""
        if not isinstance(self.field, LinkField):
            return []
        same = [f for f in self.field.fields if f.tag == tag]
        return [
            Placed(f"{self.place}/{numbered(tag, n)}", field)
            for n, field in enumerate(same, 1)
            if isinstance(field, DataField)
        ]

    def first(self, tag: str, code: str) -> Located | None:
        """The first value of an embedded subfield that is not blank, or None."""
        values = (placed.first(code) for placed in self.data(tag))
        return next((value for value in values if value), None)


def column_of(form: str) -> str:
    """Return which column of the tables of elements serves a record format."""
    return form if form in ("marc21", "irbis") else "rusmarc"


def _irbis(field: Field) -> Field:
    """The field with its codes in small letters; text without a code becomes $a."""
    if isinstance(field, ControlField):
        return DataField(field.tag, "  ", (Subfield("a", field.data),))
    if isinstance(field, LinkField):
        return field
    subfields = tuple(Subfield(_code(s.code), s.value) for s in field.subfields)
    return DataField(field.tag, field.indicators, subfields)


def _code(code: str) -> str:
    return "a" if code in _LEADING_TEXT else code.lower()


@cache
def _parsed(spec: str) -> tuple[frozenset[str], tuple[tuple[_Spec, ...], ...]]:
    """The tags of a spec, and its alternatives with their terms; ValueError for what is no spec."""
    parts = (part.split() for part in spec.split("|"))
    alternatives = tuple(tuple(_term(text) for text in part) for part in parts if part)
    return frozenset(t.outer or t.tag for part in alternatives for t in part), alternatives


def _term(text: str) -> _Spec:
    match = _SPEC.fullmatch(text)
    if match is None:
        raise ValueError(f"bad spec {text!r}")
    outer, tag, codes, test, prefix = match.groups()
    return _Spec(outer, tag, codes, test, prefix or "")
