"""``list new|show|print|cards`` on a real home: lines, files, exit codes."""

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pypdfium2
import pytest

import cli
from catalog.record import ControlField, Record
from olketanu.errors import ExitCode
from olketanu.home import Home
from store import changes
from store.catalogue import records
from store.catalogue.records import NewRecord
from tests.house import ROOT
from tests.unit.backup_library import Quiet
from tests.unit.made_entries import LEADER, field
from workflow.backup.back_up import BackupOrder, back_up
from workflow.backup.restore import RestoreOrder, restore
from workflow.library import create_library, open_library

SCHEMA = json.loads((ROOT / "docs/reference/json/list.json").read_text("utf-8"))
BOOKS = (
    ("Әуезов", "М. О.", "Абай жолы", "kaz", "821.512.122-3", "84(5Каз)"),
    ("Ким", "А. А.", "Белка", "rus", "821.161.1-3", "84(2Рос)"),
    ("Ғабитов", "Т. Х.", "Өлке тарихы", "kaz", "94(574.31)", "63.3(5Каз)"),
)


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = create_library(tmp_path / "home", "kk")
    with open_library(made) as library, library.store.transaction("staff") as tx:
        change = changes.new_change_set(tx, "import")
        for number, book in enumerate(BOOKS):
            new = NewRecord(made_record(number, book), "books", f"n{number}", status="active")
            records.create_record(tx, new, change)
        draft = made_record(9, ("Нобай", "Н.", "Нобай кітап", "kaz", "0", "0"))
        records.create_record(tx, NewRecord(draft, "books", "n9", status="draft"), change)
    return made


def made_record(number: int, book: tuple[str, ...]) -> Record:
    surname, initials, title, language, udc, bbk = book
    fields = (
        ControlField("001", f"n{number}"),
        field("101", f"a{language}", indicators="0 "),
        field("200", f"a{title}", f"f{initials} {surname}", indicators="1 "),
        field("210", "aАлматы", "cӨлке", f"d{2020 + number}"),
        field("675", f"a{udc}"),
        field("686", f"a{bbk}", "2rubbk"),
        field("700", f"a{surname}", f"b{initials}", indicators=" 1"),
        field("899", f"h{bbk}", "iМ 1"),
    )
    return Record("rusmarc", LEADER, fields)


class Shell:
    """Runs command lines for one home and checks the JSON lines they print."""

    def __init__(self, home: Home, capsys: pytest.CaptureFixture[str]) -> None:
        self._home, self._capsys = home, capsys

    def __call__(self, *arguments: object) -> tuple[int, list[dict[str, Any]]]:
        line = ["--home", str(self._home.root), "--json", "--lang", "en", *map(str, arguments)]
        code = cli.run(line)
        printed = self._capsys.readouterr()
        assert "Traceback" not in printed.err
        lines = [json.loads(text) for text in printed.out.splitlines()]
        for each in lines if code == ExitCode.DONE else []:
            jsonschema.Draft202012Validator(SCHEMA).validate(each)
        return code, lines

    def words(self, *arguments: object) -> str:
        line = ["--home", str(self._home.root), "--lang", "kk", *map(str, arguments)]
        assert cli.run(line) == ExitCode.DONE
        return self._capsys.readouterr().out


