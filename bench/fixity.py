"""How fast files are hashed: ours against ``sha256sum`` and against reading alone, on one disk.

Two heaps of files are made: large ones like masters, small ones like derivatives. Each way reads
each heap in turns, from the disk and not from the page cache, and the median of the turns counts.

    python -m bench.fixity [FOLDER]              megabytes of files: --size, turns: --turns

Prints a table, writes ``bench/results/fixity.json``, and ends with 1 when a target is missed.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from workflow.fixity.hashing import THREADS, hash_files

RESULTS = Path(__file__).parent / "results"
TARGET = 0.9  # of the peer's speed: hashing keeps up with the disk (issue 3, "Figures")
LARGE, SMALL = 20 << 20, 60 << 10  # bytes; a colour master, a page's derivative
SHARE_OF_SMALL = 16
SECONDS = 600

Way = Callable[[Path, Sequence[str]], None]


@dataclass(frozen=True, slots=True)
class Heap:
    """Files of one size: ``names`` below the folder, ``size`` of all in bytes."""

    name: str
    names: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Figure:
    """Speed of one way over one heap in MB (10^6 bytes) a second."""

    heap: str
    way: str
    seconds: float
    speed: float


def make_heaps(folder: Path, megabytes: int) -> list[Heap]:
    """Write the files and return what they are; their bytes do not compress."""
    total = megabytes << 20
    return [
        _heap(folder, "large", LARGE, max(4, total // LARGE)),
        _heap(folder, "small", SMALL, max(64, total // SHARE_OF_SMALL // SMALL)),
    ]


def _heap(folder: Path, name: str, size: int, count: int) -> Heap:
    (folder / name).mkdir()
    names = tuple(f"{name}/{number:05d}" for number in range(count))
    for path in names:
        (folder / path).write_bytes(os.urandom(size))
    return Heap(name, names, size * count)


def ours(folder: Path, names: Sequence[str]) -> None:
    """As ``olketanu verify`` reads."""
    lost = [hashed.path for hashed in hash_files(folder, names) if hashed.sha256 is None]
    if lost:
        raise RuntimeError(f"not hashed: {lost[0]}")


def sha256sum(folder: Path, names: Sequence[str]) -> None:
    """The peer, one process."""
    _run(folder, names, ["xargs", "-0", "sha256sum"])


def sha256sum_parallel(folder: Path, names: Sequence[str]) -> None:
    """The peer with as many processes as we have threads."""
    share = str(max(1, len(names) // (THREADS * 4)))
    _run(folder, names, ["xargs", "-0", "-P", str(THREADS), "-n", share, "sha256sum"])


def reading(folder: Path, names: Sequence[str]) -> None:
    """What the disk gives when nothing is computed."""
    _run(folder, names, ["xargs", "-0", "cat"])


WAYS: dict[str, Way] = {
    "ours": ours,
    "sha256sum": sha256sum,
    "sha256sum-parallel": sha256sum_parallel,
    "reading": reading,
}


def _run(folder: Path, names: Sequence[str], command: list[str]) -> None:
    listed = "\0".join(names).encode()
    subprocess.run(
        command,
        input=listed,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=SECONDS,
    )


def measure(folder: Path, heaps: Sequence[Heap], turns: int) -> list[Figure]:
    """Run every way over every heap, in turns, so that a busy moment hits all alike."""
    times: dict[tuple[str, str], list[float]] = {}
    for _ in range(turns):
        for heap in heaps:
            for name, way in WAYS.items():
                forget(folder, heap.names)
                start = time.perf_counter()
                way(folder, heap.names)
                times.setdefault((heap.name, name), []).append(time.perf_counter() - start)
    sizes = {heap.name: heap.size for heap in heaps}
    return [
        Figure(heap, way, round(middle := statistics.median(taken), 3), sizes[heap] / middle / 1e6)
        for (heap, way), taken in times.items()
    ]


def forget(folder: Path, names: Sequence[str]) -> None:
    """Take the files out of the page cache."""
    for name in names:
        descriptor = os.open(folder / name, os.O_RDONLY)
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


def ratios(figures: Sequence[Figure]) -> dict[str, float]:
    """Our speed over that of each other way, by heap."""
    speed = {(figure.heap, figure.way): figure.speed for figure in figures}
    return {
        f"{heap}/{way}": round(speed[heap, "ours"] / value, 2)
        for (heap, way), value in speed.items()
        if way != "ours"
    }


def misses(found: dict[str, float]) -> list[str]:
    """Targets that are missed: the peer's speed, of one process."""
    peers = {name: value for name, value in found.items() if name.endswith("/sha256sum")}
    return [f"{name}: {value} < {TARGET}" for name, value in peers.items() if value < TARGET]


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when the targets are met, else 1."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, help="on the disk that is to be measured")
    parser.add_argument("--size", type=int, default=600, help="megabytes of large files")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of the JSON")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="fixity-", dir=options.folder) as made:
        heaps = make_heaps(Path(made), options.size)
        figures = measure(Path(made), heaps, options.turns)
    found = ratios(figures)
    for figure in figures:
        print(f"{figure.heap:6} {figure.way:20} {figure.seconds:8.2f} s {figure.speed:8.0f} MB/s")
    print("\n".join(f"ours / {name}: {value}" for name, value in found.items()))
    bad = misses(found)
    print("\n".join(f"MISSED {line}" for line in bad) or "all targets met")
    result = {
        "threads": THREADS,
        "heaps": [{"name": h.name, "files": len(h.names), "bytes": h.size} for h in heaps],
        "figures": [asdict(figure) for figure in figures],
        "ratios": found,
        "missed": bad,
    }
    options.results.mkdir(parents=True, exist_ok=True)
    (options.results / "fixity.json").write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
