"""What can happen to an index on a disk: bits flip, disks fill up, writers and readers meet."""

import errno
import os
import random
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from olketanu.errors import CannotWriteError, LockedError
from olketanu.home import Home
from search.engine.wanted import Every, Keys
from search.index import integrity
from search.index.generations import (
    Fault,
    IndexStaleError,
    IndexState,
    begin,
    damaged,
    examine_index,
    inspect_index,
    writing_lock,
)
from search.index.manifest import is_installed
from search.index.reader import open_index
from search.index.writer import IndexWriter
from search.schema import Entry
from store.disk.files import sha256_of

ENGINES = [name for name in ("whoosh", "tantivy") if is_installed(name)]
FLIPS = 150


def entry(number: int, text: str = "", *, public: bool = True) -> Entry:
    return Entry(
        key=f"d{number}/p0001",
        kind="page",
        document=f"d{number}",
        page="p0001",
        record="",
        title="Қарағанды",
        text=text or f"шахта {number} сөз{number}",
        line_languages=("kaz",),
        languages=("kaz",),
        public=public,
    )


@pytest.fixture(params=ENGINES)
def writer(tmp_path: Path, request: pytest.FixtureRequest) -> IndexWriter:
    """An index of some segments, with entries in both parts and one taken out."""
    made = IndexWriter(Home(tmp_path), request.param)
    for number in range(3):
        entries = [entry(number * 10 + n, public=n % 3 > 0) for n in range(10)]
        made.apply(entries, [], number + 1)
    made.apply([], ["d5/p0001"], 4)
    return made


def total(home: Home, word: str = "шахта") -> int:
    with open_index(home, restricted=True) as opened:
        engines = opened.engines.values()
        return sum(engine.search(Keys("text", (word,)), 1).total for engine in engines)


def in_force(root: Path) -> list[Path]:
    """The files that an index is read from: those of its generation, its manifest, the pointer."""
    generation = inspect_index(root).generation
    assert generation is not None
    return [
        root / "current",
        generation.folder / "manifest.json",
        *(generation.folder / name for name in sorted(generation.manifest.files)),
    ]


