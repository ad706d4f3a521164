"""A made-up catalogue without faults, for benches: articles and books in Kazakh and Russian.

Words come from the project's own sample texts, names and numbers from a seeded draw; seven records
in ten are newspaper articles, a quarter is in Kazakh, as in the library that this is made for.
"""

import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from catalog.record import ControlField, DataField, Field, LinkField, Record, Subfield

TEXTS = Path(__file__).parents[1] / "scans" / "generator" / "texts"
_WORD = re.compile(r"[А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі]{3,}")
_SURNAMES = {
    "kaz": ("Омаров", "Әбілдин", "Қасенов", "Жұмабеков", "Смағұлов", "Ибраев", "Төлегенов"),
    "rus": ("Петров", "Сидоренко", "Кузнецов", "Ким", "Шмидт", "Горбунов", "Лебедев"),
}
_HOSTS = {
    "kaz": ("Сарыарқа таңы", "Нұра толқыны", "Кеншілер үні", "Көмір өлкесі"),
    "rus": ("Степной горняк", "Шахтёрский рассвет", "Нуринский вестник", "Угольный край"),
}
_MONTHS = {
    "kaz": ("қаңтар", "ақпан", "наурыз", "сәуір", "мамыр", "маусым"),
    "rus": ("янв.", "февр.", "марта", "апр.", "мая", "июня"),
}
_INITIALS = "АБЕКМ"
_UDC = ("622.33(574.3)", "94(574.3)", "908(574.3)", "37.014", '94(574)"1941/1945"', "821.512.122-1")
_BBK = ("63.3(5Каз)", "26.89(5Каз)", "84(5Каз)7-4", "74.04(5Каз)")
_PLACES = {"kaz": "Қарағанды облысы", "rus": "Карагандинская область"}
_TOPICS = {
    "kaz": ("Көмір өнеркәсібі", "Өлкетану", "Тарих", "Мектептер"),
    "rus": ("Угольная промышленность", "Краеведение", "История", "Школы"),
}


def catalogue(count: int, seed: int = 5) -> Iterator[Record]:
    """Yield so many records; the same for the same seed."""
    draw = random.Random(seed)
    for number in range(1, count + 1):
        language = "kaz" if draw.random() < 0.25 else "rus"
        made = _article if draw.random() < 0.71 else _book
        yield made(number, language, draw)


@cache
def vocabulary(language: str) -> tuple[str, ...]:
    """Words of the sample texts, small letters."""
    code = {"kaz": "kk", "rus": "ru"}[language]
    files = sorted(TEXTS.glob(f"*_{code}.toml"))
    words = {w.lower() for file in files for w in _WORD.findall(file.read_text("utf-8"))}
    return tuple(sorted(words))


def title(language: str, draw: random.Random, words: int = 5) -> str:
    """A title of this many words."""
    text = " ".join(draw.choices(vocabulary(language), k=words))
    return text[:1].upper() + text[1:]


def isbn(draw: random.Random) -> str:
    """A right ISBN of 13 figures under a prefix of Kazakhstan."""
    figures = f"978601{draw.randrange(10**6):06d}"
    check = -sum(int(d) * (3 if n % 2 else 1) for n, d in enumerate(figures)) % 10
    return f"978-601-{figures[6:10]}-{figures[10:12]}-{check}"


def issn(draw: random.Random) -> str:
    """A right ISSN."""
    figures = f"{draw.randrange(10**7):07d}"
    check = -sum(int(d) * (8 - n) for n, d in enumerate(figures)) % 11
    return f"{figures[:4]}-{figures[4:]}{'X' if check == 10 else check}"


def _field(tag: str, indicators: str, *pairs: tuple[str, str]) -> DataField:
    return DataField(tag, indicators, tuple(Subfield(code, value) for code, value in pairs))


def _general(language: str, year: int) -> DataField:
    return _field("100", "  ", ("a", f"20200101d{year}    k  y0{language}y50      ca"))


def _person(language: str, draw: random.Random) -> DataField:
    surname = draw.choice(_SURNAMES[language])
    initials = f"{draw.choice(_INITIALS)}. {draw.choice(_INITIALS)}."
    return _field("700", " 1", ("a", surname), ("b", initials), ("4", "070"))


def _tail(language: str, draw: random.Random) -> tuple[DataField, ...]:
    return (
        _field("606", "1 ", ("a", draw.choice(_TOPICS[language])), ("x", title(language, draw, 1))),
        _field(
            "607",
            "  ",
            ("a", _PLACES[language]),
        ),
        _field("675", "  ", ("a", draw.choice(_UDC)), ("v", "4")),
        _field("686", "  ", ("a", draw.choice(_BBK)), ("2", "rubbk")),
        _person(language, draw),
        _field("801", " 0", ("a", "KZ"), ("b", "Кітапхана"), ("c", "20200101")),
    )


def _article(number: int, language: str, draw: random.Random) -> Record:
    year = draw.randrange(1960, 2024)
    month = draw.randrange(6)
    # One number a day and one day a number, as a newspaper has it.
    day = draw.randrange(1, 28)
    issue = f"№ {month * 28 + day} ({day} {_MONTHS[language][month]})"
    host = _field("200", "1 ", ("a", draw.choice(_HOSTS[language])))
    unit = _field("200", "1 ", ("a", issue), ("v", f"{_mark(language)} {draw.randrange(1, 8)}"))
    fields: tuple[Field, ...] = (
        ControlField("001", f"KR{number:07d}"),
        _general(language, year),
        _field("101", "0 ", ("a", language)),
        _field("102", "  ", ("a", "KZ")),
        _field("200", "1 ", ("a", title(language, draw)), ("e", title(language, draw, 4))),
        _field("330", "  ", ("a", title(language, draw, 25))),
        LinkField("461", " 0", (host, _field("011", "  ", ("a", issn(draw))))),
        LinkField("463", " 0", (unit, _field("210", "  ", ("d", str(year))))),
        *_tail(language, draw),
    )
    return Record("rusmarc", "00000nab0 2200000   450 ", fields)


def _book(number: int, language: str, draw: random.Random) -> Record:
    year = draw.randrange(1960, 2024)
    publisher = {"kaz": "Өлке баспасы", "rus": "Степное издательство"}[language]
    extent = f"{draw.randrange(40, 600)} {'б.' if language == 'kaz' else 'с.'}"
    fields: tuple[Field, ...] = (
        ControlField("001", f"KR{number:07d}"),
        _field("010", "  ", ("a", isbn(draw)), ("d", "1500 т.")),
        _general(language, year),
        _field("101", "0 ", ("a", language)),
        _field("102", "  ", ("a", "KZ")),
        _field("105", "  ", ("a", "    z   000yy")),
        _field("200", "1 ", ("a", title(language, draw)), ("e", title(language, draw, 4))),
        _field("210", "  ", ("a", "Алматы"), ("c", publisher), ("d", str(year))),
        _field("215", "  ", ("a", extent), ("d", "21 см")),
        _field("330", "  ", ("a", title(language, draw, 25))),
        *_tail(language, draw),
    )
    return Record("rusmarc", "00000nam0 2200000   450 ", fields)


def _mark(language: str) -> str:
    return "Б." if language == "kaz" else "С."
