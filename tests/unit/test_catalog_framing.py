"""Where ISO 2709 records begin and end: terminators that are lost or too many, and memory."""

import io

import pytest

from catalog.marc.framing import LONGEST, frames

LEADER = "{:05d}nam0 2200049   450 "


def record(title: str, number: str = "1") -> bytes:
    """One record with 001 and 200 $a."""
    control = f"{number}\x1e".encode()
    data = f"1 \x1fa{title}\x1e".encode()
    entries = f"001{len(control):04d}00000200{len(data):04d}{len(control):05d}\x1e"
    length = 24 + len(entries) + len(control) + len(data) + 1
    return LEADER.format(length).encode() + entries.encode() + control + data + b"\x1d"


ONE, TWO, THREE = record("Бірінші", "1"), record("Екінші", "2"), record("Үшінші", "3")


def cut(data: bytes) -> list[bytes]:
    found = list(frames(io.BytesIO(data)))
    assert all(data[offset : offset + len(raw)] == raw for offset, raw in found)
    return [raw for _, raw in found]


def test_records_are_cut_behind_their_terminators() -> None:
    assert cut(ONE + TWO + THREE) == [ONE, TWO, THREE]


@pytest.mark.parametrize("end", [b"", b"\x00", b"x", b"\n"])
def test_a_lost_record_terminator_does_not_swallow_the_next_record(end: bytes) -> None:
    found = cut(ONE[:-1] + end + TWO + THREE)
    assert found == [ONE[:-1] + end, TWO, THREE]


def test_lost_terminators_of_record_and_field_do_not_swallow_the_next_record() -> None:
    assert cut(ONE[:-2] + TWO + THREE) == [ONE[:-2], TWO, THREE]


def test_a_record_terminator_inside_the_data_is_data_when_the_length_says_so() -> None:
    torn = record("Екі\x1dнші")
    assert cut(ONE + torn + THREE) == [ONE, torn, THREE]


def test_a_length_that_is_too_great_does_not_join_two_records() -> None:
    joined = f"{len(ONE) + len(TWO):05d}".encode() + ONE[5:]
    assert cut(joined + TWO + THREE) == [joined, TWO, THREE]


def test_what_stands_before_a_leader_is_a_piece_of_its_own() -> None:
    assert cut(b"From: kitap@example\n" + ONE + TWO) == [b"From: kitap@example\n", ONE, TWO]


@pytest.mark.parametrize(
    "between", [b"\r\n", b"\n\n", b" \n", b"\x00" * 700_000, b"\x1a", b"\xef\xbb\xbf", b"  "]
)
def test_blanks_between_records_are_skipped(between: bytes) -> None:
    assert cut(between + ONE + between + TWO + between) == [ONE, TWO]


def test_a_record_longer_than_a_chunk_is_one_piece() -> None:
    long = record("x" * 3_000_000)
    assert cut(ONE + long + TWO) == [ONE, long, TWO]


class Endless(io.RawIOBase):
    """A stream of ``size`` bytes that are made as they are asked for."""

    def __init__(self, unit: bytes, size: int) -> None:
        self.unit, self.size, self.given, self.largest = unit, size, 0, 0

    def readable(self) -> bool:
        return True

    def read(self, count: int = -1) -> bytes:
        assert 0 < count <= 1 << 20, "the stream is read in pieces"
        piece = min(count, self.size - self.given)
        start = self.given % len(self.unit)
        self.given += piece
        return (self.unit * (piece // len(self.unit) + 2))[start : start + piece]


def test_of_a_file_of_a_gigabyte_little_is_read_ahead() -> None:
    unit = record("x" * 60_000) * 3
    stream = Endless(unit, len(unit) * (1_000_000_000 // len(unit)))
    ahead = 0
    for number, (offset, raw) in enumerate(frames(stream)):  # type: ignore[arg-type] # only read()
        ahead = max(ahead, stream.given - offset - len(raw))
        if number == 600:  # 36 MB are enough to see growth
            break
    assert number == 600
    assert ahead < 3 << 20


def test_bytes_without_any_terminator_are_cut_and_not_gathered() -> None:
    stream = Endless(b"x", LONGEST * 3 + 5)
    pieces = []
    for offset, raw in frames(stream):  # type: ignore[arg-type] # only read() is called
        pieces.append(len(raw))
        assert stream.given - offset <= LONGEST + (2 << 20)
    assert pieces == [LONGEST, LONGEST, LONGEST, 5]
