"""A page is read at the desk: typed into, said to be right or damaged, and all of it taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from olketanu.errors import LockedError, UsageError
from store.digitised import amendments
from tests.property.test_pages_retype import page_of
from tests.unit.made_library import library_of
from tests.unit.read_pages import PRINTED, make_page, read, recognise
from workflow.desk.acts import perform, take_back
from workflow.desk.card import Act
from workflow.library import Library
from workflow.proofreading.page_card import LINES
from workflow.proofreading.page_texts import PAGE_TEXTS

AS_READ = [" ".join(words) for words in PRINTED]


@pytest.fixture
def page(tmp_path: Path) -> Iterator[tuple[Library, str]]:
    store, subject = make_page(tmp_path / "home")
    with store:
        yield library_of(store), subject


def do(page: tuple[Library, str], name: str, **form: str) -> int:
    library, subject = page
    version = PAGE_TEXTS.version(library.store, subject)
    typed = {field.replace("_", "-"): value for field, value in form.items()}
    return perform(library, Act("page", subject, name, version, "aigul", typed))


def waiting(library: Library) -> list[str]:
    return [one.key for one in PAGE_TEXTS.waiting(library.store)]


def test_what_is_typed_is_read_at_once_and_taken_back(page: tuple[Library, str]) -> None:
    library, subject = page
    number = do(page, "correct", line_0_0="Қарағанды  облысы", line_0_1="жаңа мектеп салынды")
    assert read(library, subject) == ["Қарағанды облысы", "жаңа мектеп салынды", "1962 жыл"]
    kept = amendments.list_amendments(library.store, subject.split("/")[0])
    assert [(one.old, one.new) for one in kept] == [
        ("мсктеп", "мектеп"),
        ("Карагапда", "Қарағанды"),
    ]
    assert waiting(library) == [subject]  # the page may have more lines to be read
    take_back(library, number, "aigul")
    assert read(library, subject) == AS_READ
    assert amendments.list_amendments(library.store, subject.split("/")[0]) == []


def test_a_page_that_was_read_does_not_wait_until_it_is_taken_back(
    page: tuple[Library, str],
) -> None:
    library, subject = page
    number = do(page, "accept", line_0_0="Қарағанды облысы")
    assert waiting(library) == []
    assert read(library, subject)[0] == "Қарағанды облысы"
    again = do(page, "accept", line_0_2="1963 жыл")
    take_back(library, again, "aigul")
    assert waiting(library) == []  # it was read before
    take_back(library, number, "aigul")
    assert (waiting(library), read(library, subject)) == ([subject], AS_READ)


@pytest.mark.parametrize("reading", ["Карзгапда", "Қарағанды", "Карагапда"])
def test_a_correction_outlives_a_new_recognition_and_goes_when_taken_back(
    page: tuple[Library, str], reading: str
) -> None:
    library, subject = page
    number = do(page, "accept", line_0_0="Қарағанды облысы")
    document = subject.split("/")[0]
    recognise(library.store, document, page_of([[reading, "облысы"], *PRINTED[1:]]), "b" * 64)
    assert waiting(library) == [subject]  # nobody has read the new text
    assert read(library, subject)[0] == "Қарағанды облысы"
    take_back(library, number, "aigul")
    assert read(library, subject)[0] == f"{reading} облысы"


def test_what_could_be_read_of_a_damaged_original_is_kept_until_it_is_taken_back(
    page: tuple[Library, str],
) -> None:
    library, subject = page
    number = do(page, "damaged", line_0_0="Қарағанды облысы")
    assert (waiting(library), read(library, subject)[0]) == ([], "Қарағанды облысы")
    take_back(library, number, "aigul")
    assert (waiting(library), read(library, subject)) == ([subject], AS_READ)


def test_a_damaged_original_does_not_wait_and_can_be_whole_again(
    page: tuple[Library, str],
) -> None:
    library, subject = page
    first = do(page, "damaged")
    assert (waiting(library), PAGE_TEXTS.shown(library, subject).is_damaged) == ([], True)
    take_back(library, first, "aigul")
    assert waiting(library) == [subject]
    do(page, "damaged")
    second = do(page, "damaged")
    assert waiting(library) == [subject]
    take_back(library, second, "aigul")
    assert waiting(library) == []


def test_lines_come_and_go_with_their_words(page: tuple[Library, str]) -> None:
    library, subject = page
    number = do(page, "correct", line_0_0="", line_0_1="жаңа үлкен мектеп", line_0_2="1962 жыл")
    assert read(library, subject) == ["жаңа үлкен мектеп", "1962 жыл"]
    take_back(library, number, "aigul")
    assert read(library, subject) == AS_READ


def test_kind_and_language_of_a_region_are_corrected(page: tuple[Library, str]) -> None:
    library, subject = page
    number = do(page, "correct", kind_0="headline", language_0="rus")
    (region,) = PAGE_TEXTS.shown(library, subject).parts[0].regions
    assert (region.kind, region.language) == ("headline", "rus")
    take_back(library, number, "aigul")
    (region,) = PAGE_TEXTS.shown(library, subject).parts[0].regions
    assert (region.kind, region.language) == ("text", "kaz")


@pytest.mark.parametrize(
    ("form", "key"),
    [
        ({}, "error.nothing-corrected"),
        ({"line_0_0": " Карагапда облысы "}, "error.nothing-corrected"),
        ({"line_0_9": "х"}, "error.unknown-line"),
        ({"line_7_0": "х"}, "error.unknown-line"),
        ({"line_-1_0": "х"}, "error.unknown-line"),
        ({"line_0": "х"}, "error.unknown-line"),
        ({"line_" + "9" * 5000 + "_0": "х"}, "error.unknown-line"),
        ({"line_0_0": "х" * 1001}, "error.line-long"),
        ({"kind_0": "poster"}, "error.amend-kind"),
        ({"language_4": "rus"}, "error.unknown-line"),
    ],
)
def test_what_cannot_be_meant_changes_nothing(
    page: tuple[Library, str], form: dict[str, str], key: str
) -> None:
    library, subject = page
    with pytest.raises(UsageError) as caught:
        do(page, "correct", **form)
    assert caught.value.key == key
    assert (read(library, subject), waiting(library)) == (AS_READ, [subject])


def test_who_was_slower_is_told_so(page: tuple[Library, str]) -> None:
    library, subject = page
    seen = PAGE_TEXTS.version(library.store, subject)
    do(page, "correct", line_0_0="Қарағанды облысы")
    with pytest.raises(LockedError, match="card-changed"):
        perform(library, Act("page", subject, "accept", seen, "dana", {}))


def test_signs_that_a_file_cannot_hold_are_not_kept(page: tuple[Library, str]) -> None:
    library, subject = page
    do(page, "correct", line_0_2="1962\x0b жы\x00л")
    assert read(library, subject)[2] == "1962\ufffd жы\ufffdл"
    recognise(library.store, subject.split("/")[0], page_of(PRINTED), "c" * 64)


def test_the_card_marks_what_the_engine_doubts_and_what_people_changed(
    page: tuple[Library, str],
) -> None:
    library, subject = page
    do(page, "correct", line_0_0="Қарағанды облысы")
    first, *_ = PAGE_TEXTS.shown(library, subject).parts[0].lines
    assert [(word.text, word.raw, word.level) for word in first.words] == [
        ("Қарағанды", "Карагапда", "amended"),
        ("облысы", "облысы", "unsure"),
    ]


def test_a_long_page_is_shown_in_parts_that_miss_no_line(page: tuple[Library, str]) -> None:
    library, subject = page
    long = page_of([[f"сөз{n}"] for n in range(2 * LINES + 3)])
    recognise(library.store, subject.split("/")[0], long, "d" * 64)
    parts = PAGE_TEXTS.shown(library, subject).parts
    assert [(part.first, part.last) for part in parts] == [
        *((1, LINES), (LINES + 1, 2 * LINES), (2 * LINES + 1, 2 * LINES + 3)),
    ]
    assert [line.text for part in parts for line in part.lines] == read(library, subject)
