"""Errors as they happen at the keyboard and in old programs, each made in a right record."""

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType

from catalog.place import Cell, cells
from catalog.quality.repair import Edit, apply
from catalog.record import DataField, Record, Subfield

_TO_LATIN = str.maketrans("аеорсухАВЕКМНОРСТХ", "aeopcyxABEKMHOPCTX")
_KAZAKH_TYPED = {"ұ": "y", "ү": "y", "і": "i", "һ": "h"}
_FOREIGN = {"ө": "ѳ", "қ": "ҡ", "ң": "ӊ", "ә": "є"}
_CYRILLIC_WORD = re.compile(r"[а-яёәғқңөұүһі]{5,}", re.IGNORECASE)
_ISSUE = ("issue-date", "issue-number")
_HALF = 0.5
_USUAL = 4
_FREQUENT = 9  # one more than the rule asks for: the slip takes one away
_TEXT = re.compile(r"(?:.{3}/)?(?:200\$[aei]|210\$[ac]|330\$a|606\$[ax]|607\$a|225\$a|327\$a)")


@dataclass(frozen=True, slots=True)
class Fault:
    """The faulty record, where the error is, which ``rules`` may name it; ``also``: its shadows."""

    record: Record
    place: str
    rules: tuple[str, ...]
    also: tuple[str, ...] = field(default=())


Make = Callable[[Record, random.Random], "Fault | None"]


def _texts(record: Record) -> Iterator[Cell]:
    return (cell for cell in cells(record) if _TEXT.match(str(cell.place)))


def _cell(record: Record, place: str) -> Cell | None:
    return next((cell for cell in cells(record) if str(cell.place) == place), None)


def _changed(
    record: Record, cell: Cell, text: str, *rules: str, also: tuple[str, ...] = ()
) -> Fault:
    done = apply(record, [Edit(cell.place, cell.value, text)])
    return Fault(done.record, str(cell.place), rules, also)


def _letter(
    record: Record, draw: random.Random, twins: Mapping[str, str], rule: str, whole: str
) -> Fault | None:
    """One letter of one word replaced by its twin, somewhere inside a text."""
    places = [
        (cell, word.start() + at, sign)
        for cell in _texts(record)
        for word in re.finditer(whole, cell.value)
        for at, sign in enumerate(word[0])
        if sign in twins
    ]
    if not places:
        return None
    cell, at, sign = draw.choice(places)
    text = cell.value[:at] + twins[sign] + cell.value[at + 1 :]
    return _changed(record, cell, text, rule, also=("spelling", "language-text"))


def latin_in_cyrillic(record: Record, draw: random.Random) -> Fault | None:
    twins = {chr(code): chr(latin) for code, latin in _TO_LATIN.items()}
    return _letter(record, draw, twins, "mixed-script", _CYRILLIC_WORD.pattern)


def kazakh_by_twins(record: Record, draw: random.Random) -> Fault | None:
    return _letter(record, draw, _KAZAKH_TYPED, "mixed-script", r"\w{4,}")


def foreign_cyrillic(record: Record, draw: random.Random) -> Fault | None:
    if record.first("101", "a") not in ("kaz", "rus"):
        return None
    return _letter(record, draw, _FOREIGN, "foreign-letter", r"\w{4,}")


def lone_latin(record: Record, draw: random.Random) -> Fault | None:
    cell = _cell(record, "200$a")
    words = cell.value.split(" ") if cell else []
    plain = [n for n, w in enumerate(words) if re.fullmatch("[а-яё]{3,}", w)]
    good = [n for n in plain if n and re.fullmatch("[А-Яа-яё]{3,}", words[n - 1])]
    if cell is None or not good:
        return None
    words.insert(draw.choice(good), "c")
    return _changed(record, cell, " ".join(words), "lone-latin")


def isbn_digit(record: Record, draw: random.Random) -> Fault | None:
    return _number(record, draw, "010$a", "isbn-wrong")


