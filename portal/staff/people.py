"""The accounts of the staff, for the head of the department."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from olketanu.errors import LockedError, UsageError
from portal.desk.door import DESK, require
from portal.failures import status_of, words_for
from portal.guard.turns import turns
from portal.visitor import libraries, library, visitor
from workflow.desk.roles import PEOPLE, ROLES
from workflow.staff import accounts

ROOM = Blueprint("people", __name__, url_prefix=f"{DESK}/people")
ROOM.before_request(lambda: require(PEOPLE))

_STATES = {"active": True, "disabled": False}
_DONE = ("role", *_STATES)
"""What a page may be asked to tell as just done."""


@ROOM.get("/")
def overview() -> ResponseReturnValue:
    """Everybody, and the form for one more."""
    return _list()


@ROOM.post("/")
def add() -> ResponseReturnValue:
    """Enter a member; the first password is shown in the answer and nowhere else."""
    name, role = request.form.get("name", ""), _role()
    try:
        with turns().turn(), libraries().writing() as writing:
            given = accounts.open_account(writing, name, role, visitor().name)
    except (UsageError, LockedError) as error:
        return _list(error, name, role), status_of(error)
    return render_template("desk/slip.html", given=given)


@ROOM.get("/<member>")
def show(member: str) -> ResponseReturnValue:
    """One account, what was done to it, and what can be."""
    return _account(member)


@ROOM.post("/<member>/password")
def give_password(member: str) -> ResponseReturnValue:
    """Give a member a first password again; it is shown in the answer and nowhere else."""
    try:
        with turns().turn(), libraries().writing() as writing:
            given = accounts.give_password(writing, member, visitor().name)
    except (UsageError, LockedError) as error:
        return _account(member, error), status_of(error)
    return render_template("desk/slip.html", given=given)


@ROOM.post("/<member>/role")
def give_role(member: str) -> ResponseReturnValue:
    """Give a member another role."""
    role = _role()
    try:
        with libraries().writing() as writing:
            accounts.give_role(writing, member, role, visitor().name)
    except (UsageError, LockedError) as error:
        return _account(member, error), status_of(error)
    return redirect(url_for("people.show", member=member, done="role"), 303)


@ROOM.post("/<member>/state")
def let_in(member: str) -> ResponseReturnValue:
    """Let a member in again, or no longer."""
    state = request.form.get("state", "")
    if state not in _STATES:
        abort(400)
    try:
        with libraries().writing() as writing:
            accounts.let_in(writing, member, visitor().name, active=_STATES[state])
    except (UsageError, LockedError) as error:
        return _account(member, error), status_of(error)
    return redirect(url_for("people.show", member=member, done=state), 303)


def _role() -> str:
    role = request.form.get("role", "")
    if role not in ROLES:
        abort(400)
    return role


def _list(error: UsageError | LockedError | None = None, name: str = "", role: str = "") -> str:
    return render_template(
        "desk/people.html",
        accounts=accounts.list_accounts(library().store),
        roles=ROLES,
        refused=words_for(error) if error else None,
        name=name,
        role=role,
    )


def _account(member: str, error: UsageError | LockedError | None = None) -> str:
    account = accounts.get_account(library().store, member)
    done = request.args.get("done", "")
    return render_template(
        "desk/person.html",
        account=account,
        changes=accounts.changes_of(library().store, account),
        roles=ROLES,
        refused=words_for(error) if error else None,
        done=done if done in _DONE else "",
    )
