"""``olketanu record validate`` and ``record repair`` from outside."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import cli
from catalog.marc.exchange import write_exchange
from catalog.quality.example import example_record
from catalog.quality.rules import own_rules
from olketanu.errors import ExitCode
from olketanu.home import Home
from tests.house import ROOT
from tests.unit.made_library import new_store
from tests.unit.test_workflow_checking import BOOK, add

REFERENCE = ROOT / "docs" / "reference"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = cli.run([*arguments, "--lang", "en"])
    return code, capsys.readouterr().out


def lines(
    capsys: pytest.CaptureFixture[str], schema: str, *arguments: str
) -> tuple[int, list[dict[str, Any]]]:
    code, told = run(capsys, *arguments, "--json")
    found = [json.loads(line) for line in told.splitlines()]
    checker = json.loads((REFERENCE / "json" / f"{schema}.json").read_text("utf-8"))
    assert found
    for line in found:
        jsonschema.Draft202012Validator(checker).validate(line)
    return code, found


@pytest.fixture
def home(tmp_path: Path) -> tuple[str, str]:
    """A home with one faulty record: its folder and the record."""
    with new_store(tmp_path / "home") as store:
        return str(tmp_path / "home"), add(store, 1)


@pytest.fixture
def file(tmp_path: Path) -> str:
    records = [
        example_record(["001 A", *BOOK], "rusmarc"),
        example_record(["001 B", *BOOK[:2], "200 1_ $aШахта", "200 1_ $aКөмір"], "rusmarc"),
    ]
    path = tmp_path / "records.iso"
    path.write_bytes(b"".join(write_exchange(records, "iso2709")))
    return str(path)


def test_a_file_is_checked_without_a_library(capsys: pytest.CaptureFixture[str], file: str) -> None:
    code, found = lines(capsys, "validate", "record", "validate", file, "--format", "rusmarc")
    assert code == ExitCode.REVIEW
    assert found[-1]["checked"] == 2
    assert found[-1]["rules"]["field-repeated"] == 1
    assert {line["control"] for line in found[:-1]} == {"A", "B"}
    assert found[0]["message"] == ("606[2]: the very same field is there already: $aКөмір")


def test_a_record_of_a_file_that_cannot_be_read_is_named(
    capsys: pytest.CaptureFixture[str], file: str
) -> None:
    path = Path(file)
    path.write_bytes(path.read_bytes() + b"00010xxx\x1d")
    code, found = lines(capsys, "validate", "record", "validate", file, "--format", "rusmarc")
    assert code == ExitCode.PARTLY_FAILED
    assert [line["number"] for line in found if "bad" in line and "file" not in line] == [3]
    assert found[-1]["bad"] == 1


def test_rules_and_local_fields_of_a_file_are_told_by_options(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path, rules = tmp_path / "records.iso", tmp_path / "rules.toml"
    made = example_record(["001 A", "200 1_ $aКөмір  шахта", "288 __ $aбөлім"], "rusmarc")
    path.write_bytes(b"".join(write_exchange([made], "iso2709")))
    rules.write_text('off = ["double-space"]', encoding="utf-8")
    told = ("record", "validate", str(path), "--format", "rusmarc")
    _, found = lines(capsys, "validate", *told)
    assert {"double-space", "field-unknown"} <= found[-1]["rules"].keys()
    _, found = lines(capsys, "validate", *told, "--rules", str(rules), "--local", "288")
    assert not {"double-space", "field-unknown"} & found[-1]["rules"].keys()


def test_a_profile_says_what_the_file_is_and_which_fields_are_local(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path, profile = tmp_path / "records.iso", tmp_path / "ours.toml"
    made = example_record(["001 A", "289 1_ $aКөмір шахтасы", "288 __ $aбөлім"], "rusmarc")
    path.write_bytes(b"".join(write_exchange([made], "iso2709")))
    told = ("record", "validate", str(path), "--profile", str(profile))
    dialect = 'format = "rusmarc"\n[rename]\n"289" = "200"\n'
    profile.write_text(dialect, encoding="utf-8")
    _, found = lines(capsys, "validate", *told)
    unknown = [line["place"] for line in found if line.get("rule") == "field-unknown"]
    assert unknown == ["288"]
    local = '[[local]]\nfield = "288 $a"\nmeaning = "бөлім"\n'
    profile.write_text(dialect + local, encoding="utf-8")
    _, found = lines(capsys, "validate", *told)
    assert "field-unknown" not in found[-1]["rules"]


def test_what_was_mended_while_reading_is_told_with_the_findings(
    capsys: pytest.CaptureFixture[str], file: str
) -> None:
    path = Path(file)
    path.write_bytes(b"99999" + path.read_bytes()[5:])
    told = ("record", "validate", file, "--format", "rusmarc")
    _, found = lines(capsys, "validate", *told)
    (note,) = [line for line in found if "note" in line]
    assert (note["number"], note["control"], note["note"]) == (1, "A", "length")
    assert found[-1]["mended"] == {"length": 1}
    assert "Record 1, while reading: The lengths in the leader are wrong: " in run(capsys, *told)[1]


def test_the_worklist_is_shown_accepted_and_rejected(
    capsys: pytest.CaptureFixture[str], home: tuple[str, str]
) -> None:
    where = ("--home", home[0])
    code, found = lines(capsys, "validate", "record", "validate", *where)
    assert (code, found[-1]["opened"]) == (ExitCode.DONE, 3)
    _, found = lines(capsys, "repair", "record", "repair", *where)
    assert [line["rule"] for line in found] == ["field-twice", "mixed-script", "double-space"]
    change = found[1]["changes"][0]
    assert (change["before"], change["after"]) == ("Иcтория  шахты", "История  шахты")
    refused = ("--reject", found[0]["finding"])
    (rejected,) = lines(capsys, "repair", "record", "repair", *where, *refused)[1]
    assert rejected["rejected"] == 1
    assert len(lines(capsys, "repair", "record", "repair", *where)[1]) == len(found) - 1
    lines(capsys, "undo", "undo", str(rejected["act"]), *where)
    assert lines(capsys, "repair", "record", "repair", *where)[1] == found
    lines(capsys, "repair", "record", "repair", *where, *refused)
    _, done = lines(capsys, "repair", "record", "repair", *where, "--safe", "--accept-all")
    assert (done[0]["records"], done[0]["findings"]) == ([home[1]], 1)
    _, done = lines(capsys, "repair", "record", "repair", *where, "--accept", found[1]["finding"])
    assert done[0]["findings"] == 1
    assert run(capsys, "index", "status", *where)[0] == ExitCode.DONE
    code, told = run(capsys, "record", "repair", *where)
    assert (code, told) == (ExitCode.DONE, "0 findings to look at, 0 with a repair.\n")
    code, _ = run(capsys, "record", "repair", *where, "--accept", found[1]["finding"])
    assert code == ExitCode.USAGE


def test_a_single_record_shows_its_findings(
    capsys: pytest.CaptureFixture[str], home: tuple[str, str]
) -> None:
    code, found = lines(capsys, "validate", "record", "validate", home[1], "--home", home[0])
    assert code == ExitCode.DONE
    assert [line["record"] for line in found[:-1]] == [home[1]] * 3
    assert run(capsys, "record", "validate", "0000000", "--home", home[0])[0] == ExitCode.USAGE


def test_a_person_sees_a_table_of_the_rules(
    capsys: pytest.CaptureFixture[str], home: tuple[str, str]
) -> None:
    _, told = run(capsys, "record", "validate", "--home", home[0])
    assert re.search(
        r"^mixed-script +warning +1 +95% +proposed +“…” mixes Latin and Cyrillic letters",
        told,
        re.M,
    )
    assert "1 record checked, 1 with findings; new findings: 3, closed: 0." in told


@pytest.mark.parametrize(
    "options",
    [("--accept-all",), ("--reject-all",), ("--accept", "x", "--reject", "y"), ("--rule", "no")],
)
def test_calls_that_make_no_sense_are_refused(
    capsys: pytest.CaptureFixture[str], home: tuple[str, str], options: tuple[str, ...]
) -> None:
    assert run(capsys, "record", "repair", "--home", home[0], *options)[0] == ExitCode.USAGE


def test_every_rule_is_listed_as_it_is() -> None:
    page = (REFERENCE / "rules.md").read_text("utf-8")
    rows = {
        name: (level, sure, repair)
        for name, level, sure, repair in re.findall(
            r"^\| `([a-z0-9-]+)` \| (\w+) \| ([\d.]+) \| (\w+) \|", page, re.M
        )
    }
    assert rows == {
        rule.id: (rule.level, f"{rule.certainty:.2f}", rule.repair) for rule in own_rules().rules
    }
    for rule in own_rules().rules:
        head = rule.messages["ru"].removeprefix("{place}: ").partition("{")[0]
        assert head in page, rule.id


def test_the_example_of_a_library_s_rules_works(tmp_path: Path) -> None:
    from workflow.checking.rules import read_rules

    page = (REFERENCE / "rules.md").read_text("utf-8")
    path = tmp_path / "rules.toml"
    path.write_text(page.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    assert read_rules(path).get("our-mark") is not None


@pytest.mark.parametrize(
    "options",
    [
        ("validate",),
        ("repair", "--safe", "--accept-all"),
        ("repair", "--rule", "mixed-script", "--reject-all"),
    ],
)
def test_what_is_found_and_decided_is_written_beside_the_catalogue(
    capsys: pytest.CaptureFixture[str], home: tuple[str, str], options: tuple[str, ...]
) -> None:
    from store import changes
    from store.database import Store
    from store.sidecars.journal import CURSOR

    run(capsys, "record", "validate", "--home", home[0])
    run(capsys, "record", *options, "--home", home[0])
    with Store.open(Home(Path(home[0]))) as store:
        assert changes.get_cursor(store, CURSOR) == changes.last_seq(store) > 0
