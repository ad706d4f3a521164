"""The lists of Kazakh forms in `tests/stemming` are well made; no stemmer runs here."""

import csv
from collections import Counter
from itertools import groupby
from typing import NamedTuple

import pytest

from language.letters import KAZAKH_ALPHABET
from tests.house import ROOT

LISTS = ("open", "heldout")
SIGNS = (
    "nom pl p1s p2s p2h p3 p1p gen dat acc loc abl ins rel own cop1s cop1p cmp"
    " inf past pf cv pres hab cond aor imp3 neg 1s 1p"
)
ENDINGS = {
    "pl": "лар лер дар дер тар тер",
    "gen": "ның нің дың дің тың тің",
    "dat": "ға ге қа ке на не",
    "acc": "ны ні ды ді ты ті н",
    "loc": "да де та те нда нде",
    "abl": "дан ден тан тен нан нен",
    "ins": "мен бен пен",
    "p1s": "ым ім м",
    "p3": "ы і сы сі",
    "p1p": "мыз міз",
    "past": "ды ді ты ті",
    "neg.past": "мады меді бады беді пады педі",
    "pf": "ған ген қан кен",
    "hab": "атын етін йтын йтін",
    "cmp": "рақ рек",
    "rel": "ғы гі",
}
NEIGHBOURS = str.maketrans("әғқңөұүіһйё", "агкноууихие")


class Row(NamedTuple):
    group: str
    form: str
    gloss: str
    note: str

    @property
    def signs(self) -> list[str]:
        return self.note.split(";")[0].split(".")

    def shows(self, sign: str, ending: str) -> bool:
        return f".{'.'.join(self.signs)}".endswith(f".{sign}") and self.form.endswith(ending)


def rows(name: str) -> list[Row]:
    path = ROOT / "tests" / "stemming" / f"{name}.tsv"
    with path.open(encoding="utf-8", newline="") as stream:
        head, *lines = csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
    assert head == list(Row._fields)
    return [Row(*line) for line in lines]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_large_enough_to_judge_by(name: str) -> None:
    assert len(rows(name)) >= 600
    assert len({row.group for row in rows(name)}) >= 90


@pytest.mark.parametrize("name", LISTS)
def test_a_form_stands_once_in_a_list(name: str) -> None:
    counts = Counter(row.form for row in rows(name))
    assert not [form for form, count in counts.items() if count > 1]


@pytest.mark.parametrize("name", LISTS)
def test_forms_are_small_letters_of_the_kazakh_alphabet(name: str) -> None:
    alphabet = set(KAZAKH_ALPHABET)
    assert not [row.form for row in rows(name) if not row.form or set(row.form) - alphabet]


@pytest.mark.parametrize("name", LISTS)
def test_a_group_stands_together_with_its_headword_first_and_one_gloss(name: str) -> None:
    groups = [(key, list(of)) for key, of in groupby(rows(name), lambda row: row.group)]
    assert len(groups) == len({key for key, _ in groups})
    assert not [key for key, of in groups if of[0].form != key]
    assert not [key for key, of in groups if len({row.gloss for row in of}) != 1 or not of[0].gloss]


@pytest.mark.parametrize("name", LISTS)
def test_every_note_begins_with_known_signs(name: str) -> None:
    assert not [row for row in rows(name) if set(row.signs) - set(SIGNS.split())]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("sign", ENDINGS)
def test_every_shape_of_an_ending_is_met(name: str, sign: str) -> None:
    listed = rows(name)
    shapes = ENDINGS[sign].split()
    assert not [shape for shape in shapes if not any(row.shows(sign, shape) for row in listed)]


@pytest.mark.parametrize("name", LISTS)
def test_groups_stay_apart_without_kazakh_letters(name: str) -> None:
    owners: dict[str, set[str]] = {}
    for row in rows(name):
        owners.setdefault(row.form.translate(NEIGHBOURS), set()).add(row.group)
    assert not [groups for groups in owners.values() if len(groups) > 1]


def test_the_two_lists_share_neither_groups_nor_forms() -> None:
    opened, held = rows("open"), rows("heldout")
    assert not {row.group for row in opened} & {row.group for row in held}
    assert not {row.form for row in opened} & {row.form for row in held}
