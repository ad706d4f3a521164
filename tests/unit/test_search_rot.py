"""Damage that no check before a search can see: it began after the files were found good."""

import json
import os
from pathlib import Path

import pytest

from olketanu.errors import CannotWriteError
from olketanu.home import Home
from search.index.generations import Fault, IndexStaleError, IndexState, inspect_index
from search.index.integrity import CHECKED, read_notes
from search.index.manifest import MANIFEST, digest_of
from search.index.writer import IndexWriter
from search.results.request import Request
from search.session import Session
from tests.unit.search_library import described, page

ENTRIES = (
    page("d1", 1, "Қарағандыда мектеп ашылды"),
    page("d2", 1, "Құпия тізім", public=False),
    described("r1", "Қарағанды тарихы"),
)


@pytest.fixture(params=["whoosh", "tantivy"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    pytest.importorskip(request.param)
    found = Home(tmp_path / "home")
    IndexWriter(found, request.param).rebuild(ENTRIES, 1)
    return found


def rot(root: Path, path: Path) -> None:
    """Turn the middle of a file over, and leave no trace of it in times and notes."""
    stat = path.stat()
    data = bytearray(path.read_bytes())
    begin, end = len(data) // 8, len(data) * 7 // 8
    data[begin:end] = bytes(255 - byte for byte in data[begin:end])
    with path.open("r+b") as file:
        file.write(data)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert read_notes(root)[stat.st_ino].changed == stat.st_mtime_ns


def files(home: Home) -> list[Path]:
    generation = inspect_index(home.index).generation
    assert generation is not None
    return [generation.folder / name for name in generation.manifest.files]


def ask(home: Home) -> object:
    with Session(home) as session:
        answer = session.ask(Request("мектеп тарих* құпия~", restricted=True, facets=("form",)))
        session.complete("қарағ", lambda hit: None)
        session.suggest(Request("мектпе", restricted=True), lambda hit: ())
        return answer


# Whoosh leaves a table of contents that it cannot read to the collector, open.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_what_rots_after_it_was_read_is_told_as_damage_or_changes_nothing(home: Home) -> None:
    right = ask(home)
    refused = 0
    for path in files(home):
        whole = path.read_bytes()
        stat = path.stat()
        rot(home.index, path)
        try:
            ask(home)
        except IndexStaleError:
            refused += 1
            assert read_notes(home.index) == {}
            assert IndexWriter(home).status().fault is Fault.BYTES
        with path.open("r+b") as file:
            file.write(whole)
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        assert ask(home) == right
    assert refused


def test_an_error_of_an_undamaged_index_is_not_told_as_damage(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("ours")

    monkeypatch.setattr("search.session.answer", broken)
    with pytest.raises(RuntimeError, match="ours"):
        ask(home)
    assert read_notes(home.index)


@pytest.mark.parametrize("part", ["open", "restricted"])
@pytest.mark.parametrize("name", ["_MAIN_99.toc", "meta.json.1", "left"])
def test_a_file_too_many_makes_the_index_stale(home: Home, part: str, name: str) -> None:
    """Whoosh reads the newest table of contents that it finds, whoever put it there."""
    folder = files(home)[0].parents[1] / part
    source = next(iter(sorted(folder.glob("*.toc"))), folder / "meta.json")
    if source.exists():
        (folder / name).write_bytes(source.read_bytes())
    else:
        (folder / name).touch()
    assert inspect_index(home.index).fault is Fault.FILES
    with pytest.raises(IndexStaleError):
        ask(home)


def test_a_folder_too_many_makes_the_index_stale(home: Home) -> None:
    (files(home)[0].parent / "_MAIN_99.toc").mkdir()
    assert inspect_index(home.index).fault is Fault.FILES


def test_locks_of_engines_are_no_part_of_a_generation(home: Home) -> None:
    for name in (".tantivy-meta.lock", "MAIN_WRITELOCK"):
        (files(home)[0].parent / name).touch()
    assert inspect_index(home.index).state is IndexState.CURRENT


@pytest.mark.parametrize("text", ["[" * 100_000, '{"1": ["a", Infinity, 1, 1]}', "[1]", "\0"])
def test_notes_that_nobody_wrote_so_only_cost_time(home: Home, text: str) -> None:
    right = ask(home)
    (home.index / CHECKED).write_text(text)
    assert ask(home) == right
    assert read_notes(home.index)


@pytest.mark.parametrize("name", [CHECKED, "current", "lock"])
def test_a_folder_in_the_place_of_a_file_is_told_as_not_writable(home: Home, name: str) -> None:
    (home.index / name).unlink()
    (home.index / name).mkdir()
    with pytest.raises(CannotWriteError) as told:
        IndexWriter(home).rebuild(ENTRIES, 2)
    assert told.value.key == "error.not-writable"
    if name == CHECKED:
        ask(home)


@pytest.mark.parametrize(
    "change",
    [
        {"files": {"open/\0": ["0", 1]}},
        {"files": {"open/\ud800": ["0", 1]}},
        {"files": {}},
        {"high_water": float("inf")},
        {"engine": ".."},
    ],
)
def test_a_manifest_that_nobody_wrote_so_is_refused(home: Home, change: dict[str, object]) -> None:
    """Even under its own hash."""
    path = files(home)[0].parents[1] / MANIFEST
    facts = json.loads(path.read_bytes()) | change
    path.write_text(json.dumps(facts))
    pointer = f"{path.parent.name} {digest_of(path.read_bytes())}\n"
    (home.index / "current").write_text(pointer)
    assert inspect_index(home.index).state is IndexState.STALE
    with pytest.raises(IndexStaleError):
        ask(home)
