"""Who may do what: deny by default."""

import datetime

import pytest

from catalog.rights import (
    ACTIONS,
    CLOSED,
    READER,
    ROLES,
    STAFF,
    Actor,
    Rights,
    from_dict,
    is_open,
    may,
    may_read_record,
    to_dict,
)

DAY = datetime.date(2026, 11, 23)
EVE = DAY - datetime.timedelta(days=1)
CONTENT = ("view_text", "view_image", "search_text", "download")
INSIDE = Actor("reader", on_site=True)


@pytest.mark.parametrize("rights", [None, CLOSED, Rights("secret"), Rights("until"), Rights("")])
@pytest.mark.parametrize("action", CONTENT)
def test_what_is_not_known_is_closed_to_readers(rights: Rights | None, action: str) -> None:
    assert not may(READER, action, rights, DAY)
    assert not may(INSIDE, action, rights, DAY)


@pytest.mark.parametrize("rights", [None, CLOSED, Rights("on_site"), Rights("open")])
def test_readers_see_the_description_of_every_document(rights: Rights | None) -> None:
    assert may(READER, "view_record", rights, DAY)


@pytest.mark.parametrize("action", CONTENT)
def test_an_open_document_is_open_to_everybody(action: str) -> None:
    assert may(READER, action, Rights("open"), DAY)


def test_on_site_means_reading_inside_and_nothing_else() -> None:
    allowed = {action for action in CONTENT if may(INSIDE, action, Rights("on_site"), DAY)}
    assert allowed == {"view_text", "view_image", "search_text"}
    assert not any(may(READER, action, Rights("on_site"), DAY) for action in CONTENT)


def test_a_contract_opens_until_its_last_day_and_then_closes() -> None:
    rights = Rights("until", until=DAY, contract="12/2026")
    assert is_open(rights, EVE)
    assert is_open(rights, DAY)
    assert not is_open(rights, DAY + datetime.timedelta(days=1))


def test_only_cataloguers_head_and_staff_edit() -> None:
    assert {r for r in ROLES if may(Actor(r), "edit", Rights("open"), DAY)} == {
        "cataloguer",
        "head",
        "staff",
    }


def test_staff_sees_closed_documents_and_strangers_nothing() -> None:
    assert all(may(STAFF, action, CLOSED, DAY) for action in ACTIONS)
    assert not any(may(Actor("robot"), action, Rights("open"), DAY) for action in ACTIONS)
    assert not may(STAFF, "sell", Rights("open"), DAY)


def test_a_draft_is_read_by_who_may_see_a_text_it_was_made_of() -> None:
    on_site, open_ = Rights("on_site"), Rights("open")
    for copies in ((), (None,), (CLOSED,), (on_site,)):
        assert not may_read_record(READER, "draft", copies, DAY)
        assert may_read_record(READER, "active", copies, DAY)
        assert may_read_record(Actor("scanner"), "draft", copies, DAY)
    assert may_read_record(READER, "draft", (CLOSED, open_), DAY)
    assert may_read_record(INSIDE, "draft", (on_site,), DAY)
    assert not may_read_record(Actor("robot"), "active", (open_,), DAY)


@pytest.mark.parametrize("status", ["deleted", "merged", "unheard-of"])
def test_a_record_out_of_force_is_read_by_staff_alone(status: str) -> None:
    assert not may_read_record(READER, status, (Rights("open"),), DAY)
    assert may_read_record(STAFF, status, (), DAY)


@pytest.mark.parametrize(
    "rights", [Rights("open"), Rights("until", DAY, "7"), Rights("closed"), Rights("on_site")]
)
def test_rights_come_back_from_plain_values(rights: Rights) -> None:
    assert from_dict(to_dict(rights)) == rights


def test_an_unknown_code_in_plain_values_is_closed() -> None:
    assert from_dict({"code": "everybody"}).code == "closed"
