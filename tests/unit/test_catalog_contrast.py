"""What changed in a field is shown word by word, also what the eye cannot see."""

from hypothesis import given
from hypothesis import strategies as st

from catalog.contrast import Part, contrast, field_text, letters_of_other_script
from catalog.record import ControlField, DataField, LinkField, Subfield

TITLE = DataField("200", "1 ", (Subfield("a", "Қарқаралы"), Subfield("e", "өлең, әңгіме")))


def test_a_field_is_written_as_cataloguers_write_it() -> None:
    assert field_text(TITLE) == "1# $aҚарқаралы $eөлең, әңгіме"
    assert field_text(ControlField("001", "KZ/7")) == "KZ/7"
    assert field_text(None) == ""


def test_a_field_of_irbis_is_written_as_irbis_writes_it() -> None:
    assert field_text(TITLE, "irbis") == "^aҚарқаралы^eөлең, әңгіме"


def test_embedded_fields_stand_on_lines_of_their_own() -> None:
    host = LinkField("461", " 0", (ControlField("001", "77"), TITLE))
    assert field_text(host) == "#0\n001 77\n200 1# $aҚарқаралы $eөлең, әңгіме"


def test_blanks_that_nobody_sees_are_shown() -> None:
    one = DataField("210", "  ", (Subfield("a", " Алматы  қаласы "),))
    assert field_text(one, blanks=True) == "## $a␣Алматы ␣қаласы␣"


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
