import unicodedata
from collections import Counter
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from language.fold import fold
from language.lookalikes import repair
from language.spelling import today
from search.analysis import line_keys, line_tokens, query_keys, text_keys, tokens
from search.engine.memory import MemoryEngine
from search.engine.wanted import NOTHING
from search.query.parse import parse
from search.query.plan import Planner
from search.query.tree import DEEPEST, MOST_TERMS, All, Any, Node, Phrase
from search.results.highlight import snippet
from search.results.marks import Marker
from search.schema import Entry, analyse

unhurried = settings(deadline=None)
PIECES = ["(", ")", '"', "«", "»", "AND", "ИЛИ", "НЕ", "ЕМЕС", "*", "ка*", "карл*", "a:b", "год:"]
PIECES += ["year:1941-1945", "автор:", "title:x", "шахта", "қала", "ь", "-", "94(574)", "²"]
PIECES += ["кар*нда", "к?ран", "*", "а~", "шахта~2", "~", "год:1941-", "дата:1.1954", "тіл:қаз"]
PIECES += ["удк:94(574)", "вид:(", "-", "-шахта", "автор:(", "isbn:", "?", "күні: ..", "٣"]
queries = st.text() | st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)
LETTERS = "аәбеиіїйкқмнңоөрстуұүхһъыьэяАЕІКМНОРСТХЪѣѳѵӀ"
MIXED = LETTERS + "acehikopxyABCIVXQğqʙƣəىا0123'’\u0301\u00ad_ \n-.²"
printed = st.text(alphabet=MIXED)
lines_of_print = st.text(alphabet=MIXED.replace("\n", ""))
kazakh = st.sampled_from(["kaz", "rus", "eng", "und"])


def children(node: Node) -> tuple[Node, ...]:
    if isinstance(node, All):
        return node.nodes + node.without
    return node.nodes if isinstance(node, Any) else ()


def leaves(node: Node) -> list[Node]:
    inner = children(node)
    return [leaf for child in inner for leaf in leaves(child)] if inner else [node]


def depth(node: Node) -> int:
    return 1 + max(map(depth, children(node)), default=0)


def _holding(text: str) -> MemoryEngine:
    engine = MemoryEngine()
    engine.replace(analyse(Entry("k", "page", "d", "p0001", "", "", text=text)))
    engine.commit()
    return engine


@unhurried
@given(queries)
def test_any_string_is_a_query_within_the_limits(text: str) -> None:
    query = parse(text)
    assert query.tree is not None or query.notices
    if query.tree is not None:
        Planner(MemoryEngine()).plan(query.tree)
        found = leaves(query.tree)
        assert sum(len(one.words) if isinstance(one, Phrase) else 1 for one in found) <= MOST_TERMS
        assert depth(query.tree) <= 4 * (DEEPEST + 1)


@unhurried
@given(st.integers(0, 3000), st.sampled_from(["(", "НЕ ", '"', "a OR ", "*", "a:", "(НЕ "]))
def test_a_hostile_query_is_cut_short(times: int, piece: str) -> None:
    assert parse(piece * times).notices or times < 300


@unhurried
@given(st.text(), kazakh)
def test_tokens_name_their_place_and_keys_hold_no_blank(text: str, language: str) -> None:
    for token in tokens(text, language):
        assert text[token.start : token.end] == token.text
        assert token.key
        assert token.exact
        assert not (set(token.key + token.exact) & set(" \n\t"))


@unhurried
@given(st.text(), st.lists(kazakh, max_size=3))
def test_tokens_of_a_page_name_their_place_in_the_page(text: str, languages: list[str]) -> None:
    found = list(line_tokens(text, languages))
    assert all(text[token.start : token.end] == token.text for token in found)
    assert all(one.end <= two.start for one, two in pairwise(found))


@unhurried
@given(st.text() | printed, st.lists(kazakh, max_size=3))
def test_the_quick_way_to_keys_gives_those_of_the_tokens(text: str, languages: list[str]) -> None:
    found, quick = list(line_tokens(text, languages)), line_keys(text, languages)
    assert quick.keys == tuple(token.key for token in found)
    assert quick.exact == tuple(token.exact for token in found)
    one = text_keys(text, "kaz")
    assert list(zip(one.exact, one.keys, strict=True)) == [
        (token.exact, token.key) for token in tokens(text, "kaz")
    ]


@unhurried
@given(st.lists(lines_of_print, max_size=6), st.lists(kazakh, max_size=6))
def test_a_line_has_the_keys_that_it_has_alone(lines: list[str], languages: list[str]) -> None:
    codes = [*languages, *["und"] * len(lines)]
    alone = [text_keys(line, code).keys for line, code in zip(lines, codes, strict=False)]
    assert line_keys("\n".join(lines), languages).keys == sum(alone, ())


@unhurried
@given(st.text(alphabet=LETTERS, min_size=1, max_size=9), kazakh)
def test_no_short_cut_changes_the_form_of_a_word(word: str, language: str) -> None:
    for token in tokens(word, language):
        assert token.exact == fold(today(repair(unicodedata.normalize("NFC", token.text))))


@unhurried
@given(st.text(alphabet="абвқғңөұүһәіkq'yı", min_size=1, max_size=12), kazakh)
def test_a_word_of_the_text_is_found_by_itself(word: str, language: str) -> None:
    for token in tokens(word, language):
        assert token.key in query_keys(token.text)


@unhurried
@given(st.text(), queries, st.integers(20, 200))
def test_marks_lie_within_the_snippet(text: str, query: str, width: int) -> None:
    tree = parse(query).tree
    asked = Planner(_holding(text)).plan(tree) if tree is not None else NOTHING
    marks = Marker(asked).marks(tuple(line_tokens(text, ())))
    piece = snippet(text, marks, width=width)
    assert len(piece.text) <= width + 5
    assert "\n" not in piece.text
    assert all(0 <= start < end <= len(piece.text) for start, end in piece.marks)
    lit = [piece.text[start:end] for start, end in piece.marks]
    assert not Counter(lit) - Counter(text[mark.start : mark.end] for mark in marks)
