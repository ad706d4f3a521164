"""What a document's files cost: made for the first time, and after one word was corrected.

Makes books of A5 pages and a newspaper of A3 pages, with worn scans and their text, in a home of
their own, and lets ``olketanu follow`` assemble each as the portal does, in a process of its own:
first, and again after a correction on the page in the middle. Besides, the document job alone is
done in this process, for the time of its steps.

    python -m bench.assembly [--pages N ...] [--newspaper N] [--folder DIR]

Prints a table, writes ``bench/results/assembly.json``, and ends with 1 when a target is missed.
Times are by the clock; beside them the CPU seconds of all processes, of which other programs take
no share.
"""

import argparse
import contextlib
import ctypes
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.made_books import BOOK, NEWSPAPER, Shape, add_document
from digitize.output.pictures import PICTURES
from digitize.output.texts import TEXTS
from digitize.work.document_job import task
from digitize.work.payloads import assembly_payload
from digitize.work.planning import plan_assembly
from pages.alto import read_alto
from portal.serving.program import command_of
from store import changes
from store.digitised import amendments, documents
from store.digitised import pages as page_rows
from store.digitised.amendments import NewAmendment
from workflow.library import Library, create_library, open_library

RESULTS = Path(__file__).parent / "results"
PAGES, NEWSPAPER_PAGES = (30, 100, 300), 8
TARGETS = {("book", 300): 10.0, ("newspaper_issue", 8): 3.0}
"""Seconds from the start of ``follow`` to its end, by kind and pages."""
MOST_BESIDE = 0.02
"""Share of a document's files that may be there for the next assembly alone."""
_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of one ``follow`` by the clock and of CPU; of its document job alone the same.

    ``steps`` are the job's, by the clock.
    """

    seconds: float
    cpu: float
    job_cpu: float
    steps: dict[str, float]


@dataclass(frozen=True, slots=True)
class Measured:
    """One document: what it costs ``first`` and after a ``correction``, and what it weighs.

    ``beside`` are the bytes that only the next assembly reads.
    """

    kind: str
    pages: int
    first: Cost
    correction: Cost
    bytes: int
    beside: int


def measure(folder: Path, shape: Shape, count: int) -> Measured:
    """Make a home with one document in ``folder``, which must not exist, and measure."""
    home = create_library(folder, "en")
    with open_library(home) as library:
        document = add_document(library, shape, count)
        plan_assembly(
            library.store, library.settings, documents.get_document(library.store, document)
        )
        first = _cost(library, document)
        _correct(library, document, count // 2 + 1)
        correction = _cost(library, document)
        files = documents.get_document(library.store, document).files
        root = home.document(document)
        sizes = {name: (root / name).stat().st_size for name in files}
    beside = sizes[PICTURES] + sizes[TEXTS]
    return Measured(shape.kind, count, first, correction, sum(sizes.values()), beside)


def _cost(library: Library, document: str) -> Cost:
    """What making the files costs that are to be made now."""
    job_cpu, steps = _job(library, document)
    begin, before = time.perf_counter(), _used_by_children()
    command = command_of(library.home, "--quiet", "follow")
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - begin
    return Cost(round(seconds, 2), round(_used_by_children() - before, 2), job_cpu, steps)


def _used_by_children() -> float:
    """CPU seconds of all children so far, orphans of theirs among them."""
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _adopt_orphans() -> None:
    """A worker outlives its keeper by a moment: let it become a child of this process (Linux)."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _job(library: Library, document: str) -> tuple[float, dict[str, float]]:
    """The document job, done in this process and in vain."""
    with tempfile.TemporaryDirectory(dir=library.home.root) as output:
        payload = assembly_payload(library.store, document, Path(output), library.settings)
        begin = time.process_time()
        seconds: dict[str, float] = task(payload)["seconds"]
        cpu = time.process_time() - begin
    return round(cpu, 2), {step: round(spent, 2) for step, spent in seconds.items()}


def _correct(library: Library, document: str, number: int) -> None:
    """Correct one word on a page, as the desk does."""
    page = page_rows.get_page(library.store, document, f"p{number:04d}")
    path = library.home.recognised(document, page.key, str(page.recognised_key))
    lines = read_alto(path.read_bytes()).lines()
    word = max(lines, key=lambda line: len(line.words)).words[1]
    with library.store.transaction(actor="bench") as tx:
        change = changes.new_change_set(tx, "misread")
        new = NewAmendment(document, page.key, "text", word.box, word.text, f"{word.text}о")
        amendments.add_amendment(tx, new, change)


def misses(measured: Sequence[Measured]) -> list[str]:
    """The targets that are missed, in words."""
    found = []
    for one in measured:
        target = TARGETS.get((one.kind, one.pages))
        if target is not None and one.correction.seconds > target:
            found.append(f"{one.kind} {one.pages}: {one.correction.seconds} s > {target} s")
        if one.beside > MOST_BESIDE * one.bytes:
            found.append(f"{one.kind} {one.pages}: {one.beside} bytes of {one.bytes}")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when every target is met, else 1."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pages", type=int, nargs="*", default=PAGES, help="of the books")
    parser.add_argument("--newspaper", type=int, default=NEWSPAPER_PAGES, help="its pages")
    parser.add_argument("--folder", type=Path, help="where the homes are made for a while")
    told = parser.parse_args(arguments)
    _adopt_orphans()
    asked = [(NEWSPAPER, told.newspaper), *((BOOK, count) for count in told.pages)]
    measured = []
    for shape, count in asked:
        with tempfile.TemporaryDirectory(dir=told.folder) as folder:
            measured.append(measure(Path(folder) / "home", shape, count))
        _print(measured[-1])
    machine = {"python": platform.python_version(), "cores": os.cpu_count()}
    figures = {"machine": machine, "measured": [asdict(one) for one in measured]}
    text = json.dumps(figures, ensure_ascii=False, indent=1)
    (RESULTS / "assembly.json").write_text(text + "\n", encoding="utf-8")
    missed = misses(measured)
    print("missed: " + "; ".join(missed) if missed else "every target is met")
    return bool(missed)


def _print(one: Measured) -> None:
    for name, cost in (("first", one.first), ("correction", one.correction)):
        steps = ", ".join(f"{step} {spent}" for step, spent in cost.steps.items())
        print(f"{one.kind:15} {one.pages:4}  {name:10} {cost.seconds:7.2f} s", end="")
        print(f"  CPU {cost.cpu:7.2f} s, job {cost.job_cpu:7.2f} s  ({steps})", flush=True)
    print(f"  {one.bytes / 1e6:.1f} MB, {one.beside / one.bytes:.3%} of it for the next assembly")


if __name__ == "__main__":
    sys.exit(main())
