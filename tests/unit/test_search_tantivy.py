"""What only the tantivy engine has to keep to; what all have is in tests/contract."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from search.engine.base import SearchEngine, open_engine
from search.engine.wanted import EVERYTHING, Keys
from search.schema import Entry, analyse

pytest.importorskip("tantivy")


def engine(folder: Path) -> SearchEngine:
    return open_engine("tantivy", folder)


def page(key: str, text: str) -> Entry:
    return Entry(key, "page", "doc", key, "", "", text=text)


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond ``size`` bytes, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_takes_no_more_is_an_error_of_the_system(tmp_path: Path) -> None:
    index = engine(tmp_path)
    index.replace(analyse(page("a", "шахта")))
    index.commit()
    for number in range(200):
        index.replace(analyse(page(str(number), f"облыс n{number} " * 50)))
    with files_of_at_most(2000), pytest.raises(OSError, match="File too large"):
        index.commit()
    index.close()
    again = engine(tmp_path)
    assert [hit.key for hit in again.search(EVERYTHING, 10).hits] == ["a"]
    again.close()


def test_a_cut_file_is_an_ordinary_error(tmp_path: Path) -> None:
    index = engine(tmp_path / "whole")
    index.replace(analyse(page("a", "шахта облыс карлаг")))
    index.commit()
    index.close()
    files = {path.name: path.read_bytes() for path in (tmp_path / "whole").iterdir()}
    for cut in (name for name in files if not name.startswith(".")):
        folder = tmp_path / cut
        folder.mkdir()
        for name, data in files.items():
            (folder / name).write_bytes(data[: len(data) // 2] if name == cut else data)
        with pytest.raises(Exception):  # noqa: B017, PT011 - any but a panic, which is no Exception
            ask_everything(folder)


def ask_everything(folder: Path) -> None:
    index = engine(folder)
    index.search(Keys("text", ("шахта",)), 10)
    index.words("text")
    index.matches(EVERYTHING)


def test_a_folder_that_may_only_be_read_is_searched_without_a_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, spare = tmp_path / "index", tmp_path / "spare"
    spare.mkdir()
    index = engine(folder)
    index.replace(analyse(page("a", "шахта облыс карлаг")))
    index.commit()
    index.close()
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    monkeypatch.setattr("os.access", lambda path, mode: False)  # the tests may run as root
    monkeypatch.setattr("tempfile.tempdir", str(spare))
    reader = engine(folder)
    assert reader.search(Keys("text", ("облыс",)), 10).total == 1
    with pytest.raises(PermissionError):
        reader.replace(analyse(page("b", "шахта")))
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    reader.close()
    assert not list(spare.iterdir())


def test_nothing_is_left_of_locks(tmp_path: Path) -> None:
    index = engine(tmp_path)
    index.replace(analyse(page("a", "шахта")))
    index.commit()
    assert index.count() == 1
    index.close()
    assert not list(tmp_path.glob("*.lock"))
