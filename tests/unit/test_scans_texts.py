import datetime
import json
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from stdnum import isbn

from scans.generator.layouts import TEXTS, load
from scans.generator.setting import FONT_ROOT, FONTS, fonts_present

SPECIAL = "әғқңөұүһі"
SOURCES = sorted(path.stem for path in TEXTS.glob("*.toml"))
WEEKDAYS = {
    "newspaper_ru": ("Понедельник", "Вторник", "Среда", "Четверг", "Пятница", "Суббота"),
    "newspaper_kk": ("Дүйсенбі", "Сейсенбі", "Сәрсенбі", "Бейсенбі", "Жұма", "Сенбі"),
}
MONTHS = {"newspaper_ru": ("сентября", 9), "newspaper_kk": ("қазан", 10)}


@pytest.mark.parametrize("source", sorted(WEEKDAYS))
def test_the_weekday_of_a_masthead_is_that_of_its_date(source: str) -> None:
    texts = load(source)
    date = texts["iso_date"]
    month, number = MONTHS[source]
    assert isinstance(date, datetime.date)
    assert texts["date"].startswith(WEEKDAYS[source][date.weekday()] + ",")
    assert f"{date.day} {month} {date.year}" in texts["date"]
    assert date.month == number


@pytest.mark.parametrize("source", ["book_kk", "book_ru"])
def test_the_isbn_of_a_book_has_its_right_check_digit(source: str) -> None:
    printed = re.findall(r"ISBN ([\d-]+)", json.dumps(load(source)["verso"], ensure_ascii=False))
    assert len(printed) == 2
    assert len(set(printed)) == 1
    assert isbn.is_valid(printed[0])
    assert isbn.format(printed[0]) == printed[0]
    assert printed[0].startswith("978-601-")


def test_every_special_kazakh_letter_occurs_often_in_the_kazakh_texts() -> None:
    text = "".join(
        (TEXTS / f"{name}.toml").read_text("utf-8").lower()
        for name in ("newspaper_kk", "book_kk", "clipping_kk", "mixed")
    )
    fewest = {"һ": 1}
    assert {c: text.count(c) for c in SPECIAL if text.count(c) < fewest.get(c, 30)} == {}


def test_russian_texts_hold_no_kazakh_letter_and_no_look_alike() -> None:
    for name in ("newspaper_ru", "book_ru", "clipping_ru"):
        text = (TEXTS / f"{name}.toml").read_text("utf-8")
        assert not set(text.lower()) & set(SPECIAL), name


@pytest.mark.parametrize("source", SOURCES)
def test_no_word_of_a_text_mixes_latin_and_cyrillic_letters(source: str) -> None:
    text = (TEXTS / f"{source}.toml").read_text("utf-8")
    mixed = [w for w in re.findall(r"\w+", text) if re.search("[A-Za-z]", w) and _cyrillic(w)]
    assert mixed == []


def _cyrillic(word: str) -> bool:
    return any("Ѐ" <= sign <= "ӿ" for sign in word)


@pytest.mark.skipif(not fonts_present(), reason="fonts-paratype is not installed")
@pytest.mark.parametrize("font", sorted(FONTS))
def test_a_font_has_a_glyph_for_every_letter_of_the_texts(font: str) -> None:
    with TTFont(Path(FONT_ROOT) / FONTS[font]) as opened:
        known = set(opened.getBestCmap())
    letters = {sign for s in SOURCES for sign in (TEXTS / f"{s}.toml").read_text("utf-8")}
    assert [c for c in sorted(letters - {"\n"}) if ord(c) not in known] == []
