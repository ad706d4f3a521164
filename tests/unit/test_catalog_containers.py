"""XML, JSON and text forms of records: what others write, what is refused, and real files."""

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from itertools import chain, repeat
from pathlib import Path
from types import ModuleType

import pymarc
import pytest

from catalog.marc import iso2709, jsonl, marcjson, marcxchange, marcxml, mrk, unislim
from catalog.marc.bridge import from_pymarc, to_pymarc
from catalog.marc.exchange import ReadOrder, open_exchange, write_exchange
from catalog.marc.reading import BadRecord, ReadNote, ReadRecord
from catalog.record import ControlField, DataField, LinkField, Record, Subfield
from olketanu.errors import InputError, UsageError
from tests.house import ROOT
from tests.unit.exchanged import read_all, written

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "marc"
LEADER = "00000naa2 2200000   450 "
HOST = LinkField(
    "463",
    " 0",
    (
        ControlField("001", r"RU\NLR\bibl\5996"),
        DataField("200", "1 ", (Subfield("a", "№ 3 <«Өлке» & К°>"), Subfield("v", "Б. 3"))),
    ),
)
ARTICLE = Record("rusmarc", LEADER, (ControlField("001", "a\\1"), HOST))
ROOMS = (marcxml, marcxchange, unislim, marcjson, jsonl, mrk)
everywhere = pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__)

NESTED = """<collection xmlns="info:lc/xmlns/marcxchange-v1"><record format="RUSMARC">
<leader>00000naa2 2200000   450 </leader>
<controlfield tag="001">a\\1</controlfield>
<datafield tag="463" ind1=" " ind2="0">
<s1><controlfield tag="001">RU\\NLR\\bibl\\5996</controlfield></s1>
<s1><datafield tag="200" ind1="1" ind2=" "><subfield code="a">№ 3 &lt;«Өлке» &amp; К°&gt;</subfield>
<subfield code="v">Б. 3</subfield></datafield></s1>
</datafield></record></collection>"""


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_nested_fields_of_other_programs_become_the_link(version: str) -> None:
    data = NESTED.replace("marcxchange-v1", f"marcxchange-{version}").encode()
    assert marcxchange.looks_like(data)
    assert unislim.looks_like(data)
    for room in (marcxml, marcxchange, unislim):
        assert read_all(room, data) == [ARTICLE]


def test_the_nested_form_writes_embedded_fields_as_fields() -> None:
    data = written(unislim, [ARTICLE]).decode()
    assert "".join(re.findall(r"<(?:/?s1|controlfield|datafield tag=\"\d+\")", data)) == (
        '<controlfield<datafield tag="463"<s1<controlfield</s1<s1<datafield tag="200"</s1'
    )
    assert read_all(unislim, data.encode()) == [ARTICLE]


def test_the_flat_form_of_marcxchange_is_what_pymarc_reads() -> None:
    data = written(marcxchange, [ARTICLE])
    assert b'<record format="RUSMARC" type="Bibliographic">' in data
    found = pymarc.parse_xml_to_array(io.BytesIO(data), strict=False)  # type: ignore[no-untyped-call]  # pymarc has no hints here
    assert [r["463"].get_subfields("1", "a")[1:] for r in found] == [["2001 ", "№ 3 <«Өлке» & К°>"]]


def test_a_link_that_marc21_cannot_hold_flat_is_refused_and_kept_nested() -> None:
    record = Record("marc21", LEADER[:9] + "a" + LEADER[10:], ARTICLE.fields)
    with pytest.raises(InputError) as caught:
        written(marcxml, [record])
    assert (caught.value.key, caught.value.facts["field"]) == ("error.link-nested", "463")
    assert read_all(unislim, written(unislim, [record]), "marc21") == [record]


def test_a_record_that_is_no_xml_costs_no_other() -> None:
    data = written(marcxml, [ARTICLE] * 3).replace(b"<leader>", b"<leader>&", 1)
    found = read_all(marcxml, data)
    assert [type(one) for one in found] == [BadRecord, Record, Record]
    assert isinstance(found[0], BadRecord)
    assert b"<leader>&" in found[0].raw


