"""``backup`` and ``restore`` on the command line: lines, words, exit codes."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import cli
from olketanu.errors import ExitCode
from olketanu.home import Home
from tests.house import ROOT
from tests.unit.backup_library import add_document, make_home
from workflow.library import open_library


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return make_home(tmp_path / "home", documents=2, records=2)


class Shell:
    """Runs command lines for one home and reads the JSON lines they print."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.words = ""

    def __call__(self, home: Path, *arguments: object) -> tuple[int, list[dict[str, Any]]]:
        line = ["--home", str(home), "--json", "--lang", "en", *map(str, arguments)]
        code = cli.run(line)
        printed = self._capsys.readouterr()
        self.words = printed.err
        assert "Traceback" not in printed.err
        lines = [json.loads(text) for text in printed.out.splitlines()]
        if code in (ExitCode.DONE, ExitCode.REVIEW, ExitCode.PARTLY_FAILED):
            name = "restore" if "restore" in line else "backup"
            schema = json.loads((ROOT / f"docs/reference/json/{name}.json").read_text("utf-8"))
            for each in lines:
                jsonschema.Draft202012Validator(schema).validate(each)
        return code, lines


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys)


def test_backup_and_restore_from_the_command_line(home: Home, tmp_path: Path, shell: Shell) -> None:
    disk, target = tmp_path / "disk", tmp_path / "restored"
    assert shell(home.root, "backup", disk, "--dry-run")[1][-1]["state"] == "would"
    assert not disk.exists()
    code, lines = shell(home.root, "backup", disk)
    assert (code, lines[-1]["state"]) == (ExitCode.DONE, "done")
    code, lines = shell(home.root, "backup", disk, "--keep", 1)
    assert (code, lines[-1]["state"], lines[-1]["new_files"]) == (ExitCode.DONE, "nothing-new", 0)
    assert shell(home.root, "backup", disk, "--check")[0] == ExitCode.DONE
    assert shell(target, "restore", disk, "--dry-run")[1][-1]["state"] == "would"
    assert not target.exists()
    code, lines = shell(target, "restore", disk)
    assert (code, lines[-1]["state"], lines[-1]["problems"]) == (ExitCode.DONE, "done", 0)
    assert shell(target, "restore", disk)[0] == ExitCode.USAGE


def test_damage_is_named_with_exit_code_7(home: Home, tmp_path: Path, shell: Shell) -> None:
    disk = tmp_path / "disk"
    master = next(path for path in home.masters.rglob("*") if path.is_file())
    master.unlink()
    code, lines = shell(home.root, "backup", disk)
    assert code == ExitCode.PARTLY_FAILED
    name = master.relative_to(home.root).as_posix()
    assert lines[0] == {"v": 1, "path": name, "state": "missing"}
    assert name in shell.words
    pdf = next(path for path in (disk / "files").rglob("*") if path.is_file())
    pdf.unlink()
    assert shell(home.root, "backup", disk, "--check")[0] == ExitCode.PARTLY_FAILED
    assert shell(tmp_path / "restored", "restore", disk)[0] == ExitCode.PARTLY_FAILED


def test_quiet_is_silent_unless_something_is_wrong(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["--home", str(home.root), "--quiet", "backup", str(tmp_path / "disk")]
    assert cli.run(line) == ExitCode.DONE
    assert capsys.readouterr().out == ""
    master = next(path for path in home.masters.rglob("*") if path.is_file())
    master.unlink()
    assert cli.run(line) == ExitCode.PARTLY_FAILED
    assert master.name in capsys.readouterr().out


def test_the_folder_may_stand_in_the_settings(home: Home, tmp_path: Path, shell: Shell) -> None:
    code, lines = shell(home.root, "backup")
    assert (code, lines[-1]["error"]) == (ExitCode.USAGE, "error.backup-not-named")
    text = home.settings.read_text("utf-8").replace('folder = ""', f'folder = "{tmp_path}/disk"')
    home.settings.write_text(text, "utf-8")
    assert shell(home.root, "backup")[0] == ExitCode.DONE
    assert shell(home.root, "backup", "--check")[0] == ExitCode.DONE


def test_an_older_catalogue_asks_for_a_look(home: Home, tmp_path: Path, shell: Shell) -> None:
    old = tmp_path / "old.sqlite3"
    with open_library(home) as library:
        library.store.copy_to(old)
        add_document(library.store, tmp_path, 7)
    shell(home.root, "backup", tmp_path / "disk")
    shutil.copyfile(old, home.database)
    code, lines = shell(home.root, "backup", tmp_path / "disk")
    assert (code, lines[-1]["branched"]) == (ExitCode.REVIEW, True)


@pytest.mark.parametrize(
    "arguments", [[], ["disk", "--from-objects"], ["--from-objects", "--snapshot", "x"]]
)
def test_restore_wants_one_source(home: Home, shell: Shell, arguments: list[str]) -> None:
    code, lines = shell(home.root, "restore", *arguments)
    assert (code, lines[-1]["error"]) == (ExitCode.USAGE, "error.restore-what")


def test_a_lost_database_is_made_again_from_the_files(home: Home, shell: Shell) -> None:
    code, lines = shell(home.root, "restore", "--from-objects", "--dry-run")
    assert (code, lines[-1]["would"]) == (ExitCode.DONE, "rebuild")
    home.database.unlink()
    code, lines = shell(home.root, "restore", "--from-objects")
    assert (code, lines[-1]["documents"], lines[-1]["records"]) == (ExitCode.DONE, 2, 2)
