"""``olketanu index`` from outside: lines by their schema, exit codes, what people read."""

import json
from pathlib import Path

import jsonschema
import pytest

import cli
from bench.made_shelf import add_book, enter, record
from olketanu.errors import ExitCode
from olketanu.home import Home
from store.database import Store
from tests.house import ROOT
from workflow.library import create_library

SCHEMAS = {
    name: json.loads((ROOT / f"docs/reference/json/{name}.json").read_text("utf-8"))
    for name in ("index", "index-verify")
}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = create_library(tmp_path / "home", "en")
    with Store.open(made) as store, store.transaction() as tx:
        add_book(tx, "book", ["шахта", "кеніш"])
        add_book(tx, "closed", ["құпия"], code="closed")
        enter(tx, record("1", "Шежіре"))
    return made


def run(
    home: Home, capsys: pytest.CaptureFixture[str], *arguments: str, language: str = "en"
) -> tuple[int, dict[str, object], str]:
    options = ["--home", str(home.root), "--json", "--lang", language]
    code = cli.run(["index", *arguments, *options])
    told = capsys.readouterr()
    line = json.loads(told.out)
    schema = SCHEMAS["index-verify" if arguments[0] == "verify" else "index"]
    jsonschema.Draft202012Validator(schema).validate(line)
    return code, line, told.err


def test_an_index_is_made_followed_and_told_of(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    code, line, _ = run(home, capsys, "status")
    assert (code, line["state"]) == (ExitCode.REVIEW, "missing")
    code, line, _ = run(home, capsys, "update", "--dry-run")
    assert (code, line["state"], line["changed"]) == (ExitCode.DONE, "missing", 0)
    code, line, told = run(home, capsys, "update")
    assert (code, line["state"], line["changed"]) == (ExitCode.DONE, "current", 4)
    assert (line["open"], line["restricted"], line["engine"]) == (3, 1, "whoosh")
    assert "4" in told
    with Store.open(home) as store, store.transaction() as tx:
        enter(tx, record("2", "Дала"))
    code, line, told = run(home, capsys, "status")
    assert (code, line["state"], line["behind"]) == (ExitCode.REVIEW, "behind", 1)
    assert "olketanu index update" in told or not told
    code, line, _ = run(home, capsys, "update")
    assert (line["generation"], line["changed"], line["open"]) == (2, 1, 4)
    code, line, _ = run(home, capsys, "rebuild")
    assert (line["generation"], line["changed"]) == (3, 5)
    assert run(home, capsys, "status")[0] == ExitCode.DONE


def test_verify_tells_what_is_damaged(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    code, line, _ = run(home, capsys, "verify")
    assert (code, line["state"]) == (ExitCode.REVIEW, "missing")
    run(home, capsys, "rebuild")
    code, line, _ = run(home, capsys, "verify")
    assert (code, line["damaged"]) == (ExitCode.DONE, [])
    folder = home.index / "gen-000001" / "restricted"
    victim = max(folder.iterdir(), key=lambda path: path.stat().st_size)
    victim.write_bytes(victim.read_bytes()[:-1] + b"?")
    code, line, told = run(home, capsys, "verify")
    assert (code, line["damaged"]) == (ExitCode.PARTLY_FAILED, [f"restricted/{victim.name}"])
    assert victim.name in told
    code, line, _ = run(home, capsys, "status")
    assert (code, line["state"], line["fault"]) == (ExitCode.REVIEW, "stale", "bytes")
    code, line, _ = run(home, capsys, "update")
    assert (line["state"], line["fault"]) == ("current", "")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("text", ["", "gen-000009 " + "0" * 64 + "\n"], ids=["pointer", "manifest"])
def test_the_reason_is_told_in_every_language(
    home: Home, capsys: pytest.CaptureFixture[str], language: str, text: str
) -> None:
    run(home, capsys, "rebuild")
    (home.index / "current").write_text(text)
    code = cli.run(["index", "status", "--home", str(home.root), "--lang", language])
    told = capsys.readouterr().out
    assert code == ExitCode.REVIEW
    assert "olketanu index rebuild" in told
    assert "{" not in told
    assert "index.fault" not in told


def test_an_engine_that_is_not_installed_is_named(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.index.writer.is_installed", lambda _: False)
    code = cli.run(["index", "rebuild", "--home", str(home.root), "--lang", "en"])
    told = capsys.readouterr()
    assert code == ExitCode.MISSING_TOOL
    assert "whoosh" in told.out + told.err