@pytest.fixture
def shell(home: Home, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(home, capsys)


def save(shell: Shell, *more: object) -> None:
    code, _ = shell("list", "new", "жаңа", "--title", "Жаңа кітаптар", *more)
    assert code == ExitCode.DONE


def test_a_list_is_saved_as_a_file_that_people_can_read(home: Home, shell: Shell) -> None:
    save(shell, "--language", "kaz", "--heading", "letter", "--from", "2026-01-01")
    assert (home.root / "lists" / "жаңа.toml").read_text("utf-8") == (
        "# A bibliographic list; docs/reference/lists.md says what each line means.\n"
        "v = 1\n"
        'title = "Жаңа кітаптар"\n'
        'order = ["author"]\n'
        'headings = ["letter"]\n'
        'alphabet = "kk"\n'
        'language = "kk"\n'
        'style = "7.1-2003"\n'
        "names = true\n"
        "\n"
        "[selection]\n"
        'languages = ["kaz"]\n'
        'entered_from = "2026-01-01"\n'
    )
    assert shell("list", "show") == (0, [{"v": 1, "list": "жаңа", "title": "Жаңа кітаптар"}])


def test_a_list_is_shown_in_order_under_headings_without_drafts(shell: Shell) -> None:
    save(shell, "--heading", "udc_main", "--heading", "language", "--in", "ru")
    assert shell.words("list", "show", "жаңа") == (
        "Жаңа кітаптар\n"
        "\n"
        "8 Язык. Литература\n"
        "\n"
        "На казахском языке\n"
        "\n"
        "1.\u2002Әуезов, М. О. Абай жолы [Мәтін] / М. О. Әуезов. – Алматы : Өлке, 2020.\n"
        "\n"
        "На русском языке\n"
        "\n"
        "2.\u2002Ким, А. А. Белка [Текст] / А. А. Ким. – Алматы : Өлке, 2021.\n"
        "\n"
        "9 География. Биография. История\n"
        "\n"
        "На казахском языке\n"
        "\n"
        "3.\u2002Ғабитов, Т. Х. Өлке тарихы [Мәтін] / Т. Х. Ғабитов. – Алматы : Өлке, 2022.\n"
        "\n"
        "Именной указатель\n"
        "\n"
        "Әуезов, М. О.\u20021\n"
        "Ғабитов, Т. Х.\u20023\n"
        "Ким, А. А.\u20022\n"
    )
    _, lines = shell("list", "show", "жаңа")
    assert [line["kind"] for line in lines].count("entry") == 3


def test_drafts_come_only_when_asked_for(shell: Shell) -> None:
    save(shell, "--drafts", "--udc", "0")
    assert "Нобай кітап" in shell.words("list", "show", "жаңа")


def test_other_days_may_be_given_when_a_list_is_run(shell: Shell) -> None:
    save(shell)
    assert not shell("list", "show", "жаңа", "--to", "2000-01-01")[1]
    assert len(shell("list", "show", "жаңа", "--from", "2000-01-01")[1]) == 3
    assert shell("list", "show", "жаңа", "--to", "1.1.2000")[0] == ExitCode.BAD_INPUT


def test_descriptions_are_set_as_the_library_wants_them(home: Home, shell: Shell) -> None:
    with home.settings.open("a", encoding="utf-8") as settings:
        settings.write('\n[description]\nedition = "r-7.0.100-2018"\nmedium = false\n')
    save(shell)
    assert 'style = "r-7.0.100-2018"' in home.saved_list("жаңа").read_text("utf-8")
    assert "Абай жолы / М. О. Әуезов. – Алматы" in shell.words("list", "show", "жаңа")


@pytest.mark.parametrize("form", ["txt", "html", "docx", "pdf"])
def test_a_list_is_written_with_the_same_bytes_again(
    form: str, tmp_path: Path, shell: Shell
) -> None:
    if form in ("docx", "pdf"):
        pytest.importorskip("docx")
        pytest.importorskip("reportlab")
    save(shell)
    first, second = tmp_path / f"a.{form}", tmp_path / "b"
    assert shell("list", "print", "жаңа", first, "--dry-run")[0] == ExitCode.DONE
    assert not first.exists()
    assert shell("list", "print", "жаңа", first) == (
        0,
        [{"v": 1, "list": "жаңа", "file": str(first), "entries": 3}],
    )
    assert shell("list", "print", "жаңа", second, "--as", form)[0] == ExitCode.DONE
    assert first.read_bytes() == second.read_bytes()


def test_cards_are_filed_as_the_settings_say(home: Home, tmp_path: Path, shell: Shell) -> None:
    save(shell)
    target = tmp_path / "cards.txt"
    code, lines = shell("list", "cards", "жаңа", target)
    assert (code, lines[-1]["cards"], lines[-1]["dividers"]) == (0, 3, 2)
    text = target.read_text("utf-8")
    wanted = ("63\nТарих\nИстория", "Өлке", "84\n", "Абай", "Белка")
    places = [text.index(word) for word in wanted]
    assert places == sorted(places)
    with home.settings.open("a", encoding="utf-8") as settings:
        settings.write('\n[cards]\norder = "alphabetical"\ndividers = false\nsheet = "card"\n')
    assert shell("list", "cards", "жаңа", target)[1][-1]["dividers"] == 0
    text = target.read_text("utf-8")
    assert text.index("Әуезов") < text.index("Ғабитов") < text.index("Ким")


def test_the_sheet_of_cards_is_a_setting(home: Home, tmp_path: Path, shell: Shell) -> None:
    pytest.importorskip("reportlab")
    save(shell)
    target = tmp_path / "cards.pdf"
    assert shell("list", "cards", "жаңа", target)[0] == ExitCode.DONE
    assert page_count(target) == 2
    with home.settings.open("a", encoding="utf-8") as settings:
        settings.write('\n[cards]\nsheet = "card"\n')
    assert shell("list", "cards", "жаңа", target)[0] == ExitCode.DONE
    assert page_count(target) == 5


def page_count(path: Path) -> int:
    document = pypdfium2.PdfDocument(path)
    count = len(document)
    document.close()
    return count


@pytest.mark.parametrize(
    ("arguments", "code", "key"),
    [
        (("show", "unknown"), ExitCode.USAGE, "error.unknown-list"),
        (("show", "../olketanu"), ExitCode.USAGE, "error.list-name"),
        (("new", "a/b", "--title", "Т"), ExitCode.USAGE, "error.list-name"),
        (("new", "жаңа", "--title", "Т"), ExitCode.USAGE, "error.list-exists"),
        (("new", "күн", "--title", "Т", "--from", "yesterday"), 4, "error.list-value"),
        (("print", "бөтен", "a.txt"), ExitCode.USAGE, "error.unknown-record"),
        (("print", "жаңа", "a.rtf"), ExitCode.USAGE, "error.list-form"),
        (("cards", "жаңа", "a.html"), ExitCode.USAGE, "error.list-form"),
        (("cards", "жаңа", "a.txt", "--to", "2000-01-01"), ExitCode.USAGE, "error.list-empty"),
        (("print", "жаңа", "a.txt", "--to", "2000-01-01"), ExitCode.USAGE, "error.list-empty"),
    ],
)
def test_wrong_calls_are_refused(
    arguments: tuple[str, ...], code: int, key: str, shell: Shell
) -> None:
    save(shell)
    shell("list", "new", "бөтен", "--title", "Т", "--record", "nothere0")
    found, lines = shell("list", *arguments)
    assert (found, lines[-1]["error"]) == (code, key)


def test_a_list_is_replaced_only_when_asked_and_the_old_one_is_kept(
    home: Home, shell: Shell
) -> None:
    save(shell)
    before = home.saved_list("жаңа").read_bytes()
    save(shell, "--replace", "--alphabet", "ru")
    save(shell, "--replace", "--alphabet", "ru")
    assert 'alphabet = "ru"' in home.saved_list("жаңа").read_text("utf-8")
    (kept,) = home.replaced.rglob("lists/*.toml")
    assert (kept.name, kept.read_bytes()) == ("жаңа.toml", before)
    code, _ = shell("list", "new", "екінші", "--title", "Т", "--dry-run")
    assert (code, home.saved_list("екінші").exists()) == (0, False)


def test_a_broken_file_is_named(home: Home, shell: Shell) -> None:
    save(shell)
    home.saved_list("жаңа").write_text("v = 1\ntitle = ", encoding="utf-8")
    assert shell("list", "show", "жаңа")[1][-1]["error"] == "error.list-unreadable"
    home.saved_list("жаңа").write_text('v = 1\nstyle = "apa"\n', encoding="utf-8")
    assert shell("list", "show", "жаңа")[1][-1]["facts"]["key"] == "style"


def test_odd_titles_come_back_from_the_file(shell: Shell) -> None:
    title = '«Қала» "a\\b"\t#\u007f\n🏔'
    assert shell("list", "new", "odd", "--title", title)[0] == ExitCode.DONE
    assert shell("list", "show")[1] == [{"v": 1, "list": "odd", "title": title}]


def test_saved_lists_are_part_of_the_backup(home: Home, tmp_path: Path, shell: Shell) -> None:
    disk, target = tmp_path / "disk", tmp_path / "restored"
    with open_library(home) as library:
        back_up(library, BackupOrder(disk), Quiet())
        home.saved_list("жаңа").parent.mkdir()
        home.saved_list("жаңа").write_text("v = 1\n", encoding="utf-8")
        assert back_up(library, BackupOrder(disk), Quiet()).state == "done"
    restore(RestoreOrder(disk, target), Quiet())
    assert Home(target).saved_list("жаңа").read_text("utf-8") == "v = 1\n"
