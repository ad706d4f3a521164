"""Every ``--json`` line that a real home gives follows its schema under docs/reference/json."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.house import ROOT

SAMPLE = ROOT / "scans" / "2026-01_sample"


def olketanu(
    home: Path | None, *arguments: str, exits: tuple[int, ...] = (0,)
) -> list[dict[str, Any]]:
    """Run one command line with ``--json`` and return its lines."""
    where = [] if home is None else ["--home", str(home)]
    command = [sys.executable, str(ROOT / "cli.py"), *where, "--json", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in exits, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def check(name: str, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the lines after a look at each through the schema ``name``."""
    schema = json.loads((ROOT / "docs/reference/json" / f"{name}.json").read_text("utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    assert lines
    for line in lines:
        validator.validate(line)
    return lines


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that took in a Kazakh clipping and a file that is no image."""
    folder = tmp_path_factory.mktemp("json")
    batch = folder / "batch"
    batch.mkdir()
    shutil.copy(SAMPLE / "07_kiyndy.tif", batch)
    (batch / "empty.tif").touch()
    made = folder / "home"
    check("init", olketanu(made, "init", str(made)))
    check("run", olketanu(made, "run", str(batch), "--dry-run"))
    lines = check("run", olketanu(made, "run", str(batch), "--rights", "open", exits=(7,)))
    assert {line.get("state") for line in lines} == {"done", "quarantined"}
    return made


def test_a_batch_before_and_after_its_run(tmp_path: Path) -> None:
    shutil.copy(SAMPLE / "08_vyrezka.jpg", tmp_path)
    found = check("batch-new", olketanu(None, "batch", "new", str(tmp_path)))
    assert found[0]["rows"] == 1
    check("batch-check", olketanu(None, "batch", "check", str(tmp_path), exits=(0, 4)))
    check("error", olketanu(tmp_path / "home", "document", "list", exits=(2,)))


@pytest.mark.tesseract
@pytest.mark.slow
def test_documents_and_their_batch(home: Path) -> None:
    document = check("run", olketanu(home, "document", "list"))[0]
    shown = check("document", olketanu(home, "document", "show", document["document"], "--text"))
    assert "Аппақ" in shown[0]["page_list"][0]["text"]
    check("batch-status", olketanu(home, "batch", "status"))
    check("batch-retry", olketanu(home, "batch", "retry", "batch"))
    check("doctor", olketanu(home, "doctor"))
    check("error", olketanu(home, "document", "show", "nothing", exits=(2,)))


@pytest.mark.tesseract
@pytest.mark.slow
def test_hits_records_and_the_index(home: Path, tmp_path: Path) -> None:
    hits = check("search", olketanu(home, "search", "қара", "тас"))
    assert hits[0]["page"] == "p0001"
    check("index", olketanu(home, "index", "status"))
    record = olketanu(home, "document", "list")[0]["record"]
    for wanted in ("rusmarc", "marc21"):
        check("record", olketanu(home, "record", "show", record, "--format", wanted))
        target = str(tmp_path / f"{wanted}.mrc")
        check("export", olketanu(home, "record", "export", target, "--format", wanted))
    check("index", olketanu(home, "index", "rebuild"))


@pytest.mark.tesseract
@pytest.mark.slow
def test_a_correction(home: Path) -> None:
    document = olketanu(home, "document", "list")[0]["document"]
    words = ("--old", "Аппақ тапқан", "--new", "Аппақ тапты")
    check("amend", olketanu(home, "document", "amend", document, "p0001", *words, "--dry-run"))
    (done,) = check("amend", olketanu(home, "document", "amend", document, "p0001", *words))
    assert check("follow", olketanu(home, "follow"))[0]["done"]
    assert not olketanu(home, "link", "list")
    assert olketanu(home, "search", "тапты")[-1]["total"] >= 1
    assert check("undo", olketanu(home, "undo"))[0]["act"] == done["act"]
    check("undo", olketanu(home, "undo", str(done["act"])))
    (told,) = olketanu(home, "document", "show", document, "--text")
    assert "Аппақ тапқан" in told["page_list"][0]["text"]
    assert not check("verify", olketanu(home, "verify", "--all"))[-1]["problems"]
