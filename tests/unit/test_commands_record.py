"""``olketanu record …`` from outside: lines by their schema, exit codes, what people read."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import cli
from catalog.marc import marcxml
from catalog.record import Record
from olketanu.errors import ExitCode
from tests.house import ROOT
from tests.unit.made_imports import article, file_of, raw
from workflow.library import create_library

SCHEMAS = {
    "import": "record-import",
    "imports": "record-imports",
    "bad": "record-bad",
    "conflicts": "record-conflicts",
    "history": "record-history",
    "diff": "record-diff",
    "undo": "record-undo",
    "export": "export",
    "show": "record",
}


class Desk:
    """A home and the command line beside it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        self.home = create_library(folder / "home", "en")

    def __call__(
        self, *words: str | Path, exits: int = ExitCode.DONE, lang: str = "en"
    ) -> list[dict[str, Any]]:
        """Run ``record …`` with ``--json`` and return its lines, each looked at by its schema."""
        name = f"docs/reference/json/{SCHEMAS[str(words[0])]}.json"
        schema = json.loads((ROOT / name).read_text("utf-8"))
        if exits in (ExitCode.USAGE, ExitCode.BAD_INPUT):
            schema = json.loads((ROOT / "docs/reference/json/error.json").read_text("utf-8"))
        told = ["--json", "--home", str(self.home.root), "--lang", lang]
        code = cli.run(["record", *map(str, words), *told])
        out = self.capsys.readouterr()
        self.said = out.err
        assert code == exits, out.err
        lines = [json.loads(line) for line in out.out.splitlines()]
        for line in lines:
            jsonschema.Draft202012Validator(schema).validate(line)
        return lines


def marcxml_of(record: Record) -> bytes:
    return b"".join(marcxml.write([record]))


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    made = Desk(tmp_path, capsys)
    path = file_of(tmp_path, [article("1", "Шахтер"), article("2", "Теміртау")])
    made("import", path, "--catalogue", "Статьи")
    return made


def test_the_last_line_of_an_import_is_that_of_the_contract(desk: Desk, tmp_path: Path) -> None:
    data = raw(article("1", "Шахтёр"), article("3", "Балқаш")) + b"waste\x1d"
    path = file_of(tmp_path, data, "2.iso")
    lines = desk("import", path, "--catalogue", "articles", exits=ExitCode.PARTLY_FAILED)
    assert lines[-1] == {
        "v": 1,
        "read": 3,
        "new": 1,
        "updated": 1,
        "unchanged": 0,
        "conflicts": 0,
        "bad": 1,
        "charset": "utf-8",
        "format": "rusmarc",
    }
    assert lines[0]["file"] == "2.iso"
    assert "record bad list" in desk.said
    (line,) = desk("bad", "list")
    assert (line["reason"], line["bytes"]) == ("bad-leader", 6)
    desk("bad", "retry", exits=ExitCode.PARTLY_FAILED)
    desk("bad", "export", tmp_path / "bad.bin")
    assert (tmp_path / "bad.bin").read_bytes() == b"waste\x1d"


@pytest.mark.parametrize(
    ("lang", "words"),
    [("kk", "Дәл осы файл бұрын қабылданған"), ("ru", "уже принят"), ("en", "in already")],
)
def test_the_same_file_again_is_told_in_every_language(desk: Desk, lang: str, words: str) -> None:
    path = desk.folder / "articles.iso"
    lines = desk("import", path, "--catalogue", "Мақалалар", lang=lang)
    assert (lines[-1]["unchanged"], lines[-1]["new"]) == (2, 0)
    assert words in desk.said


@pytest.mark.parametrize(
    ("lang", "words"),
    [("kk", "қате болуы мүмкін — 2"), ("ru", "вероятных ошибок — 2"), ("en", "warnings 2")],
)
def test_an_import_tells_what_the_rules_say_of_the_new_records(
    desk: Desk, tmp_path: Path, lang: str, words: str
) -> None:
    # A Latin letter, and no year of the host; no pages and no class are small things.
    path = file_of(tmp_path, [article("7", "Шaхтёр", f463="№ 3")], "7.iso")
    lines = desk("import", path, "--catalogue", "cd", lang=lang)
    told = lines[-2]
    assert (told["checked"], told["faulty"], told["rules"]["mixed-script"]) == (1, 1, 1)
    assert words in desk.said
    assert "olketanu record repair" in desk.said
    again = desk("import", path, "--catalogue", "cd")
    assert not any("levels" in line for line in again)


def test_several_files_end_in_one_line_of_all(desk: Desk, tmp_path: Path) -> None:
    paths = [file_of(tmp_path, [article(n, "А")], f"{n}.iso") for n in ("7", "8")]
    lines = desk("import", *paths, "--catalogue", "articles", "--dry-run")
    assert [line["new"] for line in lines] == [1, 1, 2]
    assert len(desk("imports")) == 1


