"""What changed in a field is shown word by word."""

from hypothesis import given
from hypothesis import strategies as st

from catalog.comparison.contrast import Part, contrast, letters_of_other_script


def test_only_the_words_that_changed_are_marked() -> None:
    was, now = contrast("## $aАлма-Ата $d1985", "## $aАлматы $d1985")
    assert was == (
        Part("## $a", changed=False),
        Part("Алма-Ата", changed=True),
        Part(" $d1985", changed=False),
    )
    assert [part.text for part in now if part.changed] == ["Алматы"]


def test_a_new_field_is_not_marked_word_by_word() -> None:
    assert contrast("", "1# $aҚарқаралы") == ((), (Part("1# $aҚарқаралы", changed=False),))


def test_letters_of_the_other_script_are_named_once() -> None:
    # The first y and p are Latin.
    assert letters_of_other_script("$cАтамypа, Атамypа", "$cАтамұра, Атамұра") == (
        ("y", "ұ"),
        ("p", "р"),
    )
    assert letters_of_other_script("Алма-Ата", "Алматы") == ()


@given(st.text("аб қ$,\n"), st.text("аб қ$,\n"))
def test_the_parts_are_the_text(was: str, now: str) -> None:
    left, right = contrast(was, now)
    assert "".join(part.text for part in left) == was
    assert "".join(part.text for part in right) == now
