"""Every exchange format: what is written is read back, what cannot be held is refused, and a file
that is damaged loses at most the record that was hit."""

import io
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.marc import jsonl, marcjson, marcxchange, marcxml, mrk, unislim
from catalog.marc.bridge import from_pymarc, to_pymarc
from catalog.marc.embedding import unflatten
from catalog.marc.irbis import master
from catalog.marc.irbis import text as irbis_text
from catalog.marc.reading import BadRecord
from catalog.record import ControlField, DataField, Field, LinkField, Record, Subfield
from olketanu.errors import InputError
from tests.unit.exchanged import read_all, written
from tests.unit.made_master import Copy, copy64, irbis32, irbis64

LIMIT = settings(max_examples=40, deadline=None)
WILD = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from('${}\\^#*"<&\n\r '), max_size=12
)
TAME = st.text("аәбвгғabc 0123$&<{\\\"'", min_size=1, max_size=20)
CODES = st.sampled_from("abcxyzABC0123456789") | st.characters(exclude_categories=["Cs"])
TAGS = st.text("0123456789AZaz", min_size=3, max_size=4)
DATA_TAGS = st.sampled_from(["010", "101", "200", "461", "463", "604", "700", "899", "6629"])
LEADERS = st.text("01234 abcdmnst\\$", min_size=24, max_size=24)


def data_fields(
    tags: st.SearchStrategy[str], codes: st.SearchStrategy[str], texts: st.SearchStrategy[str]
) -> st.SearchStrategy[DataField]:
    subfields = st.lists(st.builds(Subfield, codes, texts), max_size=4).map(tuple)
    return st.builds(DataField, tags, st.text("012 #|$\\", min_size=2, max_size=2), subfields)


def links(inner: st.SearchStrategy[ControlField | DataField]) -> st.SearchStrategy[LinkField]:
    fields = st.lists(inner, max_size=3).map(tuple)
    return st.builds(LinkField, DATA_TAGS, st.just(" 0"), fields)


def records(fields: st.SearchStrategy[Field], forms: tuple[str, ...]) -> st.SearchStrategy[Record]:
    made = st.builds(
        Record, st.sampled_from(forms), LEADERS, st.lists(fields, max_size=5).map(tuple)
    )
    return made.map(settled)


def settled(record: Record) -> Record:
    """Fields as readers give them: what begins like embedded fields is a link."""
    fields = (unflatten(f, record.format) if isinstance(f, DataField) else f for f in record.fields)
    return Record(record.format, record.leader, tuple(fields))


WILD_FIELDS = st.builds(ControlField, TAGS, WILD) | data_fields(TAGS, CODES, WILD)
WILD_RECORDS = records(WILD_FIELDS | links(WILD_FIELDS), ("rusmarc", "marc21", "irbis"))
CLEAN = st.text("аә$&<>\"' \n\t1", max_size=12)
CLEAN_FIELDS = st.builds(ControlField, TAGS, CLEAN) | data_fields(
    TAGS, st.sampled_from("a1&"), CLEAN
)
PLAIN_FIELDS = st.builds(ControlField, st.sampled_from(["001", "005"]), TAME) | data_fields(
    DATA_TAGS.filter(lambda tag: len(tag) == 3), st.sampled_from("abcxyz0234"), TAME
)
LINKED = st.builds(
    LinkField, st.sampled_from(["461", "463", "604"]), st.just(" 0"),
    st.lists(PLAIN_FIELDS, min_size=1, max_size=3).map(tuple),
)  # fmt: skip
PLAIN_RECORDS = records(PLAIN_FIELDS | LINKED, ("rusmarc",))
IRBIS_TEXTS = st.text("аәб (:.)*#1A", max_size=12)
IRBIS_FIELDS = st.builds(ControlField, st.sampled_from(["010", "101", "6629"]), IRBIS_TEXTS) | (
    st.builds(
        DataField, st.sampled_from(["010", "200", "1119"]), st.just("  "),
        st.lists(st.builds(Subfield, st.sampled_from("aA1!?"), IRBIS_TEXTS), min_size=1).map(tuple),
    )
)  # fmt: skip
IRBIS_RECORDS = st.lists(IRBIS_FIELDS, min_size=1, max_size=5).map(
    lambda fields: Record("irbis", irbis_text.LEADER, tuple(fields))
)