def test_a_file_of_several_that_is_none_stops_no_other(desk: Desk, tmp_path: Path) -> None:
    none, last = tmp_path / "letter.iso", file_of(tmp_path, [article("3", "Балқаш")], "3.iso")
    none.write_text("Құрметті әріптес!", "utf-8")
    words = (none, last, tmp_path / "gone.iso")
    lines = desk("import", *words, "--catalogue", "books", exits=ExitCode.PARTLY_FAILED, lang="kk")
    assert [line.get("file") for line in lines] == ["letter.iso", "3.iso", "gone.iso", None, None]
    assert (lines[0]["error"], lines[1]["new"]) == ("error.no-exchange-file", 1)
    assert "gone.iso: қабылданбады." in desk.said
    assert "ондай файл жоқ" in desk.said
    desk("import", none, "--catalogue", "books", exits=ExitCode.BAD_INPUT)


def test_what_is_missing_from_a_complete_file_waits(desk: Desk, tmp_path: Path) -> None:
    path = file_of(tmp_path, [article("2", "Теміртау")], "all.iso")
    told = ("--catalogue", "articles", "--complete")
    lines = desk("import", path, *told, exits=ExitCode.REVIEW)
    assert (lines[0]["number"], lines[0]["missing"]) == ("1", True)


def test_an_import_is_undone_and_its_history_told(desk: Desk, tmp_path: Path) -> None:
    path = file_of(tmp_path, [article("1", "Шахтёр"), article("3", "Балқаш")], "2.iso")
    done = desk("import", path, "--catalogue", "articles", "--actor", "aigul")[0]
    (first, second) = desk("imports", "--catalogue", "articles")
    assert (first["file"], second["import"]) == ("articles.iso", done["import"])
    assert second["counts"]["updated"] == 1
    tried = desk("undo", "--batch", done["import"], "--dry-run")
    assert (tried[0]["change"], tried[0]["restored"], tried[0]["deleted"]) == (None, 1, 1)
    (undone,) = desk("undo", str(second["change"]))
    assert undone["undone"] == second["change"]
    out = tmp_path / "out.iso"
    (written,) = desk("export", out, "--original", "--catalogue", "articles")
    assert (written["records"], written["left"]) == (2, [])
    assert out.read_bytes() == (tmp_path / "articles.iso").read_bytes()
    assert desk("imports")[1]["state"] == "undone"
    desk("undo", exits=ExitCode.USAGE)
    desk("undo", "999", exits=ExitCode.USAGE)


def test_a_record_is_named_by_its_number_in_its_own_system(desk: Desk, tmp_path: Path) -> None:
    (shown,) = desk("show", "2")
    assert any("Теміртау" in line for line in shown["fields"])
    assert desk("history", "2")[0]["record"] == shown["record"]
    desk("export", tmp_path / "one.iso", "--record", "2")
    assert (tmp_path / "one.iso").read_bytes().count(b"\x1d") == 1
    desk("show", "3", exits=ExitCode.USAGE)
    twice = file_of(tmp_path, [article("2", "Балқаш")], "other.iso")
    desk("import", twice, "--catalogue", "books")
    (error,) = desk("show", "2", exits=ExitCode.USAGE)
    assert error["error"] == "error.number-twice"
    assert shown["record"] in desk.said


def test_an_export_tells_the_container_and_why_it_is_another(desk: Desk, tmp_path: Path) -> None:
    (done,) = desk("export", tmp_path / "out.mrk")
    assert (done["container"], done["fell_back"], done["records"]) == ("mrk", None, 2)
    long = file_of(tmp_path, marcxml_of(article("3", "Қ" * 9999)), "long.xml")
    desk("import", long, "--catalogue", "articles")
    (done,) = desk("export", tmp_path / "out.iso")
    assert (done["file"], done["container"]) == (str(tmp_path / "out.xml"), "marcxml")
    assert done["fell_back"] == "error.iso2709-too-long"
    assert "ISO 2709 cannot hold all records, so MARCXML was written." in desk.said
    named = ("export", tmp_path / "named.iso", "--as", "iso2709")
    assert desk(*named, exits=ExitCode.BAD_INPUT)[0]["error"] == "error.iso2709-too-long"
    assert not (tmp_path / "named.iso").exists()


def test_an_export_may_be_in_another_character_set_and_dialect(desk: Desk, tmp_path: Path) -> None:
    profile, out = tmp_path / "ours.toml", tmp_path / "out.iso"
    profile.write_text('[rename]\n"953" = "200"\n', encoding="utf-8")
    desk("export", out, "--charset", "kz1048", "--profile", profile)
    assert "Теміртау".encode("kz1048") in out.read_bytes()
    assert out.read_bytes().count(b"953") == 2
    told = ("export", tmp_path / "out.mrk", "--charset", "kz1048")
    assert desk(*told, exits=ExitCode.USAGE)[0]["error"] == "error.charset-not-written"


