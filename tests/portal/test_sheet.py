"""The ticked correction sheet comes back by the browser: looked at, taken, taken back."""

import io
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from olketanu.home import Home
from olketanu.messages.translate import choose_language
from portal.guard.safety import LARGER
from store import changes
from store.imports.conflicts import list_conflicts
from tests.portal.corrected_home import EXTERNAL, correct_records, states, tick
from tests.portal.desk_home import Staff, hidden
from tests.portal.members import token_of
from tests.unit.made_imports import article, edit, file_of, taken
from tests.unit.test_catalog_hostile_workbooks import HOSTILE
from workflow.delta.upload import MOST_BYTES
from workflow.exchange.conflicts import decide
from workflow.library import open_library

SHEET = "/en/desk/corrections/"


@pytest.fixture
def corrected(home: Home) -> Home:
    correct_records(home)
    return home


@pytest.fixture
def staff(app: Flask, corrected: Home) -> Staff:
    assert corrected.root.is_dir()
    return Staff(app)


def ticked(staff: Staff, marks: dict[int, tuple[str, str]], note: str = "") -> bytes:
    """The sheet as it is given out, with marks in the boxes of these rows."""
    return tick(staff.get(f"{SHEET}sheet.xlsx").data, marks, note)


def bring(staff: Staff, data: bytes, name: str = "лист.xlsx") -> TestResponse:
    """Send a file by the form of the page."""
    token = hidden(staff.get(SHEET).text)["token"]
    return staff.client.post(f"{SHEET}look", **sent(token, data, name), headers=staff.headers)


def sent(token: str, data: bytes, name: str) -> dict[str, Any]:
    """The form with a file as a browser writes it (RFC 7578); kept in memory, however large."""
    part = 'Content-Disposition: form-data; name="{}"'
    head = "\r\n".join(
        [
            "--b",
            part.format("token"),
            "",
            token,
            "--b",
            f'{part.format("sheet")}; filename="{name}"',
        ]
    )
    body = head.encode() + b"\r\n\r\n" + data + b"\r\n--b--\r\n"
    return {"data": body, "content_type": "multipart/form-data; boundary=b"}


def take(staff: Staff, looked: TestResponse) -> TestResponse:
    """Send the form that the look at a sheet has shown."""
    told = {name: unescape(text) for name, text in hidden(looked.text).items()}
    path = f"{SHEET}take"
    return staff.client.post(
        path, data=told, headers=staff.headers, content_type="multipart/form-data"
    )


def newest(home: Home) -> int:
    with open_library(home) as library:
        return changes.last_seq(library.store)


def test_a_ticked_sheet_is_shown_first_then_taken_and_can_be_taken_back(
    staff: Staff, corrected: Home
) -> None:
    data, before = ticked(staff, {2: ("✓", ""), 3: ("", "x")}, "нет прав"), newest(corrected)
    looked = bring(staff, data)
    assert looked.status_code == 200
    assert [
        words for words in ("Take 2 marks", "нет прав", "лист.xlsx") if words in looked.text
    ] == ["Take 2 marks", "нет прав", "лист.xlsx"]
    assert newest(corrected) == before
    done = take(staff, looked)
    assert done.status_code == 303
    assert states(corrected) == ["waiting", "refused", "open"]
    page = staff.get(done.location).text
    assert "“лист.xlsx” was taken. Made: 1, cannot be made: 1." in page
    number = int(done.location.partition("done=")[2])
    undone = staff.undo(number)
    assert undone.location == f"{SHEET}?undone={number}"
    assert "лист.xlsx” was taken back" in staff.get(undone.location).text
    assert states(corrected) == ["open"] * 3
    assert take(staff, bring(staff, data)).status_code == 303
    assert states(corrected) == ["waiting", "refused", "open"]


def test_the_same_sheet_again_changes_nothing(staff: Staff, corrected: Home) -> None:
    looked = bring(staff, data := ticked(staff, {2: ("✓", "")}))
    take(staff, looked)
    before = newest(corrected)
    assert "There is no new mark in this sheet." in bring(staff, data).text
    again = take(staff, looked)
    assert (again.status_code, "no new mark" in again.text) == (400, True)
    assert newest(corrected) == before


def test_a_row_whose_record_was_changed_since_is_named_and_the_rest_is_taken(
    staff: Staff, corrected: Home
) -> None:
    looked = bring(staff, ticked(staff, {2: ("✓", ""), 3: ("✓", "")}))
    with open_library(corrected) as library:
        edit(library, "1", article("1", "Шахта туралы"))
    page = staff.get(take(staff, looked).location).text
    assert "Made: 1, cannot be made: 0" in page
    assert "1 row is not taken." in page
    assert "the record has been changed since" in page
    assert states(corrected) == ["open", "waiting", "open"]


def test_acts_name_the_sheet_and_lead_to_it(staff: Staff) -> None:
    take(staff, bring(staff, ticked(staff, {2: ("✓", "")})))
    page = staff.get("/en/desk/acts").text
    assert f'<a href="{SHEET}">лист.xlsx</a>' in page
    assert "Correction sheet: taken" in page


