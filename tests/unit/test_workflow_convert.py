"""Files converted to another container, format or dialect, by the command as people call it."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import jsonschema
import pytest

import cli
from catalog.marc import iso2709, jsonl, marcjson, marcxml, mrk
from catalog.record import ControlField, DataField, LinkField, Record, Subfield
from olketanu.errors import ExitCode, InputError, UsageError
from tests.house import ROOT
from tests.unit.exchanged import Container, read_all, written
from workflow.exchange import proof
from workflow.exchange.convert import Order, convert_file
from workflow.exchange.profiles import profile_of

DATA = ROOT.parent / "shared" / "data" / "marc"
SCHEMA = json.loads((ROOT / "docs/reference/json/record-convert.json").read_text("utf-8"))
LEADER = "00000naa2 2200000   450 "
TITLE = DataField("200", "1 ", (Subfield("a", "Өлке тарихы"),))
HOST = LinkField("463", " 0", (DataField("200", "1 ", (Subfield("a", "Индустриальная"),)),))
ARTICLE = Record("rusmarc", LEADER, (ControlField("001", "k1"), TITLE, HOST))


Call = Callable[..., "Called"]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.iso"
    path.write_bytes(written(iso2709, [ARTICLE] * 3))
    return path


@dataclass(frozen=True)
class Called:
    code: int
    out: str
    lines: tuple[dict[str, object], ...]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    def run(*words: object) -> Called:
        code = cli.run(["--lang", "en", "--json", "record", "convert", *map(str, words)])
        told = capsys.readouterr()
        lines = tuple(json.loads(line) for line in told.out.splitlines())
        for line in lines:
            if "error" not in line:
                jsonschema.validate(line, SCHEMA)
        return Called(code, told.err, lines)

    return run


@pytest.mark.parametrize(
    ("name", "room"),
    [("o.xml", marcxml), ("o.json", marcjson), ("o.jsonl", jsonl), ("o.mrk", mrk), ("o", iso2709)],
)
def test_the_name_of_the_target_says_the_container(
    call: Call, source: Path, name: str, room: Container
) -> None:
    target = source.with_name(name)
    assert call(source, target).code == ExitCode.DONE
    found = read_all(room, target.read_bytes())
    assert [one.fields for one in found if isinstance(one, Record)] == [ARTICLE.fields] * 3


def test_the_format_is_changed_and_what_is_lost_is_named(call: Call, source: Path) -> None:
    source_of = DataField("801", " 0", (Subfield("a", "KZ"),))
    holding = DataField("915", "  ", (Subfield("a", "ҚОКҚ"),))
    number = ControlField("001", "k2")
    lossy = Record("rusmarc", LEADER, (number, TITLE, source_of, holding))
    source.write_bytes(written(iso2709, [lossy]))
    target = source.with_name("o.mrc")
    loss, done = call(source, target, "--format", "marc21").lines
    assert loss["record"] == "k2"
    assert "915" in str(loss["lost"])
    assert (done["source_format"], done["format"], done["lossy"]) == ("rusmarc", "marc21", 1)
    (found,) = read_all(iso2709, target.read_bytes(), "marc21")
    assert isinstance(found, Record)
    assert found.first("245", "a") == "Өлке тарихы"


def test_of_many_lost_fields_a_person_reads_the_first_and_a_machine_all(
    call: Call, source: Path
) -> None:
    holding = DataField("915", "  ", (Subfield("a", "ҚОКҚ"),))
    many = [
        Record("rusmarc", LEADER, (ControlField("001", f"k{n}"), TITLE, holding)) for n in range(12)
    ]
    source.write_bytes(written(iso2709, many))
    called = call(source, source.with_name("o.mrc"), "--format", "marc21")
    assert len(called.lines) == 13
    assert called.out.count("886") == 10
    assert "and 2 more like these" in called.out


def test_bad_records_are_named_by_place_and_reason_and_the_exit_code_is_7(
    call: Call, source: Path
) -> None:
    whole = written(mrk, [ARTICLE])
    data = whole + b"=LDR  x\nwhat\n\n" + whole
    source.write_bytes(data)
    target = source.with_name("o.xml")
    called = call(source, target)
    bad, done = called.lines
    assert bad == {"v": 1, "offset": len(whole), "reason": "bad-line", "bytes": 14}
    assert (done["read"], done["written"], done["bad"]) == (3, 2, 1)
    assert called.code == ExitCode.PARTLY_FAILED
    assert f"place {len(whole)} could not be read: The record has a line that is no" in called.out


def test_the_charset_is_found_and_may_be_told(call: Call, source: Path) -> None:
    source.write_bytes("=LDR  x\n=200  1\\$aПоле\n".encode("cp866"))
    (done,) = call(source, source.with_name("o.xml"), "--charset", "cp866").lines
    assert (done["charset"], done["evidence"]) == ("cp866", "given")
    (found,) = read_all(marcxml, source.with_name("o.xml").read_bytes())
    assert isinstance(found, Record)
    assert found.first("200", "a") == "Поле"


def test_records_that_iso2709_cannot_hold_go_into_xml_and_the_reason_is_told(
    call: Call, source: Path
) -> None:
    note = DataField("300", "  ", (Subfield("a", "x" * 10_000),))
    source.write_bytes(written(mrk, [ARTICLE, Record("rusmarc", LEADER, (note,))]))
    target = source.with_name("o.iso")
    (done,) = call(source, target).lines
    assert (done["container"], done["file"]) == ("marcxml", str(source.with_name("o.xml")))
    assert done["fell_back"] == "error.iso2709-too-long"
    assert not target.exists()
    assert len(read_all(marcxml, source.with_name("o.xml").read_bytes())) == 2


def test_a_container_that_was_asked_for_is_not_changed(call: Call, source: Path) -> None:
    note = DataField("300", "  ", (Subfield("a", "x" * 10_000),))
    source.write_bytes(written(mrk, [ARTICLE, Record("rusmarc", LEADER, (note,))]))
    target = source.with_name("o.iso")
    assert call(source, target, "--as", "iso2709").lines[0]["error"] == "error.iso2709-too-long"
    assert sorted(path.name for path in source.parent.iterdir()) == ["source.iso"]


def test_a_dry_run_does_all_but_the_file(call: Call, source: Path) -> None:
    target = source.with_name("o.xml")
    (done,) = call(source, target, "--dry-run").lines
    assert done["written"] == 3
    assert not target.exists()


def test_an_older_file_stays_where_the_new_one_reads_back_otherwise(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = source.with_name("o.xml")
    target.write_text("older")
    torn = written(marcxml, [ARTICLE] * 2)

    def careless(records: Iterable[Record], *_: object, **__: object) -> list[bytes]:
        return [torn] if list(records) else []

    monkeypatch.setattr(proof, "write_exchange", careless)
    with pytest.raises(InputError) as caught:
        convert_file(Order(source, target), dry_run=False)
    assert caught.value.key == "error.export-differs"
    assert target.read_text() == "older"


def test_a_file_is_never_written_over_itself(call: Call, source: Path) -> None:
    before = source.read_bytes()
    assert call(source, source).lines[0]["error"] == "error.same-file"
    assert source.read_bytes() == before


def test_nor_by_the_marcxml_that_is_written_instead(call: Call, tmp_path: Path) -> None:
    note = DataField("300", "  ", (Subfield("a", "x" * 10_000),))
    source = tmp_path / "o.xml"
    source.write_bytes(written(marcxml, [Record("rusmarc", LEADER, (note,))]))
    before = source.read_bytes()
    assert call(source, tmp_path / "o.iso").lines[0]["error"] == "error.same-file"
    assert source.read_bytes() == before
    assert not (tmp_path / "o.iso").exists()


def test_a_profile_of_the_librarys_own_reads_and_writes_back_its_dialect(
    call: Call, source: Path
) -> None:
    profile = source.with_name("ours.toml")
    profile.write_text('title = "Ours"\n[rename]\n"953" = "200"\n', encoding="utf-8")
    theirs = Record("rusmarc", LEADER, (ARTICLE.fields[0], DataField("953", "1 ", TITLE.subfields)))
    source.write_bytes(written(iso2709, [theirs]))
    ours, back = source.with_name("o.mrk"), source.with_name("back.iso")
    assert call(source, ours, "--profile", profile).code == ExitCode.DONE
    (found,) = read_all(mrk, ours.read_bytes())
    assert isinstance(found, Record)
    assert found.fields == (ARTICLE.fields[0], TITLE)
    assert call(ours, back, "--profile", profile, "--back").code == ExitCode.DONE
    assert back.read_bytes() == source.read_bytes()


def test_a_wrong_profile_is_named_by_line_and_key(call: Call, source: Path) -> None:
    profile = source.with_name("ours.toml")
    profile.write_text('title = "Ours"\nformat = "usmarc"\n', encoding="utf-8")
    called = call(source, source.with_name("o.xml"), "--profile", profile)
    (error,) = called.lines
    facts = {"file": str(profile), "line": "2", "name": "format", "value": "usmarc"}
    assert (called.code, error["facts"]) == (ExitCode.BAD_INPUT, facts)


def test_a_profile_that_is_neither_name_nor_file_is_told() -> None:
    with pytest.raises(UsageError) as caught:
        profile_of("koha")
    assert caught.value.key == "error.profile-name"


def test_the_real_master_file_becomes_marcxml_whole(call: Call, tmp_path: Path) -> None:
    path = DATA / "irbis" / "Irbis64_Datai_ISTU_istu.mst"
    if not path.is_file():
        pytest.skip("the shared data are not here")
    target = tmp_path / "o.iso"
    (done,) = call(path, target).lines
    assert (done["source_container"], done["written"], done["bad"]) == ("irbis-mst", 300, 0)
    assert (done["container"], done["fell_back"]) == ("marcxml", "error.tag")
