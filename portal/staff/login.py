"""Where staff come in and go out, and change their password."""

import time
from dataclasses import dataclass
from math import ceil
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from olketanu.errors import LockedError, OlketanuError, UsageError
from olketanu.messages.translate import translate
from portal.desk.door import DESK
from portal.failures import words_for
from portal.guard import sessions
from portal.guard.networks import household
from portal.guard.sessions import Uses
from portal.guard.turns import AGAIN, Turns, turns
from portal.visitor import client_address, libraries, library, visitor
from store.staff.members import Member
from workflow.staff import login, members
from workflow.staff.delay import OF_ADDRESS, OF_NAME, Delay

ROOM = Blueprint("login", __name__, url_prefix=DESK)

_LONGEST_NEXT = 2000
_NO_PATH = frozenset("\\") | frozenset(map(chr, (*range(33), 127)))
"""Signs with which browsers make other addresses out of a path."""


@dataclass(frozen=True, slots=True)
class _Refused:
    """Why a form was not taken: a sentence, the status, the seconds to wait before the next try."""

    sentence: str
    status: int = 401
    wait: int = 0


def open_login(app: Flask) -> None:
    """Give ``app`` what logging in remembers between requests."""
    app.extensions["olketanu.uses"] = Uses()
    app.extensions["olketanu.delay"] = Delay()
    app.extensions["olketanu.turns"] = Turns()


@ROOM.get("/login")
def form() -> ResponseReturnValue:
    """Show the form; who is in already goes on."""
    onward = safe_next(request.args.get("next", ""))
    return redirect(onward, 303) if visitor().name else _form(onward)


@ROOM.post("/login")
def enter() -> ResponseReturnValue:
    """Let a member of staff in, with a new session."""
    name, password = request.form.get("name", ""), request.form.get("password", "")
    onward = safe_next(request.form.get("next", ""))
    found = _checked(name, password)
    if isinstance(found, _Refused):
        return _form(onward, name, found)
    session = _begun(found) if found is not None else None
    if session is None:
        return _form(onward, name, _Refused(translate("login.wrong")))
    _forgive(name)
    return _with_session(session, onward)


@ROOM.post("/logout")
def leave() -> ResponseReturnValue:
    """End the session."""
    with libraries().writing() as writing:
        login.log_out(writing, sessions.token(writing.settings.portal))
    answer = make_response(redirect(url_for("home.front"), 303))
    sessions.take(answer, library().settings.portal)
    return answer


@ROOM.get("/password")
def password() -> ResponseReturnValue:
    """Show the form for a new password, or that there is one."""
    return _password_form(is_done="done" in request.args)


@ROOM.post("/password")
def change() -> ResponseReturnValue:
    """Take a new password; every other session of the member ends."""
    name, new = visitor().name, request.form.get("new", "")
    found = _checked(name, request.form.get("password", ""))
    if isinstance(found, _Refused):
        return _password_form(found)
    if found is None:
        return _password_form(_Refused(translate("login.old-wrong"), 403))
    _forgive(name)
    try:
        session = _renewed(name, new)
    except OlketanuError as error:
        return _password_form(_Refused(" ".join(words_for(error)), 400))
    return _with_session(session, url_for("login.password", done=1))


def safe_next(told: str) -> str:
    """Return where to go after the login: ``told`` if it is a path of this site, else the desk."""
    desk = f"{request.script_root}{DESK}/"
    parts = urlsplit(told) if _is_plain(told) else None
    ours = parts is not None and not parts.scheme and not parts.netloc
    return told if ours else desk


def _is_plain(told: str) -> bool:
    """Whether it is a path, and nothing in it is read otherwise by a browser than by us."""
    begins = told.startswith("/") and not told.startswith("//")
    return begins and len(told) <= _LONGEST_NEXT and _NO_PATH.isdisjoint(told)


def _begun(member: Member) -> str | None:
    """Begin a session in the place of the one that the browser has."""
    with libraries().writing() as writing:
        before = sessions.token(writing.settings.portal)
        return login.begin_session(writing, member, instead_of=before)


def _renewed(name: str, new: str) -> str:
    """Set the password and return the token of a session that begins with it."""
    if new != request.form.get("again", ""):
        raise UsageError("error.passwords-differ")
    if new == request.form.get("password", ""):
        raise UsageError("error.password-same")
    with turns().turn(), libraries().writing() as writing:
        member = members.set_password(writing, name, new, actor=name)
        session = login.begin_session(writing, member) if member.may_enter else None
    if session is None:  # disabled in the meantime
        raise UsageError("error.unknown-member", name=name)
    return session


def _keys(name: str) -> tuple[str, str]:
    address = household(client_address(library().settings.portal))
    return f"name {members.login_of(name)[:100]}", f"address {address}"


def _checked(name: str, password: str) -> Member | _Refused | None:
    """Return whose name and password these are, or why that was not looked at."""
    by_name, by_address = _keys(name)
    longest = {by_name: OF_NAME, by_address: OF_ADDRESS}
    wait = ceil(_delay().begin(longest, time.monotonic()))
    if wait:
        return _Refused(translate("login.wait", {"seconds": wait}), 429, wait)
    try:
        with turns().turn():
            return login.check_password(library().store, name, password)
    except LockedError as error:
        for key in longest:
            _delay().give_back(key)
        return _Refused(" ".join(words_for(error)), 503, AGAIN)


def _forgive(name: str) -> None:
    """The failures of the name are forgiven; of the address not: others guess from there too."""
    by_name, by_address = _keys(name)
    _delay().forgive(by_name)
    _delay().give_back(by_address)


def _delay() -> Delay:
    delay: Delay = current_app.extensions["olketanu.delay"]
    return delay


def _form(onward: str, name: str = "", refused: _Refused | None = None) -> Response:
    page = render_template("desk/login.html", onward=onward, name=name, refused=refused)
    return _answer(page, refused)


def _password_form(refused: _Refused | None = None, *, is_done: bool = False) -> Response:
    page = render_template("desk/password.html", refused=refused, is_done=is_done)
    return _answer(page, refused)


def _answer(page: str, refused: _Refused | None) -> Response:
    answer = make_response(page, 200 if refused is None else refused.status)
    if refused is not None and refused.wait:
        answer.headers["Retry-After"] = str(refused.wait)
    return answer


def _with_session(session: str, onward: str) -> Response:
    answer = make_response(redirect(onward, 303))
    sessions.give(answer, session, library().settings.portal)
    return answer
