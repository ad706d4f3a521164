import ast
from pathlib import Path

import pytest

from olketanu import APP_ROOT
from search import analysis
from search.analysis import SOURCES, fingerprint, line_keys, line_tokens, query_keys, tokens


def keys(text: str, language: str) -> list[str]:
    return [token.key for token in tokens(text, language)]


def test_a_word_with_kazakh_letters_is_kazakh_on_any_line() -> None:
    assert keys("қалаларда", "rus") == keys("қалаларда", "kaz") == ["кала"]


def test_a_word_without_them_follows_its_line() -> None:
    assert keys("шахталар", "kaz") == ["шахта"]
    assert keys("шахтами", "rus") == ["шахт"]


def test_each_line_of_a_page_has_its_language() -> None:
    found = [token.key for token in line_tokens("шахталар\nшахтами\nшахты", ("kaz", "rus"))]
    assert found == ["шахта", "шахт", "шахт"]


def test_hyphens_part_words_and_apostrophes_do_not() -> None:
    assert [token.text for token in tokens("қазақ-орыс, об'единение", "rus")] == [
        "қазақ",
        "орыс",
        "об'единение",
    ]


def test_a_soft_hyphen_is_nothing() -> None:
    assert keys("мек\u00adтеп", "kaz") == ["мектеп"]


def test_a_lookalike_from_recognition_does_not_hide_a_word() -> None:
    assert keys("Кaрaгaнда", "rus") == keys("Караганда", "rus")


def test_a_word_of_unknown_language_has_the_keys_of_both() -> None:
    assert set(query_keys("китаптарын")) >= {"китап"}
    assert set(query_keys("шахтами")) >= {"шахт"}
    assert query_keys("шахтами", "rus") == ("шахт",)
    assert query_keys("қалада") == ("кала",)


def test_a_latin_word_has_the_keys_of_its_cyrillic_spellings() -> None:
    assert "караганды" in query_keys("Qaraghandylyq"[:10])
    assert "китап" in query_keys("kitaptar")


def test_signs_alone_are_no_words() -> None:
    assert list(tokens("— № ь ,", "rus")) == []
    assert query_keys("ь") == ()


def test_the_fingerprint_is_the_same_within_one_version() -> None:
    assert len(fingerprint()) == 16
    assert fingerprint() == fingerprint()


@pytest.mark.parametrize("word", ["угольный", "общественной", "край", "подъём", "семья"])
def test_a_russian_word_is_asked_for_by_its_own_letters(word: str) -> None:
    (token,) = tokens(word, "rus")
    assert token.key in query_keys(word)


def covered() -> set[Path]:
    return {path for pattern in SOURCES for path in APP_ROOT.glob(pattern)}


def read_by(path: Path) -> set[Path]:
    """The modules of ``language`` and the word lists that the module ``path`` uses."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("language"):
            of = [node.module, *(f"{node.module}.{name.name}" for name in node.names)]
            found |= {APP_ROOT / f"{(name or '').replace('.', '/')}.py" for name in of}
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "read_list":
            # A list of a name given from outside is one of Kazakh stems, which all count.
            pattern = node.args[0].value if isinstance(node.args[0], ast.Constant) else "kk_*"
            found |= set((APP_ROOT / "corpora" / "lexicon").glob(str(pattern)))
    return {path for path in found if path.is_file()}


def test_the_fingerprint_is_taken_over_all_that_decides_keys() -> None:
    # Repair of a single word asks for no numeral, and so not for what is counted by numerals.
    unasked = {APP_ROOT / "corpora" / "lexicon" / "roman_context.txt"}
    reached: set[Path] = set()
    new = {APP_ROOT / "search" / "analysis.py", APP_ROOT / "search" / "schema.py"}
    while new:
        reached |= new
        modules = [path for path in new if path.suffix == ".py"]
        new = {path for module in modules for path in read_by(module)} - reached
    decide = {path for path in reached if "search" not in path.parts[-2]} - unasked
    assert len(decide) > 15
    assert decide <= covered()
    assert all(any(APP_ROOT.glob(pattern)) for pattern in SOURCES)


def test_a_long_word_counts_by_its_first_letters_and_is_not_remembered() -> None:
    known = len(analysis._known("kaz"))
    assert keys("шахта" * 100, "kaz") == keys("шахта" * 101, "kaz")
    assert len(analysis._known("kaz")) == known


def test_words_beyond_those_remembered_have_the_same_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    text = " ".join(f"шахта{number} облыстарында карлаг" for number in range(50))
    before = line_keys(text, ("kaz",))
    monkeypatch.setattr(analysis, "MOST_KNOWN", 7)
    analysis._known_of.cache_clear()
    assert line_keys(text, ("kaz",)) == line_keys(text, ("kaz",)) == before
    assert len(analysis._known("kaz")) <= 7
    analysis._known_of.cache_clear()


@pytest.mark.parametrize("word", ["шахталарда", "Ия", "ХХ", "міръ", "қаласының", "ъ"])
@pytest.mark.parametrize("language", ["kaz", "rus", "und"])
def test_what_stood_before_in_small_letters_has_the_same_keys(word: str, language: str) -> None:
    analysis._known_of.cache_clear()
    alone = [line_keys(form, (language,)) for form in (word, word.capitalize(), word.upper())]
    analysis._known_of.cache_clear()
    line_keys(word.lower(), (language,))
    after = [line_keys(form, (language,)) for form in (word, word.capitalize(), word.upper())]
    assert after == alone


@pytest.mark.parametrize(
    "text",
    ["Qarağandy oblysynyñ şahtalary", "Qaraǵandy oblysynyń shahtalary", "QARAĞANDY OBLYSYNYÑ"],
)
def test_kazakh_text_in_latin_letters_is_found_by_the_words_of_today(text: str) -> None:
    for token, word in zip(tokens(text, "kaz"), ("Қарағандыда", "облыс", "шахта"), strict=False):
        assert token.key in query_keys(word)
        assert token.key in query_keys(token.text)


@pytest.mark.parametrize("word", ["Windows", "COVID", "web"])
def test_a_foreign_word_in_a_kazakh_line_is_found_as_it_stands(word: str) -> None:
    (token,) = tokens(word, "kaz")
    assert token.key in query_keys(word)
    assert token.key == token.exact
