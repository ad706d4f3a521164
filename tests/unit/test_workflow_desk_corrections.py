"""What a reader suggests becomes a correction of the library, or is declined, and back again."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from olketanu.errors import LockedError, UsageError
from store import changes
from store.catalogue import findings
from tests.property.test_pages_retype import page_of
from tests.unit.made_library import library_of
from tests.unit.read_pages import PRINTED, make_page, read, recognise
from workflow.desk.acts import perform, take_back
from workflow.desk.card import Act, Wanted
from workflow.library import Library
from workflow.proofreading.corrections import CORRECTIONS
from workflow.reading.page.suggestion import SUGGESTED

AS_READ = [" ".join(words) for words in PRINTED]
FIRST_LINE = [100, 100, 420, 140]


@pytest.fixture
def page(tmp_path: Path) -> Iterator[tuple[Library, str]]:
    store, subject = make_page(tmp_path / "home")
    with store:
        yield library_of(store), subject


def suggest(page: tuple[Library, str], old: str, new: str, box: list[int] | None) -> str:
    library, subject = page
    facts = {"box": box, "old": old, "new": new, "note": "көрші"}
    with library.store.transaction("reader") as tx:
        return findings.add_finding(tx, subject, SUGGESTED, facts).id


def do(library: Library, key: str, name: str, **form: str) -> int:
    version = CORRECTIONS.version(library.store, key)
    return perform(library, Act("correction", key, name, version, "aigul", form))


def waiting(library: Library) -> list[str]:
    return [one.key for one in CORRECTIONS.waiting(library.store)]


@pytest.mark.parametrize("box", [FIRST_LINE, None])
@pytest.mark.parametrize(
    ("old", "new"), [("Карагапда", "Қарағанды"), ("Карагапда облысы", "Қарағанды облысы")]
)
def test_a_suggestion_is_taken_in_the_name_of_staff_and_taken_back(
    page: tuple[Library, str], old: str, new: str, box: list[int] | None
) -> None:
    library, subject = page
    key = suggest(page, old, new, box)
    card = CORRECTIONS.shown(library, key)
    assert card.pieces == (("Карагапда", "Қарағанды"), ("облысы", "облысы"))
    number = do(library, key, "accept")
    assert (read(library, subject)[0], waiting(library)) == ("Қарағанды облысы", [])
    amended = [e for e in changes.events_of(library.store, subject) if e.kind == "page.amended"]
    assert [event.actor for event in amended] == ["aigul"]
    take_back(library, number, "aigul")
    assert (read(library, subject), waiting(library)) == (AS_READ, [key])


def test_a_page_that_lost_its_text_leaves_a_suggestion_to_be_declined(
    page: tuple[Library, str],
) -> None:
    library, subject = page
    key = suggest(page, "Карагапда", "Қарағанды", FIRST_LINE)
    document, _, page_key = subject.partition("/")
    for path in library.home.document(document).rglob(f"*{page_key}*"):
        path.unlink()
    card = CORRECTIONS.shown(library, key)
    assert (card.line, card.proposed) == (None, "")
    do(library, key, "reject")
    assert waiting(library) == []


def test_two_readers_may_correct_two_words_of_a_line(page: tuple[Library, str]) -> None:
    library, subject = page
    told = [("Қарағанды облысы"), ("Карагапда облысының"), ("Карагапда облысы бойынша")]
    keys = [suggest(page, "Карагапда облысы", new, FIRST_LINE) for new in told]
    for key in keys[:2]:
        do(library, key, "accept")
    assert read(library, subject)[0] == "Қарағанды облысының"
    assert CORRECTIONS.shown(library, keys[2]).proposed == ""  # the word before it is no more


def test_a_suggestion_may_be_taken_with_other_words(page: tuple[Library, str]) -> None:
    library, subject = page
    key = suggest(page, "Карагапда", "Караганды", FIRST_LINE)
    do(library, key, "accept", text="Қарағанды облысы")
    assert read(library, subject)[0] == "Қарағанды облысы"


def test_a_suggestion_is_declined_with_a_reason_and_waits_again_after_undo(
    page: tuple[Library, str],
) -> None:
    library, subject = page
    key = suggest(page, "облысы", "облыс", FIRST_LINE)
    number = do(library, key, "reject", reason="басылғаны дұрыс")
    assert (waiting(library), read(library, subject)) == ([], AS_READ)
    with pytest.raises(UsageError, match="correction-decided"):
        do(library, key, "accept")
    take_back(library, number, "aigul")
    assert waiting(library) == [key]


def test_a_suggestion_that_does_not_fit_any_more_asks_for_the_line(
    page: tuple[Library, str],
) -> None:
    library, subject = page
    key = suggest(page, "Карагапда", "Қарағанды", FIRST_LINE)
    read_anew = page_of([["Карзгынды", "облысы"], *PRINTED[1:]])
    recognise(library.store, subject.split("/")[0], read_anew, "b" * 64)
    assert CORRECTIONS.shown(library, key).proposed == ""
    with pytest.raises(UsageError, match="correction-does-not-fit"):
        do(library, key, "accept")
    do(library, key, "accept", text="Қарағанды облысы")
    assert read(library, subject)[0] == "Қарағанды облысы"


def test_a_suggestion_for_a_place_without_print_can_only_be_declined(
    page: tuple[Library, str],
) -> None:
    library, _ = page
    key = suggest(page, "сөз", "сөздер", [100, 2000, 300, 2040])
    assert CORRECTIONS.shown(library, key).line is None
    with pytest.raises(UsageError, match="correction-no-line"):
        do(library, key, "accept", text="сөздер")
    do(library, key, "reject")
    assert waiting(library) == []


def test_an_accepted_suggestion_that_others_build_upon_is_not_taken_back(
    page: tuple[Library, str],
) -> None:
    library, subject = page
    first = suggest(page, "Карагапда", "Қостанай", FIRST_LINE)
    number = do(library, first, "accept")
    second = suggest(page, "Қостанай", "Ұлытау және Жезқазған", FIRST_LINE)
    do(library, second, "accept")
    with pytest.raises(LockedError, match="amendment-followed"):
        take_back(library, number, "aigul")
    assert read(library, subject)[0] == "Ұлытау және Жезқазған облысы"


def test_other_findings_are_no_cards(page: tuple[Library, str]) -> None:
    library, subject = page
    with library.store.transaction() as tx:
        other = findings.add_finding(tx, subject, "LOW_DPI")
    for key in (other.id, "nothing"):
        with pytest.raises(UsageError, match="unknown-card"):
            CORRECTIONS.shown(library, key)


def test_suggestions_wait_the_oldest_first_and_are_counted(page: tuple[Library, str]) -> None:
    library, subject = page
    keys = [suggest(page, "облысы", f"облысы {number}", None) for number in range(3)]
    suggest((library, f"{subject}9"), "a", "b", None)  # on a page that is there no more
    suggest((library, "nowhere"), "a", "b", None)
    found = list(CORRECTIONS.waiting(library.store))
    assert [one.key for one in found] == sorted(keys, key=since(library))
    assert {one.document for one in found} == {subject.partition("/")[0]}
    place = (found[0].batch, found[0].language)
    assert CORRECTIONS.tally(library.store) == {place: 3}
    narrow = Wanted("correction", *place)
    assert list(CORRECTIONS.waiting(library.store, narrow, 2)) == found[:2]
    for other in (narrow.changed("batch", "other"), narrow.changed("language", "ara")):
        assert list(CORRECTIONS.waiting(library.store, other)) == []


def since(library: Library) -> Callable[[str], tuple[str, str]]:
    """When a finding was left, and its id."""

    def told(key: str) -> tuple[str, str]:
        found = findings.get_finding(library.store, key)
        return found.time, found.id

    return told
