"""A bibliographic list as it is saved: what it takes, how it is ordered, headed and described."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from catalog.isbd.style import EDITIONS, GOST_2003
from catalog.lists.selection import Selection
from language.collation import ALPHABETS
from olketanu.errors import InputError

ORDERS = ("class", "author", "title", "date", "entered", "language")
HEADINGS = ("udc_main", "udc", "bbk", "subject", "rubric", "letter", "language", "entered", "year")
LANGUAGES = ("kk", "ru", "en")
_CHOICES = {
    "order": ORDERS,
    "headings": HEADINGS,
    "alphabet": ALPHABETS,
    "language": LANGUAGES,
    "style": EDITIONS,
}
_DAYS = ("entered_from", "entered_to")
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Definition:
    """A list: its printed title and its form.

    ``order`` names what is compared first, second …, each of ``ORDERS`` (``date``, ``entered``:
    newest first; ``language``: Kazakh, Russian, others); ``headings`` the levels of headings, the
    highest first, each of ``HEADINGS``; ``language`` is that of headings and words; ``style`` the
    edition of the standard (``isbd.style.EDITIONS``); ``names``: an index of names stands at the
    end.
    """

    title: str
    selection: Selection = field(default_factory=Selection)
    order: tuple[str, ...] = ("author",)
    headings: tuple[str, ...] = ()
    alphabet: str = "kk"
    language: str = "kk"
    style: str = GOST_2003
    names: bool = True


def to_data(definition: Definition) -> dict[str, Any]:
    """Return the definition as plain values for a TOML file; what is empty is left out."""
    own = {name: value for name, value in _plain(definition).items() if name != "selection"}
    taken = {name: value for name, value in _plain(definition.selection).items() if value}
    return {"v": _VERSION, **own, "selection": taken}


def from_data(data: Mapping[str, Any]) -> Definition:
    """Return the definition that :func:`to_data` gave.

    Raises:
        InputError: ``error.list-value``: a key that is not known, or a wrong value; it names both.
    """
    own = {name: value for name, value in data.items() if name not in ("v", "selection")}
    if data.get("v") != _VERSION:
        raise _wrong("v", data.get("v"))
    taken = data.get("selection", {})
    if not isinstance(taken, Mapping):
        raise _wrong("selection", taken)
    made = {"title": "", **_checked(Definition(""), own)}
    return Definition(**made, selection=Selection(**_checked(Selection(), taken)))


def _plain(value: Definition | Selection) -> dict[str, Any]:
    """Fields by name, tuples as lists."""
    found = ((f.name, getattr(value, f.name)) for f in fields(value))
    return {name: list(one) if isinstance(one, tuple) else one for name, one in found}


def _checked(default: Definition | Selection, data: Mapping[str, Any]) -> dict[str, Any]:
    known = {f.name: getattr(default, f.name) for f in fields(default)}
    made = {name: tuple(v) if isinstance(v, list) else v for name, v in data.items()}
    for name, value in made.items():
        if not _is_right(name, value, known.get(name)):
            raise _wrong(name, data[name])
    return made


def _is_right(name: str, value: object, default: object) -> bool:
    if type(value) is not type(default):
        return False
    if name in _DAYS:
        return not value or _is_day(str(value))
    parts = value if isinstance(value, tuple) else (value,)
    is_text = isinstance(value, bool) or all(isinstance(part, str) for part in parts)
    return is_text and set(parts) <= set(_CHOICES.get(name, parts))


def _is_day(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _wrong(key: str, value: object) -> InputError:
    known = "2026-01-31" if key in _DAYS else ", ".join(_CHOICES.get(key, ()))
    return InputError("error.list-value", key=key, value=str(value), expected=known or "–")
