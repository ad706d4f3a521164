"""Members of staff at the made portal: one of each role, and what a browser does for them."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from olketanu.home import Home
from store.staff import members
from store.staff.members import NewMember
from workflow.library import open_library
from workflow.staff.members import login_of
from workflow.staff.passwords import Cost, hash_password

PASSWORD = "қара тас жолы"  # noqa: S105 - of the made library
CHEAP = Cost(ln=4, r=8, p=1)
"""Tests log in many times."""


@dataclass(frozen=True)
class Person:
    """A member of staff as the tests know one."""

    name: str
    role: str


STAFF = {
    "scanner": Person("Айгүл", "scanner"),
    "cataloguer": Person("Зарина К.", "cataloguer"),
    "head": Person("O'Neil-Ким", "head"),
}


def enter_members(home: Home, *roles: str) -> None:
    """Enter the member of each role where there is none yet."""
    with open_library(home) as library, library.store.transaction("staff") as tx:
        for role in roles:
            name = STAFF[role].name
            if members.find_member(tx, login_of(name)) is None:
                hashed = hash_password(PASSWORD, CHEAP)
                members.add_member(tx, NewMember(name, login_of(name), role, hashed))


def logged_in(app: Flask, role: str) -> FlaskClient:
    """Return a browser in which the member of this role has logged in."""
    enter_members(app.extensions["olketanu"].home, role)
    client = app.test_client()
    answer = log_in(client, STAFF[role].name)
    assert answer.status_code == 303, answer.text
    return client


def log_in(client: FlaskClient, name: str, password: str = PASSWORD, **more: str) -> TestResponse:
    """Send the login form as a browser would."""
    return post(client, "/desk/login", {"name": name, "password": password, **more})


def post(client: FlaskClient, path: str, form: Mapping[str, str]) -> TestResponse:
    """Send a form that a page of ours gave out."""
    return client.post(path, data={"token": token_of(client), **form})


def token_of(client: FlaskClient) -> str:
    """Return the token that the pages of this visitor carry."""
    page = client.get("/desk/password", follow_redirects=True).text
    return str(html.fromstring(page.encode()).xpath("string(//input[@name='token']/@value)"))