def flip(path: Path, bit: int, *, keep_time: bool = False) -> None:
    stat = path.stat()
    with path.open("r+b") as stream:
        stream.seek(bit // 8)
        (byte,) = stream.read(1)
        stream.seek(bit // 8)
        stream.write(bytes([byte ^ 1 << bit % 8]))
    if keep_time:
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def flips(root: Path) -> Iterator[tuple[Path, int]]:
    """Every file at least once, and then bits drawn from all bytes alike."""
    draw = random.Random(150)
    files = [path for path in in_force(root) if path.stat().st_size]
    sizes = [path.stat().st_size for path in files]
    chosen = [*files, *draw.choices(files, sizes, k=FLIPS)][: max(FLIPS, len(files))]
    yield from ((path, draw.randrange(path.stat().st_size * 8)) for path in chosen)


def damaged_files(root: Path) -> list[str]:
    generation = inspect_index(root).generation
    return [] if generation is None else damaged(generation)


def test_every_flipped_bit_is_seen_by_verify_and_before_a_search(
    writer: IndexWriter, tmp_path: Path
) -> None:
    root, seen = Home(tmp_path).index, 0
    for path, bit in flips(root):
        good = (path.read_bytes(), path.stat())
        flip(path, bit)
        assert examine_index(root).state is IndexState.STALE, (path, bit)
        with pytest.raises(IndexStaleError):
            open_index(Home(tmp_path), restricted=True)
        assert damaged_files(root) or inspect_index(root).state is IndexState.STALE, (path, bit)
        path.write_bytes(good[0])
        os.utime(path, ns=(good[1].st_atime_ns, good[1].st_mtime_ns))
        seen += 1
    assert seen >= FLIPS
    assert examine_index(root).state is IndexState.CURRENT
    assert total(Home(tmp_path)) == 29


def test_a_bit_that_rots_without_a_trace_is_seen_within_a_day(
    writer: IndexWriter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = Home(tmp_path).index
    assert examine_index(root).state is IndexState.CURRENT
    victim = max(in_force(root)[2:], key=lambda path: path.stat().st_size)
    flip(victim, 100, keep_time=True)
    assert examine_index(root).state is IndexState.CURRENT  # trusted, as decision 0021 says
    assert damaged_files(root)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + integrity.TRUSTED_FOR + 1)
    assert examine_index(root).state is IndexState.STALE


@pytest.mark.parametrize("engine", ENGINES)
def test_what_rotted_is_not_merged_into_a_new_generation(tmp_path: Path, engine: str) -> None:
    """Engines read old segments when they merge: a wrong byte would get a right hash."""
    home = Home(tmp_path)
    writer, root = IndexWriter(home, engine), home.index
    refused = 0
    for number in range(14):
        writer.apply([entry(number)], [], number + 1)
        good = shutil.copytree(root, tmp_path / f"good{number}")
        victim = max(in_force(root)[2:], key=lambda path: path.stat().st_size)
        flip(victim, victim.stat().st_size * 4, keep_time=True)
        try:
            writer.apply([entry(100 + number)], [], 100 + number)
        except IndexStaleError:
            refused += 1
            assert writer.status().fault is Fault.BYTES
        assert damaged_files(root), "a damaged file was taken over as good"
        shutil.rmtree(root)
        good.rename(root)
    assert refused


def test_notes_that_cannot_be_written_or_read_only_cost_time(
    writer: IndexWriter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = Home(tmp_path).index
    for text in (b"", b"{", b"[]", b'{"1": []}', b'{"x": [1, 2, 3, 4]}', b"\xff"):
        (root / "checked").write_bytes(text)
        assert examine_index(root).state is IndexState.CURRENT
        assert len(integrity.read_notes(root)) > 3

    def refused(*_: object) -> None:
        raise CannotWriteError("error.not-writable", path="x")

    (root / "checked").unlink()
    monkeypatch.setattr(integrity, "write_durably", refused)
    assert examine_index(root).state is IndexState.CURRENT
    assert not (root / "checked").exists()


def test_after_an_update_nothing_old_is_read_again(
    writer: IndexWriter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = Home(tmp_path).index
    read: list[Path] = []

    def hashed(path: Path) -> str:
        read.append(path)
        return sha256_of(path)

    monkeypatch.setattr("search.index.integrity.sha256_of", hashed)
    assert total(Home(tmp_path)) == 29
    assert read == []
    before = {path.stat().st_ino for path in in_force(root)}
    writer.apply([entry(77)], [], 9)
    known = {path.stat().st_ino for path in in_force(root)} & before
    assert not {path.stat().st_ino for path in read if path.exists()} & known
    read.clear()
    assert total(Home(tmp_path)) == 30
    assert read == []


def test_a_full_disk_leaves_the_old_generation_and_nothing_else(
    writer: IndexWriter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = Home(tmp_path).index
    before = sorted(path.relative_to(root) for path in root.rglob("*"))

    def entries() -> Iterator[Entry]:
        yield entry(50)
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(CannotWriteError) as error:
        writer.apply(entries(), [], 9)
    assert error.value.key == "error.disk-full"
    assert sorted(path.relative_to(root) for path in root.rglob("*")) == before
    assert total(Home(tmp_path)) == 29
    writer.apply([entry(50)], [], 9)
    assert total(Home(tmp_path)) == 30


def test_two_writers_take_turns(writer: IndexWriter, tmp_path: Path) -> None:
    def add(first: int) -> None:
        for number in range(first, first + 3):
            IndexWriter(Home(tmp_path)).apply([entry(number)], [], number)

    threads = [threading.Thread(target=add, args=(first,)) for first in (100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert total(Home(tmp_path)) == 35
    assert damaged_files(Home(tmp_path).index) == []


def test_a_writer_that_waits_too_long_says_so(writer: IndexWriter, tmp_path: Path) -> None:
    root = Home(tmp_path).index
    with writing_lock(root), pytest.raises(LockedError), writing_lock(root, wait=0.1):
        pytest.fail("two writers hold the lock")
    assert writer.status().state is IndexState.CURRENT


def test_readers_see_whole_generations_while_they_are_published(
    writer: IndexWriter, tmp_path: Path
) -> None:
    """Every generation holds its number in one entry, twice: no reader may see a mixture."""
    done = threading.Event()
    seen: list[tuple[int, int]] = []
    failed: list[BaseException] = []

    def read() -> None:
        try:
            seen.append(pair_seen())
            while not done.is_set():
                seen.append(pair_seen())
        except BaseException as error:
            failed.append(error)

    def pair_seen() -> tuple[int, int]:
        with open_index(Home(tmp_path), restricted=True) as opened:
            found = [sorted(_versions(engine.words("exact"))) for engine in opened.engines.values()]
            return found[0][-1], found[1][-1]

    writer.apply(pair(0), [], 10)
    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(1, 9):
        writer.apply(pair(number), [], 10 + number)
    done.set()
    for reader in readers:
        reader.join()
    assert failed == []
    assert len(seen) >= 2
    assert all(first == second for first, second in seen)


def pair(number: int) -> list[Entry]:
    return [
        entry(900, f"нұсқа{number}"),
        entry(901, f"нұсқа{number}", public=False),
    ]


def _versions(words: Sequence[tuple[str, int]]) -> list[int]:
    return [int(key.removeprefix("нуска")) for key, _ in words if key.startswith("нуска")]


def test_a_generation_that_was_begun_and_left_is_swept(writer: IndexWriter, tmp_path: Path) -> None:
    root = Home(tmp_path).index
    generation = inspect_index(root).generation
    with writing_lock(root):
        left = begin(root, generation)
    assert left.is_dir()
    writer.apply([entry(60)], [], 9)
    numbers = sorted(path.name for path in root.glob("gen-*"))
    assert numbers == ["gen-000004", "gen-000005"]
    assert damaged_files(root) == []
    everything = Every(())
    with open_index(Home(tmp_path), restricted=False) as opened:
        assert opened.engines["open"].search(everything, 1).total == opened.engines["open"].count()


def test_to_tell_how_the_index_stands_writes_nothing(writer: IndexWriter, tmp_path: Path) -> None:
    root = Home(tmp_path).index
    (root / "checked").unlink()
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}
    assert writer.status().state is IndexState.CURRENT
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before
