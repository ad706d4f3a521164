"""Did you mean, and what completes a beginning: as the texts spell it, never a folded key."""

from pathlib import Path

import pytest

from olketanu.home import Home
from search.analysis import Token, line_tokens
from search.engine.base import Hit
from search.index.generations import IndexMissingError
from search.index.writer import IndexWriter
from search.results.complete import Completion, beginnings, completions
from search.results.request import Request
from search.results.suggest import Suggestion, written
from search.session import Session
from tests.unit.search_library import described, page, session_of

PAGES = [
    page("d1", 1, "Қарағанды шахтерлері туралы"),
    page("d1", 2, "Қарағанды қаласының тарихы, шахтерлердің еңбегі"),
    page("d2", 1, "Өлкенің тарихы. ТЕМІРТАУ қаласы", public=True),
    page("d3", 1, "Қарағандының құпиясы", public=False),
]
RECORDS = [
    described("r1", "Қарағанды тарихы", names=("Бектұров, Ж. Қ.",), subjects=("Қарағанды",)),
    described("r2", "Абай жолы", names=("Әуезов, М. О.",)),
    described("r3", "Қарқаралы өңірі", names=("Бектұров, Ж. Қ.",), subjects=("Қарқаралы",)),
]
BY_KEY = {entry.key: entry for entry in (*PAGES, *RECORDS)}


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return session_of(tmp_path_factory.mktemp("home"), *PAGES, *RECORDS)


def words_of(hit: Hit) -> list[Token]:
    entry = BY_KEY[hit.key]
    text = "\n".join((entry.text, entry.title, *entry.names, *entry.subjects))
    return list(line_tokens(text, ("kaz",) * 9))


def suggested(session: Session, query: str, *, restricted: bool = False) -> tuple[Suggestion, ...]:
    return session.suggest(Request(query, restricted=restricted), words_of)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Қарағонды", "Қарағанды"),
        ("шахтерлерi туралм", "шахтерлерi туралы"),
        ("Карагнды", "Қарағанды"),
        ("Теміртав", "Теміртау"),
    ],
)
def test_a_mistyped_word_is_proposed_as_the_texts_write_it(
    session: Session, typed: str, meant: str
) -> None:
    first = suggested(session, typed)[0]
    assert first.query == meant
    assert first.total > 0


def test_a_mistyped_name_is_proposed_where_texts_have_another_of_its_names(
    session: Session,
) -> None:
    first = suggested(session, "Караганла")[0]
    assert (first.query, first.total) == ("Караганда", 3)  # all by Қарағанды


def test_other_endings_of_a_word_are_no_other_suggestions(session: Session) -> None:
    proposed = [one.query for one in suggested(session, "шахтерлар")]
    assert len(proposed) == 1


def test_several_wrong_words_are_mended_together(session: Session) -> None:
    first = suggested(session, "Қарағонды шахтерлере")[0]
    assert first.query == "Қарағанды шахтерлері"
    assert [span for span, _ in first.changes] == [(0, 9), (10, 20)]


def test_the_rest_of_the_query_stays_as_it_was_typed(session: Session) -> None:
    (first, *_) = suggested(session, 'автор:бектұров (тарехы OR "абай жолы") НЕ  бос')
    assert first.query == 'автор:бектұров (тарихы OR "абай жолы") НЕ  бос'


def test_a_word_of_a_phrase_is_mended_in_its_place(session: Session) -> None:
    (first, *_) = suggested(session, "«Қарағонды   тарихы»")
    assert first.query == "«Қарағанды   тарихы»"


def test_a_query_that_finds_all_there_is_gets_no_suggestion(session: Session) -> None:
    assert suggested(session, "Қарағанды") == ()
    assert suggested(session, "Қараған*") == ()
    assert suggested(session, "тарихының") == ()  # of one root with тарихы
    assert suggested(session, "жоқсөзбіржола") == ()
    assert suggested(session, "") == ()


def test_no_word_of_a_closed_text_is_proposed_to_readers(session: Session) -> None:
    assert suggested(session, "құпиясв") == ()
    assert suggested(session, "құпиясв", restricted=True)[0].query == "құпиясы"


def test_a_word_is_written_small_unless_every_text_has_it_great() -> None:
    def spelled(form: str, *texts: str) -> str | None:
        return written(form, [line_tokens(text, ("kaz",)) for text in texts])

    assert spelled("кала", "Қала мен дала", "бұл қала", "ҚАЛА") == "қала"
    assert spelled("абаи", "Абай жолы", "АБАЙ") == "Абай"
    assert spelled("кала", "дала") is None


def test_a_beginning_is_completed_by_titles_names_and_subjects(session: Session) -> None:
    def complete(text: str) -> list[tuple[str, str]]:
        found = session.complete(text, lambda hit: BY_KEY.get(hit.key))
        return [(one.text, one.kind) for one in found]

    assert complete("қарқ") == [("Қарқаралы", "subject"), ("Қарқаралы өңірі", "title")]
    assert complete("kark") == complete("карк") == complete("қарқ")
    assert complete("бект") == [("Бектұров, Ж. Қ.", "name")]
    assert complete("тарих қара") == [("Қарағанды тарихы", "title")]
    assert complete("құпия") == complete("қ") == complete("") == complete("?!") == []


def test_completions_put_what_begins_so_first_then_what_is_in_more_records() -> None:
    entries = [
        described("a", "Жаңа Абай"),
        described("b", "Абай жолы"),
        described("c", "Абай", subjects=("Абайтану",)),
        described("d", "Т", subjects=("Абайтану",)),
    ]
    found = completions(beginnings("абай"), entries)
    assert found == (
        Completion("Абайтану", "subject"),
        Completion("Абай", "title"),
        Completion("Абай жолы", "title"),
        Completion("Жаңа Абай", "title"),
    )


def test_suggestions_are_given_again_until_the_index_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with session_of(tmp_path, *PAGES) as session:
        first = suggested(session, "Қарағонды")
        with monkeypatch.context() as patch:
            patch.setattr("search.session.suggestions", None)  # nothing is worked out again
            assert suggested(session, "Қарағонды") is first
        IndexWriter(Home(tmp_path)).rebuild([page("d1", 1, "теміржол")], 2)
        assert suggested(session, "Қарағонды") == ()


def test_a_home_without_index_is_refused(tmp_path: Path) -> None:
    with Session(Home(tmp_path)) as session:
        with pytest.raises(IndexMissingError):
            session.suggest(Request("қала"), words_of)
        with pytest.raises(IndexMissingError):
            session.complete("қала", lambda hit: BY_KEY.get(hit.key))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("шахтерский горад", "шахтерский город"),
        ("кала горадов", "кала городов"),
        ("Абдыров", "Абдиров"),
        ("Пашкин", "Пашни"),  # no text has пашнин
    ],
)
def test_a_word_keeps_its_ending_and_its_capital(tmp_path: Path, typed: str, meant: str) -> None:
    text = "Шахтерский город, городов много, городов. Кала. Нуркен абдиров. Пашни."
    held = page("d9", 1, text, languages=("rus",), line_languages=("rus",))
    with session_of(tmp_path, held) as opened:
        texts = tuple(line_tokens(text, ("rus",) * 9))
        first = opened.suggest(Request(typed, widen=False), lambda _: texts)[0]
        assert first.query == meant
