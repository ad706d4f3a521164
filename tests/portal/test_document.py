"""The page of a document: what it says, and what it does not say to whom."""

import datetime
import re
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.rights import Rights
from olketanu.home import Home
from store.catalogue import findings
from store.digitised import rights
from store.digitised.documents import NewDocument
from store.identifiers import ALPHABET, is_valid
from tests.portal.made_portal import ids_of
from tests.portal.shelves import (
    FUTURE,
    PAST,
    a_record,
    enter,
    found,
    lengthen,
    set_rights,
    set_status,
    sit_in_the_library,
)
from tests.unit.found_library import add_document
from workflow.library import open_library
from workflow.reading.files import DOCUMENT_SUFFIXES, RECORD_SUFFIXES
from workflow.reading.strip import PORTION

CANARY = re.compile("құпия", re.IGNORECASE)
UNKNOWN = "0000000" + next(sign for sign in ALPHABET if is_valid("0000000" + sign))


@pytest.fixture
def ids(home: Home) -> dict[str, str]:
    return ids_of(home)


def words(client: FlaskClient, path: str) -> str:
    """The text of a page, blanks made one."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return " ".join("".join(found(answer.text, "//body//text()")).split())


def test_an_open_book_says_what_it_is_and_offers_itself(
    reader: FlaskClient, ids: dict[str, str]
) -> None:
    book = ids["tarih"]
    text = words(reader, f"/ru/d/{book}?q=%D1%88%D0%B0%D1%85%D1%82%D0%B0")
    assert "Қарағанды : Болашақ, 1998" in text
    assert "94(574.31) История Карагандинской области" in text
    assert "2 страницы, текст полный" in text
    assert "Открыто для всех" in text
    page = reader.get(f"/ru/d/{book}?q=%D1%88%D0%B0%D1%85%D1%82%D0%B0").text
    links = found(page, "//main//a/@href")
    assert f"/ru/d/{book}/p/p0001?q=%D1%88%D0%B0%D1%85%D1%82%D0%B0" in links
    assert {f"/d/{book}.{suffix}" for suffix in DOCUMENT_SUFFIXES} <= set(links)
    assert found(page, "//h1/@lang") == ["kk"]


def test_an_issue_without_a_record_is_described_by_the_sheet(
    reader: FlaskClient, ids: dict[str, str]
) -> None:
    text = words(reader, f"/ru/d/{ids['issue']}")
    assert "описание дано по описи сканирования" in text
    assert "Сарыарқа таңы. № 40 (10 окт.)" in text
    assert "10.10.1998" in text
    assert "RUSMARC" not in text


def test_without_a_sheet_the_language_of_the_pages_is_that_of_the_description(
    reader: FlaskClient, home: Home
) -> None:
    with open_library(home) as library, library.store.transaction("staff") as tx:
        scan = NewDocument("b", "01_skan.tif", "", "book", None)
        document = add_document(tx, scan, ((("kaz", "Көмір өлкесі туралы"),),))
        rights.set_rights(tx, document, Rights("open"))
    assert "[Атауы жоқ құжат " in words(reader, f"/ru/d/{document}")


def test_the_permanent_address_is_followed_within_the_site(
    reader: FlaskClient, ids: dict[str, str]
) -> None:
    for path in (f"/d/{ids['tarih']}", f"/d/{ids['tarih']}/p/p0001"):
        page = reader.get(f"/ru{path}").text
        assert found(page, "//a[@rel='bookmark']/text()") == [f"https://library.example{path}"]
        assert found(page, "//a[@rel='bookmark']/@href") == [path]


def test_machines_are_told_the_same(reader: FlaskClient, ids: dict[str, str]) -> None:
    page = reader.get(f"/ru/d/{ids['tarih']}").text
    address = f"https://library.example/d/{ids['tarih']}"
    told = {one.get("name"): one.get("content") for one in found(page, "//meta[@name]")}
    assert told["DC.title"] == told["citation_title"] == "Қарағанды тарихы"
    assert told["DC.identifier"] == address
    assert told["citation_author"] == "Сатыбалдин, Ә."
    assert told["citation_pdf_url"] == f"{address}.pdf"
    assert found(page, "//link[@rel='canonical']/@href") == [address.replace("/d/", "/ru/d/")]
    assert found(page, "//link[@hreflang='x-default']/@href") == [address]


def test_what_the_library_keeps_closed_is_as_unknown_as_what_it_has_not(
    reader: FlaskClient, ids: dict[str, str]
) -> None:
    unknown = reader.get(f"/ru/d/{UNKNOWN}")
    assert unknown.status_code == 404
    for name in ("secret", "onsite"):
        for suffix in ("", *(f".{one}" for one in DOCUMENT_SUFFIXES)):
            answer = reader.get(f"/ru/d/{ids[name]}{suffix}")
            assert answer.status_code == 404
            expected = reader.get(f"/ru/d/{UNKNOWN}{suffix}").text
            assert answer.text.replace(ids[name], UNKNOWN) == expected


def test_an_accepted_record_makes_the_description_public_and_nothing_else(
    reader: FlaskClient, home: Home, ids: dict[str, str]
) -> None:
    secret = ids["secret"]
    enter(home, a_record("s1", "Ведомость о закрытом"), "active", secret)
    answer = reader.get(f"/ru/d/{secret}")
    text = words(reader, f"/ru/d/{secret}")
    assert "Ведомость о закрытом" in text
    assert "закрыты для читателей" in text
    assert not CANARY.search(answer.text)
    for hidden in ("страниц", "Пакет", "Читать", "Скачать", "citation_pdf_url", ".jpg", "/p/p"):
        assert hidden not in answer.text
    refused = {one: reader.get(f"/d/{secret}.{one}").status_code for one in DOCUMENT_SUFFIXES}
    assert refused == {
        **{"pdf": 403, "txt": 403},
        **dict.fromkeys(RECORD_SUFFIXES, 200),
    }


def test_a_draft_goes_with_the_text_that_it_was_made_from(
    reader: FlaskClient, home: Home, ids: dict[str, str]
) -> None:
    closed = enter(home, a_record("d1", "Құпия нобай"), "draft", ids["secret"])
    opened = enter(home, a_record("d2", "Ашық нобай"), "draft", ids["issue"])
    assert reader.get(f"/d/{ids['secret']}").status_code == 404
    assert reader.get(f"/r/{closed}").status_code == 404
    assert reader.get(f"/r/{closed}.mrc").status_code == 404
    assert "Эта запись – черновик" in words(reader, f"/ru/d/{ids['issue']}")
    assert "Эта запись – черновик" in words(reader, f"/ru/r/{opened}")


def test_inside_the_library_it_is_read_but_not_taken_away(
    reader: FlaskClient, home: Home, ids: dict[str, str]
) -> None:
    sit_in_the_library(home)
    here = ids["onsite"]
    assert "только в библиотеке, без скачивания" in words(reader, f"/ru/d/{here}")
    answer = reader.get(f"/d/{here}.txt")
    assert (answer.status_code, "no-store" in answer.headers["Cache-Control"]) == (200, True)
    refused = reader.get(f"/ru/d/{here}.pdf")
    assert (refused.status_code, "Здесь это не открыто" in refused.text) == (403, True)
    assert reader.get(f"/d/{ids['secret']}").status_code == 404


@pytest.mark.parametrize("role", ["scanner", "cataloguer", "head"])
def test_staff_reads_everything_and_keeps_it_to_themselves(
    request: pytest.FixtureRequest, home: Home, ids: dict[str, str], role: str
) -> None:
    client: FlaskClient = request.getfixturevalue(role)
    record = enter(home, a_record("st1", "Құпия нобай"), "draft", ids["secret"])
    assert "закрыты для читателей" in words(client, f"/ru/d/{ids['secret']}")
    assert "Эта запись – черновик" in words(client, f"/ru/r/{record}")
    for path in (*(f"/d/{ids['secret']}.{one}" for one in DOCUMENT_SUFFIXES), f"/r/{record}.bib"):
        with client.get(path) as answer:
            assert answer.status_code == 200
            assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(("until", "status"), [(FUTURE, 200), (PAST, 404), (None, 404)])
def test_a_term_opens_and_ends(
    reader: FlaskClient, home: Home, ids: dict[str, str], until: datetime.date | None, status: int
) -> None:
    set_rights(home, ids["issue"], Rights("until", until, "17"))
    answers = [reader.get(f"/ru/d/{ids['issue']}{end}") for end in ("", ".pdf", ".txt")]
    assert {answer.status_code for answer in answers} == {status}
    assert ("до 01.01.2999" in answers[0].text) == (status == 200)
    for answer in answers:
        answer.close()


def test_a_withdrawn_description_is_gone_where_nothing_else_may_be_seen(
    reader: FlaskClient, home: Home, ids: dict[str, str]
) -> None:
    for name in ("secret", "issue"):
        record = enter(home, a_record(f"w-{name}", "Снято"), "active", ids[name])
        set_status(home, record, "deleted")
    assert reader.get(f"/d/{ids['secret']}").status_code == 410
    assert reader.get(f"/d/{ids['issue']}").status_code == 200


def test_damage_of_the_original_is_told(
    reader: FlaskClient, home: Home, ids: dict[str, str]
) -> None:
    with open_library(home) as library, library.store.transaction("staff") as tx:
        findings.add_finding(tx, f"{ids['tarih']}/p0002", "original-damaged")
    assert "повреждён оригинал, сканы: 2" in words(reader, f"/ru/d/{ids['tarih']}")


def test_a_document_names_the_pages_that_answer(reader: FlaskClient, ids: dict[str, str]) -> None:
    page = reader.get(f"/ru/d/{ids['tarih']}?q=школа").text
    assert "на 1 странице" in page
    chips = found(page, "//section[@id='inside']//a/@href")
    assert [unquote(one) for one in chips] == [f"/ru/d/{ids['tarih']}/p/p0002?q=школа"]
    assert "не найдено" in reader.get(f"/ru/d/{ids['tarih']}?q=ыыыыы").text


def test_the_pages_of_a_closed_document_are_not_searched(
    reader: FlaskClient, home: Home, ids: dict[str, str]
) -> None:
    set_rights(home, ids["tarih"], Rights("closed"))
    page = reader.get(f"/ru/d/{ids['tarih']}?q=школа").text
    assert not found(page, "//*[@id='inside']")
    assert "на 1 странице" not in page


def test_a_long_book_is_leafed_through(
    reader: FlaskClient, home: Home, ids: dict[str, str]
) -> None:
    lengthen(home, ids["tarih"], 298)
    seen: list[str] = []
    address = f"/ru/d/{ids['tarih']}?q=x"
    while address:
        page = reader.get(address.partition("#")[0]).text
        seen += found(page, "//ol[@class='strip all']//a/@href")
        assert len(found(page, "//ol[@class='strip all']//img[@loading='lazy']")) <= PORTION
        address = next(iter(found(page, "//a[@rel='next']/@href")), "")
    assert [one.rpartition("/")[2] for one in seen] == [f"p{n:04}?q=x" for n in range(1, 301)]


@pytest.mark.parametrize("start", ["0", "-5", "999999", "x", "9" * 5000, "48"])
def test_the_strip_begins_somewhere_whatever_is_asked(
    reader: FlaskClient, ids: dict[str, str], start: str
) -> None:
    assert "скан 2" in words(reader, f"/ru/d/{ids['tarih']}?from={start}")


HOSTILE = '</script><script>alert(1)</script><img src=x onerror=alert(1)>"\' onload="x'


def test_hostile_texts_stay_text(reader: FlaskClient, home: Home, ids: dict[str, str]) -> None:
    odd = a_record("h1", HOSTILE, "javascript:alert(1)", "https://example.kz/x")
    record = enter(home, odd, "active", ids["issue"])
    for path in (f"/ru/d/{ids['issue']}", f"/ru/r/{record}?view=marc21&q={HOSTILE}"):
        page = reader.get(path).text
        assert found(page, "//script[not(@src)]/@type") == ["application/ld+json"]
        assert not found(page, "//@onerror | //@onload | //img[@src='x']")
        assert not found(page, "//a[starts-with(@href, 'javascript')]")
        assert HOSTILE in found(page, "//h1")[0].text_content()
    with reader.get(f"/d/{ids['issue']}.bib") as answer:
        head = answer.headers["Content-Disposition"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert head.startswith(f"attachment; filename=\"{ids['issue']}.bib\"; filename*=UTF-8''")
    assert not set(head.partition("''")[2]) & set('<>"\\/;\r\n')


@given(
    name=st.text(ALPHABET + "aeAp._-/%\0ә", max_size=12) | st.from_regex("[0-9b-z]{8}"),
    suffix=st.sampled_from([*DOCUMENT_SUFFIXES, "", "exe", "pdf/", "..", "pdf.pdf"]),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_address_the_answer_is_no_defect(
    reader: FlaskClient, name: str, suffix: str
) -> None:
    for room in ("d", "r"):
        answer = reader.get(f"/{room}/{name}.{suffix}" if suffix else f"/{room}/{name}")
        assert answer.status_code in (404, 308)
        assert answer.status_code == 404 or answer.headers["Location"].startswith("http://local")
