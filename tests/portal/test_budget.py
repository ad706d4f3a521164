"""What costs most is asked for within bounds: households wait, staff and the library do not."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from olketanu.home import Home
from portal.guard.budget import AT_ONCE, COSTLY
from portal.guard.limits import Buckets
from tests.portal.addresses import addresses, samples_of
from tests.portal.members import logged_in


@pytest.fixture
def poor(app: Flask) -> Flask:
    """A portal where everybody may ask twice and then once in a hundred seconds."""
    app.extensions["olketanu.budget"] = Buckets(2, 0.01)
    return app


def test_who_asks_too_much_is_told_how_long_to_wait(poor: Flask, reader: FlaskClient) -> None:
    assert [reader.get("/en/search?q=a").status_code for _ in range(3)] == [200, 200, 429]
    answer = reader.get("/en/complete?q=a")
    assert 0 < int(answer.headers["Retry-After"]) <= 101
    assert "Too many requests" in answer.text
    assert reader.get("/en/").status_code == 200


def test_one_household_does_not_spend_what_another_has(poor: Flask, reader: FlaskClient) -> None:
    for _ in range(3):
        reader.get("/en/search")
    elsewhere = {"REMOTE_ADDR": "203.0.113.7"}
    assert reader.get("/en/search", environ_overrides=elsewhere).status_code == 200


def test_each_costly_page_is_counted(poor: Flask, home: Home, reader: FlaskClient) -> None:
    everywhere = addresses(poor, samples_of(home))
    asked = {one.endpoint: one.path for one in reversed(everywhere) if one.endpoint in COSTLY}
    assert asked.keys() == COSTLY
    for path in asked.values():
        poor.extensions["olketanu.budget"] = Buckets(1, 0.01)
        assert reader.get(path).status_code != 429, path
        assert reader.get(path).status_code == 429, path


def test_staff_never_wait(poor: Flask) -> None:
    staff = logged_in(poor, "scanner")
    assert {staff.get("/en/search?q=a").status_code for _ in range(5)} == {200}


def test_a_page_with_all_its_lines_is_within_the_budget() -> None:
    """Ten hits with a picture each, a dozen pages of results in a row."""
    assert AT_ONCE >= 12 * (1 + 10)
