"""``olketanu search`` on a real home with its index: lines, words, files, exit codes."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import cli
from olketanu.errors import ExitCode
from olketanu.home import Home
from olketanu.messages.translate import choose_language
from tests.house import ROOT
from tests.unit.found_library import make_home

SCHEMA = json.loads((ROOT / "docs/reference/json/search.json").read_text("utf-8"))


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(os, "fsync", lambda _: None)
    yield
    choose_language("en")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return make_home(tmp_path_factory.mktemp("searched") / "home")


class Shell:
    """Runs ``search`` in one home and checks the JSON lines that it prints."""

    def __init__(self, home: Home, read: Callable[[], Any]) -> None:
        self._home, self._read = home, read

    def lines(self, *arguments: object, code: int = ExitCode.DONE) -> list[dict[str, Any]]:
        out, _ = self._run("--json", "--lang", "en", *arguments, code=code)
        lines = [json.loads(text) for text in out.splitlines()]
        for each in lines if code == ExitCode.DONE else []:
            jsonschema.Draft202012Validator(SCHEMA).validate(each)
        return lines

    def words(self, *arguments: object, language: str = "en", code: int = ExitCode.DONE) -> str:
        out, err = self._run("--lang", language, *arguments, code=code)
        return out + err

    def _run(self, *arguments: object, code: int) -> tuple[str, str]:
        done = cli.run(["--home", str(self._home.root), "search", *map(str, arguments)])
        printed = self._read()
        assert "Traceback" not in printed.err
        assert done == code, printed
        return printed.out, printed.err


@pytest.fixture
def shell(home: Home, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(home, capsys.readouterr)


def test_hits_leave_as_records_once_each(shell: Shell, tmp_path: Path) -> None:
    target = tmp_path / "found.ris"
    (line,) = shell.lines("школа", "--export", "ris", "-o", target)
    assert (line["works"], line["without_record"]) == (3, 1)
    assert target.read_text("utf-8").count("TY  -") == 3


def test_a_reader_gets_no_document_that_is_closed(shell: Shell, tmp_path: Path) -> None:
    target = tmp_path / "found.csv"
    (line,) = shell.lines("құпия", "--export", "csv", "-o", target)
    assert line["works"] == 1
    assert "Жабық іс" in target.read_text("utf-8")
    target.unlink()
    shell.lines("құпия", "--as", "reader", "--export", "csv", "-o", target, code=ExitCode.USAGE)
    assert not target.exists()


def test_an_export_says_in_words_what_it_did(shell: Shell, tmp_path: Path) -> None:
    target = tmp_path / "тізім.txt"
    trial = shell.words("школа", "--export", "gost", "-o", target, "--dry-run", language="kk")
    assert "3 сипаттама жазылар еді" in trial
    assert not target.exists()
    told = shell.words("школа", "--export", "gost", "-o", target, language="kk")
    assert "3 сипаттама жазылды" in told
    assert "1 құжатының каталогта жазбасы жоқ" in told
    assert target.read_text("utf-8").startswith("«школа» сұрауы бойынша")


def test_an_older_file_is_left_alone(shell: Shell, tmp_path: Path) -> None:
    target = tmp_path / "found.bib"
    target.write_text("theirs")
    call = ("школа", "--export", "bibtex", "-o", target)
    assert "--replace" in shell.words(*call, code=ExitCode.USAGE)
    assert target.read_text() == "theirs"
    shell.lines(*call, "--replace")
    assert target.read_text().startswith("@")


def test_form_and_file_go_together(shell: Shell, tmp_path: Path) -> None:
    for call in (("--export", "ris"), ("-o", tmp_path / "a")):
        assert "go together" in shell.words("школа", *call, code=ExitCode.USAGE)


def test_the_limit_holds_for_files_too(shell: Shell, tmp_path: Path) -> None:
    (line,) = shell.lines("школа", "--limit", 1, "--export", "ris", "-o", tmp_path / "a.ris")
    assert line["works"] == 1
