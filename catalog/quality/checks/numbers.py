"""Checks of ISBN (ISO 2108) and ISSN (ISO 3297): letters for figures, length, check digit.

A wrong number that is printed on the book stays in the record, as a wrong one: $z.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from types import ModuleType

from stdnum import isbn as isbn_numbers
from stdnum import issn as issn_numbers
from stdnum.exceptions import ValidationError

from catalog.place import Cell
from catalog.quality.finding import Hit
from catalog.quality.repair import Edit
from catalog.quality.rule import Rule
from catalog.quality.subject import Subject

_NUMBER = re.compile(r"\s*(?:ISB?[SN]?N?:?\s*)?([0-9A-Za-zА-Яа-я][\w‐‑–—− -]*\w)", re.IGNORECASE)
_DASHES = str.maketrans("‐‑–—−", "-----")
_FIGURES = str.maketrans("хХxОоOoЗз", "XXX000033")
_ENOUGH = 7  # figures; with fewer it is no number at all
_WRONG = "z"


def isbn(subject: Subject, rule: Rule) -> Iterator[Hit]:
    """Wrong ISBNs; the proposal is the number set right, or its move to $z."""
    return _numbers(subject, rule, isbn_numbers)


def issn(subject: Subject, rule: Rule) -> Iterator[Hit]:
    """Wrong ISSNs, likewise."""
    return _numbers(subject, rule, issn_numbers)


def _numbers(subject: Subject, rule: Rule, module: ModuleType) -> Iterator[Hit]:
    for cell in subject.select(rule.select[subject.form]):
        hit = _examine(cell, module, rule.params["find"])
        if hit is not None:
            yield hit


def _examine(cell: Cell, module: ModuleType, find: str) -> Hit | None:
    """``find``: ``spelling`` (a right number, badly written) or ``wrong`` (no such number)."""
    found = _NUMBER.match(cell.value)
    number = found[1].strip() if found else cell.value.strip()
    right = _validator(module)
    if not number or right(number):
        return None
    mended = _mended(number)
    if right(mended):
        if find != "spelling" or found is None:
            return None
        facts = {"value": number, "meant": mended}
        return Hit(cell.place, facts, (Edit(cell.place, number, mended, cell.value.find(number)),))
    if find != "wrong" or sum(map(str.isdigit, number)) < _ENOUGH:
        return None
    return Hit(cell.place, {"value": number}, _moved(cell))


def _moved(cell: Cell) -> tuple[Edit, ...]:
    """The move to $z, in the case of the code; text without a code (ИРБИС) stays where it is."""
    code = cell.place.code
    wrong = _WRONG.upper() if code.isupper() else _WRONG
    return (Edit(cell.place, cell.value, cell.value, 0, wrong),) if code else ()


def _mended(number: str) -> str:
    """Letters that look like figures, long dashes and blanks set right; words behind it dropped."""
    return number.split(" ", 1)[0].translate(_FIGURES).translate(_DASHES).strip("-")


@cache
def _validator(module: ModuleType) -> Callable[[str], bool]:
    def right(number: str) -> bool:
        # The library cleans as it compares; what it had to clean away is a finding of ours.
        if not re.fullmatch(r"[\dXx-]+", number):
            return False
        try:
            module.validate(number)
        except ValidationError:
            return False
        return True

    return right
