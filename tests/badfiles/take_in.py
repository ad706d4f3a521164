"""Takes a batch in, in a process of its own whose memory and children can be measured.

    python -m tests.badfiles.take_in HOME BATCH [OUT]

With OUT every document is assembled into a folder there, as after recognition that found no text.
Prints one JSON object.
"""

import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

from digitize.work.limits import Limits
from digitize.work.payloads import assembly_payload
from digitize.work.pool import WorkerPool
from store.catalogue import findings
from store.digitised import batches, documents
from store.digitised import pages as page_rows
from store.disk.owners import RunOwner
from workflow.intake.inputs import Told, batches_of
from workflow.intake.take_in import take_in
from workflow.library import Library, create_library, open_library

ASSEMBLY_SECONDS = 300.0


class Silent:
    """Progress that nobody watches."""

    def step(self, stage: str, done: int, total: int, current: str) -> None:
        """Nothing is told."""


def main() -> None:
    folder, batch = Path(sys.argv[1]).resolve(), Path(os.fsdecode(os.fsencode(sys.argv[2])))
    out = Path(sys.argv[3]).resolve() if len(sys.argv) > 3 else None
    if not folder.exists():
        create_library(folder, "en")
    from olketanu.home import Home

    with open_library(Home(folder)) as library:
        limits = Limits(memory_mb=library.settings.ocr.memory)
        with (
            RunOwner(library.home) as owner,
            WorkerPool(2, limits, owner.scratch) as pool,
            Watch() as watch,
        ):
            found = batches_of([batch])
            take_in(library, pool, found, Told("open"), Silent())
            assembled = _assemble(library, pool, out) if out is not None else {}
        told = _told(library, found[0].name) | {"assembled": assembled}
    told |= {"parent_kb": peak("self"), "limit_kb": limits.memory_mb * 1024}
    told["children_kb"] = watch.most
    sys.stdout.write(json.dumps(told) + "\n")


def _assemble(library: Library, pool: WorkerPool, out: Path) -> dict[str, Any]:
    names = {}
    for document in documents.list_documents(library.store):
        output = out / document.id
        output.mkdir(parents=True)
        payload = assembly_payload(library.store, document.id, output)
        names[pool.submit("assemble", payload, ASSEMBLY_SECONDS)] = document.id
    answers = {}
    for _ in range(len(names)):
        done = pool.wait()
        codes = [page["code"] for page in done.result["pages"]] if done.result else []
        answers[names[done.ticket]] = {"error": done.error, "codes": codes}
    return answers


def _told(library: Library, batch: str) -> dict[str, Any]:
    store = library.store
    sources = [
        {"raw": source.raw_name.hex(), "name": source.name, "state": source.state,
         "code": source.code, "document": source.document}
        for source in batches.list_sources(store, batch)
    ]  # fmt: skip
    made = {
        document.id: {
            "name": document.name,
            "pages": [page.key for page in page_rows.list_pages(store, document.id)],
            "warnings": sorted(
                found.code for found in findings.list_findings(store, subject=document.id)
            ),
        }
        for document in documents.list_documents(store)
    }
    (row,) = store.rows("SELECT coalesce(max(seq), 0) AS seq FROM event")
    return {"sources": sources, "documents": made, "events": row["seq"]}


def peak(process: str) -> int:
    """Most memory that a process ever held, kilobytes; 0 when it has gone."""
    try:
        status = Path("/proc", process, "status").read_text(encoding="utf-8")
    except OSError:
        return 0
    lines = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(lines[0].split()[1]) if lines else 0


class Watch:
    """Asks the workers of this process again and again for their peak."""

    def __init__(self) -> None:
        self.most = 0
        self._mark = f'"parent": {os.getpid()}'.encode()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._look()

    def _ask(self) -> None:
        while not self._stop.wait(0.1):
            self._look()

    def _look(self) -> None:
        for folder in Path("/proc").iterdir():
            if folder.name.isdecimal() and self._is_ours(folder):
                self.most = max(self.most, peak(folder.name))

    def _is_ours(self, folder: Path) -> bool:
        try:
            return self._mark in (folder / "cmdline").read_bytes()
        except OSError:
            return False


if __name__ == "__main__":
    main()
