"""The lists that the Kazakh stemmer reads are well made, and agree with forms of another hand."""

from collections import Counter

import pytest

from bench.search import inflect_kaz
from bench.search.vocabulary import WORDS
from language.kazakh.stemmer import stem
from language.kazakh.stems import stems
from language.letters import KAZAKH_ALPHABET
from language.lexicon import read_list

_EACH = 5  # a share of the words: all take eight seconds
KINDS = {"noun", "verb", "name", "particle"}
INFLECTED = {
    "n": (inflect_kaz.noun, inflect_kaz.NOUN),
    "a": (inflect_kaz.adjective, inflect_kaz.ADJECTIVE),
    "v": (inflect_kaz.verb, inflect_kaz.VERB),
}


def rows(name: str) -> list[list[str]]:
    return [line.split("\t") for line in read_list(name)]


def test_a_word_stands_once_for_each_kind_in_small_letters_of_the_alphabet() -> None:
    words = rows("kk_stems.tsv")
    assert len(words) > 5000
    assert {len(row) for row in words} == {2}
    assert {kind for _, kind in words} == KINDS
    assert not [row for row, count in Counter(map(tuple, words)).items() if count > 1]
    assert not [word for word, _ in words if not word or set(word) - set(KAZAKH_ALPHABET)]


def test_every_state_of_the_net_of_endings_is_reached_and_every_cost_is_a_number() -> None:
    net = rows("kk_endings.tsv")
    assert {len(row) for row in net} == {5}
    left = {state for row in net for state in row[0].split()}
    reached = {row[2] for row in net}
    assert left - reached == {"noun", "verb"}
    assert all(0 < float(row[3]) < 4 for row in net)
    assert all(row[4] for row in net)


def test_what_makes_a_stem_names_the_kinds_of_both() -> None:
    derivations = rows("kk_derivations.tsv")
    assert {len(row) for row in derivations} == {4}
    assert {row[0] for row in derivations} == {"noun", "verb", "any"}
    assert {row[2] for row in derivations} == {"noun", "verb"}
    assert all(0 < float(row[3]) < 4 for row in derivations)


@pytest.mark.parametrize("name", ["kk_vowel_loss.tsv", "kk_irregular.tsv"])
def test_forms_that_no_rule_makes_belong_to_known_words(name: str) -> None:
    pairs = rows(name)
    assert {len(row) for row in pairs} == {2}
    longs = [row[1] if name == "kk_vowel_loss.tsv" else row[0] for row in pairs]
    assert not [word for word in longs if word not in stems().whole]


def test_forms_that_the_bench_makes_from_grammar_have_the_key_of_their_word() -> None:
    total = agreed = 0.0
    for line in (WORDS / "kaz.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        part, *entries = line.split()
        inflect, names = INFLECTED[part]
        for word, _, lost in (entry.partition("/") for entry in entries[::_EACH]):
            key = stem(inflect(word, "inf..", lost) if part == "v" else word)
            for name, weight in names.items():
                total += weight
                agreed += weight * (stem(inflect(word, name, lost)) == key)
    assert agreed / total > 0.985
