"""Links at the desk: what a decision brings with it, and what taking it back takes out again."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.digital_copy import copies, with_copy
from catalog.drafting.draft import Draft, Element, to_dict
from catalog.record import Record
from olketanu.errors import LockedError, UsageError
from olketanu.home import Home
from pipeline import catalogue, catch_up
from store import changes
from store.catalogue import links, records
from store.catalogue.links import Link
from store.digitised import documents
from tests.unit.found_library import make_home
from tests.unit.made_entries import field
from tests.unit.proposed_links import TITLE, add_proposals
from workflow.desk.acts import acts_on, perform, recent, take_back
from workflow.desk.card import Act, Wanted
from workflow.desk.kinds import KINDS, kind_of
from workflow.desk.queue import count_cards, waiting_cards
from workflow.follow import follow
from workflow.library import Library, open_library
from workflow.linking.link_card import link_card
from workflow.record.links import decide
from workflow.record.match import MATCH

ME = "aigul"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two proposals that every catalogue stage has seen."""
    home = make_home(tmp_path_factory.mktemp("desk") / "home")
    add_proposals(home, 2)
    with open_library(home) as library:
        catch_up(library)
    return home.root


@pytest.fixture
def library(made: Path, tmp_path: Path) -> Iterator[Library]:
    with opened(made, tmp_path / "home") as found:
        yield found


@contextmanager
def opened(made: Path, to: Path) -> Iterator[Library]:
    copytree(made, to)
    with open_library(Home(to)) as found:
        yield found


def first(library: Library) -> Link:
    return links.get_link(library.store, waiting(library)[0])


def waiting(library: Library) -> list[str]:
    return [card.key for card in waiting_cards(library.store, Wanted("link")).cards]


def act(library: Library, link: str, name: str, **form: str) -> int:
    version = kind_of("link").version(library.store, link)
    return perform(library, Act("link", link, name, version, ME, form))


def now(library: Library, link: Link) -> Link:
    return links.get_link(library.store, link.id)


def copies_of(library: Library, link: Link) -> list[str]:
    return copies(records.get_record(library.store, link.record).record)


def draft_of(library: Library, link: Link) -> records.StoredRecord | None:
    catalogue = library.settings.library.catalogue
    return records.find_record_at(library.store, catalogue, link.document)


def test_an_accepted_link_gives_the_record_its_copy_and_undoing_takes_it_out(
    library: Library,
) -> None:
    link = first(library)
    before = records.get_record(library.store, link.record)
    number = act(library, link.id, "accept")
    catch_up(library)
    assert copies_of(library, link) == [library.address(link.document)]
    take_back(library, number, ME)
    catch_up(library)
    after = records.get_record(library.store, link.record)
    assert (after.record, after.version) == (before.record, before.version + 2)
    assert waiting(library)[0] == link.id
    act(library, link.id, "accept")
    catch_up(library)
    assert copies_of(library, link) == [library.address(link.document)]


def test_what_is_taken_back_before_the_stages_ran_leaves_no_trace(library: Library) -> None:
    link = first(library)
    take_back(library, act(library, link.id, "accept"), ME)
    catch_up(library)
    assert records.get_record(library.store, link.record).version == 1


def test_an_address_that_came_with_the_record_stays_when_the_link_is_taken_back(
    library: Library,
) -> None:
    link = first(library)
    save(library, link.record, library.address(link.document))
    number = act(library, link.id, "accept")
    catch_up(library)
    take_back(library, number, ME)
    catch_up(library)
    assert copies_of(library, link) == [library.address(link.document)]


def save(library: Library, record: str, url: str) -> None:
    """A person writes an address into a record."""
    stored = records.get_record(library.store, record)
    with library.store.transaction(ME) as tx:
        change = changes.new_change_set(tx, "typed")
        wanted: Record = with_copy(stored.record, url)
        records.save_version(tx, record, wanted, parent=stored.version, change_set=change)


def save_title(library: Library, record: str) -> None:
    """A person changes the title of a record."""
    stored = records.get_record(library.store, record)
    fields = tuple(
        field("200", "aБасқа атау", indicators="1 ") if one.tag == "200" else one
        for one in stored.record.fields
    )
    with library.store.transaction(ME) as tx:
        change = changes.new_change_set(tx, "typed")
        wanted = replace(stored.record, fields=fields)
        records.save_version(tx, record, wanted, parent=stored.version, change_set=change)


def test_a_rejected_proposal_becomes_a_draft_that_undoing_withdraws_and_rejecting_revives(
    library: Library,
) -> None:
    link = first(library)
    number = act(library, link.id, "reject")
    catch_up(library)
    made = draft_of(library, link)
    assert made is not None
    assert made.status == "draft"
    take_back(library, number, ME)
    catch_up(library)
    gone = draft_of(library, link)
    assert gone is not None
    assert gone.status == "deleted"
    assert waiting(library)[0] == link.id
    act(library, link.id, "reject")
    catch_up(library)
    again = draft_of(library, link)
    assert again is not None
    assert (again.id, again.status) == (made.id, "draft")
    accepted = links.list_links(library.store, document=link.document, status="accepted")
    assert [one.record for one in accepted] == [made.id]


