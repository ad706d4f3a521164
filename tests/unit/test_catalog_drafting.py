"""Drafts from the sheet and from pages: only what is sure, each with its place on the page."""

import datetime
import json

import pytest

from catalog.drafting.article import article_elements
from catalog.drafting.build import draft_document, to_record
from catalog.drafting.draft import ELEMENTS, Draft, Element, from_dict, to_dict
from catalog.drafting.imprint import imprint_elements
from catalog.drafting.masthead import masthead_elements
from catalog.drafting.merge import merge
from catalog.drafting.rusmarc import Context
from catalog.drafting.sheet import sheet_elements
from catalog.record import DataField, LinkField
from catalog.view import view
from pages.text import Box, Hyphen, Line, PageFrame, PageText, Region, Word
from tests.unit.printed_page import Printed, printed_page
from tests.unit.true_pages import true_pages

TIME = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=datetime.UTC)
CONTEXT = Context("0abc123", TIME, "Қарағанды ОКЖ")


def values(elements: tuple[Element, ...]) -> dict[str, str]:
    return {e.name: e.value for e in elements}


def imprint(*lines: Printed) -> dict[str, str]:
    return values(imprint_elements([("p0001", printed_page(list(lines)))]))


@pytest.mark.parametrize(
    ("document", "wanted"),
    [
        (
            "09_komir-olkesi",
            {
                "title": "Көмір өлкесі",
                "subtitle": "Қарағанды тарихынан очерктер",
                "responsibility": "Д. С. Өтегенов",
                "author": "Өтегенов, Д. С.",
                "place": "Қарағанды",
                "publisher": "Арқа кітабы",
                "year": "2009",
                "extent": "64 б.",
                "isbn": "978-601-99-9101-0",
                "udc": "94(574.31)",
                "bbk": "63.3(5Қаз)",
                "author_mark": "Ө 81",
                "print_run": "500 дана",
            },
        ),
        (
            "11_ulitsy-nad-shakhtami",
            {
                "title": "Улицы над шахтами",
                "subtitle": "краеведческие очерки о Караганде",
                "author": "Вересовский, А. И.",
                "place": "Караганда",
                "publisher": "Степная книга",
                "year": "2012",
                "extent": "80 с.",
                "isbn": "978-601-99-9202-4",
                "udc": "94(574.31)",
                "bbk": "63.3(5Каз)",
                "author_mark": "В 31",
                "print_run": "300 экз.",
            },
        ),
    ],
)
def test_the_imprint_page_of_a_book_is_read_whole(document: str, wanted: dict[str, str]) -> None:
    found = values(imprint_elements(true_pages(document)))
    assert {name: found.get(name) for name in wanted} == wanted
    assert len(found["annotation"]) > 150


def test_every_element_points_at_its_place_on_the_page() -> None:
    pages = true_pages("09_komir-olkesi")
    frames = {key: page.frame for key, page in pages}
    for element in imprint_elements(pages):
        for evidence in element.evidence:
            assert evidence.page is not None
            assert evidence.box is not None
            frame = frames[evidence.page]
            assert 0 <= evidence.box.left < evidence.box.right <= frame.width
            assert 0 <= evidence.box.top < evidence.box.bottom <= frame.height
            assert evidence.rule
            assert evidence.text


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("УДК 94(574.31)", "94(574.31)"),
        ("YДK 908(574.31)", "908(574.31)"),
        ("УЛК 622.33", "622.33"),
        ("ЭОЖ 821.512.122-1", "821.512.122-1"),
        ("ӘОЖ: 39(=512.122)", "39(=512.122)"),
        ("УДК 94(574.З1) ББК 63.3", "94(574.31)"),
    ],
)
def test_labels_that_recognition_misread_still_lead_to_the_number(line: str, number: str) -> None:
    assert imprint(line)["udc"] == number


@pytest.mark.parametrize(
    "line", ["УДК 94(574.31", "УДК", "УДК не указан", "ISBN 978-601-99-9101-1", "ББК б/н", "Тираж"]
)
def test_a_value_that_does_not_check_is_not_taken(line: str) -> None:
    assert imprint(line) == {}


def test_an_isbn_with_cyrillic_look_alikes_is_repaired() -> None:
    assert imprint("ISBN 5-7443-0О43-О")["isbn"] == "5-7443-0043-0"
    assert imprint("ISBN 978-601-99-91О1-0")["isbn"] == "978-601-99-9101-0"


def test_an_older_card_with_isbd_dashes_is_parsed() -> None:
    found = imprint(
        "Иванов И. И.",
        "Караганда : путеводитель [Текст] / И. И. Иванов, П. П. Петров. – 2-е изд. –",
        "Алма-Ата : Казахстан, 1978. – 120 с.",
    )
    assert found["title"] == "Караганда"
    assert found["subtitle"] == "путеводитель"
    assert (found["edition"], found["place"], found["publisher"]) == (
        "2-е изд",
        "Алма-Ата",
        "Казахстан",
    )
    assert (found["year"], found["extent"], found["author"]) == ("1978", "120 с.", "Иванов, И. И.")


