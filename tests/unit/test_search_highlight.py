"""Snippets and marks in texts, from what the engine was really asked."""

from search.analysis import line_tokens
from search.engine.memory import MemoryEngine
from search.engine.wanted import NOTHING, Either, Keys, Row, Wanted
from search.query.parse import parse
from search.query.plan import Planner
from search.results.highlight import Snippet, described_tokens, elements, snippet
from search.results.marks import Mark, Marker
from search.schema import Entry, analyse
from tests.unit.search_library import described

TEXT = (
    "Бүгін қалада жиналыс өтті. Оған көп адам келді.\n"
    "Шахтерлердің балалары жаңа мектепте оқиды,\n"
    "мектептің директоры сөз сөйледі. Кеш соңында ән айтылды."
)
LANGUAGES = ("kaz",) * 3


def asked(query: str, text: str = TEXT) -> Wanted:
    engine = MemoryEngine()
    page = Entry("k", "page", "d", "p0001", "", "", text=text, line_languages=LANGUAGES)
    engine.replace(analyse(page))
    engine.commit()
    tree = parse(query).tree
    return Planner(engine).plan(tree) if tree is not None else NOTHING


def marks(wanted: Wanted, text: str = TEXT) -> list[Mark]:
    return Marker(wanted).marks(tuple(line_tokens(text, LANGUAGES)))


def piece(query: str, width: int = 160) -> Snippet:
    return snippet(TEXT, marks(asked(query)), width)


def marked(query: str, width: int = 300) -> list[str]:
    found = piece(query, width)
    return [found.text[start:end] for start, end in found.marks]


def test_inflected_words_are_marked_and_stand_in_the_piece() -> None:
    assert marked("мектеп бала", 60) == ["балалары", "мектепте", "мектептің"]


def test_a_prefix_and_another_spelling_are_marked() -> None:
    assert marked("дирек*") == ["директоры"]
    assert marked("mektep") == ["мектепте", "мектептің"]


def test_what_is_excluded_or_of_another_field_is_not_marked() -> None:
    assert marked("мектеп НЕ кеш автор:директор") == ["мектепте", "мектептің"]


def test_of_a_phrase_only_the_words_in_the_row_are_marked() -> None:
    assert marked('"жаңа мектеп"') == ["жаңа", "мектепте"]
    assert marked('"жаңа директор"') == []


def test_little_words_are_marked_only_beside_others() -> None:
    text = "терриконы и шахты и люди и дома"
    both = Either((Keys("text", ("террикон",)), Keys("exact", ("и",))))
    assert [mark.start for mark in marks(both, text)] == [0, 10]
    assert len(marks(Keys("exact", ("и",)), text)) == 3


def test_expansions_are_marked_and_weigh_what_they_were_asked_with() -> None:
    other = Row("text", (("жина",), ("отт",)), weight=0.5)
    found = marks(Either((Keys("exact", ("адам",)), other, Keys("exact", ("кеш",), weight=0.2))))
    assert [(TEXT[m.start : m.end], m.weight) for m in found] == [("адам", 1.0), ("Кеш", 0.2)]


def test_the_piece_holds_the_heaviest_words() -> None:
    far = "маңызды " + "сөз " * 60 + "жеңіл жеңіл"
    wanted = Either((Keys("exact", ("манызды",)), Keys("exact", ("женил",), weight=0.3)))
    assert snippet(far, marks(wanted, far), 40).text.startswith("маңызды")


def test_words_far_apart_are_shown_in_two_pieces() -> None:
    text = "шахта туралы " + "сөз " * 100 + "жаңа мектеп салынды"
    wanted = Either((Keys("text", ("шахта",)), Keys("text", ("мектеп",))))
    found = snippet(text, marks(wanted, text), 80)
    assert [found.text[a:b] for a, b in found.marks] == ["шахта", "мектеп"]
    assert found.text.count(" … ") == 1
    assert len(found.text) <= 83


def test_without_a_match_the_text_begins_the_piece() -> None:
    found = piece("жоқсөз", 40)
    assert found.marks == ()
    assert found.text.startswith("Бүгін қалада")
    assert found.text.endswith("…")


def test_the_piece_is_one_line_cut_between_words() -> None:
    found = piece("мектеп", 50)
    assert "\n" not in found.text
    assert set(found.text.strip("…").split()) <= set(TEXT.split())


def test_a_word_longer_than_the_piece_gives_a_piece_without_it() -> None:
    long = "а" * 300
    found = snippet(long, [Mark(0, 300, 0, 1.0)], 50)
    assert found.text == "а" * 50 + "…"
    assert found.marks == ()


def test_a_short_text_is_shown_whole() -> None:
    assert snippet("Жаңа мектеп", [], 160).text == "Жаңа мектеп"


def test_a_record_shows_the_elements_that_answer() -> None:
    record = Entry(
        *("record/r", "record", "", "", "r", "Абай жолы"),
        names=("Әуезов, М. О.", "Бағланова, Р."),
        subjects=("Қарағанды облысы",),
        notes=("Абай туралы роман",),
        languages=("kaz",),
    )
    engine = MemoryEngine()
    tree = parse("Абай Ауэзов").tree
    assert tree is not None
    found = elements(record, Marker(Planner(engine).plan(tree)))
    shown = [(e.name, [e.snippet.text[a:b] for a, b in e.snippet.marks]) for e in found]
    assert shown == [("title", ["Абай"]), ("names", ["Әуезов"]), ("notes", ["Абай"])]
    titles = Planner(engine).plan(parse("тақырып:абай").tree or tree)
    assert [e.name for e in elements(record, Marker(titles))] == ["title"]


def test_the_words_of_a_record_are_those_that_the_index_holds() -> None:
    record = described(
        *("r", "Абай жолы"),
        titles=("Путь Абая",),
        names=("Әуезов, М. О.",),
        subjects=("Қарағанды облысы", "История края"),
        notes=("О жизни поэта",),
        text="Алматы\nЖазушы баспасы",
    )
    held = [token.exact for token in described_tokens(record)]
    assert held == list(analyse(record).fields["exact"])
