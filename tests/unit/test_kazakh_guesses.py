"""The quick looks of the Kazakh stemmer miss nothing that the slow ones find."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.kazakh.derivations import derivations
from language.kazakh.endings import endings
from language.kazakh.guesses import NEVER, _ends_of_made, _made, _voiceless
from language.kazakh.stemmer import _roots, stem
from language.kazakh.stems import stems
from language.kazakh.tables import Tables, kazakh, keyboard, plain
from language.letters import KAZAKH_ALPHABET

_ANY = st.text(KAZAKH_ALPHABET, max_size=4)
_MADE = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(sorted(stems().shapes)) | _ANY,
    _ANY | st.just(""),
    st.sampled_from(sorted(derivations())),
    st.sampled_from(sorted(derivations())) | st.just(""),
    st.sampled_from(sorted(endings())) | st.just(""),
)
TABLES = pytest.mark.parametrize("tables", [kazakh(), keyboard()], ids=["kazakh", "plain"])


@TABLES
def test_who_reads_a_table_letter_by_letter_meets_all_that_it_holds(tables: Tables) -> None:
    from_front: tuple[Mapping[str, object], ...] = (tables.shapes, tables.onward)
    from_back: tuple[Mapping[str, object], ...] = (tables.endings, tables.derivations)
    assert not [
        text for table in from_front for text in table if text[:-1] and text[:-1] not in table
    ]
    assert not [text for table in from_back for text in table if text[1:] and text[1:] not in table]


@TABLES
@given(_MADE)
def test_the_look_forward_sees_every_stem_that_is_made_of_a_known_word(
    tables: Tables, word: str
) -> None:
    word = plain(word) if tables.plain else word
    ends = _ends_of_made(word, _roots(word, tables), tables)
    made = (end for end in range(2, len(word) + 1) if min(_at(word, end, tables)) < NEVER)
    assert set(made) <= ends


@given(_MADE)
def test_a_key_is_never_empty_and_its_memory_changes_nothing(word: str) -> None:
    assert stem(word) == stem(word) != ""


def _at(word: str, end: int, tables: Tables) -> tuple[float, float]:
    return _made(_voiceless(word[:end]), tables)
