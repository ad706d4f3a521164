import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.measure import (
    Errors,
    LinePair,
    characters,
    confusions,
    interval,
    pair_lines,
    pooled,
    right_words,
    words,
)

TEXT = st.text("абвгқә -—.«»\n", max_size=40)
LINES = st.lists(st.text("абвг ", max_size=12), max_size=8)


@given(TEXT)
def test_a_text_has_no_errors_against_itself(text: str) -> None:
    assert characters(text, text).edits == 0
    assert words(text, text).edits == 0


@given(TEXT, TEXT)
def test_edits_are_bounded_by_the_longer_text_and_bridge_the_lengths(true: str, read: str) -> None:
    errors, back = characters(true, read), characters(read, true)
    assert errors.edits == back.edits
    assert abs(errors.length - back.length) <= errors.edits <= max(errors.length, back.length)


def test_characters_and_words_are_counted_after_folding() -> None:
    assert characters("Нұра — өзен", "Нұра - өзені") == Errors(1, 11)
    assert words("Нұра — өзен", "Нұра - өзені") == Errors(1, 3)
    assert words("бір екі", "бірекі") == Errors(2, 2)


def test_an_empty_truth_divides_by_one() -> None:
    assert characters("", "аб").rate == 2.0


def test_pooling_weighs_by_length() -> None:
    assert pooled([Errors(1, 10), Errors(0, 90)]).rate == 0.01
    assert pooled([]).rate == 0.0


@given(LINES, st.randoms(use_true_random=False))
def test_the_order_of_the_lines_does_not_count_by_line(
    lines: list[str], chance: random.Random
) -> None:
    read = list(lines)
    chance.shuffle(read)
    assert all(pair.errors.edits == 0 for pair in pair_lines(lines, read))


@given(LINES, LINES)
def test_every_true_line_has_one_pair_and_a_line_that_was_read_serves_once(
    true: list[str], read: list[str]
) -> None:
    pairs = pair_lines(true, read)
    assert [number for pair in pairs for number in pair.true] == [
        n for n, line in enumerate(true) if line.strip()
    ]
    used = [number for pair in pairs for number in pair.read]
    assert len(used) == len(set(used))
    assert all(pair.errors.edits <= pair.errors.length * 2 + 1 for pair in pairs)


def test_a_line_that_was_not_read_is_lost_whole() -> None:
    pairs = pair_lines(["бірінші жол", "екінші қатар"], ["екінші катар"])
    assert pairs == [LinePair((0,), (), Errors(11, 11)), LinePair((1,), (0,), Errors(1, 12))]


def test_a_line_that_came_out_in_pieces_is_put_together() -> None:
    pairs = pair_lines(["ДАЛА КЕНШІСІ ГАЗЕТІ", "өзге"], ["ДАЛА", "КЕНШІСІ", "ГАЗЕТІ", "өзге"])
    assert pairs[0] == LinePair((0,), (0, 1, 2), Errors(0, 19))
    assert pairs[1].read == (3,)


def test_a_piece_that_came_out_far_away_belongs_to_its_line() -> None:
    read = ["зетных подшивок.", "екінші қатар осында", "Начало в"]
    pairs = pair_lines(["зетных подшивок. Начало в", "екінші қатар осында"], read)
    assert pairs[0] == LinePair((0,), (0, 2), Errors(0, 25))


def test_lines_side_by_side_that_came_out_as_one_are_one_pair() -> None:
    pairs = pair_lines(
        ["Ө 81", "Көмір өлкесі: очерктер", "соңы"], ["Ө 81 Көмір өлкесi: очерктер", "соңы"]
    )
    assert pairs[0] == LinePair((0, 1), (0,), Errors(1, 27))
    assert [pair.true for pair in pairs] == [(0, 1), (2,)]


def test_like_lines_are_joined_in_their_order() -> None:
    pairs = pair_lines(["Ә. Серік", "Ә. Серік"], ["Ә. Серік", "Ә. Серік"])
    assert [(pair.true, pair.read) for pair in pairs] == [((0,), (0,)), ((1,), (1,))]


def test_of_like_lines_the_one_at_the_same_height_is_joined() -> None:
    true = ["Ә. Серік", "бірінші", "екінші", "Ә. Серік"]
    pairs = pair_lines(true, ["басы", "бірінші", "екінші", "Ә. Серік"])
    assert [pair.read for pair in pairs] == [(), (1,), (2,), (3,)]


def test_confusions_say_what_was_read_for_what() -> None:
    assert confusions("Қала аты", "Кала аты.") == {("Қ", "К"): 1, ("", "."): 1}
    assert confusions("жылы", "жьільі") == {("ы", "ьі"): 2}
    assert confusions("сөз", "сөз") == {}


def test_a_word_is_right_where_it_stands_in_the_true_line() -> None:
    assert right_words("Нұра — өзен", ["Нура", "-", "өзен"]) == [False, True, True]
    assert right_words("бір екі", ["бір", "|", "екі"]) == [True, False, True]
    assert right_words("", ["а"]) == [False]


def test_the_interval_holds_the_pooled_rate_and_is_the_same_each_time() -> None:
    errors = [Errors(n % 7, 100) for n in range(40)]
    found = interval(errors)
    assert found is not None
    low, high = found
    assert low < pooled(errors).rate < high
    assert (low, high) == interval(errors)
    assert high - low < 0.02


@pytest.mark.parametrize("errors", [[], [Errors(1, 100)]])
def test_one_unit_gives_no_interval(errors: list[Errors]) -> None:
    assert interval(errors) is None


def test_alike_units_give_a_narrow_interval() -> None:
    assert interval([Errors(1, 100)] * 5) == (0.01, 0.01)
