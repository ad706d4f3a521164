"""What was done to a record is told field by field, and can be carried out in part."""

import pytest

from catalog.comparison.differences import Difference, apply_differences, differences
from catalog.record import ControlField, DataField, Field, LinkField, Record, Subfield

LEADER = "00123nam0 2200045   450 "


def field(tag: str, text: str, indicators: str = "  ") -> DataField:
    return DataField(tag, indicators, (Subfield("a", text),))


def record(*fields: Field, leader: str = LEADER) -> Record:
    return Record("rusmarc", leader, fields)


TITLE = field("200", "Қарқаралы", "1 ")
AUTHORS = tuple(field("700", name) for name in ("Әуезов", "Бөкейханов", "Тоғжанов"))


def test_equal_records_differ_in_nothing() -> None:
    assert differences(record(TITLE, *AUTHORS), record(TITLE, *AUTHORS)) == ()


def test_a_changed_field_is_one_difference() -> None:
    wrong, right = field("210", "Атамyра"), field("210", "Атамұра")
    assert differences(record(TITLE, wrong), record(TITLE, right)) == (
        Difference("210", 1, wrong, right),
    )


def test_a_field_changed_beyond_likeness_is_one_difference_too() -> None:
    was, now = field("200", "Abc"), field("200", "Шежіре")
    assert [d.kind for d in differences(record(was), record(now))] == ["changed"]


def test_of_repeats_the_one_that_was_changed_is_named() -> None:
    mended = field("700", "Бөкейхан")
    first, second, third = AUTHORS
    assert differences(record(*AUTHORS), record(first, mended, third)) == (
        Difference("700", 2, second, mended),
    )


def test_a_repeat_put_in_between_moves_no_other() -> None:
    first, second, third = AUTHORS
    assert differences(record(first, third), record(first, second, third)) == (
        Difference("700", 2, None, second, after=1),
    )


def test_a_removed_repeat_is_named_by_its_place_in_the_base() -> None:
    first, second, third = AUTHORS
    assert differences(record(*AUTHORS), record(first, third)) == (
        Difference("700", 2, second, None),
    )


def test_a_repeat_that_stands_elsewhere_has_moved() -> None:
    first, second, third = AUTHORS
    (one,) = differences(record(*AUTHORS), record(second, third, first))
    assert (one.kind, one.occurrence, one.after, one.now) == ("moved", 1, 3, first)


def test_a_field_that_moved_and_changed_is_one_difference() -> None:
    first, second, third = AUTHORS
    fuller = field("700", "Тоғжанов Ғ.")
    (one,) = differences(record(*AUTHORS), record(fuller, first, second))
    assert one == Difference("700", 3, third, fuller, after=0)


def test_the_order_of_tags_is_no_difference() -> None:
    assert differences(record(TITLE, AUTHORS[0]), record(AUTHORS[0], TITLE)) == ()


def test_lengths_in_the_leader_are_no_difference_but_its_codes_are() -> None:
    longer, other = "00999nam0 2200145   450 ", "00123nas0 2200045   450 "
    assert differences(record(TITLE), record(TITLE, leader=longer)) == ()
    (one,) = differences(record(TITLE), record(TITLE, leader=other))
    assert (one.tag, one.now) == ("LDR", ControlField("LDR", "     nas0 22        450 "))
    assert apply_differences(record(TITLE, leader=longer), [one]).leader == (
        "00999nas0 2200145   450 "
    )


def test_an_embedded_field_that_changed_changes_its_link_field() -> None:
    was = LinkField("461", " 0", (ControlField("001", "77"), field("200", "Орталық Казахстан")))
    now = LinkField("461", " 0", (ControlField("001", "77"), field("200", "Орталық Қазақстан")))
    assert differences(record(was), record(now)) == (Difference("461", 1, was, now),)


def test_ignored_tags_are_left_out() -> None:
    base = record(ControlField("005", "2021"), TITLE)
    ours = record(ControlField("005", "2026"), field("200", "Қарқаралы өңірі", "1 "))
    assert [d.tag for d in differences(base, ours, ignored=("005",))] == ["200"]


def test_a_part_of_the_differences_can_be_carried_out() -> None:
    first, second, third = AUTHORS
    subject = field("606", "Өлкетану")
    base = record(ControlField("001", "7"), TITLE, first, second)
    ours = record(ControlField("001", "7"), TITLE, subject, third, first)
    subject_added, author_added, removed = differences(base, ours)
    assert [d.kind for d in (subject_added, author_added, removed)] == ["added", "added", "removed"]
    assert apply_differences(base, [subject_added]) == record(
        ControlField("001", "7"), TITLE, subject, first, second
    )
    assert apply_differences(base, [removed]) == record(ControlField("001", "7"), TITLE, first)
    assert apply_differences(base, [subject_added, author_added, removed]) == ours


def test_a_new_tag_goes_before_the_next_higher_one() -> None:
    base = record(ControlField("001", "7"), TITLE, AUTHORS[0])
    ours = record(ControlField("001", "7"), TITLE, field("210", "Алматы"), AUTHORS[0])
    assert apply_differences(base, differences(base, ours)) == ours


def test_a_difference_of_another_record_is_refused() -> None:
    one = Difference("700", 1, AUTHORS[0], None)
    with pytest.raises(ValueError, match="700"):
        apply_differences(record(TITLE, AUTHORS[1]), [one])
