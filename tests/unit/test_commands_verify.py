"""``olketanu verify`` from outside: lines by their schema, exit codes, what people read."""

import json
from pathlib import Path

import jsonschema
import pytest

import cli
from olketanu.errors import ExitCode
from olketanu.home import Home
from tests.house import ROOT
from tests.unit.made_collection import make_collection, opened
from workflow.fixity.problem import STATES
from workflow.fixity.repair import REPAIRS

SCHEMA = json.loads((ROOT / "docs/reference/json/verify.json").read_text("utf-8"))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return make_collection(tmp_path / "home", 2)


def run(
    home: Home, capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, list[dict[str, object]], str]:
    code = cli.run(["verify", "--home", str(home.root), "--json", "--lang", "en", *arguments])
    told = capsys.readouterr()
    lines = [json.loads(line) for line in told.out.splitlines()]
    for line in lines:
        jsonschema.Draft202012Validator(SCHEMA).validate(line)
    return code, lines, told.err


def test_a_whole_home_ends_with_0_and_one_line(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    code, lines, _ = run(home, capsys)
    assert code == ExitCode.DONE
    (total,) = lines
    assert total["problems"] == {}
    assert total["open"] == 0


def test_damage_ends_with_7_and_a_line_each(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    library = opened(home)
    pdf = home.pdf(library.store.rows("SELECT id FROM document")[0]["id"])
    library.store.close()
    pdf.unlink()
    (home.objects / "a\nb").write_bytes(b"?")
    code, lines, told = run(home, capsys, "--all")
    assert code == ExitCode.PARTLY_FAILED
    assert [line.get("state") for line in lines] == ["missing", "unexpected", None]
    assert lines[-1]["problems"] == {"missing": 1, "unexpected": 1}
    assert pdf.relative_to(home.root).as_posix() in told or "verify.missing" in told
    code, lines, _ = run(home, capsys, "--repair")
    assert code == ExitCode.PARTLY_FAILED
    assert [line.get("repair") for line in lines[:-1]] == ["run", "none"]


def test_a_backup_that_is_not_there_is_a_wrong_call(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    code = cli.run(["verify", "--home", str(home.root), "--backup", str(home.root / "none")])
    capsys.readouterr()
    assert code == ExitCode.USAGE


def test_the_schema_knows_every_state_and_every_repair() -> None:
    problem = SCHEMA["oneOf"][0]["properties"]
    assert set(problem["state"]["enum"]) == set(STATES)
    assert set(problem["repair"]["enum"]) == {*REPAIRS, None}
