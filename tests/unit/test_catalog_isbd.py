"""Descriptions by GOST 7.1-2003 and GOST R 7.0.100-2018."""

import datetime

import pytest

from catalog.isbd.block import Block, Run
from catalog.isbd.describe import Style, describe
from catalog.isbd.html import to_html
from catalog.isbd.line import Part, bracketed, plain_text, tidy
from catalog.isbd.style import EDITIONS, GOST_R_2018
from catalog.isbd.text import to_text
from tests.unit.described import Case, cases, record


def named(case: Case) -> str:
    return f"{case.edition}-{case.name}"


@pytest.mark.parametrize("case", [*cases("rus")], ids=named)
def test_a_russian_document_is_described_by_the_standard(case: Case) -> None:
    assert describe(case.record, Style(case.edition)).text == case.expected


@pytest.mark.parametrize("case", [*cases("kaz")], ids=named)
def test_a_kazakh_document_is_described_by_the_standard(case: Case) -> None:
    assert describe(case.record, Style(case.edition)).text == case.expected


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize(("language", "least"), [("rus", 50), ("kaz", 25)])
def test_enough_descriptions_are_written_by_hand(edition: str, language: str, least: int) -> None:
    written = [case for case in cases(language) if case.edition == edition]
    assert len({case.expected for case in written}) >= least


ARTICLE = record(
    "rusmarc",
    "a",
    "a",
    [
        "101 $akaz",
        "200 $aКөш",
        "461 $1200$aЖұлдыз",
        "463 $1200$a№ 3$vБ. 5-9$1210$d1985",
        "463 $1200$a№ 4$vБ. 7$1210$d1985",
    ],
)


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        (Style(), "Көш [Мәтін] // Жұлдыз. – 1985. – № 3. – Б. 5–9 ; № 4. – Б. 7."),
        (
            Style(pages_after=True),
            "Көш [Мәтін] // Жұлдыз. – 1985. – № 3. – 5–9-б. ; № 4. – 7-б.",
        ),
        (Style(medium=False), "Көш // Жұлдыз. – 1985. – № 3. – Б. 5–9 ; № 4. – Б. 7."),
        (Style(dashes=False), "Көш [Мәтін] // Жұлдыз. 1985. № 3. Б. 5–9 ; № 4. Б. 7."),
        (
            Style(GOST_R_2018, medium=False, dashes=False),
            "Көш // Жұлдыз. 1985. № 3. Б. 5–9 ; № 4. Б. 7.",
        ),
    ],
)
def test_a_library_chooses_within_the_standard(style: Style, expected: str) -> None:
    assert describe(ARTICLE, style).text == expected


def test_the_pages_of_russian_stay_behind_their_word() -> None:
    told = record("rusmarc", "a", "a", ["101 $arus", "200 $aПуть", "463 $1200$aКнига$vС. 5"])
    assert describe(told, Style(pages_after=True)).text == "Путь [Текст] // Книга. – С. 5."


def test_a_price_and_a_day_are_printed_only_when_asked_for() -> None:
    made = record(
        "rusmarc",
        "l",
        "m",
        ["010 $a5-02-013850-9$bв пер.$d45 р.", "200 $aСайт", "856 $uhttps://x.example/a b"],
    )
    assert describe(made).text == (
        "Сайт [Электронный ресурс]. – ISBN 5-02-013850-9 (в пер.)."
        " – Режим доступа: https://x.example/a%20b."
    )
    asked = Style(GOST_R_2018, price=True, accessed=datetime.date(2024, 3, 5))
    assert describe(made, asked).text == (
        "Сайт. – ISBN 5-02-013850-9 (в пер.) : 45 р. – URL: https://x.example/a%20b"
        " (дата обращения: 05.03.2024). – Текст : электронный."
    )


def test_elements_are_named_and_punctuation_is_not() -> None:
    runs = describe(ARTICLE).runs
    assert [(run.text, run.element) for run in runs[:5]] == [
        ("Көш", "title"),
        (" ", ""),
        ("[Мәтін]", "medium"),
        (" // ", ""),
        ("Жұлдыз", "host_title"),
    ]


