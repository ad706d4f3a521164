"""Blanks at which no line ends: before a mark, a unit or a number of pages, behind initials."""

import re

_NO_BREAK = "\u00a0"
_BOUND = re.compile(
    r" (?=(?:[–—:;=]|//?) )|(?<=ISBN) |(?<=ISSN) |(?<=№) "
    r"|(?<=\d) (?=[^\W\d_]{1,2}\.|(?:см|мм|экз|дана)\b)|(?<=\b[СсБбТт]\.) (?=\d)"
)
_INITIAL = re.compile(r"\b([^\W\d_])\. (?=[^\W\d_])")


def bound(text: str) -> str:
    """Return the text with no-break spaces where a printer would not end a line."""
    initials = _INITIAL.sub(_after_initial, text)
    return _BOUND.sub(_NO_BREAK, initials)


def _after_initial(found: re.Match[str]) -> str:
    return f"{found[1]}.{_NO_BREAK if found[1].isupper() else ' '}"