def test_the_title_page_is_used_where_there_is_no_card() -> None:
    found = imprint(
        ("Мұхтар ӘУЕЗОВ", 50, "text"),
        ("АБАЙ ЖОЛЫ", 120, "text"),
        ("роман", 50, "text"),
        ("Алматы, 1961", 50, "text"),
    )
    assert found == {
        "title": "Абай жолы",
        "author": "Әуезов, М.",
        "place": "Алматы",
        "year": "1961",
    }


def test_running_text_gives_no_imprint() -> None:
    lines = ["Старый город начинался с палаток, и жители", "переехали в 1936 году южнее."] * 12
    assert imprint(*lines) == {}


@pytest.mark.parametrize(
    ("document", "title", "number", "date"),
    [
        ("01_stepnoi-gornyak_1996-09-14", "Степной горняк", "74 (9128)", "1996-09-14"),
        ("03_saryarka-tany_1998-10-10", "Сарыарқа таңы", "41 (3027)", "1998-10-10"),
    ],
)
def test_a_masthead_gives_title_number_and_date(
    document: str, title: str, number: str, date: str
) -> None:
    found = masthead_elements(true_pages(document))
    assert values(found) == {"host_title": title, "host_number": number, "host_date": date}
    assert found[2].evidence[0].rule == "masthead-date-weekday"


def masthead(*lines: str) -> dict[str, str]:
    entries: list[Printed] = [("СТЕПНОЙ ГОРНЯК", 120, "masthead")]
    entries += [(line, 40, "masthead") for line in lines]
    return values(masthead_elements([("p0001", printed_page(entries))]))


def test_a_date_whose_weekday_does_not_fit_is_refused() -> None:
    assert "host_date" not in masthead("№ 74", "Среда, 14 сентября 1996 года")
    assert masthead("№ 74", "Суббота, 14 сентября 1996 года")["host_date"] == "1996-09-14"
    assert masthead("№ 74", "14 сентября 1996 года")["host_date"] == "1996-09-14"


def test_a_month_without_its_kazakh_letters_holds_by_the_weekday() -> None:
    assert masthead("№ 41", "Сенбі, 10 казан 1998 жыл")["host_date"] == "1998-10-10"
    assert "host_date" not in masthead("№ 41", "Жұма, 10 казан 1998 жыл")


def test_the_year_of_foundation_is_no_date_of_the_issue() -> None:
    assert "host_date" not in masthead("Издаётся с мая 1932 года", "№ 5")


def test_an_article_page_without_masthead_gives_no_newspaper() -> None:
    assert masthead_elements(true_pages("08_vyrezka")) == ()


@pytest.mark.parametrize(
    ("document", "title", "author"),
    [
        ("07_kiyndy", "Аппақ тапқан қара тас", "Бөрібайұлы, Қ."),
        ("08_vyrezka", "Дворец на площади", "Кречетова, Е."),
    ],
)
def test_a_cutting_gives_headline_by_line_and_continuation(
    document: str, title: str, author: str
) -> None:
    found = values(article_elements(true_pages(document)))
    assert (found["title"], found["author"]) == (title, author)
    assert found["note"].startswith(("Жалғасы", "Окончание"))


def test_an_article_without_headline_gets_its_first_words_in_brackets_and_says_so() -> None:
    page = printed_page(["Қариялардың айтуынша, Аппақ қой соңында жүріп", "күзгі жаңбырда тоңып"])
    (title,) = article_elements([("p0001", page)])
    assert title.value == "[Қариялардың айтуынша, Аппақ қой соңында жүріп …]"
    assert title.evidence[0].rule == "first-words"


def test_a_split_word_is_read_whole() -> None:
    frame = PageFrame("0" * 64, 0, None, 0, 1000, 1000, 300)
    first = Word("Қара-", "Қара-", Box(0, 0, 90, 20), 1.0, Hyphen(1, "Қарағанды"))
    second = Word("ғанды", "ғанды", Box(0, 30, 90, 50), 1.0, Hyphen(2, "Қарағанды"))
    rest = Word("тарихы", "тарихы", Box(95, 30, 190, 50), 1.0)
    lines = (
        Line(Box(0, 0, 90, 20), (0, 20, 90, 20), "kaz", "Cyrl", (first,)),
        Line(Box(0, 30, 190, 50), (0, 50, 190, 50), "kaz", "Cyrl", (second, rest)),
    )
    region = Region("r1", "headline", Box(0, 0, 190, 50), lines)
    page = PageText(frame, (region,), "t", (), ())
    assert values(article_elements([("p0001", page)]))["title"] == "Қарағанды тарихы"