def isbn_letter(record: Record, draw: random.Random) -> Fault | None:
    cell = _cell(record, "010$a")
    if cell is None or "0" not in cell.value[1:]:
        return None
    at = draw.choice([n for n, sign in enumerate(cell.value) if sign == "0" and n])
    text = cell.value[:at] + "О" + cell.value[at + 1 :]
    return _changed(record, cell, text, "isbn-spelling")


def isbn_short(record: Record, draw: random.Random) -> Fault | None:
    cell = _cell(record, "010$a")
    return _changed(record, cell, cell.value[:-2], "isbn-wrong") if cell else None


def issn_digit(record: Record, draw: random.Random) -> Fault | None:
    return _number(record, draw, "461/011$a", "issn-wrong")


def _number(record: Record, draw: random.Random, place: str, rule: str) -> Fault | None:
    cell = _cell(record, place)
    figures = [n for n, s in enumerate(cell.value) if s.isdigit()] if cell else []
    if cell is None or not figures:
        return None
    at = draw.choice(figures)
    figure = str((int(cell.value[at]) + draw.randrange(1, 10)) % 10)
    return _changed(record, cell, cell.value[:at] + figure + cell.value[at + 1 :], rule)


def language_swapped(record: Record, draw: random.Random) -> Fault | None:
    cell = _cell(record, "101$a")
    other = {"kaz": "rus", "rus": "kaz"}.get(cell.value) if cell else None
    return _changed(record, cell, other, "language-text") if cell and other else None


def language_alias(record: Record, draw: random.Random) -> Fault | None:
    cell = _cell(record, "101$a")
    other = {"kaz": "kz", "rus": "рус"}.get(cell.value) if cell else None
    return _changed(record, cell, other, "language-alias") if cell and other else None


def script_wrong(record: Record, draw: random.Random) -> Fault | None:
    cell, title = _cell(record, "100$a"), _cell(record, "200$a")
    if cell is None or title is None or not _CYRILLIC_WORD.search(title.value):
        return None
    return _changed(record, cell, cell.value[:34] + "ba", "script-code")


def coded_year(record: Record, draw: random.Random) -> Fault | None:
    cell, year = _cell(record, "100$a"), _cell(record, "210$d")
    if cell is None or year is None or cell.value[8:9] != "d" or len(year.value) != 4:
        return None
    other = str(int(year.value) - draw.randrange(1, 20))
    return _changed(record, cell, cell.value[:9] + other + cell.value[13:], "coded-year")


def year_ahead(record: Record, draw: random.Random) -> Fault | None:
    cell = _cell(record, "210$d") or _cell(record, "463/210$d")
    if cell is None or len(cell.value) != 4:
        return None
    return _changed(
        record,
        cell,
        f"2{draw.randrange(100, 900)}",
        "year-future",
        also=("coded-year", "issue-year"),
    )


def udc_bracket(record: Record, draw: random.Random) -> Fault | None:
    cell = _cell(record, "675$a")
    if cell is None or ")" not in cell.value:
        return None
    return _changed(record, cell, cell.value.replace(")", "", 1), "udc-syntax")


def udc_dash(record: Record, draw: random.Random) -> Fault | None:
    cell = _cell(record, "675$a")
    if cell is None or "-" not in cell.value:
        return None
    return _changed(record, cell, cell.value.replace("-", "–"), "udc-spelling")


def bbk_latin(record: Record, draw: random.Random) -> Fault | None:
    cell = _cell(record, "686$a")
    if cell is None or "К" not in cell.value:
        return None
    return _changed(record, cell, cell.value.replace("К", "K"), "bbk-spelling")


def double_space(record: Record, draw: random.Random) -> Fault | None:
    good = [c for c in _texts(record) if re.search(r"[^\W\d_] [^\W\d_]", c.value)]
    if not good:
        return None
    cell = draw.choice(good)
    text = re.sub(r"(?<=[^\W\d_]) (?=[^\W\d_])", "  ", cell.value, count=1)
    return _changed(record, cell, text, "double-space")


def control_sign(record: Record, draw: random.Random) -> Fault | None:
    return _insert(
        record, draw, draw.choice("\x07\u00ad\u200b"), "control-character", "mixed-script"
    )


