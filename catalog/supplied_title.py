"""What a document without a title is called: a title supplied from what is known of it.

How the library names its folders and files is its own matter and no title.
"""

from collections.abc import Mapping
from functools import cache

from catalog.data import rows
from catalog.drafting.sheet import sheet_elements
from olketanu.messages.translate import language, translate

_ISSUES = ("newspaper_issue", "journal_issue")
_YEAR_ALONE = 4


def supplied_title(kind: str, row: Mapping[str, object], identifier: str) -> str:
    """Return a title in the language of messages: «Газета, № 40, 10.10.1998».

    ``row`` is that of the librarian's sheet. The source stands in it where the row names one; a
    document of which nothing is known goes by its ``identifier``.
    """
    said = {one.name: one.value for one in sheet_elements({**row, "kind": kind})}
    source, number = said.get("host_title", ""), said.get("host_number", "")
    known = (source, _number(number), _day(said.get("host_date") or said.get("year") or ""))
    told = ", ".join(filter(None, known))
    if not told:
        return translate("supplied-title.none", {"document": identifier})
    what = translate(f"supplied-title.{kind}")
    if not source:
        return f"{what}, {told}"
    return told if kind in _ISSUES else f"{what}: {told}"


def untitled(language: str | None) -> str:
    """Return what a description in a language (ISO 639-2) has for a title that nobody knows."""
    known = _untitled()
    return known.get(language or "", known["rus"])


def is_untitled(title: str) -> bool:
    """Return whether a title only says that there is none."""
    return title in _untitled().values()


@cache
def _untitled() -> Mapping[str, str]:
    return {row["language"]: f"[{row['title']}]" for row in rows("abbreviations/untitled.tsv")}


def _number(number: str) -> str:
    return f"№ {number}" if number[:1].isdigit() else number


def _day(date: str) -> str:
    """A date (ISO 8601, possibly partial) as it is written in the language of messages."""
    if len(date) == _YEAR_ALONE:
        return translate("supplied-title.year", {"year": date})
    return date if language() == "en" else ".".join(reversed(date.split("-")))
