"""What a part is called: by what its record says of its host, neutrally where it says little."""

from pathlib import Path

import pytest

from catalog.marc.exchange import ReadOrder, open_exchange
from catalog.marc.reading import ReadRecord
from catalog.record import Record
from catalog.view import view
from tests.unit.viewed_records import field, link, marc21, rusmarc

REAL = Path(__file__).parents[2].parent / "shared/data/marc/rusmarc-tpu/issue-2012-v320-i1.marcxml"
TITLE = field("200", "1 ", "$aКөшелер")


def of_links(top: str, unit: str = "", *beside: tuple[str, str]) -> str:
    """Kind of a RUSMARC part: 200 of its 461 and of its 463, other fields in the latter."""
    links = [link("461", field("200", "1 ", top), *(field(t, "  ", s) for t, s in beside))]
    if unit:
        links.append(link("463", field("200", "1 ", unit), field("210", "  ", "$d1985")))
    return view(rusmarc(TITLE, *links)).kind


def of_773(subfields: str, level: str = "a") -> str:
    title = field("245", "00", "$aКөшелер")
    return view(marc21(title, field("773", "0 ", subfields), level=level)).kind


def of_463(subfields: str) -> str:
    """Kind of an article of ИРБИС."""
    worksheet = field("920", "  ", "$aASP")
    return view(Record("irbis", "", (worksheet, TITLE, field("463", "  ", subfields)))).kind


def test_a_source_that_has_only_a_year_is_called_neither_book_nor_newspaper() -> None:
    assert of_links("$aОрталық Қазақстан", "$vБ. 3") == "analytic"
    assert of_463("$CОрталық Қазақстан$J1985$S3") == "analytic"
    assert of_773("$tОрталық Қазақстан$d1985$gБ. 3", level="b") == "analytic"
    written = rusmarc(TITLE, field("300", "  ", "$aОрталық Қазақстан. – 1985. – Б. 3"))
    assert view(written).kind == "analytic"


def test_a_day_tells_a_newspaper_and_a_number_a_journal() -> None:
    assert of_links("$aЖұлдыз", "$a№ 3 (17 қаңтар)") == "newspaper_article"
    assert of_links("$aЖұлдыз", "$a№ 3") == "journal_article"
    assert of_773("$tЖұлдыз$d1985$gN 3$gБ. 5") == "journal_article"


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Учительская газета", "newspaper_article"),
        ("Тау-кен газеті", "newspaper_article"),
        ("Горный журнал", "journal_article"),
        ("Өлкетану жинағы", "book_part"),
        ("Газетчик", "analytic"),
    ],
)
def test_a_word_of_the_source_tells_what_it_is(title: str, kind: str) -> None:
    assert of_links(f"$a{title}", "$vС. 3") == kind
    assert of_links(f"$aНура$e{title}", "$vС. 3") == kind
    assert of_773(f"$t{title}$d1985", level="b") == kind
    assert of_463(f"$C{title}$J1985") == kind


def test_standard_numbers_of_the_source_tell_what_it_is() -> None:
    assert of_links("$aНура", "$vС. 3", ("010", "$a978-601-99-9101-0")) == "book_part"
    assert of_773("$tНура$z9786019991010$gВып. 3, № 2", level="b") == "book_part"
    assert of_773("$tНура$x0130-4321$d1985") == "analytic"
    assert of_links("$aНура", "$vС. 3", ("011", "$a0130-4321")) == "analytic"


def test_a_year_with_a_place_is_the_imprint_of_a_book() -> None:
    assert of_463("$CНура$J1985$DҚарағанды$S3") == "book_part"
    written = rusmarc(TITLE, field("300", "  ", "$aНура. – Қарағанды, 1985. – Б. 3"))
    assert view(written).kind == "book_part"


def test_an_issue_of_a_continued_collection_is_no_journal() -> None:
    assert of_links("$aНура", "$aВып. 3") == "analytic"


def test_levels_of_marc21_tell_what_the_host_is() -> None:
    assert of_773("$tНура$d1985") == "book_part"  # leader/07 a: of a monograph
    assert of_773("$tНура$d1985", level="b") == "analytic"
    assert of_773("$tНура$d1985$7nnas") == "analytic"
    assert of_773("$tНура$d1985$7nnam", level="b") == "book_part"


def test_a_463_alone_is_a_volume() -> None:
    unit = link("463", field("200", "1 ", "$aНура$vС. 3"), field("210", "  ", "$d1985"))
    assert view(rusmarc(TITLE, unit)).kind == "book_part"


@pytest.mark.skipif(not REAL.is_file(), reason="real files are not here")
def test_articles_of_a_real_journal_are_called_so() -> None:
    with REAL.open("rb") as file:
        read = list(open_exchange(file, ReadOrder("marcxml", "rusmarc", "utf-8")).records)
    kinds = [view(one.record).kind for one in read if isinstance(one, ReadRecord)]
    assert kinds == ["journal_issue", *["journal_article"] * 40]
