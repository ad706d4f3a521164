"""``olketanu desk adduser|users|role|password|disable|enable``: who of the staff may log in."""

import getpass
import sys
from typing import TYPE_CHECKING

import click

from commands.call import Group, current_call
from commands.output import emit, say, show, table
from olketanu.errors import ExitCode, UsageError
from olketanu.messages.translate import translate
from workflow.desk.roles import ROLES

if TYPE_CHECKING:
    from store.staff.members import Member
    from workflow.library import Library

_NAME = click.argument("name", metavar="NAME")
_ROLE = click.option(
    "--role", required=True, type=click.Choice(ROLES), help=translate("help.desk.role-option")
)
_STDIN = click.option(
    "--password-stdin", "piped", is_flag=True, help=translate("help.desk.password-stdin")
)
_ACTOR = click.option(
    "--actor", envvar="OLKETANU_ACTOR", default="staff", help=translate("help.actor")
)


@click.group("desk", cls=Group, help=translate("help.desk"))
def desk() -> None:
    """Commands over the accounts of staff."""


@desk.command("adduser", help=translate("help.desk.adduser"))
@_NAME
@_ROLE
@_STDIN
@_ACTOR
def adduser(name: str, role: str, piped: bool, actor: str) -> int:
    """Enter a member of staff; the password is asked for, never an argument."""
    from workflow.library import open_library
    from workflow.staff.members import add_member, check_new
    from workflow.staff.passwords import refuse_weak

    call = current_call()
    with open_library(call.open_home()) as library:
        tidy = check_new(library.store, name)
        password = _read_password(piped=piped)
        refuse_weak(tidy, password)
        if not call.dry_run:
            _written(library, add_member(library, name, role, password, actor))
    emit({"name": tidy, "role": role, "state": "active"})
    key = "desk.user.would-add" if call.dry_run else "desk.user.added"
    say(translate(key, {"name": tidy, "role": translate(f"role.{role}")}))
    return ExitCode.DONE


@desk.command("users", help=translate("help.desk.users"))
def users() -> int:
    """List the members of staff."""
    from store.staff.members import list_members
    from workflow.library import open_library

    with open_library(current_call().open_home()) as library:
        found = list_members(library.store)
    for member in found:
        emit({"name": member.name, "role": member.role, "state": member.state})
    headings = ("column.name", "column.role", "column.state", "column.since")
    if found:
        show(table(headings, [_row(member) for member in found]))
    else:
        show(translate("desk.user.none"))
    return ExitCode.DONE


@desk.command("role", help=translate("help.desk.role"))
@_NAME
@_ROLE
@_ACTOR
def role_(name: str, role: str, actor: str) -> int:
    """Give a member another role."""
    from workflow.library import open_library
    from workflow.staff.members import get_member, set_role

    call = current_call()
    with open_library(call.open_home()) as library:
        member = get_member(library.store, name)
        if not call.dry_run:
            member = _written(library, set_role(library, name, role, actor))
    emit({"name": member.name, "role": role, "state": member.state})
    key = "desk.user.would-role" if call.dry_run else "desk.user.role"
    say(translate(key, {"name": member.name, "role": translate(f"role.{role}")}))
    return ExitCode.DONE


@desk.command("password", help=translate("help.desk.password"))
@_NAME
@_STDIN
@_ACTOR
def password_(name: str, piped: bool, actor: str) -> int:
    """Give a member another password, as for one who has forgotten it."""
    from workflow.library import open_library
    from workflow.staff.members import get_member, set_password
    from workflow.staff.passwords import refuse_weak

    call = current_call()
    with open_library(call.open_home()) as library:
        member = get_member(library.store, name)
        password = _read_password(piped=piped)
        refuse_weak(member.name, password)
        if not call.dry_run:
            member = _written(library, set_password(library, name, password, actor))
    emit({"name": member.name, "role": member.role, "state": member.state})
    key = "desk.user.would-password" if call.dry_run else "desk.user.password"
    say(translate(key, {"name": member.name}))
    return ExitCode.DONE


@desk.command("disable", help=translate("help.desk.disable"))
@_NAME
@_ACTOR
def disable(name: str, actor: str) -> int:
    """Let a member in no longer, from now on."""
    return _let_in(name, actor, active=False)


@desk.command("enable", help=translate("help.desk.enable"))
@_NAME
@_ACTOR
def enable(name: str, actor: str) -> int:
    """Let a member in again."""
    return _let_in(name, actor, active=True)


def _let_in(name: str, actor: str, *, active: bool) -> int:
    from workflow.library import open_library
    from workflow.staff.members import get_member, let_in

    call = current_call()
    with open_library(call.open_home()) as library:
        member = get_member(library.store, name)
        if not call.dry_run:
            member = _written(library, let_in(library, name, actor, active=active))
    state = "active" if active else "disabled"
    emit({"name": member.name, "role": member.role, "state": state})
    key = f"desk.user.would.{state}" if call.dry_run else f"desk.user.now.{state}"
    say(translate(key, {"name": member.name}))
    return ExitCode.DONE


def _row(member: "Member") -> tuple[str, ...]:
    role, state = translate(f"role.{member.role}"), translate(f"desk.user.state.{member.state}")
    return member.name, role, state, member.created[:10]


def _written(library: "Library", member: "Member") -> "Member":
    """Bring the sidecars up to date, so that a rebuild knows of the change."""
    from workflow.sidecars import write_sidecars

    write_sidecars(library.store)
    return member


def _read_password(*, piped: bool) -> str:
    """Ask for a password twice on the terminal, or read one line; it is never shown."""
    if piped:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise UsageError("error.no-terminal")
    password = getpass.getpass(translate("desk.user.ask") + " ")
    if getpass.getpass(translate("desk.user.ask-again") + " ") != password:
        raise UsageError("error.passwords-differ")
    return password