def test_the_block_knows_its_language_and_its_record() -> None:
    block = describe(ARTICLE, record_id="0123456b")
    assert (block.kind, block.language, block.record) == ("entry", "kaz", "0123456b")


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("  Заглавие :", "Заглавие"),
        ("/ И. Ким", "И. Ким"),
        ("конец...", "конец…"),
        ("г.. Абай", "г. Абай"),
        ("1998 -", "1998–"),
        ("[[1985]]", "[1985]"),
        ("[a [b] c]", "[a b c]"),
        ("a [b] [c]", "a [b] [c]"),
        ("a : : b", "a : b"),
        ("a\u00a0\u200b\tb", "a b"),
        (". ", ""),
        (".kz", ".kz"),
        ("Крисмас+", "Крисмас+"),
    ],
)
def test_an_element_is_tidied(text: str, tidied: str) -> None:
    assert tidy(text) == tidied


@pytest.mark.parametrize(
    ("parts", "joined"),
    [
        ([("", "И. О."), (". ", "Имя")], "И. О. Имя"),
        ([("", "Чья?"), (". – ", "М.")], "Чья?. – М."),
        ([("", "М."), (". – ", "Л.")], "М. – Л."),
        ([("", "И…"), (". – ", "М.")], "И… – М."),
        ([("", "И…"), (". ", "… и")], "И… и"),
        ([("", "1998–"), (". – ", "5 с.")], "1998– . – 5 с."),
        ([(" : ", ""), (" / ", "И. Ким"), (" ; ", " ")], "И. Ким"),
    ],
)
def test_marks_stand_between_elements_and_are_never_doubled(
    parts: list[tuple[str, str]], joined: str
) -> None:
    assert plain_text([Part(mark, text) for mark, text in parts]) == joined


@pytest.mark.parametrize(
    ("parts", "printed"),
    [
        ([("", "[Б. м.]"), (" : ", "[б. и.]"), (", ", "[1985]")], "[Б. м. : б. и., 1985]"),
        ([("", "[Б. м.]"), (" : ", "Ось"), (", ", "[1985]")], "[Б. м.] : Ось, [1985]"),
        ([("", "М."), (" : ", "[б. и.]"), (", ", "[1985]")], "М. : [б. и., 1985]"),
    ],
)
def test_neighbours_in_brackets_share_one_pair(parts: list[tuple[str, str]], printed: str) -> None:
    assert plain_text(bracketed([Part(mark, text) for mark, text in parts])) == printed


def test_blocks_as_text_set_headings_apart() -> None:
    blocks = [
        Block("heading", (Run("Край"),), "rus", 1),
        Block("entry", (Run("Один."),)),
        Block("entry", (Run("Два."),)),
        Block("divider", (Run("Ә"),)),
        Block("entry", (Run("Үш."),)),
    ]
    assert to_text(blocks) == "Край\n\nОдин.\nДва.\n\nӘ\n\nҮш.\n"


def test_blocks_as_html_are_escaped_and_only_safe_addresses_are_links() -> None:
    runs = (
        Run("<i>", "strong", "heading"),
        Run(" & "),
        Run("и", "emphasis"),
        Run('https://x.example/?a="1"&b', "link", "address"),
        Run("javascript:alert(1)", "link", "address"),
    )
    assert to_html([Block("heading", (Run("Край"),), "kaz", 2), Block("entry", runs, "eng")]) == (
        '<h3 class="heading" lang="kk">Край</h3>\n'
        '<p class="entry" lang="en"><strong class="heading">&lt;i&gt;</strong> &amp; <em>и</em>'
        '<a href="https://x.example/?a=&quot;1&quot;&amp;b">https://x.example/?a=&quot;1&quot;'
        '&amp;b</a><span class="address">javascript:alert(1)</span></p>\n'
    )
