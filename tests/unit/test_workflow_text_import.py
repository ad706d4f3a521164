"""Text of other programs in the store: one page, a whole document, back again, and out."""

from pathlib import Path

import pytest

from digitize.work.stages import is_imported
from olketanu.errors import InputError, OlketanuError, UsageError
from pages.alto import read_alto
from pages.text import Article, PageFrame, RegionRef
from pages.xml import parse
from store import changes
from store.database import Store
from store.digitised import batches, documents
from store.digitised import pages as page_rows
from store.digitised.articles import set_articles
from store.digitised.documents import NewDocument
from store.digitised.pages import NewPage, Page, Recognised
from store.disk import masters
from store.disk.files import write_durably
from tests.unit.foreign_files import ALTO_LINES, HOCR_LINES, HOCR_TESSERACT
from tests.unit.made_library import library_of, new_store
from workflow.document.text_export import export_text
from workflow.document.text_import import ALL, drop_import, import_text
from workflow.library import Library

EMPTY_SECOND = HOCR_LINES.replace("екінші бет".encode(), b"")


class Shelf:
    """A document of so many pages of 1000 × 2000 pixels, each without readable text."""

    def __init__(self, root: Path, pages: int, state: str = "image-only") -> None:
        self.folder = root
        self.store: Store = new_store(root / "home")
        self.library: Library = library_of(self.store)
        source = root / "source.tif"
        source.write_bytes(b"scan")
        master = masters.place_master(self.store.home, source, type="tiff")
        with self.store.transaction() as tx:
            batches.add_batch(tx, "2026-01", "/scans")
            masters.add_master(tx, master)
            new = NewDocument("2026-01", "gazeta", master.sha256)
            self.id = documents.add_document(tx, new).id
            frames = [PageFrame(master.sha256, n, None, 0, 1000, 2000, 300) for n in range(pages)]
            page_rows.add_pages(tx, self.id, [NewPage(frame) for frame in frames])
            for page in page_rows.list_pages(tx, self.id):
                page_rows.set_recognised(
                    tx, self.id, page.key, Recognised(state, "NO_TEXT", "f" * 64)
                )

    def rows(self) -> list[Page]:
        return page_rows.list_pages(self.store, self.id)

    def take(self, key: str, source: Path, *, dry_run: bool = False) -> list[tuple[str, int]]:
        done = import_text(self.library, self.id, key, source, actor="aigul", dry_run=dry_run)
        return [(told.page, told.words) for told in done]

    def text(self, row: Page) -> str:
        assert row.recognised_key is not None
        path = self.store.home.recognised(self.id, row.key, row.recognised_key)
        return "|".join(line.text for line in read_alto(path.read_bytes()).lines())

    def file(self, name: str, data: bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        return path


def test_a_page_takes_its_text_from_a_file(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 2)
    file = shelf.file("0002.hocr", HOCR_TESSERACT)
    before = changes.last_seq(shelf.store)
    assert shelf.take("p0002", file, dry_run=True) == [("p0002", 3)]
    assert changes.last_seq(shelf.store) == before
    assert shelf.take("p0002", file) == [("p0002", 3)]
    first, second = shelf.rows()
    assert (first.state, first.recognised_key) == ("image-only", "f" * 64)
    assert (second.state, second.code, second.words) == ("text", None, 3)
    assert second.confidence == round((0.96 + 0.41 + 0.9) / 3, 4)
    assert is_imported(second.recognised_key)
    assert shelf.text(second) == "Қара тас|город'"
    (event,) = changes.events_of(shelf.store, f"{shelf.id}/p0002")[-1:]
    assert (event.actor, event.kind) == ("aigul", "page.recognised")


def test_the_file_is_told_by_its_hash_and_the_same_one_changes_nothing(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 1)
    file = shelf.file("0001.xml", ALTO_LINES)
    shelf.take("p0001", file)
    (row,) = shelf.rows()
    path = shelf.store.home.recognised(shelf.id, row.key, str(row.recognised_key))
    steps = {step.name: dict(step.settings) for step in read_alto(path.read_bytes()).provenance}
    assert len(steps["import"]["sha256"]) == 64
    before = changes.last_seq(shelf.store)
    shelf.take("p0001", file)
    assert changes.last_seq(shelf.store) == before
    shelf.take("p0001", shelf.file("0001.xml", ALTO_LINES + b"\n"))
    assert shelf.rows()[0].recognised_key != row.recognised_key


def test_a_file_of_all_pages_serves_the_whole_document_and_any_page(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 2)
    book = shelf.file("book.html", HOCR_LINES)
    assert shelf.take("p0002", book) == [("p0002", 2)]
    assert shelf.text(shelf.rows()[1]) == "екінші бет"
    assert shelf.take(ALL, book) == [("p0001", 5), ("p0002", 2)]
    assert shelf.text(shelf.rows()[0]) == "Қара тас|город и люди"


def test_a_folder_serves_page_by_page_in_natural_order(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 2)
    folder = shelf.file("alto/p10.xml", ALTO_LINES).parent
    shelf.file("alto/p9.hocr", HOCR_TESSERACT)
    shelf.file("alto/notes.txt", b"not a page")
    shelf.take(ALL, folder)
    assert [shelf.text(row) for row in shelf.rows()] == ["Қара тас|город'", "Қара тас|7"]


def test_pages_without_text_in_the_file_are_left_alone(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 2)
    book = shelf.file("book.html", EMPTY_SECOND)
    assert shelf.take(ALL, book) == [("p0001", 5)]
    assert shelf.rows()[1].state == "image-only"
    with pytest.raises(InputError, match=r"error\.foreign-no-text"):
        shelf.take("p0002", book)


def test_nothing_is_written_when_one_page_does_not_fit(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 2)
    shelf.file("alto/1.hocr", HOCR_TESSERACT)
    folder = shelf.file("alto/2.xml", ALTO_LINES.replace(b'"2000"', b'"900"')).parent
    before = changes.last_seq(shelf.store)
    with pytest.raises(InputError, match=r"error\.foreign-other-shape"):
        shelf.take(ALL, folder)
    assert changes.last_seq(shelf.store) == before


@pytest.mark.parametrize(("key", "name"), [(ALL, "book.html"), (ALL, "alto"), ("p0001", "alto")])
def test_files_and_pages_must_be_as_many(tmp_path: Path, key: str, name: str) -> None:
    shelf = Shelf(tmp_path, 3)
    shelf.file("book.html", HOCR_LINES)
    for number in (1, 2):
        shelf.file(f"alto/{number}.xml", ALTO_LINES)
    with pytest.raises(UsageError, match=r"error\.import-count"):
        shelf.take(key, tmp_path / name)


def test_a_page_that_waits_for_recognition_is_not_touched(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 1, "waiting")
    with pytest.raises(UsageError, match=r"error\.import-waiting"):
        shelf.take("p0001", shelf.file("1.xml", ALTO_LINES))


def test_dropping_sends_imported_pages_alone_back_to_recognition(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 2)
    shelf.take("p0002", shelf.file("1.xml", ALTO_LINES))
    with pytest.raises(UsageError, match=r"error\.import-none"):
        drop_import(shelf.library, shelf.id, "p0001", actor="aigul", dry_run=False)
    assert len(drop_import(shelf.library, shelf.id, ALL, actor="aigul", dry_run=True)) == 1
    assert shelf.rows()[1].state == "text"
    drop_import(shelf.library, shelf.id, ALL, actor="aigul", dry_run=False)
    assert [row.state for row in shelf.rows()] == ["image-only", "waiting"]


def test_current_text_leaves_page_by_page_or_as_one(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 3)
    with pytest.raises(UsageError, match=r"error\.no-text"):
        export_text(shelf.library, shelf.id, "text", tmp_path / "out", dry_run=False)
    shelf.take("p0001", shelf.file("1.xml", ALTO_LINES))
    shelf.take("p0003", shelf.file("3.hocr", HOCR_TESSERACT))
    folder = shelf.store.home.document(shelf.id)
    for row in (shelf.rows()[0], shelf.rows()[2]):
        recognised = shelf.store.home.recognised(shelf.id, row.key, str(row.recognised_key))
        write_durably(folder / "alto" / f"{row.key}.xml", recognised.read_bytes())
    (whole,) = export_text(shelf.library, shelf.id, "text", tmp_path / "out", dry_run=False)
    assert whole.file.read_text("utf-8") == "Қара тас\n\n7\n\fҚара тас\nгород'\n"
    pages = export_text(shelf.library, shelf.id, "hocr", tmp_path / "out", dry_run=False)
    assert [(p.page, p.file.name) for p in pages] == [
        (key, f"{shelf.id}-{key}.hocr") for key in ("p0001", "p0003")
    ]
    assert all(p.size == p.file.stat().st_size for p in pages)
    with pytest.raises(OlketanuError, match=r"error\.no-text"):
        export_text(shelf.library, shelf.id, "mets", tmp_path / "out", dry_run=False)


def test_exported_alto_names_the_articles(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 1)
    shelf.take("p0001", shelf.file("1.xml", ALTO_LINES))
    (row,) = shelf.rows()
    recognised = shelf.store.home.recognised(shelf.id, row.key, str(row.recognised_key))
    data = recognised.read_bytes()
    write_durably(shelf.store.home.document(shelf.id) / "alto" / "p0001.xml", data)
    (plain,) = export_text(shelf.library, shelf.id, "alto", tmp_path / "out", dry_run=False)
    assert plain.file.read_bytes() == data
    article = Article("a0001", "Қара тас", (RegionRef("p0001", "r1"),), "kaz", 0.9)
    with shelf.store.transaction() as tx:
        set_articles(tx, shelf.id, [article])
    (tagged,) = export_text(shelf.library, shelf.id, "alto", tmp_path / "out", dry_run=False)
    root = parse(tagged.file.read_bytes())
    (tag,) = root.iter("{*}StructureTag")
    assert tag.get("LABEL") == "Қара тас"
    assert [e.get("ID") for e in root.iter() if "article-a0001" in (e.get("TAGREFS") or "")] == [
        "r1"
    ]


def test_imported_text_lies_on_the_frame_of_the_page(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 1)
    shelf.take("p0001", shelf.file("1.xml", ALTO_LINES))
    (row,) = shelf.rows()
    path = shelf.store.home.recognised(shelf.id, row.key, str(row.recognised_key))
    page = read_alto(path.read_bytes())
    assert page.frame == row.frame
    assert page.engine == "imported"
