"""Text as files for other programs, and their files as text, through the command line."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from lxml import etree

from olketanu.home import Home
from pages.foreign.file import read_foreign
from pages.text import PageFrame
from store.database import Store
from store.digitised import pages as page_rows
from tests.house import ROOT
from tests.schemas import official

pytestmark = [pytest.mark.tesseract, pytest.mark.slow]

SAMPLE = ROOT / "scans" / "2026-01_sample"
Program = Callable[..., subprocess.CompletedProcess[str]]


def test_every_alto_of_the_sample_follows_our_grammar(sample_home: Path) -> None:
    grammar = etree.RelaxNG(etree.parse(ROOT / "docs" / "reference" / "alto.rng"))
    altos = list((sample_home / "objects").glob("*/alto/*.xml"))
    assert len(altos) > 30
    for path in altos:
        assert grammar.validate(etree.parse(path)), f"{path.name}: {grammar.error_log}"


def test_every_mets_of_the_sample_follows_the_official_schema(sample_home: Path) -> None:
    schema = official("mets")
    if schema is None:
        pytest.skip("the METS schema is not here: see tests/schemas.py")
    files = list((sample_home / "objects").glob("*/mets.xml"))
    assert len(files) == 12
    for path in files:
        assert schema.validate(etree.parse(path)), f"{path.parent.name}: {schema.error_log}"


class Desk:
    """A home with one recognised clipping, and the program at hand."""

    def __init__(self, folder: Path, cli: Program) -> None:
        self.folder, self._cli = folder, cli
        self.home = folder / "home"
        batch = folder / "batch"
        batch.mkdir()
        shutil.copy(SAMPLE / "07_kiyndy.tif", batch)
        self.ask("init", self.home)
        self.ask("run", batch, "--rights", "open")
        self.document = self.ask("document", "list")[0]["document"]

    def ask(self, *words: object, exits: tuple[int, ...] = (0, 1)) -> list[dict[str, Any]]:
        done = self._cli(*words, "--json", home=self.home)
        assert done.returncode in exits, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def text(self) -> str:
        shown = self.ask("document", "show", self.document, "--text")
        return str(shown[0]["page_list"][0]["text"])

    def frame(self) -> PageFrame:
        with Store.open(Home(self.home)) as store:
            return page_rows.list_pages(store, self.document)[0].frame


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, cli: Program) -> Desk:
    return Desk(tmp_path_factory.mktemp("forms"), cli)


def check(name: str, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    schema = json.loads((ROOT / "docs/reference/json" / f"{name}.json").read_text("utf-8"))
    assert lines
    for line in lines:
        jsonschema.Draft202012Validator(schema).validate(line)
    return lines


@pytest.mark.parametrize("form", ["text", "alto", "hocr", "mets"])
def test_text_leaves_in_every_form(desk: Desk, tmp_path: Path, form: str) -> None:
    told = ("document", "export", desk.document, tmp_path / "out", "--as", form)
    planned = check("document-export", desk.ask(*told, "--dry-run"))
    assert not (tmp_path / "out").exists()
    (line,) = check("document-export", desk.ask(*told))
    assert [line] == planned
    data = Path(line["file"]).read_bytes()
    assert len(data) == line["bytes"]
    assert line["page"] == ("p0001" if form in ("alto", "hocr") else None)
    if form == "text":
        assert "Аппақ" in data.decode()
    elif form == "mets":
        assert etree.fromstring(data).get("OBJID") == desk.document
    else:
        page = read_foreign(data, desk.frame())
        assert "Аппақ" in " ".join(line.text for line in page.lines())


def test_imported_text_replaces_the_recognised_and_stays_until_it_is_dropped(
    desk: Desk, tmp_path: Path
) -> None:
    before = desk.text()
    (line,) = desk.ask("document", "export", desk.document, tmp_path, "--as", "hocr")
    file = Path(line["file"])
    corrected = re.sub(r">Аппақ", ">Ақбаян", file.read_text("utf-8"))
    file.write_text(corrected, encoding="utf-8")
    told = ("document", "import", desk.document, "p0001", file)
    check("document-import", desk.ask(*told, "--dry-run"))
    assert desk.text() == before
    (taken,) = check("document-import", desk.ask(*told))
    assert taken["engine"].startswith("imported Olketanu")
    assert taken["languages"][0] == "kaz"
    assert "Ақбаян" in desk.text()
    assert desk.ask("search", "Ақбаян")[0]["document"] == desk.document
    kept = {p: p.stat().st_mtime_ns for p in (desk.home / "objects").rglob("*") if p.is_file()}
    desk.ask("run")
    assert {p: p.stat().st_mtime_ns for p in kept} == kept
    desk.ask("verify")
    check("document-import", desk.ask("document", "import", desk.document, "p0001", "--undo"))
    assert desk.text() == before


def test_what_cannot_be_imported_is_said_and_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    before = desk.text()
    wrong = tmp_path / "wrong.xml"
    wrong.write_text("<PcGts/>")
    os.mkfifo(tmp_path / "pipe")
    where = ("document", "import", desk.document, "p0001")
    for words, exits, key in (
        ((*where, wrong), 4, "error.foreign-form"),
        ((*where, tmp_path / "none.xml"), 4, "error.import-unreadable"),
        ((*where, tmp_path / "pipe"), 4, "error.import-unreadable"),
        ((*where, "--undo"), 2, "error.import-none"),
        (where, 2, "error.import-file"),
        ((*where[:-1], "p0009", wrong), 2, "error.unknown-page"),
    ):
        assert desk.ask(*words, exits=(exits,))[0]["error"] == key
    assert desk.text() == before