def test_a_draft_that_somebody_has_edited_is_not_taken_back(library: Library) -> None:
    link = first(library)
    number = act(library, link.id, "reject")
    catch_up(library)
    made = draft_of(library, link)
    assert made is not None
    save(library, made.id, "https://example.org/other")
    with pytest.raises(LockedError) as refused:
        take_back(library, number, ME)
    assert refused.value.key == "error.draft-edited"
    assert now(library, link).status == "rejected"
    assert acts_on(library.store, "link", link.id)


def test_no_draft_is_made_of_a_document_whose_proposal_waits_again(library: Library) -> None:
    link = first(library)
    number = act(library, link.id, "reject")
    catalogue_until_unmatched(library)
    take_back(library, number, ME)
    catch_up(library)
    assert draft_of(library, link) is None
    assert now(library, link).status == "proposed"


def catalogue_until_unmatched(library: Library) -> None:
    from workflow.record.draft import DRAFT

    follow(library, DRAFT)  # sends the document through match once more
    follow(library, MATCH)  # which finds nothing


def test_another_likely_record_waits_behind_the_better_one(library: Library) -> None:
    link = first(library)
    other = links.get_link(library.store, waiting(library)[1])
    with library.store.transaction("olketanu:match") as tx:
        rival = links.propose(tx, links.NewLink(link.document, other.record, score=50.0))
    assert waiting(library) == [link.id, other.id]
    act(library, link.id, "reject")
    assert waiting(library) == [other.id, rival.id]


def test_a_decision_is_taken_back_only_as_long_as_no_other_follows(library: Library) -> None:
    link = first(library)
    put_off = act(library, link.id, "later")
    accepted = act(library, link.id, "accept")
    with pytest.raises(LockedError) as refused:
        take_back(library, put_off, ME)
    assert refused.value.key == "error.act-followed"
    take_back(library, accepted, ME)
    take_back(library, put_off, ME)
    told = [(done.act.name, stands) for done, stands in recent(library.store, actor=ME)]
    assert told == [("accept", False), ("later", False)]
    assert not waiting_cards(library.store).put_off


def test_what_changed_meanwhile_is_not_decided_blindly(library: Library) -> None:
    link = first(library)
    seen = kind_of("link").version(library.store, link.id)
    save_title(library, link.record)
    with pytest.raises(LockedError):
        perform(library, Act("link", link.id, "accept", seen, ME))
    assert now(library, link).status == "proposed"


def test_what_the_stages_do_to_the_record_does_not_make_a_card_old(library: Library) -> None:
    link = first(library)
    number = act(library, link.id, "accept")
    catch_up(library)
    take_back(library, number, ME)
    seen = kind_of("link").version(library.store, link.id)
    catch_up(library)  # takes the 856 out while the person looks at the card
    perform(library, Act("link", link.id, "accept", seen, ME))
    assert now(library, link).status == "accepted"


def test_the_console_decides_as_the_desk_does_and_only_once(library: Library) -> None:
    link = first(library)
    for _ in range(2):
        decide(library, link.id, "reject", reason="other year", actor=ME, dry_run=False)
    (done,) = acts_on(library.store, "link", link.id)
    assert (done.act.name, done.act.form["reason"]) == ("reject", "other year")
    take_back(library, done.number, ME)
    assert now(library, link).status == "proposed"


def test_the_queue_is_narrowed_by_batch_and_language(library: Library) -> None:
    assert len(waiting_cards(library.store, Wanted("link", batch="b")).cards) == 2
    assert waiting_cards(library.store, Wanted("link", batch="c")).cards == ()
    assert waiting_cards(library.store, Wanted("link", language="kaz")).cards == ()
    counts = count_cards(library.store, Wanted("link", language="kaz"))
    assert (counts.left, counts.languages, counts.batches) == (0, {"rus": 2}, {"b": 2})
    assert counts.kinds["link"] == 2


def test_a_person_may_name_another_record(library: Library) -> None:
    link, other = (links.get_link(library.store, key) for key in waiting(library))
    number = act(library, link.id, "other", record=" x1 ")
    catch_up(library)
    assert waiting(library) == [other.id]
    assert library.address(link.document) in copies_of(library, other)
    assert now(library, link).status == "proposed"
    with pytest.raises(LockedError) as refused:
        act(library, link.id, "accept")
    assert refused.value.key == "error.document-linked"
    take_back(library, number, ME)
    catch_up(library)
    assert waiting(library) == [link.id, other.id]
    assert library.address(link.document) not in copies_of(library, other)


@pytest.mark.parametrize("named", ["", "no such number"])
def test_a_record_that_is_not_there_cannot_be_named(library: Library, named: str) -> None:
    link = first(library)
    with pytest.raises(UsageError):
        act(library, link.id, "other", record=named)
    assert waiting(library)[0] == link.id