def entity(record: Record, draw: random.Random) -> Fault | None:
    return _insert(record, draw, draw.choice(("&quot;", "&amp;", "&#1179;")), "html-entity")


def delimiter(record: Record, draw: random.Random) -> Fault | None:
    return _insert(record, draw, draw.choice(("^e", "^a")), "stray-delimiter", "mixed-script")


def _insert(record: Record, draw: random.Random, sign: str, rule: str, *also: str) -> Fault | None:
    good = [(c, m.start()) for c in _texts(record) for m in _CYRILLIC_WORD.finditer(c.value)]
    if not good:
        return None
    cell, at = draw.choice(good)
    text = cell.value[:at] + sign + cell.value[at:]
    return _changed(record, cell, text, rule, also=also)


def empty_subfield(record: Record, draw: random.Random) -> Fault | None:
    def add(field_: DataField) -> DataField:
        return DataField(field_.tag, field_.indicators, (*field_.subfields, Subfield("e", "")))

    return _on_field(record, "200", add, "200$e", "subfield-empty")


def field_twice(record: Record, draw: random.Random) -> Fault | None:
    return _twice(record, "606", "606[", "field-twice")


def title_twice(record: Record, draw: random.Random) -> Fault | None:
    return _twice(record, "200", "200[2]", "field-repeated")


def _twice(record: Record, tag: str, place: str, rule: str) -> Fault | None:
    fields = (*record.fields, *islice(record.data(tag), 1))
    made = Record(record.format, record.leader, fields)
    return Fault(made, place, (rule,)) if fields != record.fields else None


def unknown_subfield(record: Record, draw: random.Random) -> Fault | None:
    def add(field_: DataField) -> DataField:
        return DataField(field_.tag, field_.indicators, (*field_.subfields, Subfield("w", "4")))

    return _on_field(record, "675", add, "675$w", "subfield-unknown")


def wrong_indicator(record: Record, draw: random.Random) -> Fault | None:
    def change(field_: DataField) -> DataField:
        return DataField(field_.tag, "7 ", field_.subfields)

    return _on_field(record, "200", change, "200", "indicator")


def general_short(record: Record, draw: random.Random) -> Fault | None:
    cell = _cell(record, "100$a")
    also = ("script-code",)
    return _changed(record, cell, cell.value[:-3], "length", also=also) if cell else None


def title_lost(record: Record, draw: random.Random) -> Fault | None:
    return _without(record, "200", "title-missing")


def host_lost(record: Record, draw: random.Random) -> Fault | None:
    if record.leader[7:8] not in "ab" or not any(record.all("461", "463")):
        return None
    fields = tuple(f for f in record.fields if f.tag not in ("461", "462", "463", "464"))
    made = Record(record.format, record.leader, fields)
    return Fault(made, "463", ("article-host-missing",), ("class-missing",))


def language_lost(record: Record, draw: random.Random) -> Fault | None:
    return _without(record, "101", "language-missing")


def _without(record: Record, tag: str, rule: str) -> Fault | None:
    if not any(record.all(tag)):
        return None
    fields = tuple(f for f in record.fields if f.tag != tag)
    return Fault(Record(record.format, record.leader, fields), tag, (rule,), ("foreign-letter",))


def _on_field(
    record: Record, tag: str, change: Callable[[DataField], DataField], place: str, rule: str
) -> Fault | None:
    found = next(record.data(tag), None)
    if found is None:
        return None
    fields = tuple(change(found) if f is found else f for f in record.fields)
    return Fault(Record(record.format, record.leader, fields), place, (rule,))


