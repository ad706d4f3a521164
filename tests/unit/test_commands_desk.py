"""``desk adduser|users|role|password|disable|enable`` on a real home."""

import getpass
import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import cli
from olketanu.errors import ExitCode
from olketanu.home import Home
from store import changes
from tests.house import ROOT
from workflow.library import create_library, open_library
from workflow.staff.login import check_password
from workflow.staff.passwords import Cost, hash_password

SCHEMA = json.loads((ROOT / "docs/reference/json/desk.json").read_text("utf-8"))
GOOD = "төрт кездейсоқ сөз"
Run = Callable[..., tuple[int, list[dict[str, Any]], str]]


class Typed(io.StringIO):
    """A standard input that a test can take for a terminal."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setattr(os, "fsync", lambda _: None)
    cheap = Cost(ln=2)
    monkeypatch.setattr("workflow.staff.members.hash_password", lambda w: hash_password(w, cheap))
    return create_library(tmp_path / "home", "kk")


@pytest.fixture
def run(home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*words: str, typed: str = "") -> tuple[int, list[dict[str, Any]], str]:
        monkeypatch.setattr(sys, "stdin", Typed(typed))
        code = cli.run(["--home", str(home.root), "--json", "desk", *words])
        out, err = capsys.readouterr()
        return code, [json.loads(line) for line in out.splitlines()], err

    return call


def add(
    run: Run, name: str = "Айгүл", role: str = "cataloguer", *more: str
) -> tuple[int, Any, str]:
    return run("adduser", name, "--role", role, "--password-stdin", *more, typed=f"{GOOD}\n")


def enters(home: Home, name: str, password: str) -> bool:
    with open_library(home) as library:
        return check_password(library.store, name, password) is not None


def test_a_member_is_added_and_may_enter(run: Run, home: Home) -> None:
    code, lines, said = add(run)
    assert code == ExitCode.DONE
    assert lines == [{"v": 1, "name": "Айгүл", "role": "cataloguer", "state": "active"}]
    jsonschema.validate(lines[0], SCHEMA)
    assert GOOD not in said
    assert enters(home, "айгүл", GOOD)
    assert json.loads(home.staff_sidecar.read_text("utf-8"))["members"][0]["name"] == "Айгүл"


def test_a_password_is_asked_for_twice_on_a_terminal(
    run: Run, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([GOOD, GOOD, GOOD, f"{GOOD}!"])
    monkeypatch.setattr(getpass, "getpass", lambda _: next(answers))
    monkeypatch.setattr(Typed, "isatty", lambda _: True)
    assert run("adduser", "Айгүл", "--role", "head")[0] == ExitCode.DONE
    assert enters(home, "Айгүл", GOOD)
    code, lines, _ = run("password", "Айгүл")
    assert (code, lines[0]["error"]) == (ExitCode.USAGE, "error.passwords-differ")


def test_without_a_terminal_the_password_has_to_be_piped(run: Run) -> None:
    code, lines, _ = run("adduser", "Айгүл", "--role", "head", typed=f"{GOOD}\n")
    assert (code, lines[0]["error"]) == (ExitCode.USAGE, "error.no-terminal")


def test_users_are_listed_with_role_and_state(run: Run) -> None:
    add(run)
    add(run, "Бекзат", "scanner")
    run("disable", "Бекзат")
    _, lines, _ = run("users")
    assert [(one["name"], one["role"], one["state"]) for one in lines] == [
        ("Айгүл", "cataloguer", "active"),
        ("Бекзат", "scanner", "disabled"),
    ]


def test_role_password_and_state_change(run: Run, home: Home) -> None:
    add(run)
    assert run("role", "айгүл", "--role", "head")[1][0]["role"] == "head"
    new = "мүлдем басқа сөздер"
    assert run("password", "Айгүл", "--password-stdin", typed=f"{new}\n")[0] == ExitCode.DONE
    assert not enters(home, "Айгүл", GOOD)
    assert enters(home, "Айгүл", new)
    assert run("disable", "Айгүл")[1][0]["state"] == "disabled"
    assert not enters(home, "Айгүл", new)
    assert run("enable", "Айгүл")[1][0]["state"] == "active"
    assert enters(home, "Айгүл", new)


def test_a_dry_run_writes_nothing(run: Run, home: Home) -> None:
    add(run)
    with open_library(home) as library:
        before = changes.last_seq(library.store)
    add(run, "Бекзат", "head", "--dry-run")
    run("role", "Айгүл", "--role", "head", "--dry-run")
    run("disable", "Айгүл", "--dry-run")
    run("password", "Айгүл", "--password-stdin", "--dry-run", typed=f"{GOOD}!\n")
    with open_library(home) as library:
        assert changes.last_seq(library.store) == before
    assert enters(home, "Айгүл", GOOD)


@pytest.mark.parametrize(
    ("words", "typed", "key"),
    [
        (("adduser", "АЙГҮЛ", "--role", "head", "--password-stdin"), GOOD, "error.member-exists"),
        (("adduser", "a/b", "--role", "head", "--password-stdin"), GOOD, "error.member-name"),
        (("adduser", "Б", "--role", "head", "--password-stdin"), "short", "error.password-short"),
        (("adduser", "Б", "--role", "boss", "--password-stdin"), GOOD, "error.usage-choice"),
        (("adduser", "Б", "--password-stdin"), GOOD, "error.usage-missing"),
        (("role", "nobody", "--role", "head"), "", "error.unknown-member"),
        (("password", "nobody", "--password-stdin"), GOOD, "error.unknown-member"),
        (("disable", "nobody"), "", "error.unknown-member"),
        (("password", "Айгүл", "--password-stdin"), "айгүлайгүлайгүл", "error.password-simple"),
    ],
)
def test_what_cannot_be_done_is_told(
    run: Run, words: tuple[str, ...], typed: str, key: str
) -> None:
    add(run)
    code, lines, _ = run(*words, typed=typed)
    assert (code, lines[0]["error"]) == (ExitCode.USAGE, key)
