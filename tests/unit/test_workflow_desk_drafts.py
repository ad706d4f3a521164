"""The card of a draft: accept, edit, reject, undo; and what the pipeline makes of it afterwards."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from catalog.digital_copy import copies
from catalog.record import ControlField, DataField, Record, Subfield
from catalog.view import title_of
from olketanu.errors import LockedError, UsageError
from olketanu.home import Home
from pipeline import catch_up
from search.results.request import Request
from store import changes
from store.catalogue import findings, links, records
from store.catalogue.records import NewRecord
from store.database import Reader
from tests.unit.drafted_library import (
    DRAFT,
    book_draft,
    document_of,
    draft_of,
    extract,
    make_drafted,
)
from workflow.desk.acts import perform, take_back
from workflow.desk.card import Act
from workflow.editing.drafts import DRAFTS
from workflow.editing.form import form_of
from workflow.exchange.undo import undo
from workflow.find import find
from workflow.library import Library, open_library

PERSON = "aigul"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_drafted(tmp_path_factory.mktemp("drafted") / "home").root


@pytest.fixture
def library(made: Path, tmp_path: Path) -> Iterator[Library]:
    shutil.copytree(made, tmp_path / "home")
    with open_library(Home(tmp_path / "home")) as opened:
        yield opened


def do(library: Library, name: str, form: Mapping[str, str] | None = None) -> int:
    key = draft_of(library).id
    version = DRAFTS.version(library.store, key)
    return perform(library, Act("draft", key, name, version, PERSON, form or {}))


def typed(record: Record, **changes: str) -> dict[str, str]:
    """The form as a browser sends it; ``t200="$a…"`` puts another text into the row of a tag."""
    form: dict[str, str] = {}
    for row in form_of(record).rows:
        one = row.typed
        text = changes.get(f"t{one.tag}", one.text)
        form |= {f"tag-{row.number}": one.tag, f"text-{row.number}": text.replace("\n", "\r\n")}
        form[f"indicators-{row.number}"] = one.indicators
    return form


def keys(reader: Reader) -> list[str]:
    return [card.key for card in DRAFTS.waiting(reader)]


def test_a_draft_waits_under_its_title_with_its_batch_and_language(library: Library) -> None:
    card = next(iter(DRAFTS.waiting(library.store)))
    assert (card.key, card.title) == (draft_of(library).id, "Сарыарқа таңы")
    assert (card.batch, card.language) == ("b", "rus")


def test_drafts_wait_in_the_order_in_which_their_documents_came_in(library: Library) -> None:
    extract(library.home, "secret", book_draft("Совсем другая книга о степи"))
    waiting = [draft_of(library, name).id for name in ("issue", "secret")]
    assert keys(library.store) == waiting


def test_a_rejected_draft_is_proposed_for_no_other_document(library: Library) -> None:
    extract(library.home, "secret", DRAFT)
    draft, other = draft_of(library).id, document_of(library, "secret")
    (proposed,) = links.list_links(library.store, document=other)
    assert (proposed.record, proposed.status) == (draft, "proposed")
    number = do(library, "reject")
    assert links.get_link(library.store, proposed.id).status == "rejected"
    take_back(library, number, PERSON)
    assert links.get_link(library.store, proposed.id).status == "proposed"


def test_a_document_that_has_got_its_own_draft_since_keeps_it(library: Library) -> None:
    extract(library.home, "secret", DRAFT)
    number = do(library, "reject")
    catch_up(library)
    own = draft_of(library, "secret")
    assert own.status == "draft"
    take_back(library, number, PERSON)
    catch_up(library)
    assert keys(library.store) == [draft_of(library).id, own.id]


def test_accepting_takes_the_record_into_the_catalogue_as_it_is(library: Library) -> None:
    before = draft_of(library)
    do(library, "accept")
    after = draft_of(library)
    assert (after.status, after.owner) == ("active", "here")
    assert after.record.control_number == before.id
    assert after.record.leader[17] == " ", "a person has seen the scan"
    assert after.record.fields[2:] == before.record.fields[2:]
    assert keys(library.store) == []


def test_what_was_typed_becomes_a_version_of_the_person_with_the_acceptance(
    library: Library,
) -> None:
    before = draft_of(library)
    number = do(library, "accept", typed(before.record, t200="$aСарыарқа таңы $eгазет"))
    after = draft_of(library)
    version = records.list_versions(library.store, after.id)[-1]
    assert (version.n, version.actor) == (before.version + 1, PERSON)
    assert after.record.first("200", "e") == "газет"
    time = next(f.data for f in after.record.all("005") if hasattr(f, "data"))
    assert time == "".join(sign for sign in version.time if sign.isdigit()) + ".0"
    assert number > 0


def test_an_edited_draft_stays_in_the_queue_and_nothing_drafts_it_anew(library: Library) -> None:
    do(library, "edit", typed(draft_of(library).record, t200="$aСары арқа"))
    extract(library.home, "issue", DRAFT)
    after = draft_of(library)
    assert (after.status, title_of(after.record)) == ("draft", "Сары арқа")
    assert keys(library.store) == [after.id]


def test_the_index_and_the_checks_follow_an_edit(library: Library) -> None:
    record = draft_of(library).record
    do(library, "accept", typed(record, t200="$aЖезқазған хабары", t101="$aqqq"))
    catch_up(library)
    found_wrong = findings.list_findings(library.store, draft_of(library).id)
    assert any(one.facts.get("key") == "qqq" for one in found_wrong)
    assert draft_of(library).id in {
        one.hit.record for one in find(library, Request("жезқазған")).hits
    }


def test_saving_the_same_again_makes_no_version(library: Library) -> None:
    before = draft_of(library)
    do(library, "edit", typed(before.record))
    assert draft_of(library) == before


def test_a_rejected_draft_is_gone_and_never_made_again(library: Library) -> None:
    document = document_of(library, "issue")
    do(library, "reject", {"reason": "реклама"})
    catch_up(library)
    extract(library.home, "issue", DRAFT)
    assert draft_of(library).status == "deleted"
    assert links.list_links(library.store, document=document, status="accepted") == []
    assert keys(library.store) == []


@pytest.mark.parametrize("followed", [False, True])
@pytest.mark.parametrize("name", ["accept", "edit", "reject"])
def test_every_act_is_taken_back(library: Library, name: str, followed: bool) -> None:
    before = draft_of(library)
    number = do(library, name, typed(before.record, t200="$aБасқа атау"))
    if followed:
        catch_up(library)
    take_back(library, number, PERSON)
    if followed:
        catch_up(library)
    after = draft_of(library)
    assert (after.status, after.record) == ("draft", before.record)
    assert records.identifiers_of(library.store, after.id) == records.identifiers_of(
        library.store, before.id
    )
    linked = links.list_links(library.store, record=after.id)
    assert [one.status for one in linked] == ["accepted"]
    assert keys(library.store) == [after.id]


def test_a_draft_that_was_changed_since_is_not_taken_back(library: Library) -> None:
    number = do(library, "accept")
    stored = draft_of(library)
    with library.store.transaction("someone") as tx:
        records.set_status(tx, stored.id, "deleted")
    with pytest.raises(LockedError, match="record-changed"):
        take_back(library, number, PERSON)
    assert draft_of(library).status == "deleted"


def test_a_rejection_stands_when_the_document_has_got_another_record(library: Library) -> None:
    document = document_of(library, "issue")
    number = do(library, "reject")
    with library.store.transaction(PERSON) as tx:
        other = next(r.id for r in records.iterate_records(tx) if r.status == "active")
        links.accept(tx, links.propose(tx, links.NewLink(document, other)).id)
    with pytest.raises(LockedError, match="document-linked"):
        take_back(library, number, PERSON)
    assert draft_of(library).status == "deleted"


def test_of_two_people_the_second_is_told_and_overwrites_nothing(library: Library) -> None:
    stored = draft_of(library)
    seen = DRAFTS.version(library.store, stored.id)
    form = typed(stored.record, t200="$aБірінші")
    perform(library, Act("draft", stored.id, "edit", seen, "first", form))
    form = typed(stored.record, t200="$aЕкінші")
    with pytest.raises(LockedError, match="card-changed"):
        perform(library, Act("draft", stored.id, "accept", seen, "second", form))
    assert title_of(draft_of(library).record) == "Бірінші"
    assert draft_of(library).status == "draft"


def test_a_text_that_is_no_field_changes_nothing(library: Library) -> None:
    before = draft_of(library)
    with pytest.raises(UsageError) as caught:
        do(library, "accept", typed(before.record, t200="жай сөз"))
    assert caught.value.facts == {"field": "200"}
    assert draft_of(library) == before


def test_number_and_time_of_the_record_cannot_be_typed(library: Library) -> None:
    before = draft_of(library)
    do(library, "edit", typed(before.record, t001="77", t005="77", t200="$aАтау"))
    assert draft_of(library).record.control_number == before.id
    assert not any(getattr(f, "data", "") == "77" for f in draft_of(library).record.fields)


def test_a_record_in_force_is_given_back_what_an_older_version_said(library: Library) -> None:
    before = draft_of(library)
    do(library, "accept", typed(before.record, t200="$aҚате атау"))
    number = do(library, "restore", {"to": str(before.version)})
    after = draft_of(library)
    assert (after.status, title_of(after.record)) == ("active", "Сарыарқа таңы")
    assert records.list_versions(library.store, after.id)[-1].actor == PERSON
    take_back(library, number, PERSON)
    assert title_of(draft_of(library).record) == "Қате атау"
    with pytest.raises(UsageError, match="unknown-version"):
        do(library, "restore", {"to": "77"})


def test_only_a_draft_is_accepted_or_rejected_and_only_what_is_in_force_edited(
    library: Library,
) -> None:
    do(library, "accept")
    for name in ("accept", "reject"):
        with pytest.raises(UsageError, match="not-a-draft"):
            do(library, name)
    do(library, "edit", typed(draft_of(library).record, t200="$aКейін түзетілді"))
    assert title_of(draft_of(library).record) == "Кейін түзетілді"
    with library.store.transaction(PERSON) as tx:
        records.set_status(tx, draft_of(library).id, "deleted")
    with pytest.raises(UsageError, match="not-in-force"):
        do(library, "edit")


@pytest.mark.parametrize(("owner", "kept"), [("external", True), ("here", False)])
def test_only_a_record_of_ours_takes_the_time_of_its_correction(
    library: Library, owner: str, kept: bool
) -> None:
    time = ControlField("005", "20010101000000.0")
    title = DataField("200", "1 ", (Subfield("a", "Атау"),))
    record = Record("rusmarc", draft_of(library).record.leader, (time, title))
    with library.store.transaction("import") as tx:
        new = NewRecord(record, "books", "n77", status="active", owner=owner)
        key = records.create_record(tx, new, changes.new_change_set(tx, "import")).id
    form = typed(record, t200="$aЖаңа атау")
    perform(library, Act("draft", key, "edit", DRAFTS.version(library.store, key), PERSON, form))
    after = records.get_record(library.store, key).record
    assert title_of(after) == "Жаңа атау"
    assert (time in after.fields) is kept


def test_an_older_version_comes_back_with_the_copies_that_are_linked_now(library: Library) -> None:
    made = draft_of(library)
    document = document_of(library, "secret")
    with library.store.transaction(PERSON) as tx:
        links.accept(tx, links.propose(tx, links.NewLink(document, made.id)).id)
    catch_up(library)
    do(library, "edit", typed(draft_of(library).record, t200="$aБасқа атау"))
    before = draft_of(library)
    number = do(library, "restore", {"to": str(made.version)})
    after = draft_of(library)
    assert title_of(after.record) == title_of(made.record)
    assert sorted(copies(after.record)) == sorted(copies(before.record))
    assert library.address(document) in copies(after.record)
    take_back(library, number, PERSON)
    assert draft_of(library).record == before.record


def test_what_the_program_did_is_taken_back_by_the_decision_behind_it(library: Library) -> None:
    made = draft_of(library)
    (version,) = records.list_versions(library.store, made.id)
    with pytest.raises(UsageError) as refused:
        undo(library, version.change_set, actor=PERSON)
    assert refused.value.key == "error.change-by-program"
    assert draft_of(library) == made


def test_edits_are_taken_back_one_after_the_other_and_made_again(library: Library) -> None:
    said, numbers = [draft_of(library).record], []
    for title in ("$aБірінші", "$aЕкінші", "$aҮшінші"):
        numbers.append(do(library, "edit", typed(draft_of(library).record, t200=title)))
        said.append(draft_of(library).record)
    for number, before in zip(reversed(numbers), reversed(said[:-1]), strict=True):
        take_back(library, number, PERSON)
        assert draft_of(library).record == before
    do(library, "edit", typed(draft_of(library).record, t200="$aТөртінші"))
    assert title_of(draft_of(library).record) == "Төртінші"


def test_an_edit_is_taken_back_though_a_copy_was_linked_since(library: Library) -> None:
    before = draft_of(library)
    number = do(library, "edit", typed(before.record, t200="$aБасқа атау"))
    document = document_of(library, "secret")
    with library.store.transaction(PERSON) as tx:
        links.accept(tx, links.propose(tx, links.NewLink(document, before.id)).id)
    catch_up(library)
    assert library.address(document) in copies(draft_of(library).record)
    take_back(library, number, "marat")
    after = draft_of(library).record
    assert title_of(after) == title_of(before.record)
    assert set(copies(after)) == {*copies(before.record), library.address(document)}


def test_an_edit_under_another_one_is_not_taken_back(library: Library) -> None:
    number = do(library, "edit", typed(draft_of(library).record, t200="$aБірінші"))
    stored = draft_of(library)
    with library.store.transaction("repair") as tx:
        change = changes.new_change_set(tx, "repair")
        other = stored.record.with_field(DataField("300", "  ", (Subfield("a", "Ескерту"),)))
        records.save_version(tx, stored.id, other, parent=stored.version, change_set=change)
    with pytest.raises(LockedError, match="record-changed"):
        take_back(library, number, PERSON)
    assert draft_of(library).record == other
