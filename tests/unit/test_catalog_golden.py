"""Records of the sample batch in every exchange format, byte for byte.

After a wanted change: ``python -m tests.unit.test_catalog_golden`` writes the files anew; read the
difference before it is committed.
"""

import datetime
from pathlib import Path

import pytest

from catalog.crosswalk.convert import convert
from catalog.digital_copy import with_copy
from catalog.drafting.build import draft_document, to_record
from catalog.drafting.rusmarc import Context
from catalog.marc import iso2709, marcxml
from catalog.record import Record
from tests.unit.exchanged import read_all, written
from tests.unit.true_pages import true_pages

FOLDER = Path(__file__).parents[1] / "golden" / "catalog"
TIME = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=datetime.UTC)
DOCUMENTS = (
    ("book", "09_komir-olkesi"),
    ("book", "11_ulitsy-nad-shakhtami"),
    ("newspaper_issue", "03_saryarka-tany_1998-10-10"),
    ("newspaper_article", "07_kiyndy"),
    ("newspaper_article", "08_vyrezka"),
)
ROW = {"source": "Сарыарқа таңы", "date": "1999-04-17", "number": "15", "printed_pages": "3"}
NAMES = ("rusmarc.iso", "rusmarc.xml", "marc21.mrc", "marc21.xml")


def sample_records() -> list[Record]:
    records = []
    for number, (kind, document) in enumerate(DOCUMENTS, 1):
        row = ROW if document == "07_kiyndy" else None
        draft = draft_document(kind, row, true_pages(document)).draft
        record = to_record(draft, Context(f"sample{number}", TIME, "Үлгі кітапхана"))
        records.append(with_copy(record, f"https://kitap.example/d/{number}"))
    return records


def rendered(name: str) -> bytes:
    form, ending = name.split(".")
    records = [convert(record, form).record for record in sample_records()]
    return written(marcxml if ending == "xml" else iso2709, records)


@pytest.mark.parametrize("name", NAMES)
def test_records_of_the_sample_batch_are_as_reviewed(name: str) -> None:
    assert rendered(name) == (FOLDER / name).read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_reviewed_records_are_read_back(name: str) -> None:
    form, ending = name.split(".")
    data = (FOLDER / name).read_bytes()
    found = read_all(marcxml if ending == "xml" else iso2709, data, form)
    wanted = [convert(record, form).record for record in sample_records()]
    assert [r.fields for r in found if isinstance(r, Record)] == [r.fields for r in wanted]


if __name__ == "__main__":
    for each in NAMES:
        (FOLDER / each).write_bytes(rendered(each))
