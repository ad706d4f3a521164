"""A disk that is full ends a conversion in words, and leaves no half of a file."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from catalog.marc.iso2709 import write
from catalog.record import ControlField, DataField, Record, Subfield
from olketanu.errors import CannotWriteError
from workflow.exchange.convert import Order, convert_file

_LEADER = "00000nam a2200000   450 "
_TITLE = DataField("200", "1 ", (Subfield("a", "Сарыарқа " * 50),))


@contextmanager
def _room(size: int) -> Iterator[None]:
    """No file may grow over ``size`` bytes: what a full disk is to a program (EFBIG)."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


@pytest.mark.parametrize("ending", ["iso", "xml", "json", "jsonl", "mrk", "csv", "xlsx"])
@pytest.mark.parametrize("dry_run", [False, True])
def test_a_full_disk_leaves_the_old_file(tmp_path: Path, ending: str, *, dry_run: bool) -> None:
    source, target = tmp_path / "source.iso", tmp_path / f"target.{ending}"
    records = (
        Record("rusmarc", _LEADER, (ControlField("001", str(n)), _TITLE)) for n in range(1000)
    )
    source.write_bytes(b"".join(write(records)))
    target.write_bytes(b"old")
    with _room(20_000), pytest.raises(CannotWriteError, match="disk-full"):
        convert_file(Order(source, target), dry_run=dry_run)
    assert target.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source.iso", target.name]