def misspelled(record: Record, draw: random.Random, often: Mapping[str, int]) -> Fault | None:
    """A letter left out, doubled or swapped with its neighbour, before the ending of a long word.

    Only in words that are frequent: of others the catalogue cannot tell.
    """
    good = [
        (cell, found)
        for cell in _texts(record)
        for found in re.finditer(r"(?<!\w)[а-яё]{8,}(?!\w)", cell.value)
        if often.get(found[0], 0) > _FREQUENT
    ]
    if not good or record.first("101", "a") != "rus":
        return None
    cell, found = draw.choice(good)
    word, at = found[0], draw.randrange(2, len(found[0]) - 4)
    left_out, doubled = word[:at] + word[at + 1 :], word[: at + 1] + word[at:]
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    made = draw.choice((left_out, doubled, swapped))
    if made in often:
        return None
    text = cell.value[: found.start()] + made + cell.value[found.end() :]
    return _changed(record, cell, text, "spelling")


def host_otherwise(record: Record, draw: random.Random, often: Mapping[str, int]) -> Fault | None:
    """The newspaper with its kind, in quotes or in capitals."""
    cell = _cell(record, "461/200$a")
    if cell is None or often.get(cell.value, 0) <= _FREQUENT:
        return None
    made = draw.choice((f"Газета «{cell.value}»", f"«{cell.value}»", cell.value.upper()))
    return _changed(record, cell, made, "host-variant", also=_ISSUE)


def host_misspelled(record: Record, draw: random.Random, often: Mapping[str, int]) -> Fault | None:
    """A letter of the newspaper's title left out."""
    cell = _cell(record, "461/200$a")
    if cell is None or often.get(cell.value, 0) <= _FREQUENT:
        return None
    at = draw.randrange(2, len(cell.value) - 3)
    made = cell.value[:at] + cell.value[at + 1 :]
    return _changed(record, cell, made, "host-near", also=("spelling", "host-variant", *_ISSUE))


def heading_otherwise(
    record: Record, draw: random.Random, often: Mapping[str, int]
) -> Fault | None:
    """A person in capitals, or with initials that touch."""
    surname, initials = _cell(record, "700$a"), _cell(record, "700$b")
    if surname is None or initials is None or not surname.value.istitle():
        return None
    if often.get(f"{surname.value}, {initials.value}", 0) <= _USUAL:
        return None
    if draw.random() < _HALF or ". " not in initials.value:
        return _changed(record, surname, surname.value.upper(), "heading-variant")
    made = _changed(record, initials, initials.value.replace(". ", "."), "heading-variant")
    return Fault(made.record, "700", made.rules, ("initials-blank",))


KINDS: Mapping[str, Make] = MappingProxyType(
    {
        "a Latin letter in a Cyrillic word": latin_in_cyrillic,
        "a Kazakh letter typed as a Latin one": kazakh_by_twins,
        "a Cyrillic letter of another language": foreign_cyrillic,
        "a Latin letter as a word": lone_latin,
        "a wrong figure in an ISBN": isbn_digit,
        "a letter for a figure in an ISBN": isbn_letter,
        "an ISBN cut short": isbn_short,
        "a wrong figure in an ISSN": issn_digit,
        "the other language's code": language_swapped,
        "a language code of another list": language_alias,
        "the wrong script code": script_wrong,
        "the wrong coded year": coded_year,
        "a year ahead": year_ahead,
        "an open bracket in UDC": udc_bracket,
        "a long dash in UDC": udc_dash,
        "a Latin letter in BBK": bbk_latin,
        "two blanks": double_space,
        "a sign that is not seen": control_sign,
        "a sign as in HTML": entity,
        "a stray delimiter": delimiter,
        "an empty subfield": empty_subfield,
        "a subject twice": field_twice,
        "a title twice": title_twice,
        "an unknown subfield": unknown_subfield,
        "a wrong indicator": wrong_indicator,
        "coded data cut short": general_short,
        "no title": title_lost,
        "no host": host_lost,
        "no language": language_lost,
    }
)
"""Every kind of error by its name."""

WHOLE_KINDS: Mapping[str, "Callable[..., Fault | None]"] = MappingProxyType(
    {
        "a slip in a frequent word": misspelled,
        "a host written otherwise": host_otherwise,
        "a slip in a host": host_misspelled,
        "a person written otherwise": heading_otherwise,
    }
)
"""Kinds that only the catalogue as a whole can show.

They are also told how often words, hosts and headings occur: of what is rare it cannot tell.
"""
