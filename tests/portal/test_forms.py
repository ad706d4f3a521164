"""Forms that other sites forge are refused; those of our own pages hold for a day and a night."""

import datetime
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from olketanu.home import Home
from portal.guard import tokens
from portal.guard.sessions import COOKIE
from portal.guard.tokens import FormKey

KEY = FormKey(bytes(32))
DAY = datetime.date(2026, 3, 1)
PARTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@pytest.fixture
def posting(app: Flask) -> FlaskClient:
    """A client of an application with one page that takes forms."""
    app.add_url_rule("/post", "post", lambda: "done", methods=["POST"])
    app.add_url_rule("/give", "give", lambda: tokens.issue(request.args["for"]))
    return app.test_client()


def token_of(client: FlaskClient, purpose: str = tokens.FORM) -> str:
    return client.get("/give", query_string={"for": purpose}).text


def post(client: FlaskClient, token: str, **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/post", data={"token": token}, headers=named).status_code


def test_a_form_of_our_own_page_is_taken(posting: FlaskClient) -> None:
    token = token_of(posting)
    assert post(posting, token) == 200
    assert post(posting, token, Origin="http://localhost", Sec_Fetch_Site="same-origin") == 200


@pytest.mark.parametrize("token", ["", "x", "0" * 64, "ә" * 64, "\udcff", "\0"])
def test_a_form_without_a_token_of_ours_is_refused(posting: FlaskClient, token: str) -> None:
    assert post(posting, token.encode("utf-8", "surrogateescape").decode("latin-1")) == 403


def test_a_token_for_something_else_is_refused(posting: FlaskClient) -> None:
    assert post(posting, token_of(posting, "else")) == 403


def test_a_token_of_another_session_is_refused(posting: FlaskClient) -> None:
    token = token_of(posting)
    posting.set_cookie(COOKIE, "somebody")
    assert post(posting, token) == 403


@pytest.mark.parametrize(
    "origin",
    [
        *("http://evil.example", "null", "", "http://localhost.evil.example"),
        *("http://localhost@evil.example", "http://[", "http://localhost:81", "localhost"),
    ],
)
def test_a_form_that_stood_on_another_site_is_refused(posting: FlaskClient, origin: str) -> None:
    assert post(posting, token_of(posting), Origin=origin) == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site", ""])
def test_a_browser_that_names_another_site_is_believed(posting: FlaskClient, site: str) -> None:
    assert post(posting, token_of(posting), Sec_Fetch_Site=site) == 403


def test_a_page_that_takes_no_forms_says_so(posting: FlaskClient) -> None:
    assert posting.post("/").status_code == 405
    assert posting.post("/no-such-page").status_code == 404


@given(purpose=PARTS, session=PARTS)
def test_a_token_holds_today_and_tomorrow_and_no_longer(purpose: str, session: str) -> None:
    token = KEY.sign(purpose, session, DAY)
    held = [KEY.holds(token, purpose, session, DAY + datetime.timedelta(days=n)) for n in (-1, 2)]
    assert held == [False, False]
    assert KEY.holds(token, purpose, session, DAY)
    assert KEY.holds(token, purpose, session, DAY + datetime.timedelta(days=1))


@given(one=st.tuples(PARTS, PARTS), other=st.tuples(PARTS, PARTS))
def test_parts_do_not_run_together(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert (KEY.sign(*one, DAY) == KEY.sign(*other, DAY)) == (one == other)


def test_parts_that_spell_the_same_sign_differently() -> None:
    assert KEY.sign("ab", "c", DAY) != KEY.sign("a", "bc", DAY)


def test_the_key_is_private_and_stays(home: Home) -> None:
    assert stat.S_IMODE(home.form_key.stat().st_mode) == 0o600
    assert FormKey.of(home) == FormKey.of(home)


def test_a_key_that_others_could_read_is_made_anew(home: Home) -> None:
    before = FormKey.of(home)
    home.form_key.chmod(0o644)
    assert FormKey.of(home) != before
    assert stat.S_IMODE(home.form_key.stat().st_mode) == 0o600


def test_servers_that_begin_at_once_have_one_key(home: Home) -> None:
    def begin(_: int) -> FormKey:
        together.wait()
        return FormKey.of(home)

    together = Barrier(4)
    with ThreadPoolExecutor(together.parties) as servers:
        for _ in range(20):
            home.form_key.unlink()
            assert len({key.secret for key in servers.map(begin, range(together.parties))}) == 1


@pytest.mark.parametrize("length", [0, 31])
def test_a_key_that_is_not_whole_is_made_anew(home: Home, length: int) -> None:
    os.truncate(home.form_key, length)
    assert len(FormKey.of(home).secret) == 32


def test_the_key_is_not_shown_by_mistake() -> None:
    assert "\\x00" not in repr(KEY)
