"""Every sentence for people exists in Kazakh, Russian and English, and is used."""

import ast
import gettext
import io
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tests.house import ROOT, literals, sources

LANGUAGES = ("kk", "ru", "en")
FOLDER = ROOT / "olketanu" / "messages"
SPEAKERS = {"translate", "plural", "has_message"}
KEY = re.compile(r"[a-z]+(\.[A-Za-z0-9_-]+)+")
KAZAKH_ONLY = re.compile("[әғқңөұүһі]", re.IGNORECASE)
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
LATIN = re.compile("[a-z]", re.IGNORECASE)
PLAIN = str.maketrans("әғқңөұүһіыё", "агкноуухиие")
"""What a slip of the hand makes of the letters that only Kazakh has, and of ё."""
RUSSIAN = {"все", "всё", "чем", "чём", "өлкетану", "олкетану"}
TEMPLATES = ROOT / "portal" / "templates"
BESIDE = ("olketanu/messages/",)
"""Where strings that look like keys are none."""


def path_of(language: str, ending: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / f"olketanu.{ending}"


@cache
def catalogue(language: str) -> Catalog:
    with path_of(language, "po").open("rb") as file:
        return read_po(file, locale=language)


@cache
def sentences(language: str) -> dict[str, tuple[str, ...]]:
    """Key to its sentence, or to all plural forms of it."""
    found: dict[str, tuple[str, ...]] = {}
    for message in catalogue(language):
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            forms = message.string if isinstance(message.string, tuple | list) else [message.string]
            found[key] = tuple(str(form) for form in forms)
    return found


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_the_catalogues_hold_the_same_keys() -> None:
    assert len(sentences("en")) > 100
    assert sentences("kk").keys() == sentences("ru").keys() == sentences("en").keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_empty_or_fuzzy(language: str) -> None:
    empty = [key for key, forms in sentences(language).items() if not all(f.strip() for f in forms)]
    assert not empty
    assert not [message.id for message in catalogue(language) if message.id and message.fuzzy]


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_translations_fill_in_the_same_facts(language: str) -> None:
    wrong = [
        key
        for key, forms in sentences(language).items()
        for form in forms
        if places(form) != places(sentences("en")[key][-1])
    ]
    assert not wrong


def test_kazakh_and_russian_sentences_are_in_their_own_letters() -> None:
    russian = [k for k, f in sentences("ru").items() if KAZAKH_ONLY.search("".join(f))]
    # the program's own name; the languages' own names
    assert set(russian) <= {"help.olketanu", "portal.language.kk"}
    english = [k for k, f in sentences("en").items() if CYRILLIC.search("".join(f))]
    assert set(english) <= {"help.search", "portal.language.kk", "portal.language.ru"}
    kazakh = [k for k, f in sentences("kk").items() if KAZAKH_ONLY.search("".join(f))]
    assert len(kazakh) > len(sentences("kk")) / 2


def words_of(language: str) -> set[str]:
    """Every word of the sentences, small, without the names of facts."""
    told = " ".join(" ".join(forms) for forms in sentences(language).values())
    return set(re.findall(r"[^\W\d_]+", re.sub(r"\{[^}]*\}", " ", told).lower()))


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_no_word_mixes_letters_of_two_alphabets(language: str) -> None:
    mixed = {word for word in words_of(language) if CYRILLIC.search(word) and LATIN.search(word)}
    assert not {word for word in mixed if not word.startswith("a")}  # «$aАтауы»: a subfield


@pytest.mark.parametrize(
    ("language", "alike"),
    [("kk", {"бары", "бәрі", "соны", "соңы", "соның", "соңын"}), ("ru", RUSSIAN)],
)
def test_no_word_lacks_a_letter_of_its_own(language: str, alike: set[str]) -> None:
    """The same word with ң and with н is a slip; words that are two stand in ``alike``."""
    folded: dict[str, set[str]] = {}
    for word in words_of(language):
        folded.setdefault(word.translate(PLAIN), set()).add(word)
    assert {word for words in folded.values() if len(words) > 1 for word in words} <= alike


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_messages_are_those_of_the_source(language: str) -> None:
    fresh = io.BytesIO()
    write_mo(fresh, catalogue(language))
    fresh.seek(0)
    wanted = gettext.GNUTranslations(fresh)
    with path_of(language, "mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for key, forms in sentences(language).items():
        assert compiled.gettext(key) == wanted.gettext(key), f"{key}: run make messages"
        for count in (0, 1, 2, 5, 11, 21, 25, 112):
            if len(forms) > 1:
                assert compiled.ngettext(key, key, count) == wanted.ngettext(key, key, count)


def constants(node: ast.AST) -> Iterator[str]:
    """Literal strings under a node; an f-string gives the part before its first value and ``*``."""
    if isinstance(node, ast.JoinedStr):
        first = node.values[0]
        if isinstance(first, ast.Constant) and len(node.values) > 1:
            yield f"{first.value!s}*"
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for child in ast.iter_child_nodes(node):
        yield from constants(child)


@cache
def asked() -> frozenset[tuple[str, str]]:
    """(place, key or pattern) of every message that the code asks for by name."""
    found = set()
    for source in sources():
        if source.path.startswith(BESIDE):
            continue
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            place = f"{source.path}:{node.lineno}"
            if name == "BadFileError":
                found |= {(place, f"quarantine.{code}") for code in constants(node.args[0])}
            elif name in SPEAKERS or re.fullmatch(r"\w+Error", name):
                found |= {
                    (place, k) for k in constants(node.args[0]) if KEY.fullmatch(k.strip("*"))
                }
    return frozenset(found)


@cache
def asked_by_templates() -> frozenset[tuple[str, str]]:
    """The same of the templates; ``"kind." ~ code`` is the pattern ``kind.*``."""
    found = set()
    for path in sorted(TEMPLATES.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        for key, joined in re.findall(r"""\b[tn]\(\s*["']([\w.-]+)["']\s*(~?)""", text):
            found.add((path.relative_to(ROOT).as_posix(), f"{key}*" if joined else key))
    return frozenset(found)


def test_every_message_that_the_code_asks_for_exists() -> None:
    known = sentences("en").keys()
    assert len(asked()) > 80
    missing = sorted(
        f"{place} {key}"
        for place, key in asked() | asked_by_templates()
        if key not in known and not (key.endswith("*") and any(prefixed(key)))
    )
    assert not missing


def prefixed(pattern: str) -> Iterator[str]:
    prefix = pattern.removesuffix("*")
    return (key for key in sentences("en") if key.startswith(prefix))


def test_every_error_and_refusal_says_what_to_do() -> None:
    known = sentences("en").keys()
    silent = [
        key
        for key in known
        if key.startswith(("error.", "quarantine."))
        and not key.endswith(".hint")
        and f"{key}.hint" not in known
    ]
    assert set(silent) <= {"error.interrupted"}  # its one sentence says what to do


def test_every_refusal_code_has_its_sentence() -> None:
    from digitize.scan.codes import REFUSALS, WARNINGS

    known = sentences("en").keys()
    assert not {f"quarantine.{code}" for code in REFUSALS} - known
    assert not {f"check.{code}" for code in WARNINGS} - known


def test_no_sentence_is_left_over() -> None:
    literal: set[str] = set()
    prefixes: set[str] = set()
    for source in sources():
        literal |= {text for _, text in literals(source.tree)}
        for node in ast.walk(source.tree):
            if isinstance(node, ast.JoinedStr):
                prefixes |= {k.removesuffix("*") for k in constants(node) if k.endswith(".*")}
    for _, key in asked_by_templates():
        (prefixes if key.endswith("*") else literal).add(key.removesuffix("*"))
    unused = [
        key
        for key in sentences("en")
        if key.removesuffix(".hint") not in literal and not key.startswith(tuple(prefixes))
    ]
    assert not unused
