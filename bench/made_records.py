"""Records made for benches and tests: articles with hosts, their words out of the project's texts.

The same number and seed give the same records. Names, numbers and dates are drawn, not real.
"""

import random
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from catalog.record import ControlField, DataField, Field, LinkField, Record, Subfield

TEXTS = Path(__file__).parents[1] / "scans" / "generator" / "texts"
LEADER = "00000naa a2200000   450 "
PLACE = {"kaz": "Қарағанды", "rus": "Караганда"}
PAGES = {"kaz": "Б.", "rus": "С."}
ENDINGS = {"kaz": "_kk", "rus": "_ru"}
KINDS = ("newspaper", "clipping")
"""Not the books: their letters are counted by make_letter_pairs, and would prove themselves."""


@cache
def sentences(language: str) -> tuple[str, ...]:
    """The sentences of the generator's texts in ``kaz`` or ``rus``, in their order."""
    found: list[str] = []
    for path in (TEXTS / f"{kind}{ENDINGS[language]}.toml" for kind in KINDS):
        for line in strings(tomllib.loads(path.read_text(encoding="utf-8"))):
            found += [s.strip() for s in re.split(r"(?<=[.!?])\s+", line) if len(s.split()) > 3]
    return tuple(found)


def articles(language: str, count: int, seed: int = 1) -> Iterator[Record]:
    """Yield article records in RUSMARC, about 1.1 kB each in a code page of one byte."""
    draw = random.Random(seed)
    return (_article(draw, language, number) for number in range(count))


def _article(draw: random.Random, language: str, number: int) -> Record:
    text = sentences(language)
    words = draw.choice(text).rstrip(".!?").split()
    names = [word for word in draw.choice(text).split() if word.isalpha()]
    year = str(draw.randint(1950, 2024))
    author = " ".join(names[:1]).capitalize()
    host = " ".join(words[:2]).capitalize()
    subjects = [draw.choice(text).split()[0].strip(".,!?:;«»–—") for _ in range(3)]
    issue = f"№ {draw.randint(1, 300)}"
    fields: tuple[Field, ...] = (
        ControlField("001", f"KZ{language}{number:07d}"),
        ControlField("005", "20240101120000.0"),
        _field("100", "  ", a=f"20240101d{year}    km y0{language}y0189    ca"),
        _field("101", "0 ", a=language),
        _field("102", "  ", a="KZ"),
        _field("200", "1 ", a=" ".join(words), e=draw.choice(words), f=f"{author} {names[-1]}"),
        _field("215", "  ", a=f"{draw.randint(1, 400)} {PAGES[language][0].lower()}."),
        _field("300", "  ", a=f"{draw.choice(text)} — {PLACE[language]}, {year}"),
        _field("330", "  ", a=f"{draw.choice(text)} «{' '.join(names)}»"),
        LinkField("461", " 0", (_field("200", "1 ", a=host),)),
        LinkField(
            "463",
            " 0",
            (
                _field("200", "1 ", a=issue, v=f"{PAGES[language]} {draw.randint(1, 8)}"),
                _field("210", "  ", a=PLACE[language], d=year),
            ),
        ),
        *(_field("606", "  ", a=word.capitalize(), y=PLACE[language]) for word in subjects),
        _field("607", "  ", a=PLACE[language]),
        _field("675", "  ", a="94(574.31)", v="4", z=language),
        _field("700", " 1", a=author, b="А. Б.", g=" ".join(names[-2:])),
        _field("801", " 0", a="KZ", b=PLACE[language], c="20240101", g="RCR"),
        _field("899", "  ", a=f"{PLACE[language]} {names[0]}", j="К 22"),
    )
    return Record("rusmarc", LEADER, fields)


def _field(tag: str, indicators: str, **subfields: str) -> DataField:
    return DataField(tag, indicators, tuple(Subfield(c, v) for c, v in subfields.items()))


def strings(value: object) -> Iterator[str]:
    """Every string in a parsed TOML document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
