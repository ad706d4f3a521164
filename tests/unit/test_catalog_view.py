"""The bibliographic view of records in both formats, ours and those of others."""

import pytest

from catalog.record import ControlField, Record
from catalog.view import Name, view
from tests.unit.viewed_records import field, link, marc21, rusmarc

ARTICLE = rusmarc(
    ControlField("001", "a1"),
    field("101", "0 ", "$akaz$arus"),
    field("200", "1 ", "$aКөмірлі өлкенің көші$eочерк$fӨ. Саржанұлы"),
    link("461", field("200", "1 ", "$aСарыарқа таңы")),
    link("463", field("200", "1 ", "$a№ 41 (10 қазан)$vБ. 3"), field("210", "  ", "$d1998")),
    field("675", "  ", "$a622.33(574.31)"),
    field("686", "  ", "$a26.3$2rubbk"),
    field("686", "  ", "$a38.01$2rugasnti"),
    field("700", " 1", "$aСаржанұлы$bӨ.$gӨмірбек$4070"),
    field("856", "4 ", "$uhttps://x.example/d/1"),
)


def test_an_article_of_a_newspaper_in_rusmarc() -> None:
    seen = view(ARTICLE)
    assert (seen.kind, seen.control_number, seen.title) == (
        "newspaper_article",
        "a1",
        "Көмірлі өлкенің көші",
    )
    assert (seen.host_title, seen.host_number, seen.host_date, seen.pages) == (
        "Сарыарқа таңы",
        "41",
        "1998-10-10",
        "3",
    )
    assert (seen.year, seen.date, seen.languages, seen.language) == (
        1998,
        "1998-10-10",
        ("kaz", "rus"),
        "kaz",
    )
    assert seen.names == (Name("Саржанұлы", "Өмірбек", "Саржанұлы, Ө.", "aut"),)
    assert (seen.udc, seen.bbk, seen.links) == (
        ("622.33(574.31)",),
        ("26.3",),
        ("https://x.example/d/1",),
    )


@pytest.mark.parametrize(
    "related",
    [
        ("№ 41 (10 қазан)", "Б. 3"),
        ("1998. – № 41 (10 қазан). – Б. 3",),
        ("№ 41 (10 окт.). - С. 3",),
    ],
)
def test_an_article_of_a_newspaper_in_marc21(related: tuple[str, ...]) -> None:
    parts = "".join(f"$g{text}" for text in related)
    seen = view(
        marc21(
            field("245", "10", "$aКөмірлі өлкенің көші :$bочерк /$cӨ. Саржанұлы."),
            field("100", "1 ", "$aСаржанұлы, Ө.,$eавт."),
            field("773", "0 ", f"$tСарыарқа таңы$d1998{parts}"),
        )
    )
    assert (seen.title, seen.other_title) == ("Көмірлі өлкенің көші", "очерк")
    assert (seen.kind, seen.host_title, seen.host_number) == (
        "newspaper_article",
        "Сарыарқа таңы",
        "41",
    )
    assert (seen.host_date, seen.pages, seen.year) == ("1998-10-10", "3", 1998)
    assert seen.names[0].surname == "Саржанұлы"


def test_a_book_in_both_formats_looks_the_same() -> None:
    ours = view(
        rusmarc(
            field("010", "  ", "$a978-601-99-9101-0$d500 т."),
            field("200", "1 ", "$aКөмір өлкесі$hТ. 2"),
            field("205", "  ", "$a2-бас."),
            field("210", "  ", "$aҚарағанды$cАрқа кітабы$d2009"),
            field("215", "  ", "$a64 б."),
            level="m",
        )
    )
    theirs = view(
        marc21(
            field("020", "  ", "$a9786019991010 (тв.)"),
            field("245", "00", "$aКөмір өлкесі.$nТ. 2"),
            field("250", "  ", "$a2-бас."),
            field("260", "  ", "$aҚарағанды :$bАрқа кітабы,$c2009."),
            field("300", "  ", "$a64 б. ;$c20 см"),
            level="m",
        )
    )
    for name in ("kind", "isbn", "volume", "edition", "place", "publisher", "year", "extent"):
        assert getattr(ours, name) == getattr(theirs, name), name
    assert ours.kind == "book"
    assert ours.isbn == ("9786019991010",)


def test_plain_links_without_embedded_fields_are_read_too() -> None:
    seen = view(
        rusmarc(
            field("200", "1 ", "$aМақала"),
            field("461", " 0", "$tЖұлдыз$v№ 3$d1985"),
            field("463", " 0", "$tЖұлдыз$v5-9 б.$d1985"),
        )
    )
    assert (seen.host_title, seen.year, seen.kind) == ("Жұлдыз", 1985, "journal_article")


def test_a_part_of_a_book_has_its_book_as_host() -> None:
    unit = link(
        "463", field("200", "1 ", "$aҚарағанды тарихы$vБ. 5-9"), field("210", "  ", "$d2001")
    )
    seen = view(rusmarc(field("200", "1 ", "$aКөшелер"), unit))
    assert (seen.kind, seen.host_title, seen.pages, seen.year) == (
        "book_part",
        "Қарағанды тарихы",
        "5-9",
        2001,
    )