FLAT = (mrk, marcjson, jsonl)
XML = (marcxml, marcxchange, unislim)
everywhere = pytest.mark.parametrize("room", [*FLAT, *XML], ids=lambda room: room.__name__)


def same(found: Record | BadRecord, wanted: Record, room: ModuleType) -> bool:
    """Equal; of XML without leader position 9, which each format settles by itself."""
    if not isinstance(found, Record) or room not in XML:
        return found == wanted
    return found.fields == wanted.fields and found.leader[10:] == wanted.leader[10:]


@everywhere
@LIMIT
@given(wanted=st.lists(WILD_RECORDS, min_size=1, max_size=3))
def test_any_record_comes_back_or_is_refused(room: ModuleType, wanted: list[Record]) -> None:
    form = wanted[0].format
    ours = [r for r in wanted if r.format == form]
    try:
        found = read_all(room, written(room, ours), form)
    except InputError:
        return
    assert len(found) == len(ours)
    assert all(same(a, b, room) for a, b in zip(found, ours, strict=True))


@everywhere
@LIMIT
@given(wanted=st.lists(PLAIN_RECORDS, max_size=3))
def test_ordinary_records_with_links_are_never_refused(
    room: ModuleType, wanted: list[Record]
) -> None:
    found = read_all(room, written(room, wanted), "rusmarc")
    assert len(found) == len(wanted)
    assert all(same(a, b, room) for a, b in zip(found, wanted, strict=True))


@LIMIT
@given(record=records(links(CLEAN_FIELDS).filter(lambda link: bool(link.fields)), ("marc21",)))
def test_the_nested_form_holds_any_link(record: Record) -> None:
    (found,) = read_all(unislim, written(unislim, [record]), record.format)
    assert same(found, record, unislim)


@LIMIT
@given(record=WILD_RECORDS)
def test_any_record_passes_through_pymarc_or_is_refused(record: Record) -> None:
    refused = None
    try:
        assert from_pymarc(to_pymarc(record), record.format) == record
    except InputError as error:
        refused = error.key
    assert refused in (None, "error.link-nested")


@LIMIT
@given(wanted=st.lists(IRBIS_RECORDS, max_size=4))
def test_irbis_text_reads_back_what_it_wrote(wanted: list[Record]) -> None:
    assert read_all(irbis_text, written(irbis_text, wanted), "irbis") == wanted


@LIMIT
@given(record=WILD_RECORDS)
def test_irbis_text_holds_a_record_whole_or_refuses_it(record: Record) -> None:
    refused, found = None, [record]
    try:
        data = written(irbis_text, [record])
        found = [r for r in read_all(irbis_text, data, record.format) if isinstance(r, Record)]
    except InputError as error:
        refused = error.key
    assert refused in (None, "error.irbis-field")
    assert [r.fields for r in found] == [record.fields]


@st.composite
def damages(draw: st.DrawFn) -> tuple[float, int, bytes]:
    """Where (share of the record's bytes), how many bytes go, and which come."""
    signs = [b"\n", b"<", b'"', b"}", b"^", b"$", b"*", b"\0\0\0\0"]
    junk = st.binary(max_size=6) | st.sampled_from(signs)
    return draw(st.floats(0, 1)), draw(st.integers(0, 12)), draw(junk)


def hurt(pieces: list[bytes], which: int, damage: tuple[float, int, bytes], spared: int) -> bytes:
    """The file with one piece damaged, but for the ``spared`` bytes of its end."""
    share, gone, came = damage
    piece = pieces[which]
    at = int(share * max(0, len(piece) - spared - gone))
    changed = piece[:at] + came + piece[min(at + gone, len(piece) - spared) :]
    return b"".join([*pieces[:which], changed, *pieces[which + 1 :]])


