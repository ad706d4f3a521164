"""``olketanu undo``: whatever a command decided is taken back by its number, or refused whole."""

import json
import os
import re
from pathlib import Path
from shutil import copytree
from typing import Any

import jsonschema
import pytest

import cli
from catalog.digital_copy import copies
from olketanu.errors import ExitCode
from olketanu.home import Home
from pipeline import catch_up
from store import changes
from store.catalogue import links, records
from tests.house import ROOT
from tests.portal.made_portal import make_portal_home
from tests.unit.made_imports import article, file_of
from tests.unit.proposed_links import add_proposals
from tests.unit.test_workflow_delta import edit, tick, with_field
from workflow.library import create_library, open_library

SCHEMAS = ROOT / "docs" / "reference" / "json"


class Shell:
    """The command line over a home, and what a test asks of that."""

    def __init__(self, home: Home, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self.capsys = home, capsys

    def __call__(
        self, *words: str | Path, exits: int = ExitCode.DONE, schema: str = ""
    ) -> list[dict[str, Any]]:
        """Run a command with ``--json``: its lines, looked at by their schema."""
        told = ["--json", "--home", str(self.home.root), "--lang", "en"]
        code = cli.run([*map(str, words), *told])
        out = self.capsys.readouterr()
        found = [json.loads(line) for line in out.out.splitlines()]
        assert code == exits, out
        if schema:
            content = json.loads((SCHEMAS / f"{schema}.json").read_text("utf-8"))
            for line in found:
                jsonschema.Draft202012Validator(content).validate(line)
        return found

    def undo(self, *words: int | str, exits: int = ExitCode.DONE) -> list[dict[str, Any]]:
        """``undo …``."""
        return self("undo", *map(str, words), exits=exits, schema="undo" if exits == 0 else "error")

    def newest(self) -> int:
        """The number of the newest event."""
        with open_library(self.home) as library:
            return changes.last_seq(library.store)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = make_portal_home(tmp_path_factory.mktemp("undo") / "home")
    add_proposals(home, 2)
    with open_library(home) as library:
        catch_up(library)
    return home.root


@pytest.fixture
def shell(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Shell:
    monkeypatch.setattr(os, "fsync", lambda _: None)
    monkeypatch.setenv("OLKETANU_ACTOR", "marat")
    return Shell(Home(copytree(made, tmp_path / "home")), capsys)


@pytest.fixture
def desk(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Shell:
    """A home with three articles of another system, whose 210 we have changed."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
    monkeypatch.setenv("OLKETANU_ACTOR", "marat")
    shell = Shell(create_library(tmp_path / "home", "en"), capsys)
    path = file_of(tmp_path, THEIRS)
    shell("record", "import", path, "--catalogue", "articles", "--owner", "external")
    with open_library(shell.home) as library:
        for number in "123":
            edit(library, number, with_field("210", "Алматы"))
    return shell


THEIRS = [article(n, f"Шахталар {n}", f210="Алма-Ата") for n in "123"]


def proposals(shell: Shell) -> list[str]:
    return [str(one["link"]) for one in shell("link", "list", schema="link")]


def copies_of(shell: Shell, link: str) -> list[str]:
    with open_library(shell.home) as library:
        record = links.get_link(library.store, link).record
        return copies(records.get_record(library.store, record).record)


def test_an_accepted_link_is_taken_back_with_its_address(shell: Shell) -> None:
    first, _ = proposals(shell)
    (done,) = shell("link", "accept", first, schema="link")
    assert len(copies_of(shell, first)) == 1
    (line,) = shell.undo(done["act"])
    assert (line["act"], line["kind"], line["what"], line["actor"]) == (
        *(done["act"], "link", "accept", "marat"),
    )
    assert copies_of(shell, first) == []
    assert first in proposals(shell)
    assert shell("link", "accept", first)[0]["act"] > done["act"]


def test_a_rejected_link_is_taken_back_with_the_draft_that_came_of_it(shell: Shell) -> None:
    first, _ = proposals(shell)
    (done,) = shell("link", "reject", first, "--reason", "another year", schema="link")
    with open_library(shell.home) as library:
        document = links.get_link(library.store, first).document
        (made,) = links.list_links(library.store, document=document, status="accepted")
    shell.undo(done["act"])
    with open_library(shell.home) as library:
        assert links.get_link(library.store, made.id).is_withdrawn
        assert records.get_record(library.store, made.record).status == "deleted"
        assert links.get_link(library.store, first).status == "proposed"


def test_on_trial_nothing_is_kept_and_what_would_be_refused_is(shell: Shell) -> None:
    first, second = proposals(shell)
    (one,), (two,) = shell("link", "accept", first), shell("link", "accept", second)
    before = shell.newest()
    lines = shell.undo(one["act"], two["act"], "--dry-run")
    assert [(line["act"], line["stands"]) for line in lines] == [
        (two["act"], True),
        (one["act"], True),
    ]
    assert shell.newest() == before
    shell.undo(one["act"])
    before = shell.newest()
    (refused,) = shell.undo(one["act"], "--dry-run", exits=ExitCode.LOCKED)
    assert refused["error"] == "error.act-undone"
    assert shell.newest() == before


def test_of_several_acts_all_are_taken_back_or_none(shell: Shell) -> None:
    first, second = proposals(shell)
    (one,), (two,) = shell("link", "accept", first), shell("link", "accept", second)
    shell.undo(two["act"])
    assert shell.undo(one["act"], two["act"], exits=ExitCode.LOCKED)[0]["error"] == (
        "error.act-undone"
    )
    assert len(copies_of(shell, first)) == 1
    assert shell.undo(one["act"], 9_999_999, exits=ExitCode.USAGE)[0]["error"] == (
        "error.unknown-act"
    )
    assert len(copies_of(shell, first)) == 1


def test_of_two_decisions_on_one_thing_both_may_be_taken_back_at_once(shell: Shell) -> None:
    first, _ = proposals(shell)
    (one,), (two,) = shell("link", "accept", first), shell("link", "reject", first)
    assert shell.undo(one["act"], exits=ExitCode.LOCKED)[0]["error"] == "error.act-followed"
    assert len(shell.undo(one["act"], two["act"])) == 2
    assert copies_of(shell, first) == []


def test_what_stands_is_listed_the_newest_first(shell: Shell) -> None:
    first, second = proposals(shell)
    (one,), (two,) = shell("link", "accept", first), shell("link", "reject", second)
    assert [line["act"] for line in shell.undo()] == [two["act"], one["act"]]
    assert [line["act"] for line in shell.undo("--limit", "1")] == [two["act"]]
    assert shell.undo("--by", "nobody") == []
    shell.undo(two["act"])
    assert [line["act"] for line in shell.undo()] == [one["act"]]
    assert [line["stands"] for line in shell.undo("--all")] == [False, True]


def test_people_read_what_was_decided_and_how_to_take_it_back(shell: Shell) -> None:
    first, _ = proposals(shell)
    where = ("--home", str(shell.home.root), "--lang", "en")
    cli.run(["link", "accept", first, *where])
    said = shell.capsys.readouterr().out
    number = shell.undo()[0]["act"]
    assert f"To take it back: olketanu undo {number}\n" in said
    cli.run(["undo", *where])
    listed = shell.capsys.readouterr().out
    assert re.search(rf"^{number} .* marat .*: accepted  ", listed, re.MULTILINE)
    cli.run(["undo", str(number), *where])
    assert "1 act was taken back." in shell.capsys.readouterr().out
    cli.run(["undo", *where])
    assert "There is nothing to take back." in shell.capsys.readouterr().out


@pytest.mark.parametrize("what", [["ours"], ["theirs"], ["606"]])
def test_a_conflict_that_was_decided_is_a_question_again(
    desk: Shell, tmp_path: Path, what: list[str]
) -> None:
    changed = article("1", "Шахталар 1", f210="Астана", f606="Көмір")
    path = file_of(tmp_path, [changed, *THEIRS[1:]], "2.iso")
    desk("record", "import", path, "--catalogue", "articles", exits=ExitCode.REVIEW)
    (open_,) = desk("record", "conflicts", "list", exits=ExitCode.REVIEW)
    with open_library(desk.home) as library:
        before = records.get_record(library.store, open_["record"])
    take = ("record", "conflicts", "take", open_["conflict"], *what)
    (done,) = desk(*take, schema="record-conflicts")
    assert desk("record", "conflicts", "list") == []
    desk.undo(done["act"])
    (again,) = desk("record", "conflicts", "list", exits=ExitCode.REVIEW)
    with open_library(desk.home) as library:
        after = records.get_record(library.store, open_["record"])
    assert (again["conflict"], after.record) == (open_["conflict"], before.record)
    (once_more,) = desk(*take)
    number = once_more["act"]
    (told,) = desk.undo(number)
    assert told["title"] == "Шахталар 1"


def test_a_decision_undone_as_a_change_is_not_undone_once_more(desk: Shell, tmp_path: Path) -> None:
    path = file_of(tmp_path, [article("1", "Шахталар", f210="Астана"), *THEIRS[1:]], "2.iso")
    desk("record", "import", path, "--catalogue", "articles", exits=ExitCode.REVIEW)
    (open_,) = desk("record", "conflicts", "list", exits=ExitCode.REVIEW)
    (done,) = desk("record", "conflicts", "take", open_["conflict"], "theirs")
    with open_library(desk.home) as library:
        change = records.list_versions(library.store, open_["record"])[-1].change_set
    desk("record", "undo", str(change))
    assert desk.undo(done["act"], exits=ExitCode.LOCKED)[0]["error"] == "error.conflict-followed"


class TestSheet:
    """The sheet of the three corrections."""

    @pytest.fixture
    def sheet(self, desk: Shell, tmp_path: Path) -> Path:
        path = tmp_path / "sheet.xlsx"
        desk("record", "delta", path)
        return path

    @staticmethod
    def states(desk: Shell) -> list[tuple[str, str]]:
        found = desk("record", "delta", schema="record-delta")
        return [(one["state"], one["note"]) for one in found]

    def take(self, desk: Shell, sheet: Path) -> int:
        return int(desk("record", "delta", "--done", sheet, schema="record-delta")[-1]["act"])

    def test_every_row_is_again_what_it_was_before(self, desk: Shell, sheet: Path) -> None:
        tick(sheet, {2: ("", "x")}, {2: "no access"})
        self.take(desk, sheet)
        before = self.states(desk)
        assert before[0][0] == "refused"
        assert "no access" in before[0][1]
        tick(sheet, {2: ("x", ""), 3: ("x", "")})
        number = self.take(desk, sheet)
        assert [state for state, _ in self.states(desk)] == ["waiting", "waiting", "open"]
        desk.undo(number)
        assert self.states(desk) == before

    def test_an_older_sheet_is_not_taken_back_under_a_newer_one(
        self, desk: Shell, sheet: Path
    ) -> None:
        tick(sheet, {2: ("", "x")}, {2: "no access"})
        first = self.take(desk, sheet)
        tick(sheet, {2: ("x", "")})
        second = self.take(desk, sheet)
        assert desk.undo(first, exits=ExitCode.LOCKED)[0]["error"] == "error.sheet-followed"
        desk.undo(second, first)
        assert [state for state, _ in self.states(desk)] == ["open"] * 3

    def test_what_an_import_has_confirmed_stays_confirmed(
        self, desk: Shell, sheet: Path, tmp_path: Path
    ) -> None:
        tick(sheet, {2: ("x", "")})
        number = self.take(desk, sheet)
        there = [with_field("210", "Алматы")(THEIRS[0]), *THEIRS[1:]]
        path = file_of(tmp_path, there, "2.iso")
        desk("record", "import", path, "--catalogue", "articles")
        assert desk.undo(number, exits=ExitCode.LOCKED)[0]["error"] == "error.sheet-followed"
        assert [state for state, _ in self.states(desk)] == ["open", "open"]

    def test_a_row_whose_record_was_changed_since_is_named_and_the_rest_is_taken(
        self, desk: Shell, sheet: Path
    ) -> None:
        tick(sheet, {2: ("x", ""), 3: ("x", "")})
        with open_library(desk.home) as library:
            edit(library, "1", with_field("210", "Алматы қ."))
        *named, done = desk("record", "delta", "--done", sheet, exits=ExitCode.REVIEW)
        assert [(one["line"], one["problem"]) for one in named] == [(2, "changed-row")]
        assert (done["done"], done["problems"]) == (1, 1)
        assert [state for state, _ in self.states(desk)] == ["open", "waiting", "open"]

    def test_the_title_of_the_act_is_the_name_of_the_file(self, desk: Shell, sheet: Path) -> None:
        tick(sheet, {2: ("x", "")})
        self.take(desk, sheet)
        assert [line["title"] for line in desk.undo()] == ["sheet.xlsx"]
