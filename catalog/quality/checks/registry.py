"""Every check by the name that rules give it."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from catalog.quality.checks import (
    classes,
    coded,
    content,
    dates,
    letters,
    numbers,
    structure,
    tidiness,
)
from catalog.quality.finding import Hit
from catalog.quality.rule import Rule
from catalog.quality.subject import Subject

Check = Callable[[Subject, Rule], Iterator[Hit]]

CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "structure": structure.structure,
        "mixed-script": letters.mixed_script,
        "foreign-letter": letters.foreign_letter,
        "lone-letter": letters.lone_letter,
        "isbn": numbers.isbn,
        "issn": numbers.issn,
        "year": dates.year,
        "date-pair": dates.date_pair,
        "issue-year": dates.issue_year,
        "page-range": dates.page_range,
        "required": content.required,
        "language-of-text": content.language_of_text,
        "script-code": content.script_code,
        "own-link": content.own_link,
        "code-list": coded.code_list,
        "udc": classes.udc,
        "bbk": classes.bbk,
        "pattern": tidiness.pattern,
        "entity": tidiness.entity,
        "empty": tidiness.empty,
        "repeated-field": tidiness.repeated_field,
    }
)
