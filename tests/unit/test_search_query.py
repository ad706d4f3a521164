import pytest

from search.query.parse import parse
from search.query.tree import (
    All,
    Any,
    Dates,
    Fuzzy,
    Node,
    Pattern,
    Phrase,
    Query,
    Span,
    Value,
    Word,
)


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


@pytest.mark.parametrize("text", ['"алтын бесік"', "«алтын бесік»", '"алтын бесік'])
def test_quotes_make_a_phrase_that_means_itself(text: str) -> None:
    assert parse(text).tree == Phrase(("алтын", "бесік"), quoted=True)
    assert parse('"бесік"').tree == Word("бесік", quoted=True)


def test_a_hyphen_makes_a_phrase() -> None:
    assert parse("алтын-бесік").tree == Phrase(("алтын", "бесік"))


@pytest.mark.parametrize(
    "name", ["автор", "авторы", "author", "АВТОР", "Авторлары", "тұлға", "тулга"]
)
def test_fields_have_names_in_three_languages(name: str) -> None:
    assert parse(f"{name}:Бектұров").tree == Word("Бектұров", "author")
    assert parse(f"{name}: Бектұров").tree == Word("Бектұров", "author")
    phrase = Phrase(("Жайық", "Бектұров"), "author", quoted=True)
    assert parse(f'{name}:"Жайық Бектұров"').tree == phrase


def test_a_field_before_a_bracket_is_that_of_all_in_it() -> None:
    tree = parse("автор:(Сейфуллин OR Майлин) тіл:(қаз OR рус)").tree
    names = Any((Word("Сейфуллин", "author"), Word("Майлин", "author")))
    languages = Any((Value("language", ("kaz",)), Value("language", ("rus",))))
    assert tree == All((names, languages))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("год:1954", "1954", "1954"),
        ("жылы:1945-1941", "1941", "1945"),
        ("год:1941–45", "1941", "1945"),
        ("year:1941-", "1941", ""),
        ("год: -1945", "", "1945"),
        ("год:1930-е", "1930", "1939"),
        ("дата:1954-03-12", "1954-03-12", "1954-03-12"),
        ("күні:12.03.1954", "1954-03-12", "1954-03-12"),
        ("куни:3.1954", "1954-03", "1954-03"),
        ("date:1954-03..1954-05", "1954-03", "1954-05"),
        ("date:1954-12-1955-01", "1954-12", "1955-01"),
        ("дата:..1954-05", "", "1954-05"),
    ],
)
def test_dates_are_years_months_days_and_ranges(text: str, first: str, last: str) -> None:
    assert parse(text) == Query(Dates(first, last), ())


@pytest.mark.parametrize(
    "text", ["year:давно", "дата:30.02.1954", "год:1954-13-01", "год:..", "год:0000"]
)
def test_a_date_that_is_none_says_so(text: str) -> None:
    assert notices(parse(text)) == ["query.date"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("язык:казахский", Value("language", ("kaz",))),
        ("тілі:ағылшын", Value("language", ("eng",))),
        ("lang:uzb", Value("language", ("uzb",))),
        ("вид:карта", Value("form", ("map",))),
        ("түрі:газет", Value("form", ("newspaper_issue", "newspaper_article"))),
        ("kind:page", Value("kind", ("page",))),
        ("каталог:Краевед", Value("catalogue", ("local_history",))),
        ("удк:94(574.31)", Value("udc", ("94(574.31)",))),
        ("әож:(574)«1941/1945»", Value("udc", ('(574)"1941/1945',))),
        ("isbn:978-601-7472-04-2", Value("number", ("9786017472042",))),
        ("isbn:0-306-40615-2", Value("number", ("9780306406157",))),
        ("документ:B3K9XYZ0", Value("document", ("b3k9xyz0",))),
    ],
)
def test_values_are_those_of_the_index(text: str, value: Value) -> None:
    assert parse(text) == Query(value, ())


def test_a_value_that_is_not_known_says_which_are() -> None:
    query = parse("язык:марсианский")
    assert query.tree == Value("language", ("марсианский",))
    assert query.notices[0].facts["known"] == ("kaz", "rus", "eng", "und")


