"""Checks of codes against the code lists of the schema (ISO 639-2, ISO 3166)."""

from collections.abc import Iterator, Mapping

from catalog.quality.finding import Hit
from catalog.quality.repair import Edit
from catalog.quality.rule import Rule
from catalog.quality.schema import schema_of
from catalog.quality.subject import Subject

_LISTS_OF = {"irbis": "rusmarc"}  # ИРБИС has the codes of RUSMARC


def code_list(subject: Subject, rule: Rule) -> Iterator[Hit]:
    """Codes that the schema's ``list`` has not; ``aliases`` tell what was meant.

    With ``find: alias`` only what the aliases know is found, with ``find: unknown`` the rest.
    """
    known = schema_of(_LISTS_OF.get(subject.form, subject.form)).lists[rule.params["list"]]
    aliases: Mapping[str, str] = rule.params["aliases"]
    wanted = rule.params["find"] == "alias"
    for cell in subject.select(rule.select[subject.form]):
        value = cell.value.strip()
        if value in known or not value:
            continue
        meant = _meant(value, aliases, known)
        if wanted and meant:
            edit = Edit(cell.place, cell.value, meant)
            yield Hit(cell.place, {"value": value, "meant": meant}, (edit,))
        elif not wanted and not meant:
            yield Hit(cell.place, {"value": value})


def _meant(value: str, aliases: Mapping[str, str], known: frozenset[str]) -> str | None:
    lowered = value.lower().rstrip(".")
    if lowered in aliases:
        return aliases[lowered]
    return next((form for form in (value.lower(), value.upper()) if form in known), None)
