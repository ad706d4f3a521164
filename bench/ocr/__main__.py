"""Our pipeline and OCRmyPDF over the same pages, in turns, two workers each.

    python -m bench.ocr                         40 worn pages and 40,000 clean characters
    python -m bench.ocr --pages 6 --rounds 1    a quick look (6 worn pages, 3 clean ones)
    python -m bench.ocr --ocrmypdf PATH         the program to compare with

Both get one PDF with all the scans in it, every round anew. Ours: looking at the file, recognition,
ALTO and master PDF (METS, web images and access copy are timed apart). Theirs: the default, and
--deskew with Sauvola's threshold; both ``-l kaz+rus --jobs 2``. The order of the systems turns with
every round. CER is that of ``pdftotext -raw``, in output order (flow) and line by line wherever the
line stands. Prints ratios (medians over the rounds), writes ``bench/results/ocr.json`` and ends
with 1 when a figure is missed. OCRmyPDF is needed for this alone:
``python -m venv bench/.venv-ocrmypdf`` and ``bench/.venv-ocrmypdf/bin/pip install ocrmypdf``.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from bench.ocr import compare
from bench.ocr.compare import DEFAULT, FAST, OURS, TUNED, Turn
from bench.ocr.measure import Cost, run
from bench.ocr.sheets import SEED, Scan, scans, write_pdf

HERE = Path(__file__).parent
RESULTS = HERE.parent / "results" / "ocr.json"
VENV = HERE.parent / ".venv-ocrmypdf" / "bin" / "ocrmypdf"
WORKERS = 2
DEGRADED = 40
ENGINES = {OURS: "tesseract", FAST: "tesserocr"}
PEERS = {
    DEFAULT: (),
    TUNED: ("--deskew", "--tesseract-thresholding", "sauvola"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    pages = scans(options.pages, None if options.pages >= DEGRADED else options.pages // 2)
    systems = _systems(options)
    turns: list[Turn] = []
    with tempfile.TemporaryDirectory(prefix="bench-ocr-") as scratch:
        for number in range(options.rounds):
            order = systems[number % len(systems) :] + systems[: number % len(systems)]
            for system in order:
                turns.append(_turn(system, pages, Path(scratch) / f"{number}-{system}", options))
                last = turns[-1]
                print(f"round {number + 1} {system:15} {last.pace:6.1f} pages/min", flush=True)
    print(_report(turns, pages))
    missed = compare.misses(turns)
    print("\n".join(f"MISSED {line}" for line in missed) or "all figures met")
    options.results.parent.mkdir(parents=True, exist_ok=True)
    told = json.dumps(_result(turns, pages, missed, options), ensure_ascii=False, indent=1)
    options.results.write_text(told + "\n", "utf-8")
    return 1 if missed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench.ocr", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--pages", type=int, default=DEGRADED, help="worn pages")
    parser.add_argument("--rounds", type=int, default=3, help="how often")
    parser.add_argument("--ocrmypdf", type=Path, default=VENV, help="the program")
    parser.add_argument("--only", action="append", choices=[*ENGINES, *PEERS], help="systems")
    parser.add_argument("--results", type=Path, default=RESULTS, help="the JSON")
    return parser


def _systems(options: argparse.Namespace) -> list[str]:
    """What can be run here: the fast engine and the other program only where they are installed."""
    there = [OURS]
    if find_spec("tesserocr") is not None:
        there.append(FAST)
    if options.ocrmypdf.is_file() or shutil.which(str(options.ocrmypdf)):
        there += PEERS
    else:
        print(f"{options.ocrmypdf} is not there: ours alone")
    return [name for name in there if not options.only or name in options.only]


def _turn(system: str, pages: list[Scan], folder: Path, options: argparse.Namespace) -> Turn:
    folder.mkdir()
    source, output = folder / "in.pdf", folder / "out.pdf"
    write_pdf(pages, source)
    apart = 0.0
    if system in ENGINES:
        module = (sys.executable, "-m", "bench.ocr.ours", str(source), str(folder))
        cost = run((*module, ENGINES[system], str(WORKERS)), {"PYTHONPATH": str(HERE.parents[1])})
        apart = sum(json.loads(cost.output)["apart"].values())
        output = folder / "master" / "document.pdf"
    else:
        told = ("-l", "kaz+rus", "--jobs", str(WORKERS), "--quiet", *PEERS[system])
        cost = run((str(options.ocrmypdf), *told, str(source), str(output)))
    texts = compare.page_texts(output, len(pages))
    scores = tuple(compare.score(page, text) for page, text in zip(pages, texts, strict=True))
    return Turn(
        *(system, len(pages), cost.wall - apart, cost.cpu - apart, cost.memory),
        *(output.stat().st_size, scores, cost),
    )


def _report(turns: list[Turn], pages: list[Scan]) -> str:
    worn = [page for page in pages if page.degraded]
    sizes = (len(worn), compare.length(worn), len(pages) - len(worn))
    rest = compare.length([page for page in pages if not page.degraded])
    rows = [
        f"{sizes[0]} worn pages ({sizes[1]} characters), {sizes[2]} clean ({rest} characters)",
        f"{'system':15} {'pages/min':>9} {'cpu s/p':>8} {'MB':>6} {'kB/page':>8} "
        f"{'flow worn':>10} {'flow clean':>10} {'line worn':>10} {'line clean':>10}",
    ]
    names = list(dict.fromkeys(turn.system for turn in turns))
    rows += [_row(turns, system) for system in names]
    rows += [_ratios(turns, *pair) for pair in _pairs(names)]
    return "\n".join(rows)


def _pairs(names: list[str]) -> list[tuple[str, str]]:
    """Ours and theirs, of those that were run."""
    return [(a, b) for a in ENGINES for b in PEERS if {a, b} <= set(names)]


def _row(turns: list[Turn], system: str) -> str:
    mine = compare.of(turns, system)
    cells = [
        f"{system:15} {median(t.pace for t in mine):9.1f} "
        f"{median(t.cpu / t.pages for t in mine):8.2f} {max(t.memory for t in mine):6.0f} "
        f"{median(t.bytes / t.pages for t in mine) / 1000:8.0f}"
    ]
    for kind in ("flow", "line"):
        for degraded in (True, False):
            value = compare.rate(compare.scores_of(turns, system, degraded=degraded), kind)
            cells.append(f"{value:10.3%}")
    return " ".join(cells)


def _ratios(turns: list[Turn], ours: str, theirs: str) -> str:
    values = _ratio_values(turns, ours, theirs)
    low, high = values["flow_worn_interval"]
    return (
        f"{ours} to {theirs}: pages/min {values['pages_a_minute']:.2f}, cpu {values['cpu']:.2f}, "
        f"memory {values['memory']:.2f}, bytes {values['bytes']:.2f}, "
        f"flow CER worn {values['flow_worn']:.2f} [{low:.2f}, {high:.2f}]"
    )


def _ratio_values(turns: list[Turn], ours: str, theirs: str) -> dict[str, Any]:
    worn = [compare.scores_of(turns, name, degraded=True) for name in (ours, theirs)]
    return {
        "pages_a_minute": compare.pace_ratio(turns, ours, theirs),
        "cpu": compare.median_ratio(turns, ours, theirs, lambda turn: turn.cpu),
        "memory": compare.median_ratio(turns, ours, theirs, lambda turn: turn.memory),
        "bytes": compare.median_ratio(turns, ours, theirs, lambda turn: float(turn.bytes)),
        "flow_worn": compare.rate(worn[0], "flow") / compare.rate(worn[1], "flow"),
        "flow_worn_interval": compare.paired(worn[0], worn[1]),
    }


def _result(
    turns: list[Turn], pages: list[Scan], missed: list[str], options: argparse.Namespace
) -> dict[str, Any]:
    names = list(dict.fromkeys(turn.system for turn in turns))
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": _machine(),
        "versions": _versions(options),
        "pages": {
            "seed": SEED,
            "worn": sum(page.degraded for page in pages),
            "clean": sum(not page.degraded for page in pages),
            "clean_characters": compare.length([p for p in pages if not p.degraded]),
        },
        "workers": WORKERS,
        "systems": {name: _system(turns, name) for name in names},
        "ratios": {
            f"{ours} to {theirs}": _ratio_values(turns, ours, theirs)
            for ours, theirs in _pairs(names)
        },
        "missed": missed,
    }


def _system(turns: list[Turn], name: str) -> dict[str, Any]:
    mine = compare.of(turns, name)
    rates = {
        f"{kind}_{'worn' if degraded else 'clean'}": compare.rate(
            compare.scores_of(turns, name, degraded=degraded), kind
        )
        for kind in ("flow", "line")
        for degraded in (True, False)
    }
    return {
        "pages_a_minute": [round(turn.pace, 2) for turn in mine],
        "cpu_seconds_a_page": [round(turn.cpu / turn.pages, 3) for turn in mine],
        "peak_megabytes": [round(turn.memory) for turn in mine],
        "bytes_a_page": [turn.bytes // turn.pages for turn in mine],
        "cer": {kind: round(value, 6) for kind, value in rates.items()},
        "flow_edits": {s.page: s.flow.edits for turn in mine for s in turn.scores},
        "apart_seconds": [_apart(turn.cost) for turn in mine if name in ENGINES],
    }


def _apart(cost: Cost) -> dict[str, float]:
    apart: dict[str, float] = json.loads(cost.output)["apart"]
    return {name: round(seconds, 2) for name, seconds in apart.items()}


def _machine() -> dict[str, Any]:
    model = "unknown"
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        lines = cpuinfo.read_text().splitlines()
        model = next((x.partition(":")[2].strip() for x in lines if "model name" in x), model)
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load": [round(value, 2) for value in os.getloadavg()],
    }


def _versions(options: argparse.Namespace) -> dict[str, str]:
    asked = {"tesseract": ("tesseract", "--version"), "ocrmypdf": (options.ocrmypdf, "--version")}
    found = {}
    for name, command in asked.items():
        if shutil.which(str(command[0])):
            words = [str(part) for part in command]
            done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
            found[name] = done.stdout.splitlines()[0].removeprefix(f"{name} ")
    if find_spec("tesserocr") is not None:
        code = "import tesserocr; print(tesserocr.__version__, tesserocr.tesseract_version())"
        words = [sys.executable, "-c", code]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
        found["tesserocr"] = done.stdout.splitlines()[0] if done.stdout else ""
    return found


if __name__ == "__main__":
    sys.exit(main())
