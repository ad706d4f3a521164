"""Checks of what stands where nothing should: blanks, signs of other programs, repeats."""

import html
import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

from catalog.place import Place
from catalog.quality.finding import Hit
from catalog.quality.repair import Edit, flat
from catalog.quality.rule import Rule
from catalog.quality.subject import Subject
from catalog.record import ControlField, DataField, Field

_MOST_HITS = 50  # in one text: what is wrong throughout need not be said at each sign
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,6}|#[xX][0-9A-Fa-f]{2,5});")


def pattern(subject: Subject, rule: Rule) -> Iterator[Hit]:
    """Texts in which ``find`` (a regular expression) is found; ``becomes`` is its replacement.

    ``unless``: an expression that excuses the whole text.
    """
    find = _compiled(rule.params["find"])
    unless, becomes = rule.params.get("unless"), rule.params.get("becomes")
    for cell in subject.select(rule.select[subject.form]):
        for found in islice(find.finditer(cell.value), _MOST_HITS):
            if unless and _compiled(unless).search(cell.value):
                break
            facts = {"value": _shown(found[0]), "text": cell.value}
            if becomes is None:
                yield Hit(cell.place, facts)
                continue
            meant = found.expand(becomes)
            edit = Edit(cell.place, found[0], meant, found.start())
            yield Hit(cell.place, facts | {"meant": _shown(meant)}, (edit,))


def entity(subject: Subject, rule: Rule) -> Iterator[Hit]:
    """Signs written as in HTML (``&quot;``, ``&#1179;``), each with what it stands for."""
    for cell in subject.select(rule.select[subject.form]):
        if "&" not in cell.value:
            continue
        for found in _ENTITY.finditer(cell.value):
            meant = html.unescape(found[0])
            if meant != found[0]:
                edit = Edit(cell.place, found[0], meant, found.start())
                yield Hit(cell.place, {"value": found[0], "meant": meant}, (edit,))


def empty(subject: Subject, rule: Rule) -> Iterator[Hit]:
    """Subfields without text, taken away by the repair."""
    for cell in subject.select(rule.select[subject.form]):
        if cell.place.code and not cell.value.strip():
            yield Hit(cell.place, {}, (Edit(cell.place, cell.value, None),))


def repeated_field(subject: Subject, rule: Rule) -> Iterator[Hit]:
    """The same field twice, word for word; the repair takes the later one away."""
    seen: dict[str, int] = {}
    known: set[Field] = set()
    selector = rule.select[subject.form]
    for field in subject.record.fields:
        n = seen[field.tag] = seen.get(field.tag, 0) + 1
        bare = isinstance(field, ControlField) and subject.form != "irbis"
        if bare or not selector.means("", field.tag, ""):
            continue
        if field in known and (not isinstance(field, DataField) or field.subfields):
            place, text = Place(field.tag, n), flat(field)
            yield Hit(place, {"value": text}, (Edit(place, text, None),))
        known.add(field)


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


def _shown(text: str) -> str:
    """Blanks and signs that cannot be seen, made visible."""
    return "".join("␣" if s == " " else s if s.isprintable() else f"U+{ord(s):04X}" for s in text)
