"""Accounts in the browser: the head opens, changes, shuts them; who is new chooses a password."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from olketanu.errors import UsageError
from olketanu.home import Home
from portal.guard.turns import Turns
from store import changes
from store.staff.members import Member
from tests.portal.members import PASSWORD, STAFF, enter_members, log_in, logged_in, post
from tests.portal.shelves import found
from workflow.library import open_library
from workflow.staff.members import get_member, let_in, set_role

PEOPLE = "/en/desk/people"
ZARINA, HEAD = STAFF["cataloguer"].name, STAFF["head"].name
HERS = f"{PEOPLE}/{ZARINA}"
OWN = "менің жаңа құпия сөзім"


@pytest.fixture
def boss(app: Flask, home: Home) -> FlaskClient:
    """The browser of the head; the cataloguer exists."""
    enter_members(home, "cataloguer")
    return logged_in(app, "head")


def member(home: Home, name: str) -> Member:
    with open_library(home) as library:
        return get_member(library.store, name)


def last_event(home: Home) -> tuple[str, str, str]:
    with open_library(home) as library:
        event = changes.events_since(library.store, 0)[-1]
        return event.kind, event.subject, event.actor


def slip(page: str) -> str:
    """The first password that a page shows."""
    (shown,) = found(page, "//code[@class='slip']/text()")
    return str(shown)


def alert(page: str) -> str:
    return " ".join(found(page, "//*[@role='alert']//text()"))


def test_the_head_sees_everybody_with_role_state_and_last_act(
    boss: FlaskClient, home: Home
) -> None:
    with open_library(home) as library:
        let_in(library, ZARINA, "staff", active=False)
        with library.store.transaction(HEAD) as tx:
            tx.note("desk.later", "x", {"card": "link", "act": "later"})
            now = tx.now
    rows = {
        row.findtext("th/a"): " ".join(row.text_content().split())
        for row in found(boss.get(f"{PEOPLE}/").text, "//tbody/tr")
    }
    assert rows == {
        HEAD: f"{HEAD} head {now[:10]}, {now[11:16]} may log in",
        ZARINA: f"{ZARINA} cataloguer – disabled",
    }


def test_a_new_member_logs_in_and_has_to_choose_a_password_first(
    app: Flask, boss: FlaskClient, home: Home
) -> None:
    answer = post(boss, f"{PEOPLE}/", {"name": " Дина ", "role": "scanner"})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert last_event(home) == ("staff.added", "Дина", HEAD)
    first, new = slip(answer.text), app.test_client()
    assert first not in boss.get(f"{PEOPLE}/Дина").text

    assert log_in(new, "дина", first, next="/en/desk/where").status_code == 303
    for path in ("/en/desk/", "/en/desk/where", "/en/desk/batches/", "/en/desk/acts"):
        led = new.get(path)
        assert (led.status_code, led.location) == (303, "/en/desk/password")
    assert post(new, "/en/desk/undo/1", {}).status_code == 403
    page = new.get("/en/desk/password").text
    assert "Somebody else gave you this password" in page
    assert not found(page, "//nav[contains(@class, 'desk-parts')]/a")

    same = {"password": first, "new": first, "again": first}
    assert "same as the old one" in post(new, "/en/desk/password", same).text
    own = {"password": first, "new": OWN, "again": OWN}
    assert "The new password holds" in follow(new, post(new, "/en/desk/password", own).location)
    assert new.get("/en/desk/where").status_code == 200
    assert last_event(home) == ("staff.password", "Дина", "Дина")
    assert log_in(app.test_client(), "Дина", first).status_code == 401


def follow(client: FlaskClient, address: str | None) -> str:
    assert address is not None
    return client.get(address).text


def test_who_has_a_first_password_may_still_leave(app: Flask, boss: FlaskClient) -> None:
    first = slip(post(boss, f"{HERS}/password", {}).text)
    client = app.test_client()
    log_in(client, ZARINA, first)
    assert post(client, "/desk/logout", {}).location == "/"


def test_a_first_password_is_given_again_and_ends_what_was_open(
    app: Flask, boss: FlaskClient, home: Home
) -> None:
    hers = logged_in(app, "cataloguer")
    first = slip(post(boss, f"{HERS}/password", {}).text)
    assert last_event(home) == ("staff.password", ZARINA, HEAD)
    assert hers.get("/desk/").status_code == 303
    assert log_in(app.test_client(), ZARINA, PASSWORD).status_code == 401
    assert log_in(app.test_client(), ZARINA, first).status_code == 303
    assert "first password not changed yet" in boss.get(HERS).text


def test_roles_and_access_change_at_once_and_back(boss: FlaskClient, home: Home) -> None:
    told = follow(boss, post(boss, f"{HERS}/role", {"role": "head"}).location)
    assert f"{ZARINA} is head now" in told
    assert member(home, ZARINA).role == "head"
    told = follow(boss, post(boss, f"{HERS}/state", {"state": "disabled"}).location)
    assert f"{ZARINA} may log in no longer." in told
    assert not member(home, ZARINA).may_enter
    told = follow(boss, post(boss, f"{HERS}/state", {"state": "active"}).location)
    assert f"{ZARINA} may log in again." in told
    assert member(home, ZARINA).may_enter
    past = [" ".join(one.text_content().split()) for one in found(told, "//tbody/tr")]
    assert [re.sub(r"^\S+ \S+ ", "", one) for one in past] == [
        f"{HEAD} enabled again",
        f"{HEAD} disabled",
        f"{HEAD} given the role: head",
        "staff added: cataloguer",
    ]


@pytest.mark.parametrize(
    ("part", "form"),
    [("role", {"role": "scanner"}), ("state", {"state": "disabled"}), ("password", {})],
)
def test_the_head_cannot_shut_themselves_out(
    boss: FlaskClient, home: Home, part: str, form: dict[str, str]
) -> None:
    before = member(home, HEAD)
    answer = post(boss, f"{PEOPLE}/{HEAD}/{part}", form)
    assert (answer.status_code, "own account" in alert(answer.text)) == (400, True)
    assert member(home, HEAD) == before
    page = boss.get(f"{PEOPLE}/{HEAD}").text
    assert not found(page, "//main//form")


def test_a_head_who_was_one_until_just_now_changes_nothing(
    app: Flask, boss: FlaskClient, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at the session and the write, another head may have been faster."""
    real = app.extensions["olketanu"].writing

    def slower() -> object:
        with open_library(home) as library:
            set_role(library, HEAD, "scanner", "staff")
        return real()

    monkeypatch.setattr(app.extensions["olketanu"], "writing", slower)
    answer = post(boss, f"{HERS}/state", {"state": "disabled"})
    assert (answer.status_code, "not the head any more" in alert(answer.text)) == (400, True)
    assert member(home, ZARINA).may_enter


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (ZARINA.upper(), f"by the name of {ZARINA} already"),
        ("a/b", "a/b cannot be the name"),
        ("", " cannot be the name"),
        ("<b>x</b>", "<b>x</b> cannot be the name"),
    ],
)
def test_a_name_that_cannot_be_is_told_and_kept(boss: FlaskClient, name: str, told: str) -> None:
    answer = post(boss, f"{PEOPLE}/", {"name": name, "role": "cataloguer"})
    assert answer.status_code == 400
    assert told in alert(answer.text)
    assert found(answer.text, "//input[@id='name']/@value") == [name]
    assert found(answer.text, "//option[@selected]/@value") == ["cataloguer"]


