"""Matching of descriptions: books, articles and issues in Kazakh and Russian."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.dedup.match import Comparison, Description, block_keys, compare, describe
from catalog.drafting.draft import Draft, Element, Evidence
from catalog.view import BibliographicView, Name


def draft(kind: str, **values: str) -> Description:
    seen = (Evidence(None, None, None, "test", ""),)
    return describe(Draft(kind, tuple(Element(n, v, None, seen) for n, v in values.items())))


def codes(comparison: Comparison) -> set[str]:
    return {reason.code for reason in comparison.reasons}


def vetoes(comparison: Comparison) -> set[str]:
    return {reason.code for reason in comparison.vetoes}


def share_key(a: Description, b: Description) -> bool:
    return bool(set(block_keys(a)) & set(block_keys(b)))


BOOK = draft(
    "book",
    title="Қарқаралы өңірінің тарихы",
    author="Өтегенов, Б. С.",
    year="1998",
    isbn="978-5-02-013850-6",
    language="kaz",
)
RUSSIAN = draft(
    "book", title="Путешествие по Жана-Арке", author="И. П. Ветров", year="1974", language="rus"
)
ARTICLE = draft(
    "newspaper_article",
    title="Шахтёры выполнили план",
    author="Ветров, И.",
    host_title="Темиртауский рабочий",
    host_number="41 (3027)",
    host_date="1985-10-10",
    pages="3",
)
GREETING = replace(ARTICLE, title="куттыктаимыз", written="Құттықтаймыз!", authors=(), pages=None)
ISSUE = draft(
    "newspaper_issue", host_title="Орталық Қазақстан", host_number="14", host_date="1985-01-17"
)


@pytest.mark.parametrize("one", [BOOK, RUSSIAN, ARTICLE, ISSUE])
def test_a_description_is_the_same_as_itself(one: Description) -> None:
    assert compare(one, one).verdict == "same"
    assert share_key(one, one)


def test_isbn_10_and_13_are_one_number() -> None:
    old = draft("book", title="Қарқаралы өңірінің тарихы", isbn="5-02-013850-9")
    assert old.isbn == BOOK.isbn
    assert compare(old, BOOK).verdict == "same"


def test_a_wrong_isbn_is_left_out() -> None:
    assert draft("book", title="Тарих", isbn="978-5-02-013850-7").isbn == frozenset()


@pytest.mark.parametrize(
    "title", ["Қаркаралы онірінің тарихы", "Қаркаpалы онірініц тарихы", "Қарқаралы өңірініңтарихы"]
)
def test_a_degraded_copy_is_found_and_at_least_likely(title: str) -> None:
    copy = draft("book", title=title, author="Өтегеноб, Б.", year="1998", language="kaz")
    assert compare(copy, BOOK).verdict in ("same", "likely")
    assert share_key(copy, BOOK)


def test_an_error_in_a_title_of_two_words_keeps_the_candidate() -> None:
    book = draft("book", title="Абай жолы", author="Әуезов, М.", year="1961")
    copy = draft("book", title="Абаи жопы", author="Әуезов, М.", year="1961")
    assert share_key(copy, book)
    assert compare(copy, book).verdict in ("same", "likely")


def test_isbn_alone_keeps_an_unreadable_title_likely() -> None:
    copy = draft("book", title="Кркл өнрн", isbn="978-5-02-013850-6")
    assert compare(copy, BOOK).verdict == "likely"


def test_a_title_with_author_but_without_year_is_likely() -> None:
    assert compare(replace(RUSSIAN, year=None), RUSSIAN).verdict == "likely"


def test_a_title_alone_is_not_enough() -> None:
    bare = replace(RUSSIAN, year=None, authors=())
    assert compare(bare, RUSSIAN).verdict == "different"


def test_other_authors_of_the_same_title_and_year_are_different() -> None:
    result = compare(replace(RUSSIAN, authors=("сарсенова",)), RUSSIAN)
    assert result.verdict == "different"
    assert "authors-differ" in codes(result)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"year": 1971}, "veto-year"),
        ({"kind": "newspaper_article"}, "veto-kind"),
        ({"languages": frozenset({"kaz"})}, "veto-language"),
    ],
)
def test_a_veto_decides_for_books(change: dict[str, object], code: str) -> None:
    result = compare(replace(RUSSIAN, **change), RUSSIAN)  # type: ignore[arg-type] # any field
    assert result.verdict == "different"
    assert code in vetoes(result)


@pytest.mark.parametrize(
    ("one", "other", "volume"),
    [
        ("Шығармалары. 1-том", "Шығармалары. 2-том", "1"),
        ("Шығармалары: II том", "Шығармалары: III том", "2"),
        ("Сочинения. Т. 4", "Сочинения. Т. 5", "4"),
        ("Менің өмірім. 1-кітап", "Менің өмірім. 2-кітап", "1"),
    ],
)
def test_another_volume_is_another_book(one: str, other: str, volume: str) -> None:
    a, b = (draft("book", title=t, author="Ветров, И.", year="1974") for t in (one, other))
    assert a.volume == volume
    assert "veto-volume" in vetoes(compare(a, b))


def test_another_edition_is_another_book() -> None:
    a, b = (replace(RUSSIAN, edition=e) for e in ("1", "2"))
    assert vetoes(compare(a, b)) == {"veto-edition"}
    assert draft("book", title="Тарих", edition="Изд. 2-е, доп.").edition == "2"


def test_textbooks_of_two_school_years_are_different() -> None:
    a, b = (draft("book", title=f"Алгебра {n} сынып", author="Ветров, И.") for n in (7, 8))
    assert vetoes(compare(a, b)) == {"veto-figures"}


def test_an_article_spelt_with_an_error_is_the_same() -> None:
    copy = replace(ARTICLE, title="шахтеры выпопнили план", number="41", authors=())
    result = compare(copy, ARTICLE)
    assert result.verdict == "same"
    assert {"title-near", "host-equal", "number-equal", "date-equal"} <= codes(result)
    assert share_key(copy, ARTICLE)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"number": "42"}, "veto-number"),
        ({"number": "41 (3028)"}, "veto-number"),
        ({"date": "1986-10-10"}, "veto-date"),
        ({"host": "арка ажары"}, "veto-host"),
    ],
)
def test_an_article_of_another_issue_is_different(change: dict[str, str], code: str) -> None:
    result = compare(replace(ARTICLE, **change), ARTICLE)  # type: ignore[arg-type] # any field
    assert result.verdict == "different"
    assert code in vetoes(result)


def test_a_partial_date_agrees_with_the_full_one() -> None:
    assert not compare(replace(ARTICLE, date="1985"), ARTICLE).vetoes


def test_a_recurring_title_never_matches_alone() -> None:
    result = compare(GREETING, GREETING)
    assert result.verdict == "different"
    assert "recurring-title" in codes(result)
    assert not any(scheme == "title" for scheme, _ in block_keys(GREETING))


@pytest.mark.parametrize("title", ["Официально", "С ЮБИЛЕЕМ!", "Құттықтаймыз!"])
def test_recurring_titles_on_one_page_of_one_issue_are_for_a_person_to_decide(title: str) -> None:
    one = draft(
        "newspaper_article",
        title=title,
        host_title="Арқа ажары",
        host_number="5",
        host_date="1999-02-01",
        pages="4",
    )
    assert compare(one, one).verdict == "likely"


def test_issues_need_number_and_date() -> None:
    assert compare(ISSUE, replace(ISSUE, number=None)).verdict == "likely"
    assert compare(ISSUE, replace(ISSUE, number=None, date=None)).verdict == "different"


@pytest.mark.parametrize("change", [{"number": "15"}, {"date": "1985-01-18"}])
def test_another_issue_of_the_paper_is_vetoed(change: dict[str, str]) -> None:
    result = compare(ISSUE, replace(ISSUE, **change))  # type: ignore[arg-type] # any field
    assert result.verdict == "different"
    assert result.vetoes


def test_latin_kazakh_and_cyrillic_are_one_title() -> None:
    latin = draft("book", title="Qarqaraly öñiriniñ tarihy", author="Ötegenov B.", year="1998")
    assert compare(latin, BOOK).verdict == "same"


def test_a_record_of_an_issue_reads_its_number_from_the_title_field() -> None:
    found = describe(view("newspaper_issue", "Орталық Қазақстан", volume="№ 14 (17 қаңтар)"))
    assert (found.number, found.date) == ("14", "1985-01-17")
    assert compare(found, ISSUE).verdict == "same"


def test_a_record_and_a_draft_of_one_book_are_the_same() -> None:
    name = Name("Ветров", "Иван Петрович", "Ветров, И. П.")
    record = describe(replace(view("book", "Путешествие по Жана-Арке"), names=(name,), year=1974))
    assert compare(record, RUSSIAN).verdict == "same"


def view(kind: str, title: str, volume: str | None = None) -> BibliographicView:
    return BibliographicView(
        kind=kind,
        control_number=None,
        title=title,
        other_title=None,
        responsibility=None,
        names=(),
        year=1985,
        date=None,
        host_title=None,
        host_number=None,
        host_date=None,
        host_year=None,
        pages=None,
        languages=(),
        isbn=(),
        issn=None,
        udc=(),
        bbk=(),
        publisher=None,
        place=None,
        edition=None,
        volume=volume,
        extent=None,
        links=(),
    )


maybe_number = st.sampled_from([None, "14", "14 (3)", "14 (4)", "15"])
descriptions = st.builds(
    Description,
    kind=st.sampled_from(["book", "newspaper_article", "newspaper_issue", "card", "map"]),
    title=st.sampled_from(["", "арка", "арка тану", "арка танук", "официално", "алгебра 7"]),
    written=st.just("Арқа"),
    subtitle=st.sampled_from(["", "роман"]),
    authors=st.sampled_from([(), ("ветров",), ("ветроб", "сарсенова"), ("омаров",)]),
    year=st.sampled_from([None, 1974, 1975, 1985]),
    isbn=st.sampled_from([frozenset(), frozenset({"9785020138506"})]),
    host=st.sampled_from(["", "арка ажары", "арка ажары газети", "рабочии"]),
    number=maybe_number,
    date=st.sampled_from([None, "1985", "1985-01-17", "1985-01-18"]),
    volume=st.sampled_from([None, "1", "2"]),
    languages=st.sampled_from([frozenset(), frozenset({"kaz"}), frozenset({"kaz", "rus"})]),
)


@settings(max_examples=300, deadline=None)
@given(descriptions, descriptions)
def test_the_order_of_the_two_does_not_matter(a: Description, b: Description) -> None:
    one, other = compare(a, b), compare(b, a)
    assert (one.score, one.verdict) == (other.score, other.verdict)
    assert codes(one) == codes(other)
    assert vetoes(one) == vetoes(other)
    assert one.verdict == "different" or not one.vetoes
