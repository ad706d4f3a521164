"""The card of a draft: evidence beside the form, a look before saving, no typed text lost."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from olketanu.home import Home
from store.catalogue import findings, links, records
from store.catalogue.records import StoredRecord
from tests.portal.desk_home import Staff
from tests.portal.made_portal import opened
from tests.unit.drafted_library import DRAFT, TITLE_BOX, draft_of, extract
from workflow.library import open_library


@pytest.fixture(scope="module")
def drafted_home(made_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small library with a draft; nothing writes to it."""
    home = Home(shutil.copytree(made_home, tmp_path_factory.mktemp("drafted") / "home"))
    extract(home, "issue", DRAFT)
    return home.root


@pytest.fixture
def app(drafted_home: Path, tmp_path: Path) -> Iterator[Flask]:
    with opened(Home(shutil.copytree(drafted_home, tmp_path / "home"))) as made:
        yield made


@pytest.fixture
def staff(app: Flask) -> Staff:
    return Staff(app)


@pytest.fixture
def key(staff: Staff, home: Home) -> str:
    return record(home).id


@pytest.fixture
def form(staff: Staff, key: str) -> dict[str, str]:
    """The form of the card as a browser would send it untouched."""
    return filled(page_of(staff, key))


def record(home: Home) -> StoredRecord:
    with open_library(home) as library:
        return draft_of(library)


def page_of(staff: Staff, key: str, language: str = "en") -> Any:
    return page_at(staff, f"/{language}/desk/card/draft/{key}")


def page_at(staff: Staff, path: str) -> Any:
    answer = staff.get(path)
    assert answer.status_code == 200
    return html.fromstring(answer.text)


def filled(page: Any, **changes: str) -> dict[str, str]:
    """The card's form as a browser sends it; ``t200`` is the text of the first row of that tag."""
    (form,) = [one for one in page.forms if "data-draft" in one.attrib]
    fields = dict(form.form_values())
    for name, text in changes.items():
        fields[row_of(fields, name[1:]) if name[0] == "t" else name] = text
    return fields


def row_of(fields: dict[str, str], tag: str) -> str:
    row = next(name for name, text in fields.items() if name.startswith("tag-") and text == tag)
    return row.replace("tag-", "text-")


def row_tag(row: Any) -> str:
    return "".join(row.xpath(".//input[starts-with(@name, 'tag-')]/@value"))


def send(staff: Staff, path: str, fields: dict[str, str], code: int = 200) -> Any:
    answer = staff.client.post(path, data=fields, headers=staff.headers)
    assert answer.status_code == code, answer.text
    return html.fromstring(answer.text) if answer.text else None


def test_every_element_names_the_place_that_it_was_read_at(staff: Staff, key: str) -> None:
    page = page_of(staff, key)
    (title,) = [
        one for one in page.xpath("//dl/div[@data-spots]") if "Сарыарқа" in one.text_content()
    ]
    assert "title of the masthead, 93 %" in re.sub(r"\s+", " ", title.text_content())
    number = title.get("data-spots")
    rect = page.get_element_by_id(f"spot-{number}").find("rect")
    box = tuple(int(rect.get(name)) for name in ("x", "y", "width", "height"))
    assert box == (TITLE_BOX.left, TITLE_BOX.top, TITLE_BOX.width, TITLE_BOX.height)
    (row,) = [one for one in page.xpath("//li[@data-spots]") if row_tag(one) == "200"]
    assert number in row.get("data-spots").split()


def test_what_was_read_is_told_in_words_not_in_codes(staff: Staff, key: str) -> None:
    told = [one.text_content() for one in page_of(staff, key, "ru").xpath("//dl/div/dd/span[1]")]
    assert {"казахский", "кириллица", "10.10.1998"} <= {" ".join(one.split()) for one in told}


def test_a_card_is_saved_as_it_was_shown(staff: Staff, home: Home, key: str) -> None:
    before = record(home)
    fields = filled(page_of(staff, key))
    send(staff, f"/en/desk/card/draft/{key}", {**fields, "act": "edit"}, 303)
    assert record(home) == before


