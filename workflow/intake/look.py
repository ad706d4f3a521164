"""A limited child looks at every input first: type by content, every frame decoded, hash."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from digitize.scan.inspection import Inspection
from digitize.work.pool import WorkerPool
from digitize.work.worker import CANNOT_WRITE, DISK_FAILING
from olketanu.errors import CannotWriteError
from olketanu.settings import Settings
from workflow.intake.inputs import size_of

INSPECT_SECONDS = 120.0
INSPECT_SECONDS_A_MEGABYTE = 4.0  # a book of JPEG 2000 pages: a megabyte and 2 s each
_DISK = {CANNOT_WRITE: "error.disk-full", DISK_FAILING: "error.disk-failing"}


@dataclass(frozen=True, slots=True)
class Looked:
    """One file after the child looked at it: an inspection, or the code that refuses it."""

    path: Path
    inspection: Inspection | None
    code: str | None


def look_at(pool: WorkerPool, settings: Settings, files: Sequence[Path]) -> tuple[Looked, ...]:
    """Let the children look at the files; answers in the order of the files."""
    intake = settings.intake
    asked = {"max_megapixels": intake.max_megapixels, "spreads": intake.spreads == "auto"}
    tickets = {
        pool.submit("inspect", {**_named(path), **asked}, _patience(path)): path for path in files
    }
    answers: dict[Path, Looked] = {}
    for _ in tickets:
        done = pool.wait()
        path = tickets[done.ticket]
        if done.error in _DISK:  # says nothing about the file
            raise CannotWriteError(_DISK[str(done.error)], path=str(path))
        inspection = None if done.result is None else Inspection.from_dict(done.result)
        answers[path] = Looked(path, inspection, done.error)
    return tuple(answers[path] for path in files)


def _patience(path: Path) -> float:
    """Seconds that looking at a file may take: few for a small one, however hard it makes it."""
    return INSPECT_SECONDS + INSPECT_SECONDS_A_MEGABYTE * size_of(path) / 1_000_000


def _named(path: Path) -> dict[str, str]:
    """The path as a task's payload, which is text: a name that is no UTF-8 goes as its bytes."""
    raw = os.fsencode(path)
    try:
        return {"path": raw.decode()}
    except UnicodeDecodeError:
        return {"raw_path": raw.hex()}
