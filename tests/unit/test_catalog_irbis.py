"""ИРБИС: its text form and its master files."""

import io
import struct
from pathlib import Path

import pytest

from catalog.marc.irbis import master, text
from catalog.marc.reading import BadRecord, ReadNote, ReadRecord
from catalog.record import ControlField, DataField, Record, Subfield
from olketanu.errors import InputError, UsageError
from tests.unit.exchanged import read_all, written
from tests.unit.made_master import BLOCK, Copy, copy32, copy64, irbis32, irbis64

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "marc" / "irbis"


def real(name: str) -> bytes:
    path = DATA / name
    if not path.is_file():
        pytest.skip("the shared data are not here")
    return path.read_bytes()


def read_text(data: str) -> list[ReadRecord | BadRecord]:
    return list(text.read(io.BytesIO(data.encode())))


def read_master(data: bytes, charset: str = "utf-8") -> list[ReadRecord | BadRecord]:
    return list(master.read(io.BytesIO(data), "irbis", charset))


def field(tag: str, *subfields: tuple[str, str]) -> DataField:
    return DataField(tag, "  ", tuple(Subfield(code, value) for code, value in subfields))


def test_a_record_of_text_is_read_field_by_field() -> None:
    (found,) = read_text("#920: ASP\n#10: ^a5-86150^d80\n#6629: ELSTN\n*****\n")
    assert isinstance(found, ReadRecord)
    assert found.record.fields == (
        ControlField("920", "ASP"),
        field("010", ("a", "5-86150"), ("d", "80")),
        ControlField("6629", "ELSTN"),
    )


def test_text_before_the_first_delimiter_is_the_subfield_that_irbis_calls_star() -> None:
    (found,) = read_text("#331: Заметка^AАвтор\n*****\n")
    assert isinstance(found, ReadRecord)
    assert found.record.fields == (field("331", ("*", "Заметка"), ("A", "Автор")),)


@pytest.mark.parametrize("line", ["#920:PAZK", "# 920: PAZK", "#920: PAZK\r"])
def test_spacing_and_line_ends_may_vary(line: str) -> None:
    (found,) = read_text(f"\ufeff{line}\n*****\n")
    assert isinstance(found, ReadRecord)
    assert (found.record.fields, found.notes) == ((ControlField("920", "PAZK"),), ())


@pytest.mark.parametrize("line", ["920: PAZK", "  920:PAZK"])
def test_a_line_without_its_sign_is_read_and_noted(line: str) -> None:
    (found,) = read_text(f"{line}\n*****\n")
    assert isinstance(found, ReadRecord)
    assert found.record.fields == (ControlField("920", "PAZK"),)
    assert found.notes == (ReadNote("loose-line", detail=line),)


def test_a_line_that_is_no_field_makes_the_record_bad_and_the_next_is_read() -> None:
    first, second = read_text("#920: A\nничего\n*****\n#920: B\n*****\n")
    assert first == BadRecord(0, "bad-line", "#920: A\nничего\n*****\n".encode())
    assert isinstance(second, ReadRecord)


def test_a_file_torn_in_a_line_ends_with_a_bad_record() -> None:
    first, second = read_text("#920: A\n*****\n#920: B\n#200: ^AПер")
    assert isinstance(first, ReadRecord)
    assert (second.offset, getattr(second, "reason", "")) == (14, "torn")


def test_text_is_written_as_irbis_writes_it() -> None:
    record = Record(
        "irbis", text.LEADER, (field("010", ("A", "5-86150")), ControlField("101", "rus"))
    )
    assert written(text, [record]).decode() == "#10: ^A5-86150\n#101: rus\n*****\n"


@pytest.mark.parametrize(
    "wrong",
    [
        DataField("200", "1 ", (Subfield("a", "x"),)),
        field("200", ("a", "x^y")),
        field("200", ("a", "x\ny")),
        field("200"),
        field("LKR", ("a", "x")),
        field("0010", ("a", "x")),
        ControlField("101", "a^b"),
    ],
)
def test_what_irbis_cannot_hold_is_refused_by_record_and_field(
    wrong: ControlField | DataField,
) -> None:
    with pytest.raises(InputError) as caught:
        written(text, [Record("irbis", text.LEADER, (ControlField("001", "q"), wrong))])
    assert caught.value.facts == {"record": "q", "field": wrong.tag}


def test_a_record_of_another_format_is_refused_for_its_leader() -> None:
    with pytest.raises(InputError) as caught:
        written(text, [Record("rusmarc", "00000nam0 2200000   450 ", (ControlField("001", "q"),))])
    assert caught.value.facts == {"record": "q", "field": "leader"}


def test_a_master_file_gives_the_last_copy_of_every_record() -> None:
    copies = [
        Copy(1, ((200, "^AСтарое"),)),
        Copy(2, ((200, "^AДругое"),)),
        Copy(1, ((200, "^AНовое"),)),
    ]
    found = read_master(irbis64(copies, tail=bytes(100)))
    assert [one.record.first("200", "A") for one in found if isinstance(one, ReadRecord)] == [
        "Другое",
        "Новое",
    ]


