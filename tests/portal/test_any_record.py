"""Whatever a record holds, its page can be read, and its files are given or refused in words."""

from itertools import count

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings

from catalog.record import Record
from olketanu.home import Home
from store import changes
from store.catalogue import records
from store.catalogue.records import NewRecord
from tests.portal.shelves import found
from tests.property.test_catalog_crosswalk_properties import REAL, RECORDS, real
from tests.unit.made_entries import LEADER, field
from workflow.library import open_library
from workflow.reading.files import RECORD_SUFFIXES
from workflow.reading.record import MOST_ROWS

NUMBERS = count()


def entered(home: Home, wanted: list[Record]) -> list[str]:
    with open_library(home) as library, library.store.transaction("staff") as tx:
        change = changes.new_change_set(tx, "test")
        new = [NewRecord(one, "books", f"any{next(NUMBERS)}", status="active") for one in wanted]
        return [records.create_record(tx, one, change).id for one in new]


def check(client: FlaskClient, identifier: str) -> None:
    answer = client.get(f"/ru/r/{identifier}?view=marc21")
    assert answer.status_code == 200
    assert len(found(answer.text, "//details//table")) == 2
    for suffix in RECORD_SUFFIXES:
        answer = client.get(f"/r/{identifier}.{suffix}")
        # what a container cannot hold, such as an odd tag in ISO 2709, is refused
        may_refuse = suffix in ("mrc", "marcxml", "rusmarc.xml")
        assert answer.status_code in ((200, 406) if may_refuse else (200,)), suffix


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(RECORDS)
def test_any_record_is_shown(reader: FlaskClient, home: Home, record: Record) -> None:
    (identifier,) = entered(home, [record])
    check(reader, identifier)


@pytest.mark.parametrize(("name", "form", "charset"), REAL)
def test_real_records_are_shown(
    reader: FlaskClient, home: Home, name: str, form: str, charset: str
) -> None:
    ordinary = [one for one in real(name, form, charset) if len(one.fields) < 1000]
    for identifier in entered(home, ordinary[:12]):
        check(reader, identifier)


def test_a_page_holds_no_more_fields_than_people_can_read(reader: FlaskClient, home: Home) -> None:
    notes = tuple(field("300", f"aЗаметка {n}") for n in range(MOST_ROWS + 50))
    (identifier,) = entered(home, [Record("rusmarc", LEADER, notes)])
    page = reader.get(f"/ru/r/{identifier}").text
    assert len(found(page, "//details[@id='rusmarc']//tbody/tr")) == MOST_ROWS
    assert "Ещё 51 поле – в файлах записи" in page
    assert f"Заметка {MOST_ROWS + 49}" in reader.get(f"/r/{identifier}.rusmarc.xml").text
