"""What the first and last pages of a book give for sure: class numbers, ISBN, imprint, annotation.

The annotated card comes first, then labelled lines, then the title page. A labelled value is taken
only when its own syntax is right (UDC parses, ISBN has its check digit): a doubtful one is left for
a person. Labels allow for mistakes of recognition; they are data in ``corpora/rules``.
"""

import re
from collections.abc import Sequence

from stdnum import isbn as isbn_numbers

from catalog.drafting.card import card_elements
from catalog.drafting.draft import Element
from catalog.drafting.lines import (
    PrintedLine,
    element,
    label_pattern,
    printed_lines,
    words_pattern,
)
from catalog.drafting.title_page import title_page_elements
from catalog.udc.notation import UdcError, parse
from language.lookalikes import repair
from pages.text import PageText

_FIRST_PAGES, _LAST_PAGES = 6, 2
_BBK = re.compile(
    r"[ЗЕ]?\d[\d.]*(?:\(\d?[^\W\d_]*[\d.]*\))?(?:[\d.]*[-–]?\d*)?(?:[^\W\d_]\d[\d.]*)?"
)
_ISBN_VALUE = re.compile(r"[\d\u0417OО][\dOОЗ \u2010-\u2015-]{8,18}[\dXxХхOО]")
_MARK = re.compile(r"([^\W\d_])\s?(\d{2,3})")
_COUNT = re.compile(r"\d[\d ]*")
_MARK_DISTANCE = 4


def imprint_elements(pages: Sequence[tuple[str, PageText]]) -> tuple[Element, ...]:
    """Return the elements that the book's pages (key and text, in order) give for sure.

    Each value carries the page, the box and the rule that took it. Of the same element the source
    that is surer comes first and the others are dropped, but for class numbers and ISBN.
    """
    front = list(pages[:_FIRST_PAGES])
    back = list(pages[max(_FIRST_PAGES, len(pages) - _LAST_PAGES) :])
    by_page = [printed_lines([page]) for page in front + back]
    found: list[Element] = []
    for lines in by_page:
        found += card_elements(lines)
    for lines in by_page:
        found += _labelled(lines)
    found += title_page_elements(by_page[: len(front)])
    return _unique(found)


_REPEATED = ("udc", "bbk", "isbn")


def _unique(elements: Sequence[Element]) -> tuple[Element, ...]:
    """Drop what a surer source said; authors are taken together from one source."""
    kept: list[Element] = []
    for one in elements:
        same = [k for k in kept if k.name == one.name]
        if one.name in _REPEATED:
            fresh = all(k.value != one.value for k in same)
        elif one.name == "author":
            fresh = all(k.evidence[0].rule == one.evidence[0].rule for k in same)
        else:
            fresh = not same
        if fresh:
            kept.append(one)
    return tuple(kept)


def _labelled(lines: Sequence[PrintedLine]) -> list[Element]:
    found: list[Element] = []
    for index, line in enumerate(lines):
        found += _udc(line) + _bbk(line) + _isbn(line) + _print_run(line)
        if label_pattern("bbk").match(line.text) or label_pattern("udc").match(line.text):
            found += _author_mark(lines[index + 1 : index + _MARK_DISTANCE])
    return found


def _udc(line: PrintedLine) -> list[Element]:
    found = []
    for match in label_pattern("udc").finditer(line.text):
        rest = line.text[match.end() :]
        # Another label may stand on the same line; the number ends before it.
        bbk = label_pattern("bbk").search(rest)
        notation = _longest_udc(rest[: bbk.start()] if bbk else rest)
        if notation:
            found.append(element("udc", notation, [line], "label-udc"))
    return found


def _longest_udc(text: str) -> str | None:
    words = text.split()
    for count in range(len(words), 0, -1):
        try:
            notation = parse(" ".join(words[:count]).rstrip(".,;"))
        except UdcError:
            continue
        if notation.has_main:
            return notation.normal
    return None


def _bbk(line: PrintedLine) -> list[Element]:
    match = label_pattern("bbk").search(line.text)
    if match is None:
        return []
    value = _BBK.match(line.text[match.end() :].replace(" ", ""))
    if value is None or value[0].count("(") != value[0].count(")"):
        return []
    return [element("bbk", value[0].rstrip(".-–"), [line], "label-bbk")]


def _isbn(line: PrintedLine) -> list[Element]:
    found = []
    for match in label_pattern("isbn").finditer(line.text):
        value = _ISBN_VALUE.match(line.text[match.end() :])
        if value is None:
            continue
        number = repair(re.sub(r"[\s\u2010-\u2015-]+", "-", value[0].strip()))
        if isbn_numbers.is_valid(number):
            found.append(element("isbn", number, [line], "label-isbn"))
    return found


def _print_run(line: PrintedLine) -> list[Element]:
    match = label_pattern("print_run").search(line.text)
    if match is None:
        return []
    rest = line.text[match.end() :]
    count = _COUNT.match(rest)
    if count is None:
        return []
    unit = words_pattern("copies").match(rest[count.end() :].strip())
    text = f"{count[0].strip()} {unit[0]}" if unit else count[0].strip()
    return [element("print_run", text, [line], "label-print-run")]


def _author_mark(lines: Sequence[PrintedLine]) -> list[Element]:
    """A letter and two or three figures alone on a line under the class numbers."""
    for line in lines:
        match = _MARK.fullmatch(line.text.strip())
        if match and match[1].isupper():
            return [element("author_mark", f"{match[1]} {match[2]}", [line], "author-mark")]
        if not label_pattern("bbk").match(line.text):
            return []
    return []
