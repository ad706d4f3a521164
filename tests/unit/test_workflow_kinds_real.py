"""One home with real files of every kind: all of it leaves in either format, in any container."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from catalog.crosswalk.convert import convert
from catalog.marc.exchange import ReadOrder, open_exchange
from catalog.marc.reading import CONTAINERS, ReadRecord
from catalog.record import Record
from olketanu.errors import UsageError
from store.catalogue import records
from store.catalogue.records import StoredRecord
from tests.unit.made_imports import open_made, stored_at, taken
from workflow.exchange.export import Export, export_records
from workflow.exchange.importing import ImportOrder
from workflow.library import Library

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "marc"
KINDS = {
    "books": ("loge-rusmarc/TEST1.ISO", "rusmarc", "cp1251", 81),
    "articles": ("rusmarc-tpu/issue-2012-v320-i1.marcxml", "rusmarc", "utf-8", 41),
    "local_history": ("irbis/Irbis64_Datai_ISTU_istu.mst", "irbis", "utf-8", 300),
    "ebooks": ("pymarc-suite/marc.dat", "marc21", "utf-8", 20),
}
WRITTEN = [name for name in CONTAINERS if not name.startswith("irbis")]
STEP = 5
pytestmark = pytest.mark.skipif(
    not all((DATA / name).is_file() for name, *_ in KINDS.values()),
    reason="the real files are not on this machine",
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with open_made(tmp_path_factory.mktemp("kinds")) as opened:
        for catalogue, (name, form, charset, count) in KINDS.items():
            done = taken(opened, DATA / name, ImportOrder(catalogue))
            assert (done.format, done.charset) == (form, charset)
            assert (done.counts["new"], done.counts["bad"]) == (count, 0)
        yield opened


@pytest.fixture(scope="module")
def some(library: Library) -> list[StoredRecord]:
    """Every fifth record of each kind."""
    found = []
    for catalogue in KINDS:
        of_it = [r for r in records.iterate_records(library.store) if r.catalogues == (catalogue,)]
        found += of_it[::STEP]
    assert {one.record.format for one in found} == {"rusmarc", "irbis", "marc21"}
    return found


def read(path: Path, container: str, form: str) -> list[Record]:
    with path.open("rb") as stream:
        found = list(open_exchange(stream, ReadOrder(container, form)).records)
    assert all(isinstance(one, ReadRecord) for one in found)
    return [one.record for one in found if isinstance(one, ReadRecord)]


def said(record: Record) -> Record:
    """The record without what a container puts into its leader: lengths, character set."""
    return replace(record, leader=record.leader[5:9] + record.leader[17:20])


@pytest.mark.parametrize("container", WRITTEN)
@pytest.mark.parametrize("form", ["rusmarc", "marc21"])
def test_all_kinds_leave_in_one_file_and_are_read_back(
    library: Library, some: list[StoredRecord], tmp_path: Path, container: str, form: str
) -> None:
    order = Export(tmp_path / "out", form, container, only=tuple(one.id for one in some))
    done = export_records(library, order, dry_run=False)
    assert (done.records, done.placed.fell_back) == (len(some), None)
    found = read(tmp_path / "out", container, form)
    assert [said(one) for one in found] == [said(convert(s.record, form).record) for s in some]
    for came, stored in zip(found, some, strict=True):
        if stored.record.format != "irbis":
            assert said(convert(came, stored.record.format).record) == said(stored.record)


def test_a_record_of_irbis_is_found_by_its_number_in_903(library: Library) -> None:
    stored = stored_at(library, "551.21(571.66)-658726400", "local_history")
    assert stored.record.first("700", "A") == "Певзнер"


@pytest.mark.parametrize("catalogue", ["books", "ebooks"])
def test_a_file_of_iso2709_leaves_as_the_bytes_that_came(
    library: Library, tmp_path: Path, catalogue: str
) -> None:
    order = Export(tmp_path / "out.iso", "rusmarc", catalogue=catalogue, original=True)
    done = export_records(library, order, dry_run=False)
    assert (done.records, done.left) == (KINDS[catalogue][3], [])
    assert (tmp_path / "out.iso").read_bytes() == (DATA / KINDS[catalogue][0]).read_bytes()


def test_the_text_file_of_irbis_leaves_as_the_bytes_that_came(tmp_path: Path) -> None:
    path = DATA / "irbis" / "istu.utf8.txt"
    with open_made(tmp_path) as library:
        assert taken(library, path).counts["new"] == 300
        order = Export(tmp_path / "out.txt", "rusmarc", original=True)
        assert export_records(library, order, dry_run=False).records == 300
        assert (tmp_path / "out.txt").read_bytes() == path.read_bytes()


def test_records_of_irbis_leave_as_its_text_and_no_others_do(
    library: Library, some: list[StoredRecord], tmp_path: Path
) -> None:
    irbis = [one for one in some if one.record.format == "irbis"]
    order = Export(tmp_path / "out.txt", "rusmarc", only=tuple(one.id for one in irbis))
    assert export_records(library, order, dry_run=False).records == len(irbis)
    found = read(tmp_path / "out.txt", "irbis-text", "irbis")
    assert [one.fields for one in found] == [one.record.fields for one in irbis]
    with pytest.raises(UsageError) as caught:
        export_records(library, replace(order, only=(), catalogue="books"), dry_run=False)
    assert caught.value.key == "error.crosswalk-format"


def test_what_left_for_another_library_comes_in_there_whole(
    library: Library, some: list[StoredRecord], tmp_path: Path
) -> None:
    order = Export(tmp_path / "out.iso", "rusmarc", only=tuple(one.id for one in some))
    export_records(library, order, dry_run=False)
    with open_made(tmp_path) as other:
        done = taken(other, tmp_path / "out.iso")
        assert (done.counts["new"], done.format) == (len(some), "rusmarc")
