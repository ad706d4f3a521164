"""A person says what kind of region it is; the correction is anchored by the region's own box."""

from hashlib import sha256
from pathlib import Path

import pytest

from olketanu.errors import LockedError, UsageError
from pages.alto import write_alto
from pages.amend import Amendment, replay
from pages.text import Box, Line, PageFrame, PageText, Region, Word
from store.database import Store
from store.digitised import amendments
from store.digitised import pages as page_rows
from store.digitised.pages import Recognised
from tests.unit.made_library import library_of, new_store, take_in
from workflow.desk.acts import take_back
from workflow.document.amend import Correction, place_region, withdraw
from workflow.document.current_text import current_page
from workflow.proofreading.by_words import amend_page


def line(text: str, top: int) -> Line:
    box = Box(10, top, 210, top + 30)
    return Line(box, (10, top + 30, 210, top + 30), "rus", "Cyrl", (Word(text, text, box, 0.9),))


def recognise(store: Store, document: str, page: PageText, key: str = "a" * 64) -> None:
    """The first page of a document, as a page job leaves it."""
    alto = write_alto(page, page_id="p0001", source="x", time="2026-01-01T00:00:00Z")
    path = store.home.recognised(document, "p0001", key)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(alto)
    with store.transaction() as tx:
        told = Recognised("text", None, key, sha256(alto).hexdigest(), 0.7, ("rus",), 2)
        page_rows.set_recognised(tx, document, "p0001", told)


FIRST, SECOND = line("Объявления", 100), line("Продаётся", 200)
PAGE = PageText(
    PageFrame("0" * 64, 0, None, 0, 300, 400, 300),
    (
        Region("r1", "text", FIRST.box, (FIRST,)),
        Region("r2", "text", SECOND.box, (SECOND,)),
    ),
    *("test", (), ()),
)


def correction(old: str, new: str, box: Box | None = None, kind: str = "region_kind") -> Correction:
    return Correction("p0001", old, new, box, "", "aigul", kind)


def test_a_region_is_found_by_its_words_or_by_a_box() -> None:
    assert place_region(PAGE, correction("Объявления", "headline")).id == "r1"
    assert place_region(PAGE, correction("", "headline", Box(20, 190, 60, 240))).id == "r2"


def test_the_correction_applies_to_the_region_that_was_found() -> None:
    region = place_region(PAGE, correction("Объявления", "headline"))
    change = Amendment("p0001", "region_kind", region.box, region.kind, "headline")
    amended, left = replay(PAGE, [change])
    assert [r.kind for r in amended.regions] == ["headline", "text"]
    assert left == ()


def test_the_language_of_a_region_is_corrected_and_no_other() -> None:
    region = place_region(PAGE, correction("Объявления", "kaz", kind="language"))
    change = Amendment("p0001", "language", region.box, "rus", "kaz")
    amended, left = replay(PAGE, [change])
    assert [line.language for line in amended.lines()] == ["kaz", "rus"]
    assert left == ()


@pytest.mark.parametrize(
    ("told", "key"),
    [
        (correction("Объявления", "казахский", kind="language"), "error.amend-kind"),
        (correction("Объявления", "title"), "error.amend-kind"),
        (correction("Нет такого", "headline"), "error.amend-not-found"),
        (correction("", "headline"), "error.amend-ambiguous"),
    ],
)
def test_what_cannot_be_meant_is_refused(told: Correction, key: str) -> None:
    with pytest.raises(UsageError) as caught:
        place_region(PAGE, told)
    assert caught.value.key == key


def test_a_corrected_language_is_kept_with_the_one_that_was_read(tmp_path: Path) -> None:
    told = correction("Объявления", "kaz", kind="language")
    with new_store(tmp_path / "home") as store:
        document = take_in(store, "box-1", "doc-1", 1)
        recognise(store, document, PAGE)
        amend_page(library_of(store), document, told, dry_run=False)
        (kept,) = amendments.list_amendments(store, document)
    assert (kept.kind, kept.old, kept.new, kept.box) == ("language", "rus", "kaz", FIRST.box)


def test_what_is_taken_back_is_read_as_before_unless_a_later_correction_needs_it(
    tmp_path: Path,
) -> None:
    with new_store(tmp_path / "home") as store:
        document = take_in(store, "box-1", "doc-1", 1)
        recognise(store, document, PAGE)
        for old, new in (("Продаётся", "Сдам"), ("Сдам", "Куплю дом")):
            told = correction(old, new, kind="text")
            amend_page(library_of(store), document, told, dry_run=False)
        first, second = (one.amendment for one in amendments.list_amendments(store, document))
        with pytest.raises(LockedError, match="amendment-followed"), store.transaction() as tx:
            withdraw(tx, document, [first])
        assert read(store, document) == ["Объявления", "Куплю дом"]
        recognise(store, document, PAGE, "b" * 64)
        assert read(store, document) == ["Объявления", "Куплю дом"]
        with store.transaction("aigul") as tx:
            withdraw(tx, document, [first, second])
        assert read(store, document) == ["Объявления", "Продаётся"]


def read(store: Store, document: str) -> list[str]:
    row = page_rows.get_page(store, document, "p0001")
    return [line.text for line in current_page(store, row).lines()]


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [("Продаётся", "Сдам", "text"), ("Объявления", "headline", "region_kind")],
)
def test_a_correction_by_words_is_an_act_that_is_taken_back_by_its_number(
    tmp_path: Path, old: str, new: str, kind: str
) -> None:
    with new_store(tmp_path / "home") as store:
        document = take_in(store, "box-1", "doc-1", 1)
        recognise(store, document, PAGE)
        before, library = read(store, document), library_of(store)
        told = correction(old, new, kind=kind)
        tried = amend_page(library, document, told, dry_run=True)
        assert (tried.act, amendments.list_amendments(store, document)) == (None, [])
        done = amend_page(library, document, told, dry_run=False)
        (kept,) = amendments.list_amendments(store, document)
        assert (kept.id, kept.kind, kept.new) == (done.amendment, kind, new)
        assert done.act is not None
        take_back(library, done.act, "marat")
        assert amendments.list_amendments(store, document) == []
        assert read(store, document) == before
        assert amend_page(library, document, told, dry_run=False).act != done.act