def test_records_before_a_tear_are_read_and_the_rest_is_one_bad_record() -> None:
    data = written(marcxml, [ARTICLE] * 3)
    tear = data.rindex(b"<datafield")
    found = read_all(marcxml, data[:tear])
    assert [type(one) for one in found] == [Record, Record, BadRecord]
    assert isinstance(found[2], BadRecord)
    assert (found[2].offset, found[2].reason) == (3, "torn")
    assert found[2].raw.strip().startswith(b"<record>")


def test_records_inside_a_harvest_are_found() -> None:
    one = written(marcxml, [ARTICLE]).decode()
    record = one[one.index("<record") : one.index("</collection>")]
    space = f'xmlns="{marcxml.NAMESPACE}"'
    wrapped = record.replace("<record", f"<record {space}")
    item = f"<record><header/><metadata>{wrapped}</metadata></record>"
    data = f"<OAI-PMH><ListRecords>{item * 3}</ListRecords></OAI-PMH>".encode()
    assert read_all(marcxml, data) == [ARTICLE] * 3


def test_the_bytes_of_a_record_are_an_element_that_stands_by_itself() -> None:
    (found,) = marcxml.read(io.BytesIO(written(marcxml, [ARTICLE])))
    assert found.raw.startswith(b'<record xmlns="http://www.loc.gov/MARC21/slim">')
    assert read_all(marcxml, found.raw) == [ARTICLE]


@pytest.mark.parametrize("encoding", ["utf-16", "cp1251"])
def test_xml_names_its_own_charset(encoding: str) -> None:
    record = Record("rusmarc", LEADER, (ControlField("001", "Караганда"),))
    text = written(marcxml, [record]).decode().replace("UTF-8", encoding)
    assert read_all(marcxml, text.encode(encoding)) == [record]


ENTITY = '<!DOCTYPE r [<!ENTITY e "x">]><c><record><leader>&e;</leader></record></c>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_in_any_encoding(encoding: str) -> None:
    with pytest.raises(InputError) as caught:
        read_all(marcxml, ENTITY.encode(encoding))
    assert caught.value.key == "error.xml-doctype"


def test_json_is_the_form_of_code4lib() -> None:
    (data,) = json.loads(written(marcjson, [ARTICLE]))
    assert data == {
        "leader": LEADER,
        "fields": [
            {"001": "a\\1"},
            {
                "463": {
                    "ind1": " ",
                    "ind2": "0",
                    "subfields": [
                        {"1": "001RU\\NLR\\bibl\\5996"},
                        {"1": "2001 "},
                        {"a": "№ 3 <«Өлке» & К°>"},
                        {"v": "Б. 3"},
                    ],
                }
            },
        ],
    }


@pytest.mark.parametrize(
    ("before", "between", "after"),
    [("", "\n", "\n"), ("[", ",", "]"), ('{"records": [', ", ", "]}")],
)
def test_json_is_read_as_lines_as_array_and_inside_an_object(
    before: str, between: str, after: str
) -> None:
    one = json.dumps(json.loads(written(jsonl, [ARTICLE])), indent=1)
    data = before + between.join([one] * 3) + after
    assert marcjson.looks_like(data.encode())
    assert read_all(marcjson, data.encode()) == [ARTICLE] * 3


def test_pymarc_reads_our_json() -> None:
    (found,) = pymarc.JSONReader(written(marcjson, [ARTICLE]).decode())
    assert found["463"].get_subfields("a") == ["№ 3 <«Өлке» & К°>"]


