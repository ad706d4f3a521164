"""Hits of a search leave as files that other programs read."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pymarc
import pypdfium2
import pytest

from catalog.marc import iso2709, marcxml
from catalog.record import DataField, Record
from olketanu.errors import InputError, UsageError
from olketanu.messages.translate import choose_language
from search.engine.base import Hit
from store import changes
from store.catalogue import links, records
from store.digitised import documents
from tests.unit.exchanged import read_all
from tests.unit.found_library import make_home, record_of
from workflow.hits.export import FORMS, ExportedHits, HitsExport, export_hits
from workflow.hits.works import Lead, find_work, leads_of
from workflow.library import Library, open_library


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with open_library(make_home(tmp_path_factory.mktemp("found") / "home")) as opened:
        yield opened


@pytest.fixture(autouse=True)
def russian() -> Iterator[None]:
    choose_language("ru")
    yield
    choose_language("en")


@pytest.fixture
def leads(library: Library) -> tuple[Lead, ...]:
    """The three records of the catalogue, and the issue that has none."""
    issue = document_named(library, "issue")
    with library.store.transaction() as tx:
        known = [Lead(record_of(tx, f"n{n}"), "") for n in range(3)]
    return (*known, Lead("", issue, ("p0002", "p0001")))


class Told:
    """Progress that is kept."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, int, int, str]] = []

    def step(self, stage: str, done: int, total: int, current: str) -> None:
        self.steps.append((stage, done, total, current))


def document_named(library: Library, name: str) -> str:
    found = documents.find_document_by_name(library.store, "b", name)
    assert found is not None
    return found.id


def hit(record: str, document: str = "", page: str = "") -> Hit:
    kind = "page" if page else "record"
    return Hit(f"{document}/{page}", kind, "", document, page, record, "", "", 1.0)  # type: ignore[arg-type]


def export(
    library: Library, leads: tuple[Lead, ...], target: Path, form: str, *, replacing: bool = False
) -> ExportedHits:
    order = HitsExport(target, form, "По запросу «школа»", replacing=replacing)
    return export_hits(library, leads, order, dry_run=False)


def test_pages_of_one_record_and_the_record_are_one_work() -> None:
    hits = [hit("r1", "d1", "p0003"), hit("", "d2", "p0001"), hit("r1", "d1"), hit("r2")]
    more = [hit("r1", "d1", "p0001"), hit("", "d2", "p0004"), hit("r1", "d1", "p0003")]
    assert leads_of(hits + more) == (
        Lead("r1", "d1", ("p0003", "p0001")),
        Lead("", "d2", ("p0001", "p0004")),
        Lead("r2", ""),
    )


def test_a_document_without_a_record_is_described_by_its_sheet(
    library: Library, leads: tuple[Lead, ...]
) -> None:
    work = find_work(library, leads[-1])
    assert work is not None
    assert work.record.first("200", "a") == "Сарыарқа таңы"
    assert work.record.first("856", "u") == library.address(leads[-1].document)


def test_what_is_gone_since_the_index_was_made_is_left_out(
    library: Library, leads: tuple[Lead, ...], tmp_path: Path
) -> None:
    gone = (Lead("0" * 8, ""), Lead("", "0" * 8))
    done = export(library, (*gone, *leads), tmp_path / "a.ris", "ris")
    assert (done.works, done.bare) == (4, 1)


@pytest.mark.parametrize(("form", "room"), [("rusmarc", iso2709), ("marc21", iso2709)])
def test_records_of_both_formats_leave_in_one(
    library: Library, leads: tuple[Lead, ...], tmp_path: Path, form: str, room: object
) -> None:
    target = tmp_path / f"{form}.mrc"
    done = export(library, leads, target, form)
    ours = read_all(room, target.read_bytes(), form)  # type: ignore[arg-type]
    tag = "245" if form == "marc21" else "200"
    titles = [one.first(tag, "a") for one in ours if isinstance(one, Record)]
    assert [str(title).rstrip(" /") for title in titles] == [
        *("Қарағанды тарихы", "@Терриконы & шахты {Караганды}"),
        *("Новые школы Караганды", "Сарыарқа таңы"),
    ]
    theirs = list(pymarc.MARCReader(target.read_bytes(), to_unicode=True, force_utf8=True))
    assert [one[tag]["a"] for one in theirs if one] == titles
    assert (done.works, done.bare, done.target) == (4, 1, target)


