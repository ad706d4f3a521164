from collections.abc import Iterator

import pytest

from search.engine.wanted import Either, Every, Keys, Wanted
from search.query.expand import MOST_EXPANSIONS, Expansion
from search.query.parse import parse
from search.query.plan import MOST_DOUBTED, RARE, Planner
from search.schema import BY_NAME
from tests.unit.search_vocabulary import Words, forms


def planned(query: str, vocabulary: Words) -> tuple[Wanted, Planner]:
    tree = parse(query).tree
    assert tree is not None
    planner = Planner(vocabulary)
    return planner.plan(tree), planner


def leaves(wanted: Wanted) -> Iterator[Keys]:
    if isinstance(wanted, Every):
        for one in (*wanted.plans, *wanted.without):
            yield from leaves(one)
    elif isinstance(wanted, Either):
        for one in wanted.plans:
            yield from leaves(one)
    elif isinstance(wanted, Keys):
        yield wanted


def forms_of(query: str, vocabulary: Words) -> set[str]:
    wanted, _ = planned(query, vocabulary)
    return {key for leaf in leaves(wanted) if leaf.field == "exact" for key in leaf.keys}


TOWN = forms("Қарағанды Караганда карагандинский караван қыран кіран карта")


@pytest.mark.parametrize("query", ["караг*", "Қараг*", "Qarag*", "Karag*"])
def test_a_prefix_finds_what_begins_so_in_any_alphabet(query: str) -> None:
    assert forms_of(query, TOWN) == {"караганды", "караганда", "карагандинскии"}


def test_a_star_within_stands_for_any_letters() -> None:
    assert forms_of("қар*нды", TOWN) == {"караганды"}
    assert forms_of("кар*нд*", TOWN) == {"караганды", "караганда", "карагандинскии"}
    assert forms_of("кар*", TOWN) == {
        "караганды",
        "караганда",
        "карагандинскии",
        "караван",
        "карта",
    }


def test_a_question_mark_stands_for_one_letter() -> None:
    assert forms_of("к?ран", TOWN) == {"кыран", "киран"}
    assert forms_of("караганд?", TOWN) == set()


def test_a_pattern_of_many_stars_costs_no_more_than_the_words_it_is_compared_with() -> None:
    long = Words(exact=["а" * 64 + "б"])
    assert forms_of("ааа" + "*а" * 60 + "*в", long) == set()


def test_a_fuzzy_word_finds_words_near_it_that_begin_alike() -> None:
    words = forms("шахта шахты шахтер вахта шапка шахматы")
    near, far = planned("шахта~", words), planned("шахта~2", words)
    assert near[1].expansions[0].to == ("шахты",)
    assert set(far[1].expansions[0].to) == {"шахты", "шахтер", "шапка"}
    assert far[1].expansions[0].kind == "fuzzy"


def test_of_near_words_those_come_first_that_recognition_confuses() -> None:
    words = Words(exact={"караган": 9, "карагаш": 5, "карагап": 1, "карагас": 6})
    assert planned("караган~", words)[1].expansions[0].to == ("карагап", "карагас", "карагаш")


def test_expansions_of_a_query_share_one_limit() -> None:
    many = Words(exact=[f"бол{n:04}" for n in range(1000)])
    one, _ = planned("бол*", many)
    assert sum(len(leaf.keys) for leaf in leaves(one)) == MOST_EXPANSIONS
    three, planner = planned("бол* OR болат~ OR (бол0* -бол00*)", many)
    exact = [leaf for leaf in leaves(three) if leaf.field == "exact"]
    assert sum(len(leaf.keys) for leaf in exact) <= MOST_EXPANSIONS
    (notice,) = planner.notices
    assert (notice.key, notice.span) == ("query.expansion-cut", (0, 4))


def test_the_most_frequent_words_are_kept() -> None:
    many = Words(exact={f"бол{n:04}": n + 1 for n in range(1000)})
    wanted, _ = planned("бол*", many)
    assert next(leaves(wanted)).keys[:2] == ("бол0999", "бол0998")


def test_a_pattern_in_a_field_of_stems_finds_the_forms_that_are_written() -> None:
    held = Words(title=["шахтер", "шахт"], exact=["шахтеры", "шахтерлар", "шахта"])
    wanted, _ = planned("название:шахтёры*", held)
    assert wanted == Keys("title", ("шахтер",))


def test_a_range_of_dates_is_whole_years_where_they_lie_in_it() -> None:
    held = Words(
        date=["1953", "1954", "1954-02", "1954-03", "1954-03-12", "1954-04-01", "1955", "19--", "x"]
    )
    assert planned("год:1954-", held)[0] == Keys("date", ("1954", "1955"))
    assert planned("дата:1954-03..1955", held)[0] == Keys("date", ("1954-03", "1954-04-01", "1955"))
    assert planned("дата:1954-03-12", held)[0] == Keys("date", ("1954-03-12",))
    assert planned("год:..1954", held)[0] == Keys("date", ("1953", "1954"))


def test_a_class_holds_what_lies_under_it() -> None:
    held = Words(udc=["9", "93", "94", "94(574)", "94(574.31)", "94(470)"])
    assert planned("удк:94(574)", held)[0] == Keys("udc", ("94(574)", "94(574.31)"))
    assert planned("ӘОЖ:94", held)[0] == Keys("udc", ("94", "94(470)", "94(574)", "94(574.31)"))


def widened(query: str, vocabulary: Words) -> tuple[Wanted, Planner]:
    tree = parse(query).tree
    assert tree is not None
    planner = Planner(vocabulary)
    return planner.widen(tree), planner


