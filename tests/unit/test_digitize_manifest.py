import csv
import datetime
import io
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from catalog import data
from catalog.rights import Rights
from digitize.batch import table
from digitize.batch.finding import Finding
from digitize.batch.manifest import Manifest, ManifestRow, read_manifest
from digitize.batch.sheet import FolderRow, ResultRow, write_results, write_template
from olketanu.errors import InputError, UsageError

RUSSIAN = ["папка*", "вид*", "права*", "язык", "заглавие", "дата", "УДК"]
LINE = ["001", "газетная статья", "открыто", "kk", "Туған жер", "17.05.1985", "94(574)"]


def csv_bytes(lines: list[list[str]], delimiter: str = ";", encoding: str = "utf-8-sig") -> bytes:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(lines)
    return stream.getvalue().encode(encoding)


def read(folder: Path) -> Manifest:
    manifest = read_manifest(folder)
    assert manifest is not None
    return manifest


def from_lines(folder: Path, *lines: list[str]) -> Manifest:
    (folder / "manifest.csv").write_bytes(csv_bytes([*lines]))
    return read(folder)


def one(folder: Path, heading: str, value: str) -> tuple[ManifestRow, tuple[Finding, ...]]:
    head = ["папка", "вид", "права", heading]
    manifest = from_lines(folder, head, ["001", "книга", "открыто", value])
    return manifest.rows[0], manifest.findings


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_csv_is_read_whatever_its_delimiter_and_mark(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    (tmp_path / "manifest.csv").write_bytes(csv_bytes([RUSSIAN, LINE], delimiter, encoding))
    manifest = read(tmp_path)
    assert manifest.findings == ()
    (row,) = manifest.rows
    assert (row.folder, row.kind, row.rights) == ("001", "newspaper_article", Rights("open"))
    assert (row.language, row.title, row.date) == ("kaz", "Туған жер", "17.05.1985")
    assert (row.udc, row.line, row.author, row.each) == ("94(574)", 2, None, False)


def test_a_csv_of_an_old_excel_is_read_as_cp1251(tmp_path: Path) -> None:
    line = ["001", "книга", "закрыто", "ru", "Прошлое города", "", ""]
    (tmp_path / "manifest.csv").write_bytes(csv_bytes([RUSSIAN, line], encoding="cp1251"))
    assert read(tmp_path).rows[0].title == "Прошлое города"


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_headings_and_values_are_understood_in_each_language(tmp_path: Path, language: str) -> None:
    heads = [column.heading[language].upper() + " *" for column in table.columns()]
    values = {
        column.code: table.value_names(column.code, language)[0]
        if table.has_values(column.code)
        else f"v-{column.code}"
        for column in table.columns()
    }
    manifest = from_lines(tmp_path, heads, [values[column.code] for column in table.columns()])
    assert manifest.language == language
    assert manifest.findings == ()
    row = manifest.rows[0]
    assert (row.kind, row.rights.code, row.language, row.script, row.each) == (
        "newspaper_article", "open", "kaz", "Cyrl", True)  # fmt: skip
    texts = {c.code for c in table.columns() if not table.has_values(c.code)}
    assert {code: getattr(row, code) for code in texts} == {code: f"v-{code}" for code in texts}


@pytest.mark.parametrize(
    ("value", "code"),
    [("kk", "kaz"), ("KZ", "kaz"), ("қаз", "kaz"), ("рус.", "rus"), ("ru", "rus"),
     ("kk + ru", "kaz+rus"), ("ru, kk", "rus+kaz"), ("Русский  Язык", "rus")],
)  # fmt: skip
def test_language_aliases(tmp_path: Path, value: str, code: str) -> None:
    row, findings = one(tmp_path, "язык", value)
    assert (row.language, findings) == (code, ())
    assert row.languages == tuple(code.split("+"))


@pytest.mark.parametrize(
    ("value", "contract", "rights"),
    [
        ("открыто", "", Rights("open")),
        ("Тек кітапханада", "", Rights("on_site")),
        ("closed", "", Rights("closed")),
        ("до 31.12.2027", "", Rights("until", datetime.date(2027, 12, 31))),
        ("2027-12-31", "", Rights("until", datetime.date(2027, 12, 31))),
        ("31.12.2027 дейін", "", Rights("until", datetime.date(2027, 12, 31))),
        ("until 2027-12-31", "7", Rights("until", datetime.date(2027, 12, 31), "7")),
        ("до договора", "15/22", Rights("until", None, "15/22")),
        ("до договора № 15/22", "", Rights("until", None, "15/22")),
        ("До договора №АБ-5", "", Rights("until", None, "АБ-5")),
        ("до договора", "", Rights("until", None, None)),
        ("открыто", "9", Rights("open", None, "9")),
    ],
)
def test_rights(tmp_path: Path, value: str, contract: str, rights: Rights) -> None:
    head = ["папка", "вид", "права", "договор №"]
    manifest = from_lines(tmp_path, head, ["001", "книга", value, contract])
    assert (manifest.rows[0].rights, manifest.findings) == (rights, ())


@pytest.mark.parametrize(
    "value", ["почти открыто кому-то", "до 2027", "после дождя", "до 31.02.2027"]
)
def test_rights_that_are_not_understood_are_closed(tmp_path: Path, value: str) -> None:
    head = ["папка", "вид", "права"]
    manifest = from_lines(tmp_path, head, ["001", "книга", value])
    assert manifest.rows[0].rights == Rights("closed")
    assert [found.code[:13] for found in manifest.findings] == ["UNKNOWN_VALUE"]


def test_an_unknown_value_names_the_nearest_good_one(tmp_path: Path) -> None:
    head = ["папка", "вид", "права"]
    manifest = from_lines(tmp_path, head, ["001", "газетная стотья", "открыто"])
    (found,) = manifest.findings
    assert (found.code, found.severity, found.place) == ("UNKNOWN_VALUE", "error", "001")
    facts = dict(found.facts)
    assert (facts["line"], facts["value"], facts["good"]) == (
        "2", "газетная стотья", "газетная статья")  # fmt: skip
    assert manifest.rows[0].kind == "other"


def test_missing_values_and_columns_are_errors_and_rights_stay_closed(tmp_path: Path) -> None:
    manifest = from_lines(tmp_path, ["папка", "вид"], ["001", ""], ["", "книга"], ["002", "книга"])
    assert [(found.code, found.place) for found in manifest.findings] == [
        ("MISSING_COLUMN", ""), ("MISSING_VALUE", "001"), ("MISSING_VALUE", "3")]  # fmt: skip
    assert [row.folder for row in manifest.rows] == ["001", "002"]
    assert {row.rights for row in manifest.rows} == {Rights("closed")}


def test_an_unknown_heading_is_named_with_the_nearest(tmp_path: Path) -> None:
    manifest = from_lines(tmp_path, ["папка", "вид", "права", "заглавее"], [*LINE[:3], "X"])
    (found,) = manifest.findings
    assert (found.code, dict(found.facts)["good"]) == ("UNKNOWN_HEADING", "заглавие")


def test_lines_above_the_headings_and_empty_lines_do_not_matter(tmp_path: Path) -> None:
    manifest = from_lines(tmp_path, ["Пакет апреля"], [], RUSSIAN, [], LINE)
    assert [(row.folder, row.line) for row in manifest.rows] == [("001", 5)]


def test_a_folder_without_a_sheet_gives_none(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) is None


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("manifest.xlsx", b"", "error.manifest-unreadable"),
        ("manifest.xlsx", b"PK\x03\x04 torn", "error.manifest-unreadable"),
        ("manifest.csv", b'"never closed', "error.manifest-unreadable"),
        ("manifest.csv", b"", "error.manifest-headings"),
        ("manifest.csv", b"a;b\n1;2\n", "error.manifest-headings"),
    ],
)
def test_a_sheet_that_cannot_be_read_is_an_error(
    tmp_path: Path, name: str, content: bytes, key: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_manifest(tmp_path)
    assert caught.value.key == key


def test_of_two_sheets_the_workbook_is_read_and_the_other_named(tmp_path: Path) -> None:
    write_template(tmp_path / "manifest.xlsx", [FolderRow("a")], "ru")
    (tmp_path / "manifest.csv").write_bytes(csv_bytes([RUSSIAN, LINE]))
    manifest = read(tmp_path)
    assert manifest.path.name == "manifest.xlsx"
    assert manifest.findings[0].code == "TWO_MANIFESTS"


def test_cells_of_excel_become_the_text_that_was_meant(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Папка", "вид", "права", "дата", "номер", "заглавие"])
    day = datetime.datetime(1985, 5, 17)  # noqa: DTZ001 - cells of Excel have no zone
    sheet.append([1, "книга", "открыто", day, 12.0, " Две\n строки "])
    book.save(tmp_path / "Manifest.XLSX")
    row = read(tmp_path).rows[0]
    assert (row.folder, row.date, row.number, row.title) == ("1", "1985-05-17", "12", "Две строки")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_template_can_be_read_back(tmp_path: Path, language: str) -> None:
    folders = [
        FolderRow("001", {"kind": "book", "rights": "open", "title": "=1+1"}),
        FolderRow("sk-1936.tif"),
    ]
    write_template(tmp_path / "manifest.xlsx", folders, language)
    manifest = read(tmp_path)
    assert manifest.language == language
    first, second = manifest.rows
    assert (first.folder, first.kind, first.rights, first.title) == (
        "001", "book", Rights("open"), "=1+1")  # fmt: skip
    assert second.folder == "sk-1936.tif"
    assert [found.code for found in manifest.findings] == ["MISSING_VALUE", "MISSING_VALUE"]


def test_the_template_has_lists_help_and_stars(tmp_path: Path) -> None:
    write_template(tmp_path / "manifest.xlsx", [FolderRow("001")], "ru")
    book = load_workbook(tmp_path / "manifest.xlsx")
    assert book.sheetnames[0] == "Документы"
    assert "Справка" in book.sheetnames
    sheet = book["Документы"]
    heads = [cell.value for cell in sheet[1]]
    assert [head for head in heads if str(head).endswith("*")] == ["папка*", "вид*", "права*"]
    rules = {str(rule.sqref)[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert set(rules) == {"B", "C", "D", "E", "S"}
    lists = book["_"]
    kinds = [cell.value for cell in lists["A"] if cell.value]
    assert kinds == table.value_names("kind", "ru")
    assert lists.sheet_state == "hidden"
    assert sheet["A2"].number_format == "@"
    assert len(list(book["Справка"].iter_rows())) == len(table.columns()) + 1
    assert (tmp_path / "manifest.xlsx").stat().st_size < 20_000


def test_an_existing_sheet_is_never_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "manifest.xlsx"
    target.write_bytes(b"the librarian's work")
    with pytest.raises(UsageError):
        write_template(target, [FolderRow("001")], "ru")
    assert target.read_bytes() == b"the librarian's work"


def result(line: int, name: str, **other: object) -> ResultRow:
    values: dict[str, object] = {"id": f"id-{name}", "pages": 2, "confidence": 0.934,
                                 "state": "done", "link": f"http://x/d/{name}"} | other  # fmt: skip
    return ResultRow(line=line, name=name, **values)  # type: ignore[arg-type] # given by name


def cells(path: Path) -> list[list[object]]:
    return [list(line) for line in load_workbook(path).worksheets[0].iter_rows(values_only=True)]


def test_results_go_to_a_copy_with_grey_columns(tmp_path: Path) -> None:
    manifest = from_lines(tmp_path, RUSSIAN, LINE, ["002", *LINE[1:]])
    before = (tmp_path / "manifest.csv").read_bytes()
    target = tmp_path / "manifest.done.xlsx"
    assert write_results(target, manifest, [result(2, "001")])
    written = cells(target)
    assert written[0] == [*RUSSIAN, "код", "страниц", "распознано, %", "состояние", "ссылка"]
    assert written[1] == [*LINE, "id-001", "2", "93", "done", "http://x/d/001"]
    assert written[2] == ["002", *LINE[1:], None, None, None, None, None]
    sheet = load_workbook(target).worksheets[0]
    assert sheet["H2"].fill.start_color.rgb == "FFD9D9D9"
    assert sheet["A2"].fill.fill_type is None
    assert (tmp_path / "manifest.csv").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["manifest.csv", target.name]


def test_a_second_writing_of_the_same_results_writes_nothing(tmp_path: Path) -> None:
    manifest = from_lines(tmp_path, RUSSIAN, LINE)
    target = tmp_path / "manifest.done.xlsx"
    assert write_results(target, manifest, [result(2, "001")])
    before = target.stat()
    assert not write_results(target, manifest, [result(2, "001")])
    assert (target.stat().st_mtime_ns, target.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert write_results(target, manifest, [result(2, "001", state="quarantined")])
    target.write_bytes(b"not a workbook")
    assert write_results(target, manifest, [result(2, "001")])


def test_a_row_for_many_documents_is_repeated_and_loose_documents_come_last(tmp_path: Path) -> None:
    head = ["папка", "вид", "права", "каждый отдельно"]
    manifest = from_lines(tmp_path, head, ["cut", "газетная статья", "открыто", "да"])
    results = [result(2, "cut/a.tif"), result(2, "cut/b.tif", confidence=None), result(0, "new")]
    write_results(tmp_path / "x.xlsx", manifest, results)
    written = cells(tmp_path / "x.xlsx")
    assert [line[0] for line in written] == ["папка", "cut/a.tif", "cut/b.tif", "new"]
    assert [line[6] for line in written[1:]] == ["93", None, "93"]
    assert written[3][1:4] == [None, None, None]


def test_the_librarians_own_file_is_no_target(tmp_path: Path) -> None:
    manifest = from_lines(tmp_path, RUSSIAN, LINE)
    with pytest.raises(UsageError):
        write_results(manifest.path, manifest, [])


def test_every_column_is_a_field_and_no_spelling_means_two_things() -> None:
    fields = set(ManifestRow.__dataclass_fields__) - {"line", "cells"}
    assert {column.code for column in table.columns()} == fields
    for name, key in (("columns", None), ("values", "column")):
        meant: dict[tuple[str, str], str] = {}
        for row in data.rows(f"manifest/{name}.tsv"):
            texts = [row["kk"], row["ru"], row["en"], *row["aliases"].split("|")]
            for text in filter(None, texts):
                place = (row[key] if key else "", table.fold(text))
                assert meant.setdefault(place, row["code"]) == row["code"], (name, text)


def test_every_kind_of_the_contracts_can_be_chosen() -> None:
    kinds = {row["code"] for row in data.rows("manifest/values.tsv") if row["column"] == "kind"}
    assert kinds == {"newspaper_article", "journal_article", "book_part", "book",
                     "newspaper_issue", "journal_issue", "card", "map", "photograph",
                     "other"}  # fmt: skip
