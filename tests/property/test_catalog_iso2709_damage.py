"""Damaged ISO 2709: every byte of the file is accounted for, and damage stays in its record."""

import io
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from bench.made_records import articles
from catalog.marc import iso2709
from catalog.marc.exchange import ReadOrder, open_exchange
from catalog.marc.reading import NOTES, REASONS, BadRecord, ReadRecord, message_key

LIMIT = settings(max_examples=150, deadline=None)
MADE = [*articles("rus", 4, seed=7), *articles("kaz", 3, seed=8)]
PIECES = {charset: list(iso2709.write(MADE, charset)) for charset in ("utf-8", "kz1048")}
CHARSETS = st.sampled_from(sorted(PIECES))
BETWEEN = re.compile(rb"(?:[\r\n\x00\t\x1a ]|\xef\xbb\xbf)*")
SEPARATORS = st.sampled_from([b"\x1d", b"\x1e", b"\x1f", b"\n", b"0", b"9", b"\xff", b""])


def read(data: bytes) -> list[ReadRecord | BadRecord]:
    return list(open_exchange(io.BytesIO(data), ReadOrder(container="iso2709")).records)


def check_nothing_lost(data: bytes, found: list[ReadRecord | BadRecord]) -> None:
    at = 0
    for one in found:
        assert BETWEEN.fullmatch(data[at : one.offset])
        assert data[one.offset : one.offset + len(one.raw)] == one.raw
        at = one.offset + len(one.raw)
        if isinstance(one, BadRecord):
            assert one.reason in REASONS
        else:
            assert all(note.code in NOTES for note in one.notes)
        assert message_key(one) if isinstance(one, BadRecord) else True
    assert BETWEEN.fullmatch(data[at:])


@LIMIT
@given(st.lists(st.binary(max_size=80) | SEPARATORS, max_size=12).map(b"".join))
def test_any_bytes_are_accounted_for(data: bytes) -> None:
    check_nothing_lost(data, read(data))


@LIMIT
@given(CHARSETS, st.integers(0, len(MADE) - 1), st.data())
def test_damage_to_one_record_costs_no_other(charset: str, hit: int, data: st.DataObject) -> None:
    pieces = list(PIECES[charset])
    for _ in range(data.draw(st.integers(1, 3))):
        raw = pieces[hit]
        at = data.draw(st.integers(0, len(raw)))
        cut = data.draw(st.integers(0, 3))
        pieces[hit] = raw[:at] + data.draw(SEPARATORS) + raw[at + cut :]
    whole = b"".join(pieces)
    found = read(whole)
    check_nothing_lost(whole, found)
    kept = {one.raw: one.record for one in found if isinstance(one, ReadRecord) and not one.notes}
    others = [n for n in range(len(MADE)) if n != hit]
    assert [kept.get(pieces[n]) and kept[pieces[n]].fields for n in others] == [
        MADE[n].fields for n in others
    ]


@LIMIT
@given(CHARSETS, st.integers(0, len(MADE) - 1), st.data())
def test_wrong_figures_in_leader_and_directory_cost_nothing(
    charset: str, hit: int, data: st.DataObject
) -> None:
    pieces = list(PIECES[charset])
    raw = bytearray(pieces[hit])
    end = raw.index(b"\x1e")
    places = [*range(5), *range(12, 17)]
    places += [n for n in range(24, end) if (n - 24) % 12 >= 3]  # not the tags
    for at in data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=3)):
        raw[at] = data.draw(st.sampled_from(b"0123456789 x"))
    pieces[hit] = bytes(raw)
    found = read(b"".join(pieces))
    assert [one.record.fields for one in found if isinstance(one, ReadRecord)] == [
        record.fields for record in MADE
    ]


@LIMIT
@given(CHARSETS, st.data())
def test_a_file_that_is_cut_off_gives_all_records_before_the_cut(
    charset: str, data: st.DataObject
) -> None:
    pieces = PIECES[charset]
    whole = b"".join(pieces)
    end = data.draw(st.integers(0, len(whole)))
    found = read(whole[:end])
    check_nothing_lost(whole[:end], found)
    complete = sum(len(b"".join(pieces[: n + 1])) <= end for n in range(len(pieces)))
    assert [one.raw for one in found[:complete]] == pieces[:complete]
    assert all(isinstance(one, ReadRecord) for one in found[:complete])
    assert len(found) - complete <= 1
