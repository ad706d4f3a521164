"""The door of the desk: who comes in, for how long, and what guessing costs."""

import time
from collections.abc import Callable
from itertools import count

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from olketanu.home import Home
from portal.guard import sessions
from portal.guard.networks import household
from portal.guard.sessions import COOKIE
from portal.staff.login import safe_next
from tests.portal.members import PASSWORD, STAFF, enter_members, log_in, logged_in, post, token_of
from workflow.library import open_library
from workflow.staff.members import let_in, set_password, set_role

NAME = STAFF["cataloguer"].name
INSIDE = "/desk/password"
OVER_TLS = "https://localhost"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """The steady clock of the portal stands still, and goes on by so many seconds when told."""
    now = [time.monotonic()]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    def go_on(seconds: float) -> None:
        now[0] += seconds

    return go_on


@pytest.fixture
def outside(app: Flask, home: Home) -> FlaskClient:
    """A browser at which nobody has logged in; the cataloguer exists."""
    enter_members(home, "cataloguer")
    return app.test_client()


def message(page: str) -> str:
    return str(html.fromstring(page.encode()).xpath("string(//*[@role='alert'])"))


def is_inside(client: FlaskClient) -> bool:
    return client.get(INSIDE).status_code == 200


def test_who_is_not_logged_in_is_led_to_the_form_and_back(outside: FlaskClient) -> None:
    led = outside.get(f"/ru{INSIDE}?a=1")
    assert led.status_code == 303
    assert led.location == "/ru/desk/login?next=/ru/desk/password?a%3D1"
    entered = log_in(outside, NAME, next="/ru/desk/password?a=1")
    assert (entered.status_code, entered.location) == (303, "/ru/desk/password?a=1")
    assert is_inside(outside)


def test_the_page_names_who_is_at_the_desk(cataloguer: FlaskClient) -> None:
    page = cataloguer.get(f"/ru{INSIDE}").text
    assert NAME in page
    assert "каталогизатор" in page


@pytest.mark.parametrize(
    ("name", "password"), [(NAME, "wrong password"), ("nobody", PASSWORD), ("", ""), (NAME, "")]
)
def test_a_wrong_name_and_a_wrong_password_get_one_answer(
    outside: FlaskClient, name: str, password: str
) -> None:
    answer = log_in(outside, name, password)
    assert answer.status_code == 401
    assert COOKIE not in answer.headers.get("Set-Cookie", "")
    other = log_in(outside, "somebody else", "something else")
    assert message(answer.text) == message(other.text)
    assert not is_inside(outside)


@pytest.mark.parametrize("typed", [NAME.upper(), f"  {NAME} ", NAME.lower()])
def test_a_name_is_known_however_it_is_typed(outside: FlaskClient, typed: str) -> None:
    assert log_in(outside, typed).status_code == 303


def test_a_login_makes_the_session_new(outside: FlaskClient) -> None:
    outside.set_cookie(COOKIE, "laid-by-a-stranger")
    log_in(outside, NAME)
    first = outside.get_cookie(COOKIE)
    assert first is not None
    assert first.value != "laid-by-a-stranger"
    log_in(outside, NAME)
    second = outside.get_cookie(COOKIE)
    assert second is not None
    assert second.value != first.value
    outside.set_cookie(COOKIE, first.value)
    assert not is_inside(outside)


def test_the_cookie_is_out_of_reach(outside: FlaskClient) -> None:
    told = log_in(outside, NAME).headers["Set-Cookie"]
    for part in ("HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"):
        assert part in told
    assert "Secure" not in told  # over plain HTTP a browser would not send it back


def enter_over_tls(client: FlaskClient) -> TestResponse:
    page = client.get("/desk/login", base_url=OVER_TLS).text
    token = page.split('name="token" value="')[1][:64]
    form = {"token": token, "name": NAME, "password": PASSWORD}
    return client.post("/desk/login", data=form, base_url=OVER_TLS)