def test_the_ending_of_the_name_says_the_container(
    library: Library, leads: tuple[Lead, ...], tmp_path: Path
) -> None:
    target = tmp_path / "found.xml"
    export(library, leads, target, "marc21")
    assert len(read_all(marcxml, target.read_bytes(), "marc21")) == len(leads)
    theirs = pymarc.parse_xml_to_array(str(target))  # type: ignore[no-untyped-call]
    assert len(theirs) == len(leads)


def test_a_record_too_long_for_its_container_puts_no_other_file_away(
    library: Library, tmp_path: Path
) -> None:
    with library.store.transaction() as tx:
        stored = records.get_record(tx, record_of(tx, "n0"))
    long = DataField("330", "  ", next(stored.record.data("200")).subfields * 9000)
    other = tmp_path / "found.xml"
    other.write_text("theirs")
    with library.store.transaction("staff") as tx:
        made = records.NewRecord(
            Record("rusmarc", stored.record.leader, (*stored.record.fields, long)),
            *("books", "long"),
            status="active",
        )
        identifier = records.create_record(tx, made, changes.new_change_set(tx, "long")).id
    with pytest.raises(InputError, match="iso2709-too-long"):
        export(library, (Lead(identifier, ""),), tmp_path / "found.mrc", "rusmarc")
    assert other.read_text() == "theirs"
    done = export(library, (Lead(identifier, ""),), tmp_path / "new.mrc", "rusmarc")
    assert done.target == tmp_path / "new.xml"
    assert done.fell_back is not None


def test_a_list_stands_in_the_order_of_the_alphabet(
    library: Library, leads: tuple[Lead, ...], tmp_path: Path
) -> None:
    target = tmp_path / "list.txt"
    export(library, leads, target, "gost")
    lines = [line for line in target.read_text("utf-8").splitlines() if line.strip()]
    assert lines[0] == "По запросу «школа»"
    assert [re.sub(r"^\d\.\s+", "", line)[:11] for line in lines[1:]] == [
        *("Иванова, Р.", "@Ким, А. А.", "Сарыарқа та", "Сатыбалдин,"),
    ]


@pytest.mark.parametrize("ending", ["html", "docx", "pdf"])
def test_a_list_is_printed_as_its_name_says(
    library: Library, leads: tuple[Lead, ...], tmp_path: Path, ending: str
) -> None:
    target = tmp_path / f"list.{ending}"
    export(library, leads, target, "gost")
    assert "Новые школы Караганды" in text_of(target)


def text_of(path: Path) -> str:
    if path.suffix == ".docx":
        with ZipFile(path) as packed:
            return re.sub("<[^>]+>", "", packed.read("word/document.xml").decode())
    if path.suffix == ".pdf":
        with pypdfium2.PdfDocument(path) as opened:
            return " ".join(page.get_textpage().get_text_range() for page in opened).replace(
                "\u00a0", " "
            )
    return path.read_text("utf-8")


def test_the_edition_of_the_standard_is_chosen(
    library: Library, leads: tuple[Lead, ...], tmp_path: Path
) -> None:
    texts = []
    for edition in ("7.1-2003", "r-7.0.100-2018"):
        target = tmp_path / f"{edition}.txt"
        export_hits(library, leads, HitsExport(target, "gost", "Т", edition), dry_run=False)
        texts.append(target.read_text("utf-8"))
    assert "[Текст]" in texts[0]
    assert "Текст : непосредственный" in texts[1]


@pytest.mark.parametrize("sign", ["\x00", "\x1b[31m", "\u202e", "\ud800"])
def test_a_title_of_strange_signs_spoils_no_document(
    library: Library, leads: tuple[Lead, ...], tmp_path: Path, sign: str
) -> None:
    for ending in ("txt", "html", "docx"):
        target = tmp_path / f"list.{ending}"
        order = HitsExport(target, "gost", f"А{sign}Б", replacing=True)
        export_hits(library, leads, order, dry_run=False)
        assert sign not in text_of(target)


