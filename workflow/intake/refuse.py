"""Quarantine: what cannot be used keeps a copy, a code and a reason."""

import contextlib
import json
from pathlib import Path

from store.digitised import batches
from store.digitised.batches import SourceFile
from store.disk.files import copy_durably, write_durably
from store.identifiers import short_id
from workflow.intake.inputs import BatchInput, size_of, source_name, text_of
from workflow.library import Library


def quarantine(library: Library, batch: BatchInput, path: Path, code: str) -> None:
    """Keep a copy of a refused file, with the reason beside it, under a name of our own.

    What is no file, or cannot be read, has the reason only. Nothing is written a second time.
    """
    name = source_name(batch, path)
    before = batches.find_source(library.store, batch.name, name)
    folder = library.home.quarantine / short_id(batch.name, name)
    known = before is not None and (before.code, before.size) == (code, size_of(path))
    if known and (folder / "reason.json").exists():
        return
    if path.is_file() and not path.is_symlink():
        with contextlib.suppress(OSError):  # the code says that it cannot be read
            copy_durably(path, folder / "file")
    reason = {"batch": batch.name, "name": text_of(source_name(batch, path)), "code": code}
    write_durably(folder / "reason.json", json.dumps(reason, ensure_ascii=False).encode())


def refused(batch: BatchInput, path: Path, code: str) -> SourceFile:
    """Return the row of an input that is refused with this code."""
    name = source_name(batch, path)
    return batches.source(batch.name, name, size=size_of(path), state="quarantined", code=code)
