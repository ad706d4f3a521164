"""The door of the desk: who is let in, and to what.

Every address under /desk/ is shut by itself; a room that forgets to ask is shut too.
"""

from collections.abc import Callable

from flask import Flask, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.visitor import visitor
from workflow.desk.roles import ROLES, can

DESK = "/desk"
Check = Callable[[], ResponseReturnValue | None]

_READING = ("GET", "HEAD")
_OUTSIDE = frozenset({"login.form", "login.enter"})
"""The endpoints under /desk/ that stand before the door."""
_WITH_FIRST = frozenset({"login.password", "login.change", "login.leave"})
"""Those that are open to who has not chosen a password yet."""


def keep(app: Flask) -> None:
    """Let nobody but the staff through to the addresses under ``DESK`` of ``app``."""
    app.before_request(_let_in)


def staff_only(*roles: str) -> Check:
    """Return a check, for ``Blueprint.before_request``, that lets these roles in (none: all).

    Who is not logged in is led to the form; what was to be changed is refused with 401, a role that
    may not with 403.
    """

    def check() -> ResponseReturnValue | None:
        if not visitor().name:
            return _ask_for_name()
        if visitor().actor.role not in (roles or ROLES):
            abort(403)
        return None

    return check


def require(task: str) -> None:
    """Refuse with 403 what the visitor's role may not do (``workflow.desk.roles``)."""
    if not can(visitor().actor.role, task):
        abort(403)


def _let_in() -> ResponseReturnValue | None:
    rule = request.url_rule
    under = rule is not None and f"{rule.rule}/".startswith(f"{DESK}/")
    if not under or request.endpoint in _OUTSIDE:
        return None
    return staff_only()() or _choose_password()


def _choose_password() -> ResponseReturnValue | None:
    """Lead who has a first password to the form for another one, whatever they asked for."""
    if not visitor().has_first_password or request.endpoint in _WITH_FIRST:
        return None
    if request.method not in _READING:
        abort(403)
    return redirect(url_for("login.password"), 303)


def _ask_for_name() -> ResponseReturnValue:
    if request.method not in _READING:
        abort(401)
    here = f"{request.script_root}{request.full_path}".rstrip("?")
    return redirect(url_for("login.form", next=here), 303)
