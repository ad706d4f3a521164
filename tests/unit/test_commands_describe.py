"""``olketanu record describe`` from outside."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import cli
from catalog.record import Record
from olketanu.errors import ExitCode
from olketanu.home import Home
from olketanu.settings import TEMPLATE
from store import changes
from store.catalogue import records
from store.catalogue.records import NewRecord
from store.database import Store
from tests.house import ROOT
from tests.unit.described import record

SCHEMA = ROOT / "docs/reference/json/record-describe.json"
ARTICLE = record(
    "rusmarc",
    "l",
    "a",
    [
        "101 $akaz",
        "200 $aКөш <b>жолы</b>$fӨ. Саржанұлы",
        "461 $1200$aСарыарқа таңы",
        "463 $1200$a№ 41 (10 қазан)$vБ. 3$1210$d1998",
        "700 $aСаржанұлы$bӨ.$4070",
        "856 $uhttps://kray.example.kz/1",
    ],
)
BOOK = record(
    "rusmarc",
    "a",
    "m",
    ["010 $a5-02-013850-9$d12 р.", "200 $aСтепь", "210 $aМ.$d1980", "700 $aКим$bВ.$4070"],
)


class Described:
    """A home with two records, and the command over it."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self.capsys = Home(root), capsys
        with Store.create(self.home) as store:
            self.home.settings.write_text(TEMPLATE.format(language="en"), encoding="utf-8")
            with store.transaction() as tx:
                change = changes.new_change_set(tx, "test")
                self.article, self.book = (
                    records.create_record(tx, NewRecord(one, "books", key), change).id
                    for one, key in ((ARTICLE, "a"), (BOOK, "b"))
                )

    def __call__(self, *arguments: str, exits: ExitCode = ExitCode.DONE) -> str:
        code = cli.run(["--home", str(self.home.root), "record", "describe", *arguments])
        assert code == exits
        return self.capsys.readouterr().out

    def lines(self, *arguments: str) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in self("--json", *arguments).splitlines()]
        for line in lines:
            jsonschema.validate(line, json.loads(SCHEMA.read_text("utf-8")))
        return lines


@pytest.fixture
def describe(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Described:
    return Described(tmp_path / "home", capsys)


def test_records_are_described_in_the_order_asked_for(describe: Described) -> None:
    assert describe(describe.book, describe.article) == (
        "Ким, В. Степь [Текст] / В. Ким. – М., 1980. – ISBN 5-02-013850-9.\n"
        "Саржанұлы, Ө. Көш <b>жолы</b> [Электрондық ресурс] / Ө. Саржанұлы // Сарыарқа таңы."
        " – 1998. – № 41 (10 қазан). – Б. 3. – Қолжетімділік режимі: https://kray.example.kz/1.\n"
    )


def test_options_choose_within_the_standard(describe: Described) -> None:
    said = describe(
        describe.article,
        *("--style", "r-7.0.100-2018", "--no-dashes", "--pages-after", "--accessed", "2024-03-15"),
    )
    assert said == (
        "Саржанұлы, Ө. Көш <b>жолы</b> / Ө. Саржанұлы. Мәтін : электрондық // Сарыарқа таңы. 1998."
        " № 41 (10 қазан). 3-б. URL: https://kray.example.kz/1 (жүгінген күні: 15.03.2024).\n"
    )
    assert describe(describe.book, "--no-medium", "--price") == (
        "Ким, В. Степь / В. Ким. – М., 1980. – ISBN 5-02-013850-9 : 12 р.\n"
    )


def test_the_settings_of_the_library_are_its_style(describe: Described) -> None:
    with describe.home.settings.open("a", encoding="utf-8") as file:
        file.write('[description]\nedition = "r-7.0.100-2018"\ndashes = false\n')
    assert describe(describe.book) == (
        "Ким, В. Степь / В. Ким. Москва, 1980. ISBN 5-02-013850-9. Текст : непосредственный.\n"
    )
    assert describe(describe.book, "--style", "7.1-2003", "--dashes") == (
        "Ким, В. Степь [Текст] / В. Ким. – М., 1980. – ISBN 5-02-013850-9.\n"
    )


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ("html", '<p class="entry" lang="kk" data-record="{id}"><strong class="heading">'),
        ("bibtex", "@article{{{id},\n"),
        ("ris", "TY  - NEWS\r\nID  - {id}\r\n"),
        ("csl-json", '[\n  {{\n    "id": "{id}",\n    "type": "article-newspaper",\n'),
    ],
)
def test_a_line_of_json_holds_the_record_in_each_form(
    describe: Described, form: str, begins: str
) -> None:
    lines = describe.lines(describe.article, "--as", form)
    assert [line["record"] for line in lines] == [describe.article]
    assert lines[0]["text"].startswith(begins.format(id=describe.article))
    assert "<b>" not in lines[0]["text"] or form != "html"


def test_citations_of_several_records_are_one_file(describe: Described) -> None:
    items = json.loads(describe(describe.book, describe.article, "--as", "csl-json"))
    assert [item["id"] for item in items] == [describe.book, describe.article]
    ris = describe(describe.book, describe.article, "--as", "ris")
    assert ris.count("TY  - ") == ris.count("\nER  - ") == 2
    assert "\r" not in ris


def test_an_unknown_record_is_a_wrong_call(describe: Described) -> None:
    assert describe("0000000", exits=ExitCode.USAGE) == ""


def test_a_record_without_anything_has_an_empty_description(describe: Described) -> None:
    with Store.open(describe.home) as store, store.transaction() as tx:
        change = changes.new_change_set(tx, "test")
        empty = records.create_record(
            tx, NewRecord(Record("rusmarc", " " * 24, ()), "books", "c"), change
        )
    assert describe.lines(empty.id, "--no-medium")[0]["text"] == "\n"


@pytest.mark.parametrize(
    "line", ['edition = "7.1-2004"', "dashes = 1", 'pages_after = "yes"', "colour = true"]
)
def test_a_wrong_setting_of_descriptions_is_named(describe: Described, line: str) -> None:
    with describe.home.settings.open("a", encoding="utf-8") as file:
        file.write(f"[description]\n{line}\n")
    code = cli.run(["--home", str(describe.home.root), "record", "describe", describe.book])
    assert code == ExitCode.SETTINGS
    assert f"description.{line.split()[0]}" in describe.capsys.readouterr().err
