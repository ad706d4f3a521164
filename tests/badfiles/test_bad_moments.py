"""A file that changes while it is taken in costs itself only, and is taken once it holds still."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Dictionary, Name

from digitize.scan.codes import CHANGED, TRUNCATED
from digitize.work.limits import Limits
from digitize.work.pool import Done, WorkerPool
from digitize.work.worker import TIMEOUT
from store.database import Store
from store.digitised import batches, documents, rights
from store.digitised import pages as page_rows
from tests.badfiles.scene import scene
from tests.badfiles.take_in import Silent
from tests.unit.made_files import add_page
from workflow.batches import retry_batch
from workflow.intake import look
from workflow.intake.inputs import Told, batches_of
from workflow.intake.take_in import take_in
from workflow.library import Library, create_library, open_library

pytestmark = pytest.mark.slow


class Meddled(WorkerPool):
    """A pool of true workers; ``meddle`` happens when a file has been looked at."""

    meddle: Callable[[], object] | None = None

    def wait(self) -> Done:
        done = super().wait()
        if self.meddle is not None:
            self.meddle()
        return done


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(create_library(tmp_path / "home", "en")) as opened:
        yield opened


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Meddled]:
    with Meddled(1, Limits(), tmp_path / "scratch") as made:
        yield made


def page(path: Path) -> Path:
    path.parent.mkdir(exist_ok=True, parents=True)
    scene(path.name).save(path, "JPEG", quality=90)
    return path


def take(library: Library, pool: WorkerPool, batch: Path, said: str | None = None) -> None:
    take_in(library, pool, batches_of([batch]), Told(said), Silent())


def states(store: Store) -> dict[str, str]:
    return {one.name: one.code or one.state for one in batches.list_sources(store, "batch")}


def append(path: Path) -> None:
    with path.open("ab") as stream:
        stream.write(b"more")


def test_a_file_that_grows_while_it_is_read_is_taken_by_a_later_run(
    library: Library, pool: Meddled, tmp_path: Path
) -> None:
    batch = tmp_path / "batch"
    growing = page(batch / "doc" / "1.jpg")
    page(batch / "doc" / "2.jpg")
    page(batch / "other.jpg")
    pool.meddle = lambda: append(growing)
    take(library, pool, batch)
    assert states(library.store) == {
        "doc/1.jpg": CHANGED,
        "doc/2.jpg": "done",
        "other.jpg": "done",
    }
    pool.meddle = None
    take(library, pool, batch)
    assert set(states(library.store).values()) == {"done"}
    names = [document.name for document in documents.list_documents(library.store)]
    assert names == ["doc", "other.jpg"]


def test_a_file_that_goes_away_costs_itself_only(
    library: Library, pool: Meddled, tmp_path: Path
) -> None:
    batch = tmp_path / "batch"
    going = page(batch / "doc" / "1.jpg")
    page(batch / "doc" / "2.jpg")
    pool.meddle = lambda: going.unlink(missing_ok=True)
    take(library, pool, batch)
    assert states(library.store) == {"doc/1.jpg": CHANGED, "doc/2.jpg": "done"}


@pytest.mark.parametrize("bad", ["1.jpg", "2.jpg", "3.jpg"])
def test_a_page_that_is_scanned_again_takes_its_place_in_its_document(
    library: Library, pool: Meddled, tmp_path: Path, bad: str
) -> None:
    batch = tmp_path / "batch"
    for name in ("1.jpg", "2.jpg", "3.jpg"):
        page(batch / "doc" / name)
    torn = batch / "doc" / bad
    torn.write_bytes(torn.read_bytes()[:2000])
    take(library, pool, batch, "open")
    assert states(library.store)[f"doc/{bad}"] == TRUNCATED
    page(torn)
    take(library, pool, batch)
    (document,) = documents.list_documents(library.store)
    sources = {one.sha256: one.name for one in batches.list_sources(library.store, "batch")}
    rows = page_rows.list_pages(library.store, document.id)
    order = [sources[row.frame.master] for row in rows]
    assert order == ["doc/1.jpg", "doc/2.jpg", "doc/3.jpg"]
    assert {row.key for row in rows} == {"p0001", "p0002", "p0003"}
    assert rights.get_rights(library.store, document.id).code == "open"


def endless_pdf(path: Path) -> None:
    """A sheet of five metres under a pattern of a twentieth of a point: days of drawing."""
    stream = Dictionary(
        Type=Name.Pattern, PatternType=1, PaintType=1, TilingType=1, BBox=[0, 0, 1, 1],
        XStep=0.05, YStep=0.05, Resources=Dictionary(),
    )  # fmt: skip
    with pikepdf.new() as pdf:
        pattern = pikepdf.Stream(pdf, b"0 0 1 1 re f " * 1000)
        for key, value in stream.items():
            pattern[key] = value
        content = b"/Pattern cs /P1 scn 0 0 14400 14400 re f"
        add_page(pdf, content, [0, 0, 14400, 14400])
        resources = Dictionary({"/Pattern": Dictionary({"/P1": pdf.make_indirect(pattern)})})
        pdf.pages[0].obj["/Resources"] = resources
        pdf.save(path)


def test_a_file_that_takes_for_ever_is_given_up_and_its_neighbours_go_on(
    library: Library, pool: Meddled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = tmp_path / "batch"
    page(batch / "1.jpg")
    endless_pdf(batch / "2.pdf")
    page(batch / "3.jpg")
    seconds = {"2.pdf": 3.0}
    monkeypatch.setattr(look, "_patience", lambda path: seconds.get(path.name, 120.0))
    take(library, pool, batch)
    assert states(library.store) == {"1.jpg": "done", "2.pdf": TIMEOUT, "3.jpg": "done"}


def test_a_retry_means_the_same_file_whatever_its_name(
    library: Library, pool: Meddled, tmp_path: Path
) -> None:
    batch = tmp_path / "batch"
    batch.mkdir()
    for name in ("и\u0306.jpg", "\udcff.jpg"):  # decomposed; a byte that is no UTF-8
        (batch / name).write_bytes(b"no picture")
    take(library, pool, batch)
    before = batches.list_sources(library.store, "batch")
    assert retry_batch(library, "batch", dry_run=False).files == 2
    after = batches.list_sources(library.store, "batch")
    assert [one.raw_name for one in after] == [one.raw_name for one in before]
    assert {one.state for one in after} == {"waiting"}