def test_a_deleted_record_is_given_and_noted() -> None:
    (found,) = read_master(irbis64([Copy(1, ((200, "^AҮй"),), state=1)]))
    assert isinstance(found, ReadRecord)
    assert (found.notes, found.record.leader[5]) == ((ReadNote("deleted"),), "d")


def test_the_older_layout_is_read_over_the_ends_of_blocks() -> None:
    copies = [Copy(n, ((200, f"^AЗапись {n}"), (910, "x" * n))) for n in range(1, 60)]
    data = irbis32(copies)
    assert len(data) > 4 * BLOCK
    found = read_master(data)
    assert [one.record for one in found if isinstance(one, ReadRecord)] == [
        Record(
            "irbis", text.LEADER, (field("200", ("A", f"Запись {n}")), ControlField("910", "x" * n))
        )
        for n in range(1, 60)
    ]
    assert len(found) == 59


def test_the_older_layout_may_be_locked_shortened_and_filled_with_rubbish() -> None:
    one, two = (copy32(Copy(n, ((200, f"^A{n}"),))) for n in (1, 2))
    locked = one[:4] + struct.pack("<h", -len(one)) + one[6:]
    shortened = two[:4] + struct.pack("<h", len(two) + 40) + two[6:] + b"\xaa" * 40
    three = copy32(Copy(3, ((200, "^A3"),)))
    found = read_master(irbis32([])[:64] + locked + b"\xff\xfe" * 5 + shortened + three)
    assert [one.record.first("200", "A") for one in found if isinstance(one, ReadRecord)] == [
        "1",
        "2",
        "3",
    ]
    assert len(found) == 3


@pytest.mark.parametrize("at", [4, 16, 20, 36, 40])
def test_a_figure_that_lies_costs_its_record_only(at: int) -> None:
    one, two, three = (copy64(Copy(n, ((200, f"^A{n}"), (903, "k")))) for n in (1, 2, 3))
    lie = two[:at] + b"\x7f\xff\xff\xff" + two[at + 4 :]
    found = read_master(irbis64([]) + one + lie + three)
    assert [one.record.first("200", "A") for one in found if isinstance(one, ReadRecord)] == [
        "1",
        "3",
    ]
    (bad,) = (one for one in found if isinstance(one, BadRecord))
    assert bad == BadRecord(36 + len(one), "bad-leader", lie)


class Watched(io.BytesIO):
    """A file that remembers the largest piece that was asked of it."""

    largest = 0

    def read(self, size: int | None = -1) -> bytes:
        assert size is not None
        assert size >= 0, "all of a file at once"
        self.largest = max(self.largest, size)
        return super().read(size)


def test_a_master_file_is_read_in_small_pieces_whatever_its_size() -> None:
    copies = [Copy(n, ((200, "^A" + "ә" * 500), (903, str(n)))) for n in range(1, 3_001)]
    file = Watched(irbis64(copies))
    found = sum(1 for _ in master.read(file))
    assert found == 3_000
    assert file.largest < 70_000 < len(file.getvalue())


def test_what_is_no_master_file_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        read_master(b"#920: PAZK\n*****\n")
    assert caught.value.key == "error.mst-unreadable"


def test_master_files_are_never_written() -> None:
    with pytest.raises(UsageError) as caught:
        master.write([])
    assert caught.value.key == "error.container-read-only"


def test_files_are_told_by_their_beginning() -> None:
    assert text.looks_like(b"\xef\xbb\xbf#920: PAZK\r\n")
    assert not text.looks_like(b"=LDR  00000nam")
    assert master.looks_like(irbis64([Copy(1, ((200, "^Aa"),))]))
    assert master.looks_like(irbis32([Copy(1, ((200, "^Aa"),))]))
    assert master.looks_like(irbis64([Copy(1, ((200, "^A" + "a" * 9_000),))])[:4096])
    assert not master.looks_like(bytes(2000))


def test_the_real_master_file_is_the_real_text() -> None:
    found = read_master(real("Irbis64_Datai_ISTU_istu.mst"))
    wanted = read_all(text, real("istu.utf8.txt"), "irbis")
    assert len(wanted) == 300
    assert [one.record for one in found if isinstance(one, ReadRecord)] == wanted
    assert len(found) == 300


def test_the_real_text_is_written_again_byte_for_byte() -> None:
    data = real("istu.utf8.txt")
    records = [one for one in read_all(text, data, "irbis") if isinstance(one, Record)]
    assert written(text, records) == data


def test_the_real_broken_text_is_read_with_its_two_loose_lines_noted() -> None:
    found = list(text.read(io.BytesIO(real("broken_records.txt"))))
    assert [isinstance(one, ReadRecord) for one in found] == [True, True, True]
    loose = [n.detail[:4] for one in found if isinstance(one, ReadRecord) for n in one.notes]
    assert loose == ["919:", "#200"]
