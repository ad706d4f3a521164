"""``olketanu report quality`` and ``olketanu quality eval`` from outside."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from lxml import etree

import cli
from olketanu.errors import ExitCode
from olketanu.home import Home
from tests.house import ROOT
from tests.unit.made_readings import MadeDocument, Reading, make_home, many, printed_picture
from workflow.quality.html import bars
from workflow.quality.marks import MARKS

SCHEMAS = ROOT / "docs" / "reference" / "json"
HOSTILE = '=cmd|"/C calc"<script>alert(1)</script>'


@pytest.fixture
def home(tmp_path: Path) -> Home:
    picture = printed_picture(90)
    return make_home(
        tmp_path / "home",
        [
            MadeDocument("good", [Reading(many(60))]),
            MadeDocument(
                HOSTILE, [Reading(many(60, 0.5), picture=picture), Reading(code="CRASHED")]
            ),
        ],
    )


def run(
    home: Home, capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, str, list[dict[str, Any]]]:
    code = cli.run([*arguments, "--home", str(home.root), "--lang", "en"])
    told = capsys.readouterr().out
    lines = [json.loads(line) for line in told.splitlines()] if "--json" in arguments else []
    return code, told, lines


def validate(lines: list[dict[str, Any]], schema: str) -> None:
    validator = jsonschema.Draft202012Validator(json.loads((SCHEMAS / schema).read_text("utf-8")))
    for line in lines:
        validator.validate(line)


def test_the_report_as_json_lists_documents_marked_pages_and_the_sum(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, lines = run(home, capsys, "report", "quality", "--json")
    validate(lines, "report-quality.json")
    assert code == ExitCode.DONE
    assert [line.get("page", line.get("name")) for line in lines] == [
        *(HOSTILE, "good", "p0002", "p0001", None)
    ]
    assert lines[-1]["marks"] == {"rescan": 1, "retry": 1, "proof-read": 1}
    assert lines[2]["need"] >= lines[3]["need"] > 0


def test_the_table_names_the_worst_and_obeys_the_limit(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    _, told, _ = run(home, capsys, "report", "quality")
    assert told.index("p0002") < told.index("p0001")
    _, short, _ = run(home, capsys, "report", "quality", "--limit", "1")
    assert "p0001" not in short


def test_the_html_asks_nothing_from_outside_and_runs_nothing(
    home: Home, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    target = tmp_path / "r.html"
    run(home, capsys, "report", "quality", "--format", "html", "--output", str(target))
    text = target.read_text("utf-8")
    tree = etree.fromstring(text.encode(), etree.HTMLParser(encoding="utf-8"))
    elements = list(tree.iter("*"))
    assert not {"script", "link", "iframe"} & {element.tag for element in elements}
    values = [(name, value) for element in elements for name, value in element.items()]
    assert not [name for name, _ in values if str(name).startswith("on")]
    sources = [str(value) for name, value in values if name in ("src", "href")]
    assert sources
    assert all(source.startswith("data:image/jpeg;base64,") for source in sources)
    assert not re.search(r"https?:|url\(|@import", text)
    assert len([element for element in elements if element.tag == "svg"]) == 4
    assert HOSTILE in [element.text for element in elements if element.tag == "td"]


def test_bars_are_in_proportion() -> None:
    svg = etree.fromstring(bars([("<a>", 10), ("b", 5), ("c", 0)]).encode())
    assert [rect.get("width") for rect in svg.iter("rect")] == ["320", "160", "0"]
    assert svg.get("aria-label") == "<a>: 10; b: 5; c: 0"
    assert bars([]).startswith("<svg")


def test_the_sheet_has_a_row_a_page_and_no_formula(
    home: Home, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    target = tmp_path / "r.csv"
    run(home, capsys, "report", "quality", "--format", "csv", "--output", str(target))
    data = target.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert [row[2] for row in rows[1:]] == ["p0002", "p0001", "p0001"]
    assert rows[1][1] == f"'{HOSTILE}"
    assert len({len(row) for row in rows}) == 1


@pytest.mark.parametrize(
    ("name", "cell"), [("=5", "'=5"), ("-A1", "'-A1"), ("+7", "'+7"), ("-5", "-5"), ("А-5", "А-5")]
)
def test_a_name_is_no_formula_and_a_number_stays_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, cell: str
) -> None:
    named = make_home(tmp_path / "named", [MadeDocument(name, [Reading(many(60))])])
    target = tmp_path / "r.csv"
    run(named, capsys, "report", "quality", "--format", "csv", "--output", str(target))
    _, row = csv.reader(io.StringIO(target.read_text("utf-8-sig")), delimiter=";")
    assert row[1] == cell


def test_a_dry_run_writes_no_report(
    home: Home, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    target = tmp_path / "r.csv"
    run(home, capsys, "report", "quality", "--format", "csv", "--output", str(target), "--dry-run")
    assert not target.exists()


def test_an_empty_library_has_an_empty_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = make_home(tmp_path / "empty", [])
    for form in ("table", "csv", "html"):
        assert run(empty, capsys, "report", "quality", "--format", form)[0] == ExitCode.DONE
    _, _, lines = run(empty, capsys, "report", "quality", "--json")
    validate(lines, "report-quality.json")


def test_measuring_prints_pages_worst_lines_gaps_and_sum(
    home: Home, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name in ("good/p0001.txt", "gone/1.txt"):
        path = tmp_path / "t" / name
        path.parent.mkdir(parents=True)
        path.write_text("\n".join(["сөздер " * 10] * 5 + ["сәздер " * 10]), "utf-8")
    truth = str(tmp_path / "t")
    code, _, lines = run(home, capsys, "quality", "eval", truth, "--json", "--worst", "3")
    validate(lines, "quality-eval.json")
    assert code == ExitCode.REVIEW
    assert [sorted(line)[0] for line in lines] == [
        "document",
        "document",
        "document",
        "calibration",
    ]
    assert lines[2]["missed"] == "document-unknown"
    assert lines[-1]["confusions"] == [{"true": "ә", "read": "ө", "count": 10}]
    assert lines[-1]["line"]["edits"] == 10
    _, told, _ = run(home, capsys, "quality", "eval", truth)
    assert "ә→ө 10" in told
    (tmp_path / "t" / "gone" / "1.txt").unlink()
    (tmp_path / "t" / "gone").rmdir()
    assert run(home, capsys, "quality", "eval", truth)[0] == ExitCode.DONE


def test_a_truth_that_is_not_there_is_a_wrong_call(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(home, capsys, "quality", "eval", str(home.root / "none"))[0] == ExitCode.USAGE
    (home.root / "empty").mkdir()
    code = run(home, capsys, "quality", "eval", str(home.root / "empty"))[0]
    assert code == ExitCode.BAD_INPUT


def test_the_schema_knows_every_mark() -> None:
    schema = json.loads((SCHEMAS / "report-quality.json").read_text("utf-8"))
    marks = schema["oneOf"][1]["properties"]["marks"]["items"]["properties"]["mark"]["enum"]
    assert tuple(marks) == MARKS
