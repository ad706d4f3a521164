"""Real records of other libraries: no errors where there are none, true findings else."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from catalog.marc.exchange import ReadOrder, open_exchange
from catalog.marc.reading import ReadRecord
from catalog.quality.finding import Finding
from catalog.quality.rules import own_rules
from catalog.quality.subject import Surroundings
from catalog.quality.validate import Context, validate
from catalog.record import Record

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "marc"
CONTEXT = Context(own_rules(), Surroundings(2026))


def path_of(name: str) -> Path:
    path = DATA / name
    if not path.is_file():
        pytest.skip("the real records are not on this machine")
    return path


@cache
def national_library() -> list[Record]:
    with path_of("loge-rusmarc/TEST1.ISO").open("rb") as file:
        opened = open_exchange(file, ReadOrder())
        return [one.record for one in opened.records if isinstance(one, ReadRecord)]


def findings(records: list[Record]) -> list[Finding]:
    return [found for record in records for found in validate(record, CONTEXT)]


def test_the_national_library_s_records_have_no_error() -> None:
    records = national_library()
    assert len(records) == 81
    found = findings(records)
    assert [one for one in found if one.level == "error"] == []
    assert len([one for one in found if one.level == "warning"]) < 40


def test_what_is_wrong_in_them_is_named_with_its_repair() -> None:
    told = {
        (f.facts.get("word") or f.facts.get("value"), f.facts.get("meant"))
        for f in findings(national_library())
        if f.rule in ("mixed-script", "isbn-spelling", "isbn-wrong")
    }
    assert ("Атамyра", "Атамұра") in told
    assert ("дiтей", "дітей") in told
    assert ("5-900776-31-х", "5-900776-31-X") in told
    assert ("5-595-03091-1", None) in told
    assert len(told) <= 11


def test_embedded_fields_are_no_unknown_subfields() -> None:
    rules = Counter(f.rule for f in findings(national_library()))
    assert rules["subfield-unknown"] <= 1
    assert rules["field-unknown"] == rules["field-repeated"] == 0


def test_a_university_s_articles_show_their_local_subfields_and_udc_slips() -> None:
    with path_of("rusmarc-tpu/issue-2012-v320-i1.marcxml").open("rb") as file:
        opened = open_exchange(file, ReadOrder(format="rusmarc"))
        records = [one.record for one in opened.records if isinstance(one, ReadRecord)]
    assert len(records) == 41
    found = findings(records)
    rules = Counter(f.rule for f in found)
    assert not [f for f in found if f.level == "error"]
    assert rules["field-unknown"] == 0  # 998 is the library's own
    dash = [f.facts["meant"] for f in found if f.rule == "udc-spelling"]
    assert dash == ["551.248.2:551.435.8(1-925.15)"]


def test_a_university_s_records_of_irbis_show_true_slips_and_little_else() -> None:
    with path_of("irbis/Irbis64_Datai_ISTU_istu.mst").open("rb") as file:
        opened = open_exchange(file, ReadOrder())
        records = [one.record for one in opened.records if isinstance(one, ReadRecord)]
    assert len(records) == 300
    found = findings(records)
    told = {(f.facts.get("word") or f.facts.get("value"), f.facts.get("meant")) for f in found}
    assert ("Cодержание", "Содержание") in told
    assert ("преподавaтелей", "преподавателей") in told
    assert ("622.68+622.271.7](04)", None) in told
    assert ("978-5-93089-108-7", None) in told
    assert [str(f.place) for f in found if f.level == "error"] == ["331"]  # a soft hyphen
    assert len([f for f in found if f.level == "warning"]) < 25
