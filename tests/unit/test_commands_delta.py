"""``olketanu record delta`` from outside: lines by their schema, exit codes, what people read."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from openpyxl import load_workbook

import cli
from olketanu.errors import ExitCode
from store.catalogue import records
from tests.house import ROOT
from tests.unit.made_imports import file_of
from tests.unit.test_workflow_delta import edit, theirs, tick, with_field
from workflow.library import create_library, open_library


class Desk:
    """A home with four articles of КАБИС, two of which we changed, and the command line."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys
        self.home = create_library(folder / "home", "ru")
        path = file_of(folder, theirs())
        self.run("import", path, "--catalogue", "Статьи", "--owner", "external")
        with open_library(self.home) as library:
            edit(library, "1", with_field("210", "Алматы"))
            edit(library, "2", with_field("300", "=1+1"))

    def run(self, *words: str | Path, lang: str = "ru") -> tuple[int, list[dict[str, Any]], str]:
        """Run ``record …`` with ``--json``: exit code, lines, what was said to a person."""
        told = ["--json", "--home", str(self.home.root), "--lang", lang]
        code = cli.run(["record", *map(str, words), *told])
        out = self.capsys.readouterr()
        return code, [json.loads(line) for line in out.out.splitlines()], out.err

    def delta(self, *words: str | Path, lang: str = "ru") -> tuple[int, list[dict[str, Any]], str]:
        """``record delta …``, every line looked at by its schema."""
        code, lines, said = self.run("delta", *words, lang=lang)
        path = ROOT / "docs" / "reference" / "json" / "record-delta.json"
        for line in lines:
            jsonschema.Draft202012Validator(json.loads(path.read_text("utf-8"))).validate(line)
        return code, lines, said


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def test_without_a_file_it_lists_what_is_open(desk: Desk) -> None:
    code, lines, _ = desk.delta()
    assert code == ExitCode.DONE
    assert [(one["number"], one["field"], one["state"]) for one in lines] == [
        ("1", "210", "open"),
        ("2", "300", "open"),
    ]
    assert (lines[1]["was"], lines[1]["now"]) == ("", "## $a=1+1")


