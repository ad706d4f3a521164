"""Whatever is typed, planning stays within its limits, and an alphabet makes no difference."""

import datetime
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from language.fold import fold
from search.engine.wanted import Either, Every, Keys, Row, Wanted
from search.query.dates import dates_within, read_dates
from search.query.expand import MOST_EXPANSIONS
from search.query.explain import explain_query
from search.query.parse import parse
from search.query.plan import MOST_DOUBTED, Planner
from search.query.refer import MOST_ALIASES
from search.query.tree import MOST_TERMS
from tests.unit.search_vocabulary import Words

unhurried = settings(deadline=None)
PIECES = ["(", ")", '"', "«", "OR", "ИЛИ", "НЕ", "-", "*", "~", "?", "-(", "автор:", "год:", "удк:"]
PIECES += ["карл*", "кар*н*а", "к?р??", "шахта~2", "Астана", "Алматы", "Карметкомбинат", "Роза"]
PIECES += [
    "Багланова",
    "год:1900-",
    "дата:..1954",
    "удк:9",
    "вид:статья",
    "тіл:x",
    "мемлекет",
    "мемлемет",
    "каркас",
]
typed = st.text() | st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join)
LETTERS = "абвгдежзиклмнопрстуфхцчшщыюя"
VOCABULARY = {
    "exact": [f"кар{a}{b}{c}" for a in LETTERS for b in LETTERS for c in "анд"]
    + [f"шах{a}{b}" for a in LETTERS for b in LETTERS],
    "text": [f"мемле{a}ет" for a in LETTERS] + [f"кар{a}{b}" for a in LETTERS for b in LETTERS],
    "date": [str(year) for year in range(1900, 2000)] + [f"1954-{n:02}" for n in range(1, 13)],
    "udc": [f"9{n}" for n in range(1000)],
}


def leaves(wanted: Wanted) -> Iterator[Keys | Row]:
    match wanted:
        case Every(plans, without):
            for one in (*plans, *without):
                yield from leaves(one)
        case Either(plans):
            for one in plans:
                yield from leaves(one)
        case _:
            yield wanted


@unhurried
@given(typed, st.booleans())
def test_expansions_of_any_query_stay_within_their_limit(text: str, widened: bool) -> None:
    told = explain_query(text, Words(**VOCABULARY), widened=widened)
    names = [e for e in told.expansions if e.kind in ("name", "former")]
    held = [e for e in told.expansions if e.kind not in ("name", "former")]
    assert sum(len(one.to) for one in names) <= MOST_ALIASES
    assert sum(len(one.to) for one in held) <= MOST_EXPANSIONS
    assert sum(one.kind == "ocr" for one in held) <= MOST_DOUBTED
    assert len(told.understood) <= 4 * MOST_TERMS  # a kind of publication may be several values
    spans = [one.span for one in told.notices] + [one.span for one in told.expansions]
    for start, end in (*spans, *(one.span for one in told.understood)):
        assert 0 <= start <= end <= len(text)


@unhurried
@given(typed)
def test_the_work_of_any_query_is_bounded_by_its_words(text: str) -> None:
    vocabulary = Words(**VOCABULARY)
    size = sum(map(len, VOCABULARY.values()))
    explain_query(text, vocabulary, widened=True)
    assert vocabulary.asked <= 8 * MOST_TERMS * size


@unhurried
@given(typed)
def test_a_query_means_the_same_every_time(text: str) -> None:
    first, second = (explain_query(text, Words(**VOCABULARY), widened=True) for _ in "12")
    assert first == second


KAZAKH = ["Қарағанды", "қарағандыда", "өскемен", "Жезқазған", "кітапханасы", "тәуелсіздік", "һәм"]
KAZAKH += ["мемлекеттің", "ұлттың", "үкіметі", "Ақмола", "Қарағанды облысы", "Мүсірепов"]


@unhurried
@given(st.lists(st.sampled_from(KAZAKH), min_size=1, max_size=3).map(" ".join))
def test_a_query_typed_without_kazakh_letters_asks_for_all_that_it_asks_with_them(
    text: str,
) -> None:
    plain = text.translate(str.maketrans("ӘәҒғҚқҢңӨөҰұҮүІіҺһ", "АаГгКкНнОоУуУуИиХх"))
    with_letters, without = (keys(one) for one in (text, plain))
    assert with_letters <= without


def keys(text: str) -> set[tuple[str, str]]:
    tree = parse(text).tree
    assert tree is not None
    wanted = Planner(Words()).plan(tree)
    found = [(one.field, one.keys) for one in leaves(wanted) if isinstance(one, Keys)]
    rows = [("text", key) for one in leaves(wanted) if isinstance(one, Row) for key in one.words]
    return {(field, key) for field, several in (*found, *rows) for key in several}


@unhurried
@given(
    st.text(alphabet="қарағандыбйё", min_size=3, max_size=8), st.text(alphabet="аәыі", max_size=3)
)
def test_a_pattern_finds_a_word_that_is_written_so(start: str, end: str) -> None:
    word = f"{start}нд{end}"
    vocabulary = Words(exact=[fold(word)])
    tree = parse(f"{start}*{end or '*'}").tree
    assert tree is not None
    wanted = Planner(vocabulary).plan(tree)
    asked = {key for one in leaves(wanted) if isinstance(one, Keys) for key in one.keys}
    assert fold(word) in asked or len(fold(start)) < 3


days = st.dates(min_value=datetime.date(1899, 1, 1)).map(str)
partial = st.builds(lambda day, length: day[:length], days, st.sampled_from([4, 7, 10]))


@unhurried
@given(st.lists(partial, max_size=12), partial | st.just(""), partial | st.just(""))
def test_dates_in_a_range_are_those_whose_days_all_lie_in_it(
    held: list[str], first: str, last: str
) -> None:
    if not (first or last):
        return
    range_ = read_dates(f"{first}..{last}")
    assert range_ is not None
    every = sorted({date[:length] for date in held for length in (4, 7, 10) if len(date) >= length})
    kept = dates_within(every, *range_)
    begin = (range_[0] + "-01-01"[max(0, len(range_[0]) - 4) :]) if range_[0] else ""
    end = (range_[1] + "-12-99"[max(0, len(range_[1]) - 4) :]) if range_[1] else "9999-99"
    for date in held:
        low = date + "-01-01"[len(date) - 4 :] if len(date) < 10 else date
        high = date + "-12-31"[len(date) - 4 :] if len(date) < 10 else date
        lies = begin <= low and high <= end
        assert lies == any(date == one or date.startswith(f"{one}-") for one in kept)
