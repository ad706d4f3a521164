"""The broader numbers of a UDC number: who asks for 94 wants 94(574) too."""

import re
from collections.abc import Iterator, Sequence

from catalog.udc.notation import Part, UdcError, parse

_BY_DIGIT = frozenset({"main", "place", "form", "ethnic", "language"})
"""Parts whose figures go from the general to the special, each figure a step."""

_ALONE = frozenset({"place", "ethnic"})
"""Auxiliaries that are asked for by themselves: everything about a place, a people."""

_FIGURES = re.compile(r"\d[\d.]*")


def broader(text: str) -> tuple[str, ...]:
    """Return the number itself and every number that contains it, the broadest of a part first.

    94(574.3) gives 9, 94, 94(5), 94(57), 94(574), 94(574.3), and (5), (57), (574), (574.3); numbers
    joined by a sign give those of each. A text that is no UDC number gives itself.
    """
    try:
        notation = parse(text)
    except UdcError:
        return (text,) if text else ()
    found = [number for term in _terms(notation.parts) for number in _of_term(term)]
    return tuple(dict.fromkeys((*found, notation.normal)))


def _terms(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """The parts between signs; the end of a range («.3» of 94/.3) is no number of its own."""
    term: list[Part] = []
    for part in parts:
        if part.kind in ("sign", "group"):
            yield term
            term = []
        elif not (part.kind == "main" and part.text.startswith(".")):
            term.append(part)
    yield term


def _of_term(term: Sequence[Part]) -> Iterator[str]:
    before = ""
    for part in term:
        steps = list(_steps(part))
        yield from (before + step for step in steps)
        if part.kind in _ALONE:
            yield from steps
        before += part.text


def _steps(part: Part) -> Iterator[str]:
    """The part cut after each figure, its bracket closed again; the whole part comes last."""
    figures = _FIGURES.search(part.text) if part.kind in _BY_DIGIT else None
    if figures is not None:
        end = ")" if part.text.endswith(")") else ""
        cuts = range(figures.start() + 1, figures.end())
        yield from (part.text[:cut] + end for cut in cuts if part.text[cut - 1] != ".")
    yield part.text
