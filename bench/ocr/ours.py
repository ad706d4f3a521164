"""One PDF through our pipeline, as a program of its own so that time and memory can be measured.

    python -m bench.ocr.ours INPUT.pdf OUTPUT-FOLDER ENGINE WORKERS

Looks at the file, reads every page, writes ``document.pdf`` (master) and ALTO; then the access copy
once more, apart. Prints one JSON object: seconds, and those of what the other program does not do.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from digitize.recognition.profiles import profile_for
from digitize.recognition.recognise import for_this_machine
from digitize.scan.inspection import FrameInfo, Inspection
from digitize.work.limits import Limits
from digitize.work.pool import WorkerPool
from pages.codec import frame_to_dict
from pages.text import PageFrame

TIME = "2026-01-01T00:00:00Z"
PATIENCE = 600.0
APART = ("mets", "web")
"""Steps of the document job that make what OCRmyPDF has no counterpart of."""


def main() -> int:
    source, folder = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    engine, workers = sys.argv[3], int(sys.argv[4])
    start = time.monotonic()
    with WorkerPool(workers, Limits(nice=0), folder / "scratch") as pool:
        seen = Inspection.from_dict(_one(pool, "inspect", {"path": str(source)}))
        frames = [_frame(seen, info) for info in seen.frames]
        pages = _read(pool, source, frames, engine, folder)
        files = _assemble(pool, source, frames, pages, folder / "master")
        done = time.monotonic()
        access = _assemble(pool, source, frames, pages, folder / "access")
        end = time.monotonic()
    apart = {name: files["seconds"].get(name, 0.0) for name in APART}
    told = {
        "seconds": done - start,
        "apart": apart | {"access": end - done},
        "steps": files["seconds"],
        "access_steps": access["seconds"],
        "engine": pages[0]["engine"],
    }
    sys.stdout.write(json.dumps(told) + "\n")
    return 0


def _one(pool: WorkerPool, name: str, payload: dict[str, Any]) -> dict[str, Any]:
    pool.submit(name, payload, PATIENCE)
    return _result(pool)[1]


def _result(pool: WorkerPool) -> tuple[int, dict[str, Any]]:
    done = pool.wait()
    if done.result is None:
        raise SystemExit(f"{done.name}: {done.failure}")
    return done.ticket, done.result


def _frame(seen: Inspection, info: FrameInfo) -> PageFrame:
    return PageFrame(
        seen.sha256, info.frame, None, info.quarter_turn, info.width, info.height, info.dpi
    )


def _read(
    pool: WorkerPool, source: Path, frames: list[PageFrame], engine: str, folder: Path
) -> list[dict[str, Any]]:
    """The results of the page jobs, in the order of the pages."""
    profile = for_this_machine(profile_for("modern", "other", 0, 1), engine).to_dict()
    tickets = {}
    for number, frame in enumerate(frames):
        payload = {
            "master": str(source),
            "frame": frame_to_dict(frame),
            "profile": profile,
            "time": TIME,
            "page": _key(number),
            "output": str(folder / f"{_key(number)}.xml"),
        }
        tickets[pool.submit("page", payload, PATIENCE)] = number
    results = dict(_result(pool) for _ in frames)
    return [results[ticket] for ticket, _ in sorted(tickets.items(), key=lambda item: item[1])]


def _assemble(
    pool: WorkerPool,
    source: Path,
    frames: list[PageFrame],
    pages: list[dict[str, Any]],
    output: Path,
) -> dict[str, Any]:
    """The document job; the folder's name is the form of the PDF."""
    output.mkdir()
    rows: list[dict[str, Any]] = [
        {
            "key": _key(number),
            "master": str(source),
            "frame": frame_to_dict(frame),
            "recognised": str(output.parent / f"{_key(number)}.xml"),
            "amendments": [],
            "label": None,
        }
        for number, frame in enumerate(frames)
    ]
    payload = {
        "document": "0000000z",
        "title": "bench",
        "time": TIME,
        "languages": sorted({code for page in pages for code in page["languages"]}),
        "pages": rows,
        "output": str(output),
        "pdf": {"output": output.name, "master": False},
    }
    return _one(pool, "assemble", payload)


def _key(number: int) -> str:
    return f"p{number + 1:04d}"


if __name__ == "__main__":
    sys.exit(main())