def test_a_table_opens_in_excel_and_holds_no_formula(
    library: Library, leads: tuple[Lead, ...], tmp_path: Path
) -> None:
    target = tmp_path / "found.csv"
    export(library, leads, target, "csv")
    raw = target.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
    assert [row["Заглавие"] for row in rows] == [
        *("Қарағанды тарихы", "'@Терриконы & шахты {Караганды}"),
        *("Новые школы Караганды", "Сарыарқа таңы. № 40 (10 окт.)"),
    ]
    assert rows[1]["Автор"] == "'@Ким, А. А."
    assert rows[1]["Издательство"] == "'@Издатель"
    assert (rows[2]["Источник"], rows[2]["Дата"]) == ("Индустриальная Караганда", "1998-10-10")
    assert rows[0]["УДК"] == "94(574.31)"
    assert rows[0]["ISBN"] == "978-601-99-9202-4"  # as a plain number Excel rounds it
    assert rows[2]["Страницы"] == "3–5"  # with a hyphen Excel makes a date of it
    assert rows[0]["Каталог"] == "Книги"
    assert rows[3]["Найдено на страницах"] == "p0002, p0001"
    assert not [cell for row in rows for cell in row.values() if cell[:1] in ("=", "+", "@", "-")]


def test_citations_name_every_work(
    library: Library, leads: tuple[Lead, ...], tmp_path: Path
) -> None:
    ris, bibtex = tmp_path / "found.ris", tmp_path / "found.bib"
    export(library, leads, ris, "ris")
    export(library, leads, bibtex, "bibtex")
    told = ris.read_bytes().decode()
    assert [line[6:] for line in told.split("\r\n") if line.startswith("TI")] == [
        *("Қарағанды тарихы", "@Терриконы & шахты {Караганды}"),
        *("Новые школы Караганды", "Сарыарқа таңы. № 40 (10 окт.)"),
    ]
    assert told.count("ER  -") == len(leads)
    assert r"@Терриконы \& шахты \{Караганды\}" in bibtex.read_text("utf-8")
    assert len(re.findall(r"^@\w+\{", bibtex.read_text("utf-8"), re.M)) == len(leads)


@pytest.mark.parametrize("form", FORMS)
def test_nothing_is_written_over_or_on_trial(
    library: Library, leads: tuple[Lead, ...], tmp_path: Path, form: str
) -> None:
    target = tmp_path / "found.txt" if form == "gost" else tmp_path / "found"
    order = HitsExport(target, form, "Т")
    assert export_hits(library, leads, order, dry_run=True).works == len(leads)
    assert not list(tmp_path.iterdir())
    target.write_text("theirs")
    with pytest.raises(UsageError, match="file-exists"):
        export_hits(library, leads, order, dry_run=False)
    assert target.read_text() == "theirs"
    export(library, leads, target, form, replacing=True)
    assert target.read_bytes() != b"theirs"
    assert list(tmp_path.iterdir()) == [target]


def test_a_record_that_is_proposed_to_a_document_is_told(
    library: Library, leads: tuple[Lead, ...], tmp_path: Path
) -> None:
    before = export(library, leads, tmp_path / "a.ris", "ris")
    with library.store.transaction("olketanu:match") as tx:
        new = links.NewLink(leads[-1].document, leads[0].record, evidence=(), score=0.5)
        proposed = links.propose(tx, new)
    after = export(library, leads, tmp_path / "b.ris", "ris")
    with library.store.transaction("staff") as tx:
        links.reject(tx, proposed.id)
    assert (before.bare, before.proposed) == (1, 0)
    assert (after.bare, after.proposed) == (1, 1)


def test_a_long_export_tells_how_far_it_is(
    library: Library, leads: tuple[Lead, ...], tmp_path: Path
) -> None:
    told = Told()
    order = HitsExport(tmp_path / "a.csv", "csv")
    export_hits(library, leads, order, told, dry_run=True)
    assert told.steps == [
        ("records", n, 4, (leads[n - 1].record or leads[-1].document)) for n in range(1, 5)
    ]


def test_nothing_found_is_no_file(library: Library, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no-hits"):
        export(library, (), tmp_path / "found.ris", "ris")
    assert not list(tmp_path.iterdir())