def test_the_list_for_people_names_record_field_and_state(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.run(["record", "delta", "--home", str(desk.home.root), "--lang", "ru"])
    told = capsys.readouterr().out
    assert "1  Қарағанды шахталары 1\n" in told
    assert "    210  заменить: ## $aАлма-Ата → ## $aАлматы  [открыто]\n" in told
    assert "Открыто: 2, ждёт подтверждения: 0" in told


@pytest.mark.parametrize("name", ["sheet.xlsx", "sheet.docx", "sheet.html", "delta.iso"])
def test_the_ending_says_what_is_written(desk: Desk, tmp_path: Path, name: str) -> None:
    code, (line,), said = desk.delta(tmp_path / name)
    form = {".iso": "iso2709"}.get(Path(name).suffix, f"sheet-{name[-4:]}")
    assert (code, line["as"], line["records"]) == (ExitCode.DONE, form, 2)
    assert "2 записи, исправлений: 2." in said
    assert (tmp_path / name).stat().st_size > 100


@pytest.mark.parametrize(("lang", "heading"), [("kk", "Болуы керек"), ("en", "Should be")])
def test_the_sheet_speaks_the_language_that_was_asked_for(
    desk: Desk, tmp_path: Path, lang: str, heading: str
) -> None:
    desk.delta(tmp_path / "sheet.xlsx", lang=lang)
    assert load_workbook(tmp_path / "sheet.xlsx").worksheets[0].cell(1, 6).value == heading


def test_a_ticked_sheet_comes_home_and_the_next_import_settles_it(
    desk: Desk, tmp_path: Path
) -> None:
    sheet = tmp_path / "sheet.xlsx"
    desk.delta(sheet, lang="kk")
    tick(sheet, {2: ("✓", ""), 3: ("✓", "")})
    code, lines, said = desk.delta("--done", sheet)
    assert (code, lines[-1]["done"], lines[-1]["problems"]) == (ExitCode.DONE, 2, 0)
    assert "Сделано: 2" in said
    journal = "".join(p.read_text("utf-8") for p in (desk.home.root / "sidecars").rglob("0*.jsonl"))
    assert journal.count('"correction.done"') == 2
    there = theirs()
    made = file_of(tmp_path, [with_field("210", "Алматы")(there[0]), *there[1:]], "next.iso")
    code, lines, said = desk.run("import", made, "--catalogue", "articles")
    assert code == ExitCode.REVIEW
    assert {"v": 1, "confirmed": 1, "not_there": ["2"]} in lines
    assert "в загрузке нет: 1 запись (2)" in said


def test_a_dry_run_takes_nothing(desk: Desk, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.xlsx"
    desk.delta(sheet)
    tick(sheet, {2: ("✓", "")})
    _, lines, said = desk.delta("--done", sheet, "--dry-run")
    assert (lines[-1]["done"], lines[-1]["act"]) == (1, None)
    assert [(one["number"], one["field"], one["mark"]) for one in lines[:-1]] == [
        ("1", "210", "done")
    ]
    assert said.startswith("Было бы принято")
    assert "1  210  ## $aАлма-Ата → ## $aАлматы  [ждёт подтверждения]" in said
    assert [one["state"] for one in desk.delta()[1]] == ["open", "open"]


def test_a_row_that_was_changed_is_named_and_waits(desk: Desk, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.xlsx"
    desk.delta(sheet)
    tick(sheet, {2: ("✓", ""), 3: ("??", "")})
    book = load_workbook(sheet)
    book.worksheets[0].cell(2, 6).value = "## $aАстана"
    book.save(sheet)
    code, lines, said = desk.delta("--done", sheet)
    assert code == ExitCode.REVIEW
    assert [one["problem"] for one in lines[:-1]] == ["edited-row", "unclear-mark"]
    assert "изменены столбцы: Стало" in said


def test_writing_and_taking_are_two_commands(desk: Desk, tmp_path: Path) -> None:
    code, lines, _ = desk.run("delta", tmp_path / "a.xlsx", "--done", tmp_path / "b.xlsx")
    assert (code, lines[0]["error"]) == (ExitCode.USAGE, "error.delta-both")


def test_nothing_open_is_no_file(desk: Desk, tmp_path: Path) -> None:
    code, (line,), said = desk.delta(tmp_path / "delta.iso", "--catalogue", "Книги")
    assert (code, line["as"], line["records"]) == (ExitCode.DONE, None, 0)
    assert not (tmp_path / "delta.iso").exists()
    assert "нет" in said


def test_giving_back_changes_no_record(desk: Desk, tmp_path: Path) -> None:
    with open_library(desk.home) as library:
        before = [(r.id, r.sha256) for r in records.list_records(library.store)]
    desk.delta(tmp_path / "delta.iso")
    desk.delta(tmp_path / "sheet.xlsx")
    with open_library(desk.home) as library:
        assert [(r.id, r.sha256) for r in records.list_records(library.store)] == before


def test_a_record_of_two_catalogues_is_told_apart_and_goes_back_to_each(
    desk: Desk, tmp_path: Path
) -> None:
    again = file_of(tmp_path, theirs(), "again.iso")
    desk.run("import", again, "--catalogue", "Экология", "--owner", "external")
    _, lines, _ = desk.delta()
    assert {line["catalogue"] for line in lines} == {"articles", "ecology"}
    code, _, said = desk.run("delta", tmp_path / "all.iso")
    assert code == ExitCode.USAGE
    assert "--catalogue" in said
    assert not (tmp_path / "all.iso").exists()
    code, _, _ = desk.delta(tmp_path / "one.iso", "--catalogue", "ecology")
    assert code == ExitCode.DONE
    desk.delta(tmp_path / "all.html")
    assert "[Экология]" in (tmp_path / "all.html").read_text("utf-8")
