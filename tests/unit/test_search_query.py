import pytest

from search.query.parse import parse
from search.query.tree import All, Any, Phrase, Query, Word, Years


def notices(query: Query) -> list[str]:
    return [notice.key for notice in query.notices]


def test_words_side_by_side_are_all_wanted() -> None:
    assert parse("қала тарихы") == Query(All((Word("қала"), Word("тарихы"))), ())


@pytest.mark.parametrize("name", ["AND", "И", "ЖӘНЕ"])
def test_and_has_three_names(name: str) -> None:
    assert parse(f"а {name} б").tree == All((Word("а"), Word("б")))


@pytest.mark.parametrize("name", ["OR", "ИЛИ", "НЕМЕСЕ"])
def test_or_has_three_names_and_binds_less(name: str) -> None:
    assert parse(f"а б {name} в").tree == Any((All((Word("а"), Word("б"))), Word("в")))


@pytest.mark.parametrize("name", ["NOT", "НЕ", "ЕМЕС"])
def test_not_has_three_names(name: str) -> None:
    assert parse(f"а {name} б").tree == All((Word("а"),), (Word("б"),))


def test_small_operators_are_words() -> None:
    assert parse("а и б").tree == All((Word("а"), Word("и"), Word("б")))


def test_brackets_group() -> None:
    tree = parse("а (б OR в)").tree
    assert tree == All((Word("а"), Any((Word("б"), Word("в")))))


@pytest.mark.parametrize("text", ['"алтын бесік"', "«алтын бесік»", "алтын-бесік", '"алтын бесік'])
def test_quotes_and_hyphens_make_a_phrase(text: str) -> None:
    assert parse(text).tree == Phrase(("алтын", "бесік"))


@pytest.mark.parametrize("name", ["автор", "авторы", "author", "АВТОР"])
def test_fields_have_names_in_three_languages(name: str) -> None:
    assert parse(f"{name}:Бектұров").tree == Word("Бектұров", "author")
    assert parse(f"{name}: Бектұров").tree == Word("Бектұров", "author")
    assert parse(f'{name}:"Жайық Бектұров"').tree == Phrase(("Жайық", "Бектұров"), "author")


def test_years_are_one_or_a_range() -> None:
    assert parse("год:1954").tree == Years(1954, 1954)
    assert parse("жылы:1945-1941").tree == Years(1941, 1945)
    assert notices(parse("year:давно")) == ["query.year"]


def test_an_unknown_field_is_words() -> None:
    assert parse("тел:77").tree == Phrase(("тел", "77"))


def test_a_prefix_needs_three_letters() -> None:
    assert parse("қар*").tree == Word("қар", prefix=True)
    short = parse("қа*")
    assert (short.tree, notices(short)) == (Word("қа"), ["query.short-prefix"])


@pytest.mark.parametrize("text", ["*анда", "кар*анда", "*"])
def test_a_star_elsewhere_is_ignored_and_says_so(text: str) -> None:
    assert notices(parse(text)) == ["query.wildcard"]


@pytest.mark.parametrize("text", ["AND а", "а AND", "а OR", "OR а", "а НЕ"])
def test_an_operator_without_a_word_is_ignored_and_says_so(text: str) -> None:
    query = parse(text)
    assert query.tree == Word("а")
    assert notices(query) == ["query.operator"]


def test_negations_alone_find_nothing_and_say_so() -> None:
    assert parse("НЕ а") == Query(None, parse("НЕ а").notices)
    assert notices(parse("НЕ а НЕ б")) == ["query.only-not"]
    assert parse("НЕ НЕ а").tree == Word("а")
    assert parse("а (НЕ б)").tree == All((Word("а"),), (Word("б"),))


def test_an_empty_query_says_so() -> None:
    assert notices(parse("  ")) == ["query.empty"]


def test_limits_are_kept_and_said() -> None:
    assert notices(parse("а" * 300)) == ["query.too-long"]
    many = parse(" ".join("абвгдежзиклмнопрстуф"))
    assert isinstance(many.tree, All)
    assert len(many.tree.nodes) == 16
    assert notices(many) == ["query.too-many"]
    assert "query.too-deep" in notices(parse("(((((а)))))"))
    assert notices(parse("((((а))))")) == []
