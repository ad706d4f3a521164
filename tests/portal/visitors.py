"""Everybody who comes to the portal, and what each is answered at every address."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers

from tests.portal.addresses import Address
from tests.portal.members import logged_in

INSIDE, OUTSIDE = "127.0.0.1", "203.0.113.7"
"""An address of the library's network (``shelves.sit_in_the_library``), and one of the world."""
READERS = ("outside", "inside", "claims-inside")
STAFF = ("scanner", "cataloguer", "head")


@dataclass(frozen=True)
class Answer:
    """What came back from one address."""

    address: Address
    status: int
    body: bytes
    headers: Headers

    @property
    def media(self) -> str:
        """The type of the body, without its parameters."""
        return self.headers.get("Content-Type", "").partition(";")[0]

    @property
    def text(self) -> str:
        """The body as text; bytes that are none are replaced."""
        return self.body.decode("utf-8", "replace")

    def __str__(self) -> str:
        question = "&".join(f"{name}={value}" for name, value in self.address.question.items())
        return f"{self.address.method} {self.address.path}?{question}: {self.status}"


@dataclass(frozen=True)
class Visitor:
    """A browser, with what its connection and its headers tell."""

    client: FlaskClient
    environ: Mapping[str, str]

    def ask(self, address: Address) -> Answer:
        """Ask an address; redirects are not followed."""
        with self.client.open(
            address.path,
            method=address.method,
            query_string=dict(address.question),
            environ_overrides=dict(self.environ),
        ) as answer:
            return Answer(address, answer.status_code, answer.get_data(), answer.headers)

    def walk(self, addresses: Iterable[Address]) -> Iterator[Answer]:
        """Ask one address after the other."""
        return map(self.ask, addresses)


def visitor(app: Flask, kind: str) -> Visitor:
    """Return one of ``READERS`` or ``STAFF``."""
    if kind in STAFF:
        return Visitor(logged_in(app, kind), {"REMOTE_ADDR": INSIDE})
    claimed = {"HTTP_X_FORWARDED_FOR": INSIDE} if kind == "claims-inside" else {}
    here = INSIDE if kind == "inside" else OUTSIDE
    return Visitor(app.test_client(), {"REMOTE_ADDR": here, **claimed})