def test_who_edits_a_record_in_force_stays_with_it(staff: Staff, home: Home, key: str) -> None:
    card = f"/en/desk/card/draft/{key}"
    send(staff, card, {**filled(page_of(staff, key)), "act": "accept"}, 303)
    page = page_of(staff, key)
    assert "Record of the catalogue" in page.xpath("//h1")[0].text_content()
    fields = {**filled(page, t200="$aСарыарқа таңы $eапталық"), "act": "edit"}
    answer = staff.client.post(card, data=fields, headers=staff.headers)
    assert answer.location.startswith(f"{card}?done=")
    assert record(home).record.first("200", "e") == "апталық"


def test_accepting_takes_the_edits_with_it_and_leads_on(staff: Staff, home: Home, key: str) -> None:
    fields = filled(page_of(staff, key), t200="$aСарыарқа таңы $eапталық")
    send(staff, f"/en/desk/card/draft/{key}", {**fields, "act": "accept"}, 303)
    after = record(home)
    assert (after.status, after.record.first("200", "e")) == ("active", "апталық")
    assert f"/card/draft/{key}" not in staff.get("/en/desk/").text


def test_the_description_follows_what_is_typed_and_nothing_is_saved(
    staff: Staff, home: Home, key: str
) -> None:
    before = record(home)
    fields = filled(page_of(staff, key), t200="$aОгни Карагандинские", reason="проверить")
    page = send(staff, f"/en/desk/draft/{key}/preview", fields)
    assert "Огни Карагандинские" in page.get_element_by_id("described").text_content()
    assert filled(page)["reason"] == "проверить"
    assert record(home) == before


def test_checks_speak_at_the_row_that_they_mean(staff: Staff, key: str) -> None:
    fields = filled(page_of(staff, key))
    row = row_of(fields, "101")
    fields[row] = "$aqqq"
    page = send(staff, f"/ru/desk/draft/{key}/preview", fields)
    said = page.get_element_by_id(row.replace("text", "said"))
    assert "ошибка" in said.text_content()


def test_what_cannot_be_read_is_told_at_its_row_and_all_that_was_typed_stays(
    staff: Staff, home: Home, key: str
) -> None:
    before = record(home)
    fields = filled(page_of(staff, key), t200="просто слова", t101="$akaz $arus")
    page = send(staff, f"/ru/desk/card/draft/{key}", {**fields, "act": "accept"}, 400)
    again = filled(page)
    assert {name: again[name] for name in fields if name != "token"} == {
        name: text for name, text in fields.items() if name != "token"
    }
    bad = page.xpath("//textarea[@aria-invalid='true']")
    assert [one.get("name") for one in bad] == [row_of(fields, "200")]
    told = page.get_element_by_id(bad[0].get("aria-describedby")).text_content()
    assert "начинается со знака $" in told
    assert bad[0].get("autofocus") is not None
    (number,) = [one for one in page.xpath("//li") if row_tag(one) == "001"]
    assert key in number.text_content()
    assert record(home) == before


def test_a_suggested_class_is_put_into_the_record_by_one_press(
    staff: Staff, home: Home, key: str
) -> None:
    reason = {"code": "udc-words", "facts": {"words": "көмір"}}
    one = {"notation": "622.33", "confidence": "low", "captions": {"ru": "Уголь"}}
    facts = {"suggestions": [{**one, "reasons": [reason]}]}
    with open_library(home) as library, library.store.transaction("olketanu:classify") as tx:
        findings.add_finding(tx, key, "udc-suggested", facts)
    page = page_of(staff, key)
    assert "Words found in the text: көмір" in page.text_content()
    (button,) = page.xpath("//button[@name='class'][@value='622.33']")
    page = send(
        staff, button.get("formaction").partition("#")[0], {**filled(page), "class": "622.33"}
    )
    send(staff, f"/en/desk/card/draft/{key}", {**filled(page), "act": "accept"}, 303)
    assert record(home).record.first("675", "a") == "622.33"


