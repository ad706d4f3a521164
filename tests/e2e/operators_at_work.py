"""What a second operator's process does in the tests: ``python operators_at_work.py HOME ROLE …``.

Each role prints one JSON object. It says ``ready-NAME`` by a file in the home and waits until the
file ``go`` lies there, so that several processes begin together.
"""

import json
import random
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a program, not by pytest

import olketanu  # noqa: F401  (puts the rooms on the path)
from catalog.record import DataField, Record, Subfield
from olketanu.errors import LockedError
from olketanu.home import Home
from store import changes, jobs
from store.catalogue import records
from store.database import Store

START_SECONDS = 300.0


def signed(record: Record, mark: str) -> Record:
    """The record with one more field 300 (general note) that bears the mark."""
    note = DataField("300", "  ", (Subfield("a", mark),))
    return replace(record, fields=(*record.fields, note))


def marks(record: Record) -> list[str]:
    """What editors wrote with ``signed``, in the record's order."""
    return [str(note.first("a")) for note in record.data("300")]


def edit(store: Store, name: str, record_id: str, saves: int) -> dict[str, Any]:
    """Save the record ``saves`` times; look again whenever somebody else was faster."""
    saved: list[str] = []
    refused: list[str] = []
    draw = random.Random(name)
    while len(saved) < saves and len(refused) < 10_000:
        seen = records.get_record(store, record_id)
        time.sleep(draw.uniform(0, 0.002))  # a person reads
        mark = f"{name}-{len(saved)}"
        try:
            with store.transaction(actor=name) as tx:
                change = changes.new_change_set(tx, "edit")
                new = signed(seen.record, mark)
                records.save_version(tx, record_id, new, parent=seen.version, change_set=change)
        except LockedError as error:
            refused.append(error.key)
        else:
            saved.append(mark)
    return {"saved": saved, "refused": refused}


def work_off(store: Store, name: str) -> dict[str, Any]:
    """Claim and finish jobs, one at a time, until there is none; some are tried again."""
    done: list[str] = []
    draw = random.Random(name)
    while True:
        time.sleep(draw.uniform(0, 0.004))  # the work itself
        with store.transaction() as tx:
            claimed = jobs.claim(tx, name, {"page"}, 1)
        if not claimed:
            return {"done": done}
        (job,) = claimed
        with store.transaction() as tx:
            if job.attempt == 0 and job.key.endswith("7"):
                jobs.fail(tx, job.key, name, "TIMEOUT", retry=True)
            elif jobs.finish(tx, job.key, name, {}):
                done.append(job.key)


ROLES: dict[str, Callable[..., dict[str, Any]]] = {"edit": edit, "work": work_off}


def main() -> None:
    home, role, name, *rest = sys.argv[1:]
    end = time.monotonic() + START_SECONDS
    with Store.open(Home(Path(home))) as store:
        Path(home, f"ready-{name}").touch()
        while not Path(home, "go").exists() and time.monotonic() < end:
            time.sleep(0.005)
        told = ROLES[role](store, name, *[int(x) if x.isdecimal() else x for x in rest])
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