def test_over_tls_the_cookie_stays_there_and_at_this_host(outside: FlaskClient) -> None:
    told = enter_over_tls(outside).headers["Set-Cookie"]
    assert told.startswith(f"__Host-{COOKIE}=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} <= set(told.split("; "))
    assert "Domain" not in told
    assert outside.get(INSIDE, base_url=OVER_TLS).status_code == 200


def test_over_tls_a_cookie_that_came_in_the_clear_opens_nothing(cataloguer: FlaskClient) -> None:
    """A neighbour's name, or whoever sits on the line, could have laid it."""
    assert is_inside(cataloguer)
    assert cataloguer.get(INSIDE, base_url=OVER_TLS).status_code == 303


@pytest.mark.parametrize("base", ["http://localhost", OVER_TLS])
def test_logging_out_takes_the_cookie_back(outside: FlaskClient, base: str) -> None:
    (enter_over_tls(outside) if base == OVER_TLS else log_in(outside, NAME))
    token = outside.get(INSIDE, base_url=base).text.split('name="token" value="')[1][:64]
    given = outside.post("/desk/logout", data={"token": token}, base_url=base)
    told = given.headers["Set-Cookie"]
    assert "Max-Age=0" in told
    assert ("Secure" in told) == (base == OVER_TLS)  # or a browser would not take it
    assert outside.get(INSIDE, base_url=base).status_code == 303
    again = outside.post("/desk/logout", data={"token": token}, base_url=base)
    assert again.status_code == 403


def test_nothing_ends_a_session_but_the_form(cataloguer: FlaskClient) -> None:
    assert cataloguer.get("/desk/logout").status_code == 405
    assert cataloguer.head("/desk/logout").status_code == 405
    forced = cataloguer.get("/desk/", headers={"X-HTTP-Method-Override": "POST"})
    assert forced.status_code == 200
    assert is_inside(cataloguer)


@pytest.mark.parametrize("value", ["", "x" * 4000, "%00", "'; DROP TABLE session--", "..", "a=b"])
def test_a_cookie_that_nobody_was_given_opens_nothing(outside: FlaskClient, value: str) -> None:
    outside.set_cookie(COOKIE, value)
    assert outside.get(INSIDE).status_code == 303
    assert outside.get("/").status_code == 200


def test_readers_get_no_cookie(outside: FlaskClient) -> None:
    for path in ("/", "/en/search?q=a", "/desk/login", "/desk/", "/no-such-page", "/health"):
        assert "Set-Cookie" not in outside.get(path).headers, path
    assert "Set-Cookie" not in log_in(outside, NAME, "wrong password").headers


@pytest.mark.parametrize(("proxies", "secure"), [('["127.0.0.1/32"]', True), ("[]", False)])
def test_a_proxy_that_is_listed_says_that_it_was_tls(
    home: Home, app: Flask, proxies: str, secure: bool
) -> None:
    enter_members(home, "cataloguer")
    settings = home.settings.read_text("utf-8")
    home.settings.write_text(f"{settings}\n[portal]\nproxies = {proxies}\n", "utf-8")
    client = app.test_client()
    form = {"token": token_of(client), "name": NAME, "password": PASSWORD}
    answer = client.post("/desk/login", data=form, headers={"X-Forwarded-Proto": "https"})
    assert ("Secure" in answer.headers["Set-Cookie"]) == secure


def test_guessing_from_elsewhere_does_not_make_an_address_wait(outside: FlaskClient) -> None:
    for n in range(6):
        log_in(outside, f"name {n}", "guess")
    form = {"token": token_of(outside), "name": NAME, "password": PASSWORD}
    there = {"REMOTE_ADDR": "203.0.113.9"}
    assert outside.post("/desk/login", data=form, environ_overrides=there).status_code == 303


@pytest.mark.parametrize(
    ("address", "same"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::/64"),
        ("no address", "no address"),
    ],
)
def test_an_address_stands_for_its_household(address: str, same: str) -> None:
    assert household(address) == same


def test_only_the_hash_of_a_session_is_kept(cataloguer: FlaskClient, home: Home) -> None:
    cookie = cataloguer.get_cookie(COOKIE)
    assert cookie is not None
    assert cookie.value.encode() not in home.database.read_bytes()


def test_logging_out_ends_the_session_for_good(cataloguer: FlaskClient) -> None:
    cookie = cataloguer.get_cookie(COOKIE)
    assert cookie is not None
    assert post(cataloguer, "/desk/logout", {}).status_code == 303
    cataloguer.set_cookie(COOKIE, cookie.value)
    assert not is_inside(cataloguer)


def test_a_session_ends_when_it_lay_idle(
    cataloguer: FlaskClient, clock: Callable[[float], None]
) -> None:
    clock(sessions.IDLE - 60)
    assert is_inside(cataloguer)
    clock(sessions.IDLE + 60)
    assert not is_inside(cataloguer)
    assert not is_inside(cataloguer)


def test_a_session_ends_after_its_time_though_used(
    cataloguer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflow.staff.login.utc_now", lambda: "2999-01-01T00:00:00Z")
    assert not is_inside(cataloguer)


@pytest.mark.parametrize("change", ["role", "password", "disabled"])
def test_a_change_of_the_account_ends_its_sessions_at_once(
    cataloguer: FlaskClient, home: Home, change: str
) -> None:
    assert is_inside(cataloguer)
    with open_library(home) as library:
        if change == "role":
            set_role(library, NAME, "scanner", "staff")
        elif change == "password":
            set_password(library, NAME, "совсем другой пароль", "staff")
        else:
            let_in(library, NAME, "staff", active=False)
    assert not is_inside(cataloguer)


def test_a_disabled_member_is_told_no_more_than_others(outside: FlaskClient, home: Home) -> None:
    with open_library(home) as library:
        let_in(library, NAME, "staff", active=False)
    answer = log_in(outside, NAME)
    assert answer.status_code == 401
    assert message(answer.text) == message(log_in(outside, NAME, "wrong password").text)


def test_guessing_has_to_wait_longer_and_longer(
    outside: FlaskClient, clock: Callable[[float], None]
) -> None:
    assert [log_in(outside, NAME, f"guess {n}").status_code for n in range(5)] == [401] * 5
    refused = log_in(outside, NAME)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "5"
    clock(5.1)
    assert log_in(outside, NAME, "guess 6").status_code == 401
    assert log_in(outside, NAME).headers["Retry-After"] == "10"
    clock(10.1)
    assert log_in(outside, NAME).status_code == 303


@pytest.mark.usefixtures("clock")
def test_an_address_that_guesses_many_names_has_to_wait(outside: FlaskClient) -> None:
    answers = [log_in(outside, f"name {n}", "guess").status_code for n in range(6)]
    assert answers == [401] * 5 + [429]


@pytest.mark.usefixtures("clock")
def test_a_right_login_between_does_not_free_an_address(outside: FlaskClient) -> None:
    for n in range(4):
        log_in(outside, f"name {n}", "guess")
    assert log_in(outside, NAME).status_code == 303
    assert log_in(outside, "name 5", "guess").status_code == 401
    assert log_in(outside, "name 6", "guess").status_code == 429


def test_a_new_password_needs_the_old_one_and_itself_twice(cataloguer: FlaskClient) -> None:
    new = "жаңа құпия сөз тізбегі"
    wrong = {"password": "wrong password", "new": new, "again": new}
    assert post(cataloguer, INSIDE, wrong).status_code == 403
    differ = {"password": PASSWORD, "new": new, "again": f"{new}!"}
    assert post(cataloguer, INSIDE, differ).status_code == 400
    short = {"password": PASSWORD, "new": "short", "again": "short"}
    assert post(cataloguer, INSIDE, short).status_code == 400
    right = {"password": PASSWORD, "new": new, "again": new}
    assert post(cataloguer, INSIDE, right).status_code == 303
    assert is_inside(cataloguer)
    assert log_in(cataloguer, NAME, PASSWORD).status_code == 401
    assert log_in(cataloguer, NAME, new).status_code == 303


def test_a_new_password_ends_the_sessions_elsewhere(app: Flask) -> None:
    here, there = logged_in(app, "head"), logged_in(app, "head")
    new = "жаңа құпия сөз тізбегі"
    post(here, INSIDE, {"password": PASSWORD, "new": new, "again": new})
    assert is_inside(here)
    assert not is_inside(there)


ELSEWHERE = (
    *("http://evil.example/", "https:evil.example", "//evil.example", "///evil.example"),
    *("/\\evil.example", "\\\\evil.example", "/\t/evil.example", "/\n/evil.example"),
    *("javascript:alert(1)", "data:text/html,x", " //evil.example", "http:///evil.example"),
    *("/%09/evil.example\r\nSet-Cookie: a=b", "evil.example", "..//evil.example", "?next=//x"),
    *("/\x00/evil.example", "\u2028//evil.example", "//[::1", "http://[", "/" + "a" * 3000),
    *("@evil.example", ".evil.example", "mailto:a@evil.example", "/\x7f/evil.example", ""),
)


@pytest.mark.parametrize("told", ELSEWHERE)
def test_a_login_leads_to_no_other_site(app: Flask, told: str) -> None:
    with app.test_request_context("/desk/login"):
        assert safe_next(told) == "/desk/"


@pytest.mark.parametrize("told", ["/", "/kk/desk/", "/ru/d/abc?q=%D1%88#x", "/desk/card/link/a"])
def test_a_login_leads_back_to_our_own_pages(app: Flask, told: str) -> None:
    with app.test_request_context("/desk/login"):
        assert safe_next(told) == told


def test_every_member_gets_a_session_of_their_own(app: Flask) -> None:
    seen = set()
    for role, _ in zip(STAFF, count(), strict=False):
        cookie = logged_in(app, role).get_cookie(COOKIE)
        assert cookie is not None
        seen.add(cookie.value)
    assert len(seen) == len(STAFF)