def test_wrong_isbn_and_empty_records_give_nothing_and_no_error() -> None:
    assert view(rusmarc(field("010", "  ", "$a978-601-99-9101-1"))).isbn == ()
    empty = view(Record("marc21", "", ()))
    assert (empty.title, empty.year, empty.names, empty.language) == ("", None, (), None)


def test_every_value_names_the_place_it_was_read_at() -> None:
    assert view(ARTICLE).sources == {
        "title": ("200$a",),
        "other_title": ("200$e",),
        "responsibility": ("200$f",),
        "names": ("700",),
        "host_title": ("461/200$a",),
        "host_number": ("463/200$a",),
        "host_date": ("463/200$a",),
        "host_year": ("463/210$d",),
        "pages": ("463/200$v",),
        "languages": ("101$a", "101$a[2]"),
        "udc": ("675$a",),
        "bbk": ("686$a",),
        "links": ("856$u",),
    }


def test_an_article_of_a_newspaper_in_irbis() -> None:
    fields = (
        field("920", "  ", "$aASP"),
        field("101", "  ", "$akaz"),
        field("200", "  ", "$AОзат аңшылар$Eочерк"),
        field("463", "  ", "$CСоциалистік Қарағанды$J1942$H№ 14 (17 қаңтар)$S2-3$DҚарағанды"),
        field("621", "  ", "$A63.3"),
        field("700", "  ", "$AЖүсіп$BҚ.$GҚанат"),
        field("702", "  ", "$4340 ред.$AСоң$BБ."),
        field("903", "  ", "$a63.3/Ж 1"),
        field("951", "  ", "$Ihttps://x.example/1"),
    )
    seen = view(Record("irbis", "", fields))
    assert (seen.kind, seen.control_number, seen.title) == (
        "newspaper_article",
        "63.3/Ж 1",
        "Озат аңшылар",
    )
    assert (seen.host_title, seen.host_number, seen.host_date, seen.pages) == (
        "Социалистік Қарағанды",
        "14",
        "1942-01-17",
        "2-3",
    )
    assert seen.names == (
        Name("Жүсіп", "Қанат", "Жүсіп, Қ.", None),
        Name("Соң", "Б.", "Соң, Б.", "edt"),
    )
    assert (seen.bbk, seen.languages, seen.links) == (
        ("63.3",),
        ("kaz",),
        ("https://x.example/1",),
    )
    assert seen.sources["host_date"] == ("463$h",)


def test_a_source_written_as_text_is_read_and_kept() -> None:
    note = "Источник: Степной горняк. – 1996. – 2 сент. – С. 4"
    seen = view(rusmarc(field("200", "1 ", "$aДень шахтёра"), field("300", "  ", f"$a{note}")))
    assert (seen.kind, seen.host_title, seen.host_date, seen.pages) == (
        "newspaper_article",
        "Степной горняк",
        "1996-09-02",
        "4",
    )
    assert seen.source_text == note
    assert seen.sources["host_title"] == seen.sources["pages"] == ("300$a",)


def test_a_review_noted_in_a_book_is_not_its_source() -> None:
    note = "Рец.: Простор. – 1998. – № 3. – С. 5"
    book = rusmarc(field("200", "1 ", "$aКнига"), field("300", "  ", f"$a{note}"), level="m")
    assert (view(book).kind, view(book).host_title) == ("book", None)
    behind = rusmarc(field("200", "1 ", "$aКниги / В. Ким // Простор. – 1998. – № 3"), level="m")
    assert (view(behind).kind, view(behind).host_title) == ("journal_article", "Простор")


def test_what_a_book_says_beside_its_title() -> None:
    seen = view(
        rusmarc(
            field("200", "1 ", "$aСтепь$bТекст$dДала$iЧасть$fА. Ким"),
            field("225", "  ", "$aКрай$v3"),
            field("300", "  ", "$aЗагл. обл."),
            field("320", "  ", "$aБиблиогр.: с. 9"),
            field("330", "  ", "$aО степи."),
            field("606", "  ", "$aСтепи"),
            field("607", "  ", "$aКараганда"),
            field("610", "  ", "$aкраеведение"),
            level="m",
        )
    )
    assert (seen.parallel_titles, seen.part_title, seen.series) == (("Дала",), "Часть", ("Край",))
    assert (seen.notes, seen.summary) == (("Загл. обл.", "Библиогр.: с. 9"), "О степи.")
    assert (seen.subjects, seen.places) == (("Степи", "краеведение"), ("Караганда",))
    assert seen.medium == "Текст"


def test_the_extent_of_an_issue_is_not_the_pages_of_its_article() -> None:
    unit = link("463", field("200", "1 ", "$a№ 1"), field("215", "  ", "$a225 с."))
    journal = link("461", field("200", "1 ", "$aВестник"))
    assert view(rusmarc(field("200", "1 ", "$aСтатья"), journal, unit)).pages is None


def test_the_section_of_a_journal_is_not_its_title() -> None:
    seen = view(
        rusmarc(
            field("200", "1 ", "$aЧисла"),
            link("461", field("200", "1 ", "$aВестник")),
            link("462", field("200", "1 ", "$aСерия: Математика")),
            link("463", field("200", "1 ", "$a№ 4"), field("210", "  ", "$d2019")),
        )
    )
    assert (seen.host_title, seen.host_number, seen.kind) == ("Вестник", "4", "journal_article")
