from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scans.generator.hyphenate import break_points


def parts(token: str) -> str:
    cuts = [0, *break_points(token), len(token)]
    return "|".join(token[a:b] for a, b in pairwise(cuts))


@pytest.mark.parametrize(
    ("token", "split"),
    [
        ("Караганда,", "Ка|ра|ган|да,"),
        ("разбросанными", "раз|бро|сан|ны|ми"),
        ("рассказывают", "рас|ска|зы|вают"),
        ("«тюльпанами»", "«тюль|па|на|ми»"),
        ("Қарағандының", "Қа|ра|ған|ды|ның"),
        ("өлкетанушы", "өл|ке|та|ну|шы"),
        ("подъезжает", "подъ|ез|жает"),
        ("объявление", "объ|яв|ле|ние"),
        ("район", "район"),
        ("ауыл", "ауыл"),
        ("по-прежнему", "по-прежнему"),
        ("ПОЛЕТАЕВА", "ПОЛЕТАЕВА"),
        ("1996", "1996"),
        ("уже", "уже"),
    ],
)
def test_a_word_is_split_as_school_grammars_split_it(token: str, split: str) -> None:
    assert parts(token) == split


@given(st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі«».,", max_size=24))
def test_no_part_is_a_single_letter_or_begins_with_a_sign_that_cannot_begin(token: str) -> None:
    cuts = [0, *break_points(token), len(token)]
    pieces = [token[a:b] for a, b in pairwise(cuts)]
    assert "".join(pieces) == token
    assert all(sum(sign.isalpha() for sign in piece) >= 2 for piece in pieces[1:-1])
    assert all(piece[0] not in "ьъй" for piece in pieces[1:])
