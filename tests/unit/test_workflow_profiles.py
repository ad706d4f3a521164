"""A dialect that was told at the import holds for all that comes of it."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from catalog.marc.exchange import ReadOrder, open_exchange, write_exchange
from catalog.marc.profile import known_profile
from catalog.marc.reading import ReadRecord
from catalog.record import DataField, Record, Subfield
from store.catalogue import records
from store.catalogue.findings import list_findings
from store.imports.files import list_files
from tests.unit.made_imports import article, counted, edit, file_of, open_made, stored_at, taken
from workflow.checking.check import check_records
from workflow.delta.writing import DeltaOrder, write_delta
from workflow.exchange.bad import Retry, retry_bad
from workflow.exchange.conflicts import conflict_lines, decide
from workflow.exchange.importing import ImportOrder
from workflow.exchange.profiles import profile_of, profile_told
from workflow.exchange.undo import change_of_import, undo
from workflow.library import Library

OURS = """\
title = "Ours"
number = "035 $a"
[rename]
"953" = "300"
"""


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_made(tmp_path) as opened:
        yield opened


def order(folder: Path, content: str = OURS, **more: str) -> ImportOrder:
    path = folder / "ours.toml"
    path.write_text(content, encoding="utf-8")
    return ImportOrder("articles", profile=profile_of(str(path)), **more)  # type: ignore[arg-type]  # options of one test


def test_the_number_stands_where_the_profile_says(library: Library, tmp_path: Path) -> None:
    taken(library, file_of(tmp_path, [article("1", "А", f035="К-7")]), order(tmp_path))
    assert stored_at(library, "К-7").record.first("200", "a") == "А"
    again = file_of(tmp_path, [article("5", "Ә", f035="К-7")], "2.iso")
    assert counted(taken(library, again, order(tmp_path))) == (0, 1, 0, 0, 0)


def test_a_person_knows_better_where_the_number_stands(library: Library, tmp_path: Path) -> None:
    path = file_of(tmp_path, [article("1", "А", f035="К-7")])
    taken(library, path, order(tmp_path, number_in="001"))
    assert stored_at(library, "1").record.first("035", "a") == "К-7"


def test_a_record_keeps_its_number_through_undo_and_decisions(
    library: Library, tmp_path: Path
) -> None:
    told = order(tmp_path)

    def numbers() -> list[str]:
        stored = stored_at(library, "К-7")
        known = records.identifiers_of(library.store, stored.id)
        return [value for scheme, value in known if scheme == "control"]

    taken(library, file_of(tmp_path, [article("1", "А", f035="К-7")]), told)
    done = taken(library, file_of(tmp_path, [article("2", "Ә", f035="К-7")], "2.iso"), told)
    undo(library, change_of_import(library, done.id), actor="aigul")
    assert numbers() == ["К-7"]
    for side, title in (("theirs", "В"), ("200", "Г")):
        edit(library, "К-7", article("1", title * 2, f035="К-7"))
        taken(library, file_of(tmp_path, [article("3", title, f035="К-7")], f"{side}.iso"), told)
        (line,) = conflict_lines(library, every=False)
        decide(library, line.conflict.id, [side], actor="aigul", dry_run=False)
        assert stored_at(library, "К-7").record.first("200", "a") == title
        assert numbers() == ["К-7"]


def test_irbis_has_its_numbers_in_903(library: Library, tmp_path: Path) -> None:
    data = "#920: ASP\n#903: 84/К88-1\n#200: ^AКөмір\n*****\n".encode()
    taken(library, file_of(tmp_path, data, "a.txt"))
    assert stored_at(library, "84/К88-1").record.first("200", "A") == "Көмір"


def test_the_same_file_by_the_same_profile_is_known_until_the_profile_changes(
    library: Library, tmp_path: Path
) -> None:
    path = file_of(tmp_path, [article("1", "А", f035="К-7", f953="ескерту")])
    first = taken(library, path, order(tmp_path))
    assert taken(library, path, order(tmp_path)).again
    moved = tmp_path / "other"
    moved.mkdir()
    assert taken(library, path, order(moved)).id == first.id
    changed = taken(library, path, order(tmp_path, OURS.replace('"300"', '"330"')))
    assert (changed.again, counted(changed)) == (False, (0, 1, 0, 0, 0))
    assert stored_at(library, "К-7").record.first("330", "a") == "ескерту"
    assert taken(library, path, order(tmp_path, OURS.replace('"300"', '"330"'))).again


def test_bytes_that_are_known_are_read_again_only_where_a_person_says_how(
    library: Library, tmp_path: Path
) -> None:
    records_in = [article("1", "Караганда"), article("2", "Темиртау")]
    data = b"".join(write_exchange(records_in, "iso2709", "cp1251"))
    wrong = ImportOrder("articles", charset="koi8-r")
    taken(library, file_of(tmp_path, data), wrong)
    assert stored_at(library, "1").record.first("200", "a") != "Караганда"
    right = ImportOrder("articles", charset="cp1251", complete=True)
    done = taken(library, file_of(tmp_path, data), right)
    assert (counted(done), done.missing) == ((0, 2, 0, 0, 0), ())
    assert stored_at(library, "1").record.first("200", "a") == "Караганда"
    kept = taken(library, file_of(tmp_path, data + b"\n"), ImportOrder("articles"))
    assert counted(kept) == (0, 0, 2, 0, 0)
    less = b"".join(write_exchange(records_in[:1], "iso2709", "cp1251"))
    told = replace(right, format="rusmarc")
    (missing,) = taken(library, file_of(tmp_path, less), told).missing
    assert missing[1] == "2"


def test_other_numbers_make_no_second_record_of_the_same_bytes(
    library: Library, tmp_path: Path
) -> None:
    path = file_of(tmp_path, [article("1", "А", f035="К-7")])
    taken(library, path)
    assert counted(taken(library, path, order(tmp_path))) == (0, 0, 1, 0, 0)


def test_a_profile_told_afterwards_makes_bad_records_good(library: Library, tmp_path: Path) -> None:
    whole = file_of(tmp_path, [article("1", "А", f035="К-7", f953="ескерту")]).read_bytes()
    path = file_of(tmp_path, whole.replace(b"\x1e", b"|").replace(b"\x1d", b"#"), "2.iso")
    told = ImportOrder("articles", container="iso2709", format="rusmarc")
    assert taken(library, path, told).counts["bad"] == 1
    content = OURS + "[terminators]\nrecord = 0x23\nfield = 0x7C\n"
    profile = order(tmp_path, content).profile
    (read,) = retry_bad(library, Retry(profile=profile), actor="aigul", dry_run=False)
    assert [outcome for _, outcome in read.records] == ["new"]
    assert stored_at(library, "К-7").record.first("300", "a") == "ескерту"


def test_an_import_keeps_the_profile_that_it_came_by(library: Library, tmp_path: Path) -> None:
    told = order(tmp_path)
    taken(library, file_of(tmp_path, [article("1", "А", f035="К-7")]), told)
    (tmp_path / "ours.toml").unlink()
    (file,) = list_files(library.store)
    kept = profile_told(file.told)
    assert kept is not None
    assert (kept.name, kept.number_place) == ("ours.toml", "035$a")
    assert kept.rename == (("953", "300"),)


def test_a_delta_goes_back_in_the_dialect_that_its_file_came_in(
    library: Library, tmp_path: Path
) -> None:
    theirs = article("1", "А", f035="К-7", f953="ескерту")
    taken(library, file_of(tmp_path, [theirs]), order(tmp_path))
    ours = stored_at(library, "К-7").record
    assert ours.first("300", "a") == "ескерту"
    changed = DataField("300", "  ", (Subfield("a", "түзетілді"),))
    fields = tuple(changed if field.tag == "300" else field for field in ours.fields)
    edit(library, "К-7", Record(ours.format, ours.leader, fields))
    target = tmp_path / "delta.iso"
    write_delta(library, DeltaOrder(target), actor="aigul")
    opened = open_exchange(BytesIO(target.read_bytes()), ReadOrder(format="rusmarc"))
    (found,) = (one.record for one in opened.records if isinstance(one, ReadRecord))
    assert (found.first("953", "a"), found.first("300", "a")) == ("түзетілді", None)


def test_local_fields_are_known_in_the_catalogue_that_came_by_the_profile(
    library: Library, tmp_path: Path
) -> None:
    content = OURS + '[[local]]\nfield = "288 $a"\nmeaning = "бөлім"\n'
    path = file_of(tmp_path, [article("1", "Көмір", f035="К-7", f288="бөлім")])
    taken(library, path, order(tmp_path, content))
    taken(library, path, ImportOrder("ecology"))
    check_records(library, [one.id for one in records.list_records(library.store)])
    unknown = list_findings(library.store, code="rule/field-unknown")
    assert [one.subject for one in unknown] == [stored_at(library, "1", "ecology").id]


def test_what_was_imported_by_a_name_alone_is_still_understood() -> None:
    assert profile_told({"profile": "kabis"}) == known_profile("kabis")
    assert profile_told({"charset": "cp1251"}) is None