def test_a_profile_of_our_own_is_told_by_its_path(desk: Desk, tmp_path: Path) -> None:
    profile = tmp_path / "ours.toml"
    profile.write_text('number = "035 $a"\n', encoding="utf-8")
    path = file_of(tmp_path, [article("1", "Балқаш", f035="Б-1")], "b.iso")
    told = ("import", path, "--catalogue", "books", "--profile", profile)
    assert desk(*told)[-1]["new"] == 1
    assert desk(*told)[-1]["unchanged"] == 1
    profile.write_text('numbers = "035 $a"\n', encoding="utf-8")
    assert desk(*told, exits=ExitCode.BAD_INPUT)[0]["error"] == "error.profile-key"
    desk("bad", "retry", "--profile", "koha", exits=ExitCode.USAGE)


def test_a_conflict_is_listed_shown_and_decided(desk: Desk, tmp_path: Path) -> None:
    from store import changes
    from store.catalogue import records
    from store.database import Store

    with Store.open(desk.home) as store:
        stored = records.find_record_at(store, "articles", "1")
        assert stored is not None
        with store.transaction("marat") as tx:
            change = changes.new_change_set(tx, "corrected")
            new = article("1", "Шахтёр")
            records.save_version(tx, stored.id, new, parent=1, change_set=change)
    path = file_of(tmp_path, [article("1", "Кенші")], "2.iso")
    desk("import", path, "--catalogue", "articles", exits=ExitCode.REVIEW)
    (line,) = desk("conflicts", "list", exits=ExitCode.REVIEW)
    assert (line["number"], line["tags"]) == ("1", ["200"])
    shown = desk("conflicts", "show", line["conflict"])
    assert (shown[1]["tag"], shown[1]["theirs"]) == ("200", "200 1# $aКенші")
    desk("conflicts", "take", line["conflict"], "theirs")
    assert desk("conflicts", "list") == []
    (field,) = desk("diff", stored.id)
    assert (field["was"], field["now"]) == ("200 1# $aШахтёр", "200 1# $aКенші")
    told = [line["what"] for line in desk("history", stored.id)]
    assert told == ["version", "version", "conflict", "version"]
    desk("diff", stored.id, "1", "9", exits=ExitCode.USAGE)


def test_reasons_of_the_program_are_told_in_the_readers_language(desk: Desk) -> None:
    code = cli.run(["record", "history", "1", "--home", str(desk.home.root), "--lang", "kk"])
    assert code == ExitCode.DONE
    assert "articles.iso импорты" in desk.capsys.readouterr().out


def test_a_name_that_is_no_catalogue_is_refused(desk: Desk) -> None:
    path = desk.folder / "articles.iso"
    (error,) = desk("import", path, "--catalogue", "Картотека", exits=ExitCode.USAGE)
    assert error["error"] == "error.unknown-catalogue"
    (error,) = desk("import", "nowhere.iso", "--catalogue", "cd", exits=ExitCode.BAD_INPUT)
    assert error["error"] == "error.import-unreadable"


def test_the_settings_say_who_is_master_of_a_catalogue(desk: Desk, tmp_path: Path) -> None:
    settings = desk.home.settings
    told = settings.read_text("utf-8")
    settings.write_text(told + '\n[catalogues.cd]\nmaster = "here"\n', "utf-8")
    path = file_of(tmp_path, [article("1", "Дискі")], "cd.iso")
    desk("import", path, "--catalogue", "cd")
    other = file_of(tmp_path, [article("2", "Дискі")], "cd2.iso")
    desk("import", other, "--catalogue", "cd", "--owner", "external")
    from store.catalogue import records
    from store.database import Store

    with Store.open(desk.home) as store:
        found = {r.record.control_number: r.owner for r in records.list_records(store, None, "cd")}
    assert found == {"1": "here", "2": "external"}
    for wrong in (
        '[catalogues.cd]\nmaster = "both"',
        "[catalogues]\ncd = 1",
        "[catalogues.x]\ny = 1",
    ):
        settings.write_text(f"{told}\n{wrong}\n", "utf-8")
        code = cli.run(["record", "imports", "--home", str(desk.home.root)])
        desk.capsys.readouterr()
        assert code == ExitCode.SETTINGS


def test_a_file_named_as_another_thing_gets_no_records(desk: Desk, tmp_path: Path) -> None:
    (error,) = desk("export", tmp_path / "out.docx", exits=ExitCode.USAGE)
    assert error["error"] == "error.ending"
    assert "marcxml" in desk.said
    assert not (tmp_path / "out.docx").exists()
    desk("export", tmp_path / "out.docx", "--as", "iso2709")
    assert (tmp_path / "out.docx").exists()


def test_a_catalogue_is_known_by_its_name_everywhere(desk: Desk) -> None:
    home = ("--home", str(desk.home.root), "--lang", "en")
    assert cli.run(["record", "validate", "--catalogue", "Статьи", *home]) == ExitCode.DONE
    assert "2 records checked" in desk.capsys.readouterr().out
    new = ["list", "new", "april", "--title", "x", *home]
    assert cli.run([*new, "--catalogue", "Сатьи"]) == ExitCode.USAGE
    assert cli.run([*new, "--catalogue", "Статьи"]) == ExitCode.DONE
    assert '"articles"' in (desk.home.root / "lists" / "april.toml").read_text("utf-8")
