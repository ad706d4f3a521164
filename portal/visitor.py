"""Who is at the other end of a request: from where, and as whom."""

import datetime
import time
from dataclasses import dataclass

from flask import current_app, g, request

from catalog.rights import Actor
from olketanu.settings import PortalSettings
from portal.guard.networks import is_in
from portal.guard.sessions import member_in
from portal.libraries import Libraries
from workflow.library import Library
from workflow.staff.passwords import is_first


@dataclass(frozen=True, slots=True)
class Visitor:
    """``actor`` is what rights are asked for; ``name`` is the member of staff, "" for a reader.

    ``has_first_password``: they have to choose another before they do anything at the desk.
    """

    actor: Actor
    name: str = ""
    has_first_password: bool = False


def libraries() -> Libraries:
    """The library of the application in hand."""
    held: Libraries = current_app.extensions["olketanu"]
    return held


def library() -> Library:
    """The library of this thread, for reading only."""
    return libraries().reading


def visitor() -> Visitor:
    """Who asks; looked up once a request."""
    if "visitor" not in g:
        here = library()
        member = member_in(here, time.monotonic())
        actor = Actor(member.role if member else "reader", is_on_site(here.settings.portal))
        known = (member.name, is_first(member.password)) if member else ()
        g.visitor = Visitor(actor, *known)
    found: Visitor = g.visitor
    return found


def today() -> datetime.date:
    """The day by which terms of rights are reckoned (UTC, as everywhere in the program)."""
    return datetime.datetime.now(datetime.UTC).date()


def is_on_site(settings: PortalSettings) -> bool:
    """Whether the request in hand comes from a network of the library.

    What somebody there passes on for others does not: a proxy that the settings do not name.
    """
    passed_on = bool(request.headers.get("X-Forwarded-For"))
    if passed_on and not is_in(request.remote_addr or "", settings.proxies):
        return False
    return is_in(client_address(settings), settings.on_site)


def client_address(settings: PortalSettings) -> str:
    """Return the address of who asks; X-Forwarded-For is believed of listed proxies only.

    It is "" where such a proxy does not say for whom it asks: that may be anybody.
    """
    address = request.remote_addr or ""
    told = request.headers.get("X-Forwarded-For", "")
    hops = [hop.strip() for hop in told.split(",") if hop.strip()]
    if not hops and is_in(address, settings.proxies):
        return ""
    while hops and is_in(address, settings.proxies):
        address = hops.pop()
    return address