def test_a_rejected_draft_stays_to_be_looked_at_and_taken_back(
    staff: Staff, home: Home, key: str
) -> None:
    fields = filled(page_of(staff, key), reason="реклама")
    send(staff, f"/en/desk/card/draft/{key}", {**fields, "act": "reject"}, 303)
    page = page_of(staff, key)
    assert not page.xpath("//textarea")
    undo = next(one for one in page.forms if "/undo/" in one.action)
    send(staff, undo.action, dict(undo.form_values()), 303)
    assert record(home).status == "draft"
    with open_library(home) as library:
        assert links.list_links(library.store, record=key)[0].status == "accepted"
        assert records.get_record(library.store, key).status == "draft"


@given(
    st.dictionaries(
        st.from_regex(
            r"(tag|indicators|text|new|drop)-[0-9]{1,5}|class|format|reason", fullmatch=True
        ),
        st.text(st.sampled_from("0124567 #$aқ{}␣\n\r\0<"), max_size=12),
        max_size=8,
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
def test_whatever_is_sent_to_be_looked_at_has_an_answer(
    staff: Staff, key: str, form: dict[str, str], sent: dict[str, str]
) -> None:
    page = send(staff, f"/en/desk/draft/{key}/preview", form | sent)
    assert page.xpath("//div[@id='described']/p")


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '$a"><img src=x onerror=1>'])
def test_hostile_text_stays_text(staff: Staff, key: str, text: str) -> None:
    fields = filled(page_of(staff, key), t200=f"$a{text}")
    page = send(staff, f"/kk/desk/draft/{key}/preview", fields)
    assert filled(page)[row_of(fields, "200")] == f"$a{text}"
    assert not page.xpath("//script[not(@src)]|//*[@onerror]")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_no_word_is_missing(staff: Staff, key: str, language: str) -> None:
    text = page_of(staff, key, language).text_content()
    assert not re.findall(r"\b(?:desk|evidence|field-problem|sureness|level)\.[a-z]+", text)


def test_the_past_of_a_record_tells_who_changed_what_and_brings_it_back(
    staff: Staff, home: Home, key: str
) -> None:
    fields = filled(page_of(staff, key), t200="$aҚате атау")
    send(staff, f"/ru/desk/card/draft/{key}", {**fields, "act": "accept"}, 303)
    page = page_at(staff, f"/ru/desk/record/{key}")
    (newest, oldest) = page.xpath("//ol/li")
    assert "черновик принят" in newest.text_content()
    assert "aigul" in newest.text_content()
    assert "Қате атау" in newest.text_content()
    assert "черновик по скану" in oldest.text_content()
    assert "программа" in oldest.text_content()
    (form,) = oldest.xpath(".//form")
    back = dict(form.form_values()) | {"to": "1"}
    send(staff, f"/ru/desk/record/{key}", back, 303)
    assert record(home).record.first("200", "a") == "Сарыарқа таңы"
    send(staff, f"/ru/desk/record/{key}", back, 409)


@pytest.mark.parametrize("path", ["/desk/record/zzzzzzzz", "/desk/card/draft/zzzzzzzz"])
def test_a_record_that_is_not_there_has_no_page(staff: Staff, path: str) -> None:
    assert staff.get(path).status_code == 404


@pytest.mark.parametrize("role", ["scanner", "reader"])
def test_records_are_for_cataloguers(app: Flask, staff: Staff, key: str, role: str) -> None:
    other = Staff(app, "serik", role)
    fields = filled(page_of(staff, key))
    for path in (f"/desk/record/{key}", f"/desk/card/draft/{key}"):
        assert other.get(path).status_code == 403
        assert other.client.post(path, data=fields, headers=other.headers).status_code in (400, 403)
    preview = f"/desk/draft/{key}/preview"
    assert other.client.post(preview, data=fields, headers=other.headers).status_code == 403


def test_the_page_of_a_record_leads_the_staff_to_its_past_and_its_form(
    app: Flask, staff: Staff, home: Home, key: str
) -> None:
    send(staff, f"/en/desk/card/draft/{key}", {**filled(page_of(staff, key)), "act": "accept"}, 303)
    for link in (f"/en/desk/record/{key}", f"/en/desk/card/draft/{key}"):
        assert link in staff.get(f"/en/r/{key}").text
        assert link not in app.test_client().get(f"/en/r/{key}").text