@pytest.mark.parametrize(
    ("query", "held", "found"),
    [
        ("Қарағанды", "карагапды", "карагапды"),  # the page holds the misread word
        ("мемлекет", "иемлекет", "иемлекет"),
        ("ұииалқыр", "ушалкыр", "ушалкыр"),  # the query is misread, two letters for one
        ("оркёстр", "оркектр", "оркектр"),  # no known slip: a letter away
        ("убакиров", "аубакиров", "аубакиров"),  # the first letter is lost
        ("толдықорған", "талдыкорган", "талдыкорган"),  # its end is no ending there
        ("үчреждение", "учрежден", "учрежден"),  # a Russian word with a letter that is not
    ],
)
def test_widened_a_rare_word_is_looked_for_as_it_may_be_misread(
    query: str, held: str, found: str
) -> None:
    _, planner = widened(query, Words(text=[held], exact=[held]))
    assert [(one.kind, one.to) for one in planner.expansions if one.kind == "ocr"] == [
        ("ocr", (found,))
    ]


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("канал", {"канал": 4, "жана": 6, "канат": 2}, ()),  # a real word that stands in texts
        ("баурсак", {"баурсак": 4, "бару": 30, "бауырсак": 70}, ()),  # not yet far more frequent
        ("баурсак", {"баурсак": 1, "бауырсак": 20}, ("бауырсак",)),
        ("канал", {"канал": 4, "капал": 1, "камал": 1}, ("капал",)),  # likely misread, and rarer
        ("канал", {"канал": 1, "капал": 2}, ()),
    ],
)
def test_a_word_that_texts_have_is_doubted_for_good_reason_only(
    query: str, text: dict[str, int], found: tuple[str, ...]
) -> None:
    _, planner = widened(query, Words(text=text, exact=text))
    assert tuple(word for one in planner.expansions for word in one.to) == found


def test_a_query_that_finds_nothing_is_widened_boldly_where_that_helps() -> None:
    vocabulary = Words(text={"канал": 4, "жанал": 6}, exact={"канал": 4, "жанал": 6})
    tree = parse("канал").tree
    assert tree is not None
    planner = Planner(vocabulary)
    planner.widen(tree, boldly=True)
    assert [one.to for one in planner.expansions] == [("жанал",)]
    planner.widen(tree)
    assert not planner.expansions


def test_widening_adds_and_takes_nothing_away() -> None:
    vocabulary = Words(text=["карагапды"], exact=["карагапды"])
    plain, _ = planned("Қарағанды тарихы", vocabulary)
    wide, _ = widened("Қарағанды тарихы", vocabulary)
    assert set(leaves(plain)) < set(leaves(wide))


@pytest.mark.parametrize(
    "query", ["тау", '"мемлекет"', "шахта -мемлекет", "мемлекет*", "год:1954", "автор:мемлекет"]
)
def test_widening_leaves_alone_what_is_short_quoted_excluded_or_elsewhere(query: str) -> None:
    vocabulary = Words(text=["иемлекет", "таи"], exact=["иемлекет", "таи"], date=["1954"])
    assert widened(query, vocabulary)[0] == planned(query, vocabulary)[0]


def test_six_words_of_a_query_are_doubted_and_no_more() -> None:
    typed = [f"мемлек{letter}т" for letter in "абвгджзи"]
    vocabulary = Words(text=["мемлекет"], exact=["мемлекет"])
    _, planner = widened(" ".join(typed), vocabulary)
    assert [one.typed for one in planner.expansions] == typed[:MOST_DOUBTED]


def test_a_frequent_word_is_not_doubted() -> None:
    vocabulary = Words(text={"иемлекет": 1, "мемлекет": RARE}, exact=["иемлекет"])
    assert widened("мемлекет", vocabulary)[0] == planned("мемлекет", vocabulary)[0]


def test_expansions_tell_of_the_last_plan() -> None:
    tree = parse("мемлекет").tree
    assert tree is not None
    planner = Planner(Words(text=["иемлекет"], exact=["иемлекет"]))
    planner.widen(tree)
    assert planner.expansions == (Expansion("ocr", "мемлекет", ("иемлекет",), (0, 8)),)
    planner.plan(tree)
    assert not planner.expansions


def test_a_name_that_is_a_common_word_is_asked_for_as_it_is_written() -> None:
    assert forms_of("Алма-Ата", Words()) == {"верныи"}
    assert {"гурев", "гурева", "гуреве"} < forms_of("Атырау", Words())
    in_titles, planner = planned("заглавие:Алма-Ата", Words())
    assert all(leaf.field == "title" for leaf in leaves(in_titles))
    assert "Верный" not in [name for one in planner.expansions for name in one.to]


def test_other_names_are_told_and_can_be_left_out() -> None:
    tree = parse("Алматы тарихы").tree
    assert tree is not None
    planner = Planner(Words())
    planner.plan(tree)
    assert planner.expansions == (
        Expansion("name", "Алматы", ("Алма-Ата",), (0, 6)),
        Expansion("former", "Алматы", ("Верный",), (0, 6)),
    )
    literal = Planner(Words(), authorities=False)
    assert set(leaves(literal.plan(tree))) < set(leaves(planner.plan(tree)))
    assert literal.expansions == ()


def test_other_names_count_less_than_what_was_typed() -> None:
    wanted, _ = planned("Теміртау", Words())
    own, *others = leaves(wanted)
    assert own.weight == 1
    counts = {one.weight * BY_NAME[one.field].weight for one in others}
    assert {round(count, 6) for count in counts} == {0.8, 0.6}


@pytest.mark.parametrize("query", ["шахта", "94", "№ 5", "1941", "а", "Қ"])
def test_a_few_letters_or_a_number_alone_are_asked_for(query: str) -> None:
    wanted, _ = planned(query, Words())
    assert isinstance(wanted, Keys)
    assert wanted.keys