def test_a_number_alone_is_a_word() -> None:
    assert parse("№ 5").tree == Word("5")
    assert parse("94").tree == Word("94")


@pytest.mark.parametrize(
    ("query", "place", "tree"),
    [
        ("книга:шахта", (0, 6), All((Word("книга"), Word("шахта")))),
        ("уголь книга:а", (6, 12), All((Word("уголь"), All((Word("книга"), Word("а")))))),
        ('книга:"қара тас"', (0, 6), All((Word("книга"), Phrase(("қара", "тас"), quoted=True)))),
        ("книга:автор:Петров", (0, 6), All((Word("книга"), Word("Петров", "author")))),
        ("уголь -книга:а", (7, 13), All((Word("уголь"),), (All((Word("книга"), Word("а"))),))),
        ("книга:И", (0, 6), Word("книга")),
    ],
)
def test_a_field_that_does_not_exist_is_pointed_at_and_the_words_searched(
    query: str, place: Span, tree: Node
) -> None:
    read = parse(query)
    told = next(one for one in read.notices if one.key == "query.no-field")
    assert (told.span, told.facts) == (place, {"name": "книга"})
    assert read.tree == tree


@pytest.mark.parametrize("query", ["Қала: тарих", "http://a.kz/ө", "12:30", "книга:", "(б:)"])
def test_a_colon_for_other_ends_is_no_field(query: str) -> None:
    assert "query.no-field" not in notices(parse(query))


def test_a_star_needs_three_letters_before_it() -> None:
    assert parse("қар*").tree == Pattern("қар*")
    assert parse("автор:бек*ов*").tree == Pattern("бек*ов*", "author")
    short = parse("қа*")
    assert (short.tree, notices(short)) == (Word("қа"), ["query.short-prefix"])


def test_a_question_mark_stands_for_one_letter_but_not_at_the_end() -> None:
    assert parse("к?ран").tree == Pattern("к?ран")
    assert parse("Карлаг?").tree == Word("Карлаг")
    assert notices(parse("к?а")) == ["query.short-prefix"]


@pytest.mark.parametrize("text", ["*анда", "*", "?аран", '"қар* сөз"'])
def test_a_wildcard_elsewhere_is_ignored_and_says_so(text: str) -> None:
    assert notices(parse(text)) == ["query.wildcard"]


def test_a_tilde_makes_a_word_fuzzy() -> None:
    assert parse("шахта~").tree == Fuzzy("шахта", 1)
    assert parse("шахта~2").tree == Fuzzy("шахта", 2)
    assert parse("шахта~7") == Query(Fuzzy("шахта", 2), parse("шахта~7").notices)
    assert notices(parse("шахта~7")) == ["query.fuzzy-far"]


@pytest.mark.parametrize(
    ("text", "tree"), [("кен~", Word("кен")), ('"а б"~3', Phrase(("а", "б"), quoted=True))]
)
def test_a_tilde_elsewhere_is_ignored_and_says_so(text: str, tree: Node) -> None:
    assert parse(text).tree == tree
    assert notices(parse(text)) == ["query.fuzzy"]


def test_a_minus_before_a_word_excludes_it() -> None:
    assert parse("а -б").tree == All((Word("а"),), (Word("б"),))
    assert parse('-"б в" а').tree == All((Word("а"),), (Phrase(("б", "в"), quoted=True),))
    assert parse("а - б").tree == All((Word("а"), Word("б")))
    assert parse("1941 -1945").tree == All((Word("1941"), Word("1945")))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("қала *тарих", "*тарих"),
        ("қала (тарих", "("),
        ("қала) тарих", ")"),
        ("қала тарих OR", "OR"),
        ("қала НЕ", "НЕ"),
        ("НЕ қала", "НЕ қала"),
        ("қала год:давно", "давно"),
        ("қала автор:", "автор:"),
        ('қала год:"', ""),
        ("қала кен~2", "кен~2"),
    ],
)
def test_a_notice_names_its_place(text: str, place: str) -> None:
    (notice,) = parse(text).notices
    assert text[slice(*notice.span)] == place


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