def others_are_there(found: list[Record | BadRecord], wanted: list[Record]) -> bool:
    read = [one.fields for one in found if isinstance(one, Record)]
    return all(read.count(record.fields) == 1 for record in wanted)


def numbered(count: int = 4) -> list[Record]:
    title = DataField("200", "1 ", (Subfield("a", "Өлке <тарихы>"), Subfield("e", "$ {«№» \\}")))
    host = LinkField("463", " 0", (DataField("200", "1 ", (Subfield("a", "Индустриальная"),)),))
    leader = "00000naa2 2200000   450 "
    return [
        Record("rusmarc", leader, (ControlField("001", f"olk-{n}"), title, host))
        for n in range(count)
    ]


@everywhere
@settings(max_examples=120, deadline=None)
@given(which=st.integers(0, 3), damage=damages())
def test_damage_costs_at_most_the_record_hit(
    room: ModuleType, which: int, damage: tuple[float, int, bytes]
) -> None:
    wanted = numbered()
    head, *pieces = room.write(wanted) if room in XML else [b"", *room.write(wanted)]
    # What separates records belongs to both of its neighbours.
    spared = 2 if room is mrk else 0
    data = head + hurt(pieces, which, damage, spared)
    found = read_all(room, data, "rusmarc")
    assert others_are_there(found, wanted[:which] + wanted[which + 1 :])


@settings(max_examples=120, deadline=None)
@given(which=st.integers(0, 3), damage=damages())
def test_damage_to_irbis_text_costs_at_most_the_record_hit(
    which: int, damage: tuple[float, int, bytes]
) -> None:
    wanted = [
        Record("irbis", irbis_text.LEADER, (ControlField("903", f"olk-{n}"),)) for n in range(4)
    ]
    pieces = list(irbis_text.write(wanted))
    found = read_all(irbis_text, hurt(pieces, which, damage, len("\n*****\n")), "irbis")
    assert others_are_there(found, wanted[:which] + wanted[which + 1 :])


@settings(max_examples=120, deadline=None)
@given(which=st.integers(0, 3), damage=damages())
def test_damage_to_a_master_file_costs_at_most_the_record_hit(
    which: int, damage: tuple[float, int, bytes]
) -> None:
    copies = [Copy(n, ((200, f"^AӨлке {n}"), (903, f"olk-{n}"))) for n in range(1, 5)]
    head = irbis64([])
    data = head + hurt([copy64(copy) for copy in copies], which, damage, 0)
    found = read_all(master, data, "irbis")
    read = [r.fields[1] for r in found if isinstance(r, Record) and len(r.fields) == 2]
    kept = [n for n in range(1, 5) if n != which + 1]
    assert all(read.count(ControlField("903", f"olk-{n}")) == 1 for n in kept)


@pytest.mark.parametrize("room", [*FLAT, *XML, irbis_text, master], ids=lambda r: r.__name__)
@LIMIT
@given(data=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_at_all_raise_anything_but_an_input_error(room: ModuleType, data: bytes) -> None:
    try:
        found = list(room.read(io.BytesIO(data), "rusmarc"))
    except InputError:
        return
    assert all(one.raw or room in XML for one in found)


@LIMIT
@given(data=st.binary(max_size=300), at=st.integers(0, 200))
def test_a_master_file_that_lies_never_costs_more_than_its_own_size(data: bytes, at: int) -> None:
    """Every figure may be wrong; what is read is never more than what is there."""
    for whole in (irbis64([Copy(1, ((200, "^Aа"),))]), irbis32([Copy(1, ((200, "^Aа"),))])):
        file = whole[:at] + data + whole[at:]
        try:
            found = list(master.read(io.BytesIO(file)))
        except InputError:
            continue
        assert sum(len(one.raw) for one in found) <= len(file)