@pytest.mark.parametrize(
    "wrong",
    [
        '{"leader": 5, "fields": []}',
        '{"leader": "", "fields": [{"001": 7}]}',
        '{"leader": "", "fields": [{"2": ""}, {"200": {"ind1": " "}}]}',
        '{"leader": "", "fields": [{"200": {"ind1": "", "ind2": "", "subfields": []}}]}',
        '{"leader": "", "fields": [{"001": "\\ud800"}]}',
        '{"leader": "", "fields": [' + "[" * 100_000,
        '{"leader": "", "fields": [{"001": "x',
    ],
)
def test_json_of_another_shape_is_a_bad_record_and_the_next_is_read(wrong: str) -> None:
    found = read_all(marcjson, wrong.encode() + b"\n" + written(jsonl, [ARTICLE]))
    assert found == [BadRecord(0, "bad-json", wrong.encode() + b"\n"), ARTICLE]


MRK = r"""=LDR  00000naa2\2200000\\\450\
=001  a{bsol}1
=200  1\$aЦена 5{dollar} {lcub}скобки{rcub}$eвторая

=LDR  00000naa2\2200000\\\450\
=001  b

"""


def test_marcedit_text_has_mnemonics_for_its_own_signs() -> None:
    title = (Subfield("a", "Цена 5$ {скобки}"), Subfield("e", "вторая"))
    wanted = [
        Record("rusmarc", LEADER, (ControlField("001", "a\\1"), DataField("200", "1 ", title))),
        Record("rusmarc", LEADER, (ControlField("001", "b"),)),
    ]
    assert written(mrk, wanted).decode() == MRK
    assert read_all(mrk, MRK.encode()) == wanted
    assert read_all(mrk, MRK.replace("\n", "\r\n").encode()) == wanted


def test_marcedit_text_without_a_leader_is_read_and_noted() -> None:
    (found,) = mrk.read(io.BytesIO(b"=001  a\n"))
    assert isinstance(found, ReadRecord)
    assert found.notes == (ReadNote("no-leader"),)


def test_marcedit_text_with_a_line_that_is_no_field_is_a_bad_record() -> None:
    found = read_all(mrk, b"=LDR  x\nwhat\n\n=LDR  y\n")
    assert found[0] == BadRecord(0, "bad-line", b"=LDR  x\nwhat\n\n")
    assert isinstance(found[1], Record)


def test_bytes_outside_the_charset_cost_no_record() -> None:
    (found,) = mrk.read(io.BytesIO(b"=LDR  x\n=200  1\\$a\xcf\xee\xeb\xe5\n"), "rusmarc", "utf-8")
    assert isinstance(found, ReadRecord)
    assert found.notes[0].code == "bad-byte"
    (right,) = read_all_as(mrk, "=LDR  x\n=200  1\\$aПоле\n".encode("cp1251"), "cp1251")
    assert right.record.first("200", "a") == "Поле"


def test_an_unknown_charset_is_told() -> None:
    with pytest.raises(UsageError):
        list(read_all_as(mrk, b"=LDR  x\n=001  \xff\n", "koi-9"))


def read_all_as(room: ModuleType, data: bytes, charset: str) -> Iterator[ReadRecord]:
    yield from room.read(io.BytesIO(data), "rusmarc", charset)


@pytest.mark.parametrize(
    "container",
    [
        "iso2709", "marcxml", "marcxchange", "unislim", "marcjson", "jsonl", "mrk", "csv", "xlsx",
    ],
)  # fmt: skip
def test_every_container_is_known_by_its_content(container: str) -> None:
    data = b"".join(write_exchange([ARTICLE, ARTICLE], container))
    opened = open_exchange(io.BytesIO(data), ReadOrder())
    assert opened.container == container
    assert [type(one) for one in opened.records] == [ReadRecord, ReadRecord]


def test_the_leader_of_unislim_may_be_in_parts() -> None:
    parts = "<leader> <status>n</status>\n<type>a</type> <leader09> </leader09></leader>"
    (found,) = read_all(marcxml, f"<record>{parts}</record>".encode())
    assert isinstance(found, Record)
    assert found.leader.rstrip() == "na"