def test_the_sheet_is_read_by_kind() -> None:
    row = {
        "kind": "newspaper_article",
        "title": "Аппақ тапқан қара тас",
        "author": "Бөрібайұлы Қ.; Абай",
        "source": "«Сарыарқа таңы»",
        "date": datetime.date(1999, 4, 17),
        "number": "№ 15",
        "printed_pages": "3-б.",
        "udc": "УДК 908(574.31); нет",
        "language": "kaz",
        "record_number": "KR-1999-0417",
        "note": None,
    }
    draft = Draft("newspaper_article", sheet_elements(row))
    assert draft.all("author") == ["Бөрібайұлы, Қ.", "Абай"]
    assert draft.first("host_title") == "Сарыарқа таңы"
    assert (draft.first("host_date"), draft.first("host_number")) == ("1999-04-17", "15")
    assert (draft.first("pages"), draft.all("udc")) == ("3", ["908(574.31)"])
    assert draft.first("record_number") == "KR-1999-0417"
    assert draft.first("note") is None
    book = Draft("book", sheet_elements({**row, "kind": "book", "date": "2012"}))
    assert (book.first("year"), book.first("host_title")) == ("2012", None)


def test_the_sheet_wins_and_a_contradiction_is_listed() -> None:
    sheet = sheet_elements({"kind": "book", "title": "Улицы над шахтами", "date": "2013"})
    found = merge("book", sheet, imprint_elements(true_pages("11_ulitsy-nad-shakhtami")))
    assert found.draft.first("year") == "2013"
    assert [(c.name, c.kept.value, c.other.value) for c in found.conflicts] == [
        ("year", "2013", "2012")
    ]
    title = found.draft.element("title")
    assert title is not None
    assert [e.rule for e in title.evidence] == ["sheet", "card"]


def test_languages_come_from_the_pages_where_the_sheet_is_silent() -> None:
    pages = true_pages("05_nura-tolkyny_2004")
    assert set(draft_document("newspaper_issue", None, pages).draft.all("language")) == {
        "kaz",
        "rus",
    }
    told = draft_document("newspaper_issue", {"language": "kaz"}, pages)
    assert told.draft.all("language") == ["kaz"]
    assert told.conflicts == ()


def test_a_draft_comes_back_from_plain_values() -> None:
    draft = draft_document("book", {"title": "Х"}, true_pages("09_komir-olkesi")).draft
    assert from_dict(json.loads(json.dumps(to_dict(draft), ensure_ascii=False))) == draft
    assert {e.name for e in draft.elements} <= set(ELEMENTS)


def test_an_article_becomes_an_analytic_record_with_its_host() -> None:
    row = {"source": "Сарыарқа таңы", "date": "1999-04-17", "number": "15", "printed_pages": "3"}
    draft = draft_document("newspaper_article", row, true_pages("07_kiyndy")).draft
    record = to_record(draft, CONTEXT)
    assert record.leader[5:9] == "naa2"
    (top,) = record.all("461")
    (unit,) = record.all("463")
    assert isinstance(top, LinkField)
    assert isinstance(unit, LinkField)
    issue = unit.embedded("200")
    assert isinstance(issue, DataField)
    assert (issue.first("a"), issue.first("v")) == ("№ 15 (17 сәуір)", "Б. 3")
    seen = view(record)
    assert (seen.kind, seen.host_title, seen.host_date, seen.pages) == (
        "newspaper_article",
        "Сарыарқа таңы",
        "1999-04-17",
        "3",
    )
    assert seen.names[0].text == "Бөрібайұлы, Қ."


def test_coded_data_say_utf8_and_the_time_of_the_draft() -> None:
    draft = draft_document("book", None, true_pages("09_komir-olkesi")).draft
    record = to_record(draft, CONTEXT)
    coded = record.first("100", "a") or ""
    assert len(coded) == 36
    assert (coded[:8], coded[8:13], coded[22:25], coded[26:30]) == (
        "20261123",
        "d2009",
        "rus",
        "50  ",
    )
    assert coded[34:] == "ca"
    assert (record.first("101", "a"), record.first("102", "a")) == ("kaz", "KZ")
    fixed = next(f for f in to_record(draft, CONTEXT, "marc21").all("008"))
    assert len(getattr(fixed, "data", "")) == 40


@pytest.mark.parametrize("kind", ["book", "newspaper_issue", "photograph", "map", "other", "card"])
@pytest.mark.parametrize("form", ["rusmarc", "marc21"])
def test_a_document_about_which_nothing_is_known_has_a_title_that_says_so(
    kind: str, form: str
) -> None:
    record = to_record(Draft(kind, ()), CONTEXT, form)
    assert view(record).title == "[Без заглавия]"
    assert record.control_number == "0abc123"


@pytest.mark.parametrize(
    "kind", ["newspaper_article", "journal_article", "book_part", "newspaper_issue", "book", "map"]
)
def test_the_kind_of_a_draft_is_the_kind_of_its_record(kind: str) -> None:
    row = {"title": "Х", "source": "Ана тілі", "printed_pages": "5"}
    if kind.endswith("article") or kind.endswith("issue"):
        row["number"] = "3"
    if kind.startswith("newspaper"):
        row["date"] = "2001-05-03"
    draft = draft_document(kind, row, ()).draft
    for form in ("rusmarc", "marc21"):
        assert view(to_record(draft, CONTEXT, form)).kind == kind
