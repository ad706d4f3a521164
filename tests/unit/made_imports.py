"""Files of records for tests of the import, and a library to take them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from catalog.marc import iso2709
from catalog.record import ControlField, DataField, Field, Record, Subfield
from olketanu.settings import CataloguesSettings, Settings
from store import changes
from store.catalogue import records
from store.catalogue.records import StoredRecord
from tests.unit.made_library import Silent, new_store
from workflow.exchange.importing import Imported, ImportOrder, import_file
from workflow.library import Library

LEADER = "00000nab2 2200000   450 "
ARTICLES = ImportOrder("articles")


@contextmanager
def open_made(root: Path, master: str = "external") -> Iterator[Library]:
    """A new library; ``master`` is that of the articles."""
    with new_store(root / "home") as store:
        catalogues = CataloguesSettings({"articles": master})
        yield Library(store.home, Settings(catalogues=catalogues), store)


def article(number: str | None, title: str, **more: str) -> Record:
    """An article; ``more`` are further fields by tag: ``f606="Шахталар"`` is 606 $a."""
    fields: list[Field] = [] if number is None else [ControlField("001", number)]
    fields.append(DataField("101", "0 ", (Subfield("a", "kaz"),)))
    fields.append(DataField("200", "1 ", (Subfield("a", title),)))
    fields += [DataField(tag[1:], "  ", (Subfield("a", text),)) for tag, text in more.items()]
    # The agency's country: what tells RUSMARC from other UNIMARC.
    fields.append(DataField("801", " 0", (Subfield("a", "KZ"),)))
    return Record("rusmarc", LEADER, tuple(fields))


def raw(*records: Record) -> bytes:
    return b"".join(iso2709.write(records))


def file_of(folder: Path, records: Iterable[Record] | bytes, name: str = "articles.iso") -> Path:
    path = folder / name
    path.write_bytes(records if isinstance(records, bytes) else raw(*records))
    return path


def taken(library: Library, path: Path, order: ImportOrder = ARTICLES) -> Imported:
    return import_file(library, path, order, Silent(), actor="aigul")


def counted(done: Imported) -> tuple[int, ...]:
    """New, updated, unchanged, conflicts, bad; and together they are all that was read."""
    names = ("new", "updated", "unchanged", "conflicts", "bad")
    found = tuple(done.counts[name] for name in names)
    assert sum(found) == done.counts["read"]
    return found


def stored_at(library: Library, number: str, catalogue: str = "articles") -> StoredRecord:
    found = records.find_record_at(library.store, catalogue, number)
    assert found is not None
    return found


def edit(library: Library, number: str, record: Record) -> StoredRecord:
    """A person of ours changes the record."""
    stored = stored_at(library, number)
    with library.store.transaction("marat") as tx:
        change = changes.new_change_set(tx, "corrected")
        return records.save_version(tx, stored.id, record, parent=stored.version, change_set=change)
