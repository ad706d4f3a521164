"""A member of staff at a browser."""

import re

from flask import Flask, g, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalog.rights import Actor
from portal.guard.tokens import form_token
from portal.visitor import Visitor


class Staff:
    """A member of staff at a browser, who sends the forms that pages show."""

    def __init__(self, app: Flask, name: str = "aigul", role: str = "cataloguer") -> None:
        self._app = app
        self.client: FlaskClient = app.test_client()
        self.headers = {"X-Member": f"{name}:{role}"}
        before = app.before_request_funcs.setdefault(None, [])
        if _enter not in before:
            before.insert(0, _enter)

    def get(self, path: str) -> TestResponse:
        """The page at an address; redirects are followed."""
        return self.client.get(path, headers=self.headers, follow_redirects=True)

    def undo(self, number: int) -> TestResponse:
        """Take an act back."""
        with self._app.test_request_context():
            token = form_token()
        path = f"/en/desk/undo/{number}"
        return self.client.post(path, data={"token": token}, headers=self.headers)

    def act(self, kind: str, key: str, name: str, **fields: str) -> TestResponse:
        """Open a card and decide on it."""
        told = {**hidden(self.get(f"/en/desk/card/{kind}/{key}").text), **fields}
        path = f"/en/desk/card/{kind}/{key}"
        data = {**told, "act": name}
        return self.client.post(path, data=data, headers=self.headers)


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a card's form."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return dict(found)


def _enter() -> None:
    name, _, role = request.headers.get("X-Member", "").partition(":")
    if name:
        g.visitor = Visitor(Actor(role, on_site=True), name)
