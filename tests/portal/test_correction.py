"""A reader's correction: what the desk gets of it, and what it does not take."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalog.rights import Rights
from olketanu.home import Home
from store.catalogue.findings import Finding, list_findings
from store.digitised import rights
from tests.portal.made_portal import ids_of
from tests.portal.markup import elements, texts, values
from tests.unit.found_library import HISTORY
from workflow.library import open_library
from workflow.reading.page.suggestion import LONGEST, SUGGESTED

LINE = "100-100-1040-140"
OLD = HISTORY[0][1]
NEW = OLD.replace("ортасы", "орталығы")


def send(client: FlaskClient, document: str, **fields: str) -> TestResponse:
    """Fill in the form as it stands on the page, and send it."""
    page = client.get(f"/ru/d/{document}/p/p0001?line={LINE}").text
    form = '//form[@method="post"]'
    (action,) = values(page, f"{form}/@action")
    hidden = elements(page, f"{form}//input[@type='hidden']")
    held = {one.get("name", ""): one.get("value", "") for one in hidden}
    return client.post(action, data={**held, "new": OLD, **fields})


def suggestions(home: Home) -> list[Finding]:
    with open_library(home) as library:
        return list_findings(library.store, code=SUGGESTED)


def test_a_suggestion_comes_to_the_desk_with_its_line(reader: FlaskClient, home: Home) -> None:
    document = ids_of(home)["tarih"]
    answer = send(reader, document, new=f"  {NEW}\n", note="")
    assert answer.status_code == 302
    assert "Спасибо" in reader.get(answer.location).text
    (found,) = suggestions(home)
    assert found.subject == f"{document}/p0001"
    assert found.facts == {"box": [100, 100, 1040, 140], "old": OLD, "new": NEW, "note": ""}


def test_the_same_suggestion_twice_is_one(reader: FlaskClient, home: Home) -> None:
    document = ids_of(home)["tarih"]
    for typed in (NEW, NEW.replace(" ", "  "), f"{NEW}\u200b"):
        send(reader, document, new=typed)
    assert len(suggestions(home)) == 1


def test_the_form_holds_what_the_line_says_now(reader: FlaskClient, home: Home) -> None:
    page = reader.get(f"/kk/d/{ids_of(home)['tarih']}/p/p0001?line={LINE}").text
    assert texts(page, '//textarea[@name="new"]') == [OLD]
    assert values(page, "//*[@data-chosen]/@width") == ["940"]
    assert elements(page, "//details[@open]")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "Ничего не исправлено"),
        ({"new": "я" * (LONGEST + 1)}, "слишком длинный"),
        ({"new": NEW, "note": "я" * (LONGEST + 1)}, "слишком длинный"),
        ({"new": NEW, "line": "1-1-2-2"}, "изменилась"),
    ],
)
def test_what_cannot_be_taken_is_told_and_what_was_typed_stays(
    reader: FlaskClient, home: Home, fields: dict[str, str], told: str
) -> None:
    answer = send(reader, ids_of(home)["tarih"], **fields)
    assert answer.status_code == 400
    assert told in answer.text
    assert texts(answer.text, '//textarea[@name="new"]') == [fields.get("new", OLD)]
    assert suggestions(home) == []


def test_a_form_that_no_page_gave_out_is_refused(reader: FlaskClient, home: Home) -> None:
    document = ids_of(home)["tarih"]
    assert send(reader, document, new=NEW, token="0" * 64).status_code == 403
    assert suggestions(home) == []


def test_a_program_that_fills_in_every_field_is_thanked_and_forgotten(
    reader: FlaskClient, home: Home
) -> None:
    answer = send(reader, ids_of(home)["tarih"], new=NEW, website="http://example.org")
    assert answer.status_code == 302
    assert suggestions(home) == []


def test_nobody_sends_without_end(reader: FlaskClient, home: Home) -> None:
    document = ids_of(home)["tarih"]
    codes = [send(reader, document, new=f"{NEW} {n}").status_code for n in range(25)]
    assert codes == [302] * 20 + [429] * 5
    assert len(suggestions(home)) == 20


def test_what_was_closed_meanwhile_takes_no_suggestion(reader: FlaskClient, home: Home) -> None:
    document = ids_of(home)["issue"]
    page = reader.get(f"/ru/d/{document}/p/p0001").text
    (token,) = values(page, '//input[@name="token"]/@value')
    with open_library(home) as library, library.store.transaction("staff") as tx:
        rights.set_rights(tx, document, Rights("closed"))
    answer = reader.post(
        f"/ru/d/{document}/p/p0001/correction", data={"token": token, "line": LINE, "new": NEW}
    )
    assert answer.status_code == 404
    assert suggestions(home) == []
