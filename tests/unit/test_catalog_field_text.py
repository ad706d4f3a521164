"""Fields are shown as cataloguers write them, also what the eye cannot see."""

from catalog.field_text import field_lines, field_text
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


def test_lines_of_a_record_begin_with_the_tag_and_embedded_fields_are_indented() -> None:
    host = LinkField("461", " 0", (ControlField("001", "77"), TITLE))
    assert field_lines(ControlField("001", "77")) == ["001    77"]
    assert field_lines(host) == ["461 #0", "    001 77", "    200 1# $aҚарқаралы $eөлең, әңгіме"]
    assert field_lines(TITLE, "irbis") == ["200 ^aҚарқаралы^eөлең, әңгіме"]