REAL = [
    ("loge-rusmarc/TEST1.ISO", 81),
    ("rusmarc-tpu/issue-2012-v320-i1.marcxml", 41),
    ("irbis/istu.utf8.txt", 300),
    ("irbis/Irbis64_Datai_ISTU_istu.mst", 300),
    ("irbis/records.txt", 3),
    ("marc4j/pride-and-prejudice-with-many-errors.mrc", 383),
    ("marc4j/bad_hathi_records.mrc", 5),
    ("marc4j/cyrillic_capital_e.mrc", 2),
    ("pymarc-suite/testunimarc.dat", 1),
    ("pymarc-suite/marc.dat", 20),
    ("pymarc-suite/marc8.dat", 1),
    ("pymarc-suite/utf8.xml", 1),
]
with_real_records = pytest.mark.parametrize(("name", "count"), REAL, ids=[r[0] for r in REAL])


def real_records(name: str) -> tuple[Record, ...]:
    if not (DATA / name).is_file():
        pytest.skip("the shared data are not here")
    return opened(name)


@cache
def opened(name: str) -> tuple[Record, ...]:
    with (DATA / name).open("rb") as stream:
        found = open_exchange(stream, ReadOrder()).records
        return tuple(one.record for one in found if isinstance(one, ReadRecord))


@everywhere
@with_real_records
def test_real_records_come_back_from_every_form(room: ModuleType, name: str, count: int) -> None:
    wanted = real_records(name)
    found = read_all(room, written(room, wanted), wanted[0].format)
    assert len(wanted) == count
    assert [one.fields for one in found if isinstance(one, Record)] == [r.fields for r in wanted]
    assert len(found) == count


@with_real_records
def test_real_records_pass_through_pymarc(name: str, count: int) -> None:
    wanted = real_records(name)
    assert tuple(from_pymarc(to_pymarc(one), one.format) for one in wanted) == wanted
    assert len(wanted) == count


class Endless(io.RawIOBase):
    """A file of one piece over and over, that remembers how much of it was taken."""

    def __init__(self, head: bytes, piece: bytes, times: int) -> None:
        self.pieces = filter(None, chain([head], repeat(piece, times)))
        self.left = b""
        self.taken = 0

    def read(self, size: int = -1) -> bytes:
        while len(self.left) < size and (piece := next(self.pieces, b"")):
            self.left += piece
        data, self.left = self.left[:size], self.left[size:]
        self.taken += len(data)
        return data


@everywhere
def test_no_form_reads_far_ahead_of_the_record_it_gives(room: ModuleType) -> None:
    head, piece, *_ = (
        room.write([ARTICLE] * 2) if room not in (mrk, jsonl) else (b"", *room.write([ARTICLE]))
    )
    file = Endless(head, piece, 5_000)
    given = 0
    for found in room.read(file, "rusmarc"):
        given += isinstance(found, ReadRecord)
        assert file.taken <= given * len(piece) + 200_000
        if given == 3_000:
            break
    assert given == 3_000


GROWTH = """
import resource, sys
sys.path.insert(0, {root!r})
from tests.unit.test_catalog_containers import ARTICLE, Endless
from catalog.marc import marcxml
head, piece, *_ = marcxml.write([ARTICLE] * 2)
def peak(times):
    assert sum(1 for _ in marcxml.read(Endless(head, piece, times), "rusmarc")) >= times
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
first = peak(1_000)
print(peak(20_000) - first)
"""


def test_memory_does_not_grow_with_a_file_of_xml() -> None:
    command = [sys.executable, "-c", GROWTH.format(root=str(ROOT))]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert (
        int(done.stdout) < 4_000
    )  # KiB; the records are 11,000 as text and ten times that as a tree


@pytest.mark.parametrize(
    "wrong",
    [
        ControlField("101", "rus"),
        DataField("6629", "  ", (Subfield("a", "x"),)),
        DataField("001", "  ", (Subfield("a", "x"),)),
    ],
)
def test_iso2709_refuses_fields_that_it_could_not_tell_again(
    wrong: ControlField | DataField,
) -> None:
    with pytest.raises(InputError) as caught:
        written(iso2709, [Record("irbis", LEADER, (wrong,))])
    assert (caught.value.key, caught.value.facts["field"]) == ("error.tag", wrong.tag)
