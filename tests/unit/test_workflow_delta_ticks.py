"""Whatever comes back as a ticked sheet is understood row by row, or refused in words."""

import io
import json
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from olketanu.errors import InputError
from olketanu.messages.translate import choose_language
from store.identifiers import is_valid
from tests.unit.test_catalog_hostile_workbooks import HOSTILE
from workflow.delta.marking import Open, Tick, meant, taking, taking_told, ticks_told, tidy_name
from workflow.delta.sheet import column_codes, columns
from workflow.delta.ticks import NEEDED, Marked, marked_from_json, read_marked
from workflow.delta.upload import read_sent

HEAD = [column.headings["ru"] for column in columns()]
CODES = [column.code for column in columns()]
cells = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12)
marks = st.sampled_from(["", "✓", "x", "да", "нет", "??", "=1+1", " + "])


@pytest.fixture(autouse=True)
def _russian() -> None:
    choose_language("ru")


def row(code: str, done: str = "", cannot: str = "", note: str = "") -> list[str]:
    told = {"code": code, "done": done, "cannot": cannot, "note": note, "number": "7"}
    return [told.get(column, "") for column in CODES]


def book(rows: list[list[str]]) -> bytes:
    made = Workbook()
    for line in rows:
        made.worksheets[0].append(line)
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def csv(rows: list[list[str]]) -> bytes:
    quoted = (";".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in rows)
    return "\r\n".join(quoted).encode("utf-8-sig")


@pytest.mark.parametrize("write", [book, csv], ids=["xlsx", "csv"])
def test_only_rows_with_a_mark_come_back_and_the_others_are_counted(
    write: Callable[[list[list[str]]], bytes],
) -> None:
    rows = [HEAD, row("a", "✓"), row("b"), row("c", "нет"), row("d", "", "??"), row("e", "x", "x")]
    found = read_marked(write(rows), "sheet")
    assert [(one.line, one.code) for one in found.rows] == [(2, "a"), (5, "d"), (6, "e")]
    assert found.unticked == 2
    assert set(found.rows[0].cells) == set(NEEDED)


def test_a_formula_is_no_mark_but_what_it_says_is_compared() -> None:
    made = Workbook()
    page = made.worksheets[0]
    page.append(HEAD)
    page.append(row("a", "=1+1"))
    held = io.BytesIO()
    made.save(held)
    assert read_marked(held.getvalue(), "sheet") == Marked((), 1)  # Excel has not reckoned it
    found = read_marked(csv([HEAD, row("a", "=1+1")]), "sheet")
    assert [one.cells["done"] for one in found.rows] == ["=1+1"]


@given(data=st.binary(max_size=400))
def test_bytes_that_are_no_sheet_are_refused_in_words(data: bytes) -> None:
    for head in (b"", b"PK\x03\x04", b"\xef\xbb\xbf"):
        with pytest.raises(InputError):
            read_marked(head + data, "sheet")


@given(at=st.integers(0, 5000), cut=st.integers(0, 5000), with_=st.binary(max_size=8))
def test_a_damaged_workbook_is_read_or_refused_and_never_breaks_down(
    at: int, cut: int, with_: bytes
) -> None:
    whole = book([HEAD, row("bcdfgh01", "✓", note="есть")])
    at %= len(whole)
    for data in (whole[:at] + with_ + whole[at + cut :], whole[:at] + with_ + whole[at:]):
        found = None
        with suppress(InputError):
            found = read_marked(data, "sheet")
        assert found is None or all(set(one.cells) == set(NEEDED) for one in found.rows)


@given(rows=st.lists(st.tuples(cells, marks, marks, cells), max_size=6))
def test_what_the_child_answers_is_what_was_read(
    rows: list[tuple[str, str, str, str]],
) -> None:
    lines = [HEAD, *(row(*one) for one in rows)]
    found = read_marked(csv(lines), "sheet")
    assert marked_from_json(json.loads(json.dumps(found.to_json()))) == found
    assert len(found.rows) + found.unticked <= len(rows)


@pytest.mark.parametrize("name", ["a cell of 300 megabytes", "a file of the machine"])
def test_the_child_refuses_what_the_parent_must_not_meet(name: str) -> None:
    with pytest.raises(InputError) as refused:
        read_sent(HOSTILE[name], "sheet.xlsx")
    assert refused.value.key == "error.delta-unreadable"


def test_the_child_names_the_column_that_is_gone() -> None:
    lines = [HEAD[:-1], row("a", "✓")[:-1]]
    with pytest.raises(InputError) as refused:
        read_sent(book(lines), "лист.xlsx")
    assert refused.value.key == "error.delta-columns"
    assert refused.value.facts == {"file": "лист.xlsx", "columns": HEAD[-1]}


ticks = st.builds(
    Tick,
    st.integers(1, 1_048_576),
    st.from_regex(r"[0-9bcdfghjkmnpqrstvwxz]{8}", fullmatch=True),
    st.sampled_from(["done", "refused"]),
    cells.map(lambda text: " ".join(text.split())),
)


@given(given_=st.lists(ticks, max_size=5))
def test_ticks_go_through_a_form_of_a_browser_and_are_the_same_act(given_: list[Tick]) -> None:
    act = taking(given_, "лист.xlsx", "aigul")
    sent = ticks_told(act).replace("\n", "\r\n")
    assert taking_told(sent, "лист.xlsx", "aigul") == act


@given(given_=st.lists(ticks, max_size=5))
def test_where_nothing_is_open_every_row_is_named_once(given_: list[Tick]) -> None:
    found = meant(Open({}, {}), given_)
    assert (found.marks, found.known) == ((), 0)
    assert [one.line for one in found.problems] == [one.line for one in given_]
    for tick, problem in zip(given_, found.problems, strict=True):
        wanted = "changed-row" if is_valid(tick.code) else "unknown-row"
        assert problem.reason in (wanted, "repeated-row")


@given(name=st.text(max_size=300))
def test_the_name_of_a_file_is_tidy_whatever_it_was(name: str) -> None:
    tidy = tidy_name(name)
    assert tidy.isprintable()
    assert len(tidy) <= 120
    assert not set("/\\") & set(tidy)
    assert tidy_name(tidy) == tidy


def test_headings_are_those_of_the_columns() -> None:
    assert column_codes(HEAD) == CODES
