"""The page of a record: its description and fields, its copies, where it went."""

import pytest
from flask.testing import FlaskClient

from olketanu.home import Home
from store.catalogue import records
from tests.portal.made_portal import ids_of
from tests.portal.shelves import a_record, enter, found, set_status
from tests.unit.made_entries import field
from workflow.library import open_library


def number(home: Home, control: str) -> str:
    with open_library(home) as library:
        found = records.iterate_records(library.store)
        return next(one.id for one in found if one.record.control_number == control)


def test_a_record_without_a_copy_says_so(reader: FlaskClient, home: Home) -> None:
    text = reader.get(f"/en/r/{number(home, 'n2')}").text
    assert "There is no digital copy yet." in text
    assert "Новые школы Караганды" in text
    assert "Индустриальная Караганда" in text


def test_a_record_leads_to_its_copy(reader: FlaskClient, home: Home) -> None:
    page = reader.get(f"/ru/r/{number(home, 'n0')}?q=a").text
    assert f"/ru/d/{ids_of(home)['tarih']}?q=a" in found(page, "//main//a/@href")


@pytest.mark.parametrize(("form", "title"), [("rusmarc", "200"), ("marc21", "245")])
def test_its_fields_are_shown_in_both_formats(
    reader: FlaskClient, home: Home, form: str, title: str
) -> None:
    page = reader.get(f"/ru/r/{number(home, 'n0')}?view={form}").text
    assert found(page, "//details[@open]/@id") == [form]
    row = found(page, f"//details[@id='{form}']//tr[td/code[text()='{title}']]")[0]
    assert "Қарағанды тарихы" in row.text_content()


def test_copies_on_paper_are_named_by_shelf_mark_and_inventory(
    reader: FlaskClient, home: Home
) -> None:
    record = a_record("p1", "На полке")
    kept = field("899", "aЦГБ", "j63.3(5Каз)/К 17", "pК-004512")
    made = enter(home, type(record)(record.format, record.leader, (*record.fields, kept)), "active")
    page = reader.get(f"/ru/r/{made}").text
    cells = found(page, "//section[h2='Экземпляры в библиотеке']//tbody//td/text()")
    assert cells == ["ЦГБ", "63.3(5Каз)/К 17", "К-004512"]


@pytest.mark.parametrize("suffix", ["", ".ris"])
def test_a_merged_record_leads_to_the_one_that_holds_it(
    reader: FlaskClient, home: Home, suffix: str
) -> None:
    chain = [enter(home, a_record(f"m{n}", "Одно"), "active") for n in range(3)]
    set_status(home, chain[0], "merged", chain[1])
    set_status(home, chain[1], "merged", chain[2])
    answer = reader.get(f"/ru/r/{chain[0]}{suffix}?q=x&_scheme=javascript&_external=1")
    assert answer.status_code == 308
    address = f"/ru/r/{chain[2]}{suffix}?q=x&_scheme=javascript&_external=1"
    assert answer.headers["Location"] == address


def test_a_document_of_a_merged_record_is_described_by_the_one_that_holds_it(
    reader: FlaskClient, home: Home
) -> None:
    issue = ids_of(home)["issue"]
    merged = enter(home, a_record("m5", "Дублет"), "active", issue)
    kept = enter(home, a_record("m6", "Сохранённая запись"), "active")
    set_status(home, merged, "merged", kept)
    page = reader.get(f"/ru/d/{issue}").text
    assert "Сохранённая запись" in page
    assert f"/ru/r/{kept}" in found(page, "//main//a/@href")
    assert "Дублет" not in page


def test_a_merged_record_does_not_tell_of_a_draft(reader: FlaskClient, home: Home) -> None:
    secret = ids_of(home)["secret"]
    draft = enter(home, a_record("m3", "Құпия"), "draft", secret)
    merged = enter(home, a_record("m4", "Құпия"), "draft", secret)
    set_status(home, merged, "merged", draft)
    assert reader.get(f"/r/{merged}").status_code == 404


def test_a_circle_of_merges_ends(reader: FlaskClient, home: Home) -> None:
    one, other = (enter(home, a_record(f"c{n}", "Круг"), "active") for n in range(2))
    set_status(home, one, "merged", other)
    set_status(home, other, "merged", one)
    assert reader.get(f"/r/{one}").status_code == 404


@pytest.mark.parametrize(("status", "answer"), [("active", 410), ("draft", 404)])
def test_only_what_was_public_was_withdrawn(
    reader: FlaskClient, home: Home, status: str, answer: int
) -> None:
    record = enter(home, a_record("g1", "Снято"), status)
    set_status(home, record, "deleted")
    assert reader.get(f"/r/{record}").status_code == answer
    assert reader.get(f"/r/{record}.bib").status_code == answer