def test_a_sheet_in_csv_as_table_programs_save_it_is_taken(staff: Staff, corrected: Home) -> None:
    page = load_workbook(io.BytesIO(ticked(staff, {2: ("да", "")}))).worksheets[0]
    rows = [[str(cell or "") for cell in row] for row in page.iter_rows(values_only=True)]
    quoted = (";".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    text = "\r\n".join(quoted)
    take(staff, bring(staff, text.encode("utf-8-sig"), "лист.csv"))
    assert states(corrected) == ["waiting", "open", "open"]


@pytest.mark.parametrize(
    "data",
    [b"", b"PK", b"\x00" * 5000, b"a;b\n1;2", *(HOSTILE[k] for k in list(HOSTILE)[2:4])],
    ids=["empty", "a zip by name", "zeros", "another table", *list(HOSTILE)[2:4]],
)
def test_what_is_no_sheet_is_refused_in_words_and_notes_nothing(
    staff: Staff, corrected: Home, data: bytes
) -> None:
    before = newest(corrected)
    answer = bring(staff, data)
    assert (answer.status_code, 'role="alert"' in answer.text) == (400, True)
    assert newest(corrected) == before


def test_a_workbook_that_would_fill_the_memory_ends_in_its_child(staff: Staff) -> None:
    name = "a cell of 300 megabytes"
    assert len(HOSTILE[name]) < MOST_BYTES
    assert bring(staff, HOSTILE[name]).status_code == 400


def test_no_file_is_told_so(staff: Staff) -> None:
    answer = bring(staff, b"", "")
    assert (answer.status_code, "No file was chosen." in answer.text) == (400, True)


def test_a_file_that_is_too_large_is_refused(staff: Staff) -> None:
    most, _ = LARGER["sheet.look"]
    assert bring(staff, b"x" * most).status_code == 413
    assert bring(staff, b"x" * (MOST_BYTES + 1)).status_code == 400


def test_who_is_no_member_sends_no_large_form(reader: FlaskClient) -> None:
    form = sent(token_of(reader), b"x" * 100_000, "a.xlsx")
    assert reader.post(f"{SHEET}look", **form).status_code == 413


@pytest.mark.parametrize("address", ["look", "take"])
def test_a_scanner_brings_no_sheet(app: Flask, staff: Staff, address: str) -> None:
    scanner = Staff(app, "marat", "scanner")
    token = hidden(staff.get(SHEET).text)["token"]
    answer = scanner.client.post(
        f"{SHEET}{address}", data={"token": token}, headers=scanner.headers
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("ticks", ["", "x", "1\tzz\tconfirmed\t", "1\tzz\tdone", "-1\tzz\tdone\t"])
def test_ticks_that_nobody_gave_out_are_refused(staff: Staff, corrected: Home, ticks: str) -> None:
    token, before = hidden(staff.get(SHEET).text)["token"], newest(corrected)
    told = {"token": token, "ticks": ticks, "sheet": "a.xlsx"}
    answer = staff.client.post(f"{SHEET}take", data=told, headers=staff.headers)
    assert answer.status_code == 400
    assert newest(corrected) == before


def test_the_name_of_a_file_is_told_without_its_folder_and_as_text(staff: Staff) -> None:
    looked = bring(staff, ticked(staff, {2: ("✓", "")}), "fakepath/<b>лист.xlsx")
    assert "&lt;b&gt;лист.xlsx" in looked.text
    assert "fakepath" not in looked.text


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_sheet_of_one_language_is_taken_in_another(
    staff: Staff, corrected: Home, language: str
) -> None:
    choose_language(language)
    sheet = staff.get(f"/{language}/desk/corrections/sheet.xlsx").data
    take(staff, bring(staff, tick(sheet, {2: ("✓", "")})))
    assert states(corrected)[0] == "waiting"


def test_what_is_wrong_with_a_file_is_told_in_the_language_of_the_page(staff: Staff) -> None:
    token = hidden(staff.get("/ru/desk/corrections/").text)["token"]
    form = sent(token, "Код строки;Сделано\r\nbcdfgh01;x".encode(), "лист.csv")
    answer = staff.client.post("/ru/desk/corrections/look", **form, headers=staff.headers)
    assert "столбцов нет или они повторяются: № записи, Поле, Было, Стало" in answer.text


def test_what_was_decided_at_the_console_is_listed_and_taken_back_at_the_desk(
    app: Flask, corrected: Home
) -> None:
    path = file_of(
        corrected.root.parent / "imports", [article("1", "Шахта туралы"), article("9", "Қала")]
    )
    with open_library(corrected) as opened:
        library = replace(opened, settings=EXTERNAL)
        taken(library, path)
        (conflict,) = list_conflicts(library.store)
        _, number = decide(library, conflict.id, ["theirs"], actor="staff", dry_run=False)
    head = Staff(app, "bolat", "head")
    page = head.get("/en/desk/acts?who=all").text
    assert "Conflict: taken" in page
    assert number is not None
    answer = head.undo(number)
    assert answer.location == f"/en/desk/acts?undone={number}"
    assert head.get(answer.location).status_code == 200
    with open_library(corrected) as library:
        assert [one.id for one in list_conflicts(library.store)] == [conflict.id]
    assert Staff(app, "marat", "scanner").undo(number).status_code == 403
