"""Copies that come in together: the first is described, the second proposed for its record."""

from pathlib import Path

from catalog.drafting.draft import to_dict
from pipeline import catch_up
from store.catalogue import links
from store.digitised.documents import NewDocument
from tests.unit.drafted_library import DRAFT, document_of
from tests.unit.found_library import STREETS, add_document, make_home
from workflow.library import open_library


def test_two_copies_that_are_ready_at_once_get_one_record(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    with open_library(home) as library:
        with library.store.transaction("olketanu:extract") as tx:
            copy = add_document(tx, NewDocument("b", "copy", "", DRAFT.kind, "kaz"), (STREETS,))
            first = document_of(library, "issue")
            for document in (first, copy):
                told = {"draft": to_dict(DRAFT), "conflicts": []}
                tx.note("document.extracted", document, told)
        catch_up(library)
        (described,) = links.list_links(library.store, document=first)
        (proposed,) = links.list_links(library.store, document=copy)
    assert (described.status, proposed.status) == ("accepted", "proposed")
    assert proposed.record == described.record