@pytest.mark.parametrize(
    ("path", "form"),
    [
        (f"{PEOPLE}/", {"name": "Дина", "role": "boss"}),
        (f"{PEOPLE}/", {"name": "Дина"}),
        (f"{HERS}/role", {"role": ""}),
        (f"{HERS}/state", {"state": "deleted"}),
        (f"{HERS}/state", {}),
    ],
)
def test_what_no_form_of_ours_sends_is_a_bad_request(
    boss: FlaskClient, home: Home, path: str, form: dict[str, str]
) -> None:
    before = member(home, ZARINA)
    assert post(boss, path, form).status_code == 400
    assert member(home, ZARINA) == before


@pytest.mark.parametrize("part", ["", "/role", "/state", "/password"])
def test_an_account_that_is_none_is_not_there(boss: FlaskClient, part: str) -> None:
    path = f"{PEOPLE}/nobody{part}"
    form = {"role": "head", "state": "active"}
    assert (post(boss, path, form) if part else boss.get(path)).status_code == 404


@pytest.mark.parametrize("role", ["scanner", "cataloguer"])
def test_accounts_are_for_the_head_alone(app: Flask, home: Home, role: str) -> None:
    enter_members(home, "head", "cataloguer")
    client, before = logged_in(app, role), member(home, HEAD)
    for path in (f"{PEOPLE}/", f"{PEOPLE}/{HEAD}", HERS):
        assert client.get(path).status_code == 403
    sent = {"name": "Дина", "role": "head", "state": "disabled"}
    for path in (f"{PEOPLE}/", *(f"{PEOPLE}/{HEAD}/{one}" for one in ("role", "state"))):
        assert post(client, path, sent).status_code == 403
    assert post(client, f"{HERS}/password", {}).status_code == 403
    assert member(home, HEAD) == before
    assert "people" not in client.get("/en/desk/").text


def test_in_a_crowd_the_head_is_asked_to_try_again(
    app: Flask, boss: FlaskClient, home: Home
) -> None:
    app.extensions["olketanu.turns"] = held = Turns(seats=1)
    with held.turn():
        answer = post(boss, f"{PEOPLE}/", {"name": "Дина", "role": "scanner"})
    assert (answer.status_code, "Try again" in alert(answer.text)) == (409, True)
    with pytest.raises(UsageError):
        member(home, "Дина")