def test_an_accepted_link_that_is_rejected_loses_its_address_and_gets_it_back_by_undoing(
    library: Library,
) -> None:
    link = first(library)
    act(library, link.id, "accept")
    catch_up(library)
    number = act(library, link.id, "reject")
    catch_up(library)
    assert copies_of(library, link) == []
    made = draft_of(library, link)
    assert made is not None
    take_back(library, number, ME)
    catch_up(library)
    assert copies_of(library, link) == [library.address(link.document)]
    accepted = links.list_links(library.store, document=link.document, status="accepted")
    assert [one.id for one in accepted] == [link.id]
    assert records.get_record(library.store, made.id).status == "deleted"


@pytest.mark.parametrize("status", ["deleted", "merged"])
def test_nothing_becomes_a_copy_of_a_record_that_is_gone(library: Library, status: str) -> None:
    link, other = (links.get_link(library.store, key) for key in waiting(library))
    act(library, link.id, "accept")
    number = act(library, link.id, "reject")
    with library.store.transaction(ME) as tx:
        into = other.record if status == "merged" else None
        records.set_status(tx, link.record, status, merged_into=into)
    with pytest.raises(UsageError) as refused:
        act(library, link.id, "accept")
    assert refused.value.key == "error.not-in-force"
    with pytest.raises(UsageError) as refused:
        take_back(library, number, ME)
    assert refused.value.key == "error.not-in-force"
    assert now(library, link).status == "rejected"


def test_the_link_of_a_draft_is_not_rejected_apart_from_it(library: Library) -> None:
    link = first(library)
    act(library, link.id, "reject")
    catch_up(library)
    (own,) = links.list_links(library.store, document=link.document, status="accepted")
    with pytest.raises(UsageError) as refused:
        act(library, own.id, "reject")
    assert refused.value.key == "error.link-of-draft"
    made = draft_of(library, link)
    assert made is not None
    accepted = perform(library, Act("draft", made.id, "accept", None, ME))
    number = act(library, own.id, "reject")
    catch_up(library)
    assert copies_of(library, own) == []
    with pytest.raises(LockedError) as refused_too:
        take_back(library, accepted, ME)
    assert refused_too.value.key == "error.draft-unlinked"
    take_back(library, number, ME)
    catch_up(library)
    assert copies_of(library, own) == [library.address(own.document)]


STEPS = st.lists(
    st.sampled_from(["accept", "reject", "other", "undo", "undo", "stages"]), max_size=12
)


@given(steps=STEPS)
def test_link_copy_and_draft_agree_whatever_is_done_in_whatever_order(
    steps: list[str], made: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with opened(made, tmp_path_factory.mktemp("walk") / "home") as library:
        link, other = (links.get_link(library.store, key) for key in waiting(library))
        for step in steps:
            walk(library, link, step)
        catalogue(library)
        status, draft = now(library, link).status, draft_of(library, link)
        named = links.find_link(library.store, link.document, other.record)
        is_other = named is not None and named.status == "accepted"
        address = library.address(link.document)
        assert (address in copies_of(library, link)) == (status == "accepted")
        assert (address in copies_of(library, other)) == is_other
        assert (draft is not None and draft.status == "draft") == (status == "rejected")
        assert (link.id in waiting(library)) == (status == "proposed" and not is_other)


def walk(library: Library, link: Link, step: str) -> None:
    standing = acts_on(library.store, "link", link.id)
    if step == "stages":
        catalogue(library)
    elif step == "undo" and standing:
        take_back(library, standing[-1].number, ME)
    elif step in ("accept", "reject", "other") and link.id in waiting(library):
        act(library, link.id, step, record="x1")


def test_a_queue_holds_the_first_cards_and_counts_all(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflow.desk.queue.WINDOW", 1)
    best, other = (card.key for card in kind_of("link").waiting(library.store))
    assert waiting(library) == [best]
    act(library, best, "later")
    assert waiting(library) == [other, best]
    assert count_cards(library.store, Wanted("link")).left == 2


def test_every_kind_counts_the_cards_that_it_yields(library: Library) -> None:
    for kind in KINDS:
        places = ((one.batch, one.language) for one in kind.waiting(library.store))
        assert kind.tally(library.store) == Counter(places)


def test_a_scan_without_a_title_is_called_by_that_of_the_record(library: Library) -> None:
    link = first(library)
    with library.store.transaction(ME) as tx:
        documents.update_document(tx, link.document, title=None)
    (card, *_) = waiting_cards(library.store, Wanted("link")).cards
    assert (card.key, card.title) == (link.id, f"{TITLE} 0")


def test_a_whole_issue_is_compared_by_its_masthead(library: Library) -> None:
    link = first(library)
    masthead = {"host_title": f"{TITLE} 0", "host_date": "2004-10-10", "host_number": "41"}
    read = Draft(
        "newspaper_issue",
        tuple(Element(name, value, "rus", ()) for name, value in masthead.items()),
    )
    with library.store.transaction("olketanu:draft") as tx:
        tx.note("document.extracted", link.document, {"draft": to_dict(read)})
    compared = {one.name: one for one in link_card(library, link).compared}
    assert [part.text for part in compared["title"].scan] == [f"{TITLE} 0"]
    assert (compared["title"].agreement, compared["year"].agreement) == ("same", "same")
    assert "host_title" not in compared
