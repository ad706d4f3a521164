"""Disk full, a bad disk and a kill at every kind of call that writes into a home.

``OLKETANU_FAULTS=all`` meets every call with every fault, which takes minutes. By default the
first and the last of a series of like calls on one file, ``MOST`` of them a workload, meet one
fault each, in turn, and every third home then goes on to its end.
"""

import itertools
import os
import random
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from tests.crash.inject import NAMES, OPENS, SYNCS, WRITES, Call, Fault, Injector, Trial
from tests.crash.workloads import WORKLOADS

ALL = os.environ.get("OLKETANU_FAULTS") == "all"
FULL, BAD, KILL = "error=ENOSPC", "error=EIO", "signal=KILL"
ACTIONS = {
    **dict.fromkeys(WRITES, (FULL, KILL, BAD)),
    **dict.fromkeys((*NAMES, *OPENS), (FULL, KILL, BAD)),
    **dict.fromkeys(SYNCS, (BAD, KILL, BAD, FULL)),
}
OTHERS = (BAD, KILL)
KEYS = {FULL: {"error.disk-full"}, BAD: {"error.disk-failing"}}
DATABASE = "home/catalog.sqlite3"
SQLITE_KEYS = {"error.disk-full", "error.disk-failing", "error.not-writable"}
RENAMES = ("rename", "renameat", "renameat2")
AT_ONCE = 2
FINISH_EVERY = 3
MOST = 50
"""Calls of one workload that are met by default."""
ENGINE = re.compile(r"index/gen-\d+/(open|restricted)/")


def planned(calls: tuple[Call, ...]) -> Iterator[Fault]:
    """The faults for the calls of a calm run that changed something."""
    turns: Counter[str] = Counter()
    changing = [call for call in calls if " = -1 " not in call.text]
    for call in changing if ALL else chosen(changing):
        actions = ACTIONS.get(call.name, OTHERS)
        for action in set(actions) if ALL else {actions[turns[call.name] % len(actions)]}:
            yield Fault(call.name, call.nth, action)
        turns[call.name] += 1


def chosen(calls: list[Call]) -> list[Call]:
    """The first and the last of each series of like calls on one file; of too many, a sample."""
    kept: list[Call] = []
    for _, group in itertools.groupby(calls, key=lambda call: (call.name, call.path)):
        series = list(group)
        kept += series[:1] + series[1:][-1:]
    if len(kept) > MOST:
        places = random.Random(MOST).sample(range(len(kept)), MOST)
        kept = [kept[place] for place in sorted(places)]
    return kept


def meet(injector: Injector, workload: str, part: int) -> list[str]:
    """Let a workload meet every ``AT_ONCE``-th fault from number ``part`` on; what went wrong."""
    calm = injector.calm(workload)
    found = [f"calm: {said}" for said in calm.violations]
    found += [] if calm.run.end == "done" else [f"calm: {calm.run.end} {calm.run.text}"]
    for number, fault in enumerate(itertools.islice(planned(calm.run.calls), part, None, AT_ONCE)):
        trial = injector.disturb(workload, fault, finish=ALL or number % FINISH_EVERY == 0)
        told = [*trial.violations, *wrong(fault, trial, calm)]
        found += [f"{fault.option()}: {said}" for said in told]
    return found


def wrong(fault: Fault, trial: Trial, calm: Trial) -> list[str]:
    """What a trial shows that must not be."""
    run = trial.run
    found = synced_again(run.calls)
    if trial.dump and trial.dump != calm.dump:
        found.append("another end than without the fault")
    if fault.action == KILL:
        last = (run.calls[-1].name, run.calls[-1].nth)
        there = run.end == "killed" and last == (fault.name, fault.nth)
        return [*found, *([] if there else [f"ended as {run.end} at {last}"])]
    if len(run.hits) != 1:
        return [*found, f"met {len(run.hits)} calls"]
    if run.end == "done":
        return [*found, *([] if forgiven(fault, calm.run.calls) else ["went unnoticed"])]
    if (run.end, run.kind, run.code) != ("error", "CannotWriteError", 5):
        return [*found, f"ended as {run.end} {run.key}: {run.text[-400:]}"]
    # SQLite keeps the number of the error to itself, and the disk of this test is not full.
    keys = KEYS[fault.action] | (SQLITE_KEYS if ".sqlite3" in run.hits[0].path else set())
    return [*found, *([] if run.key in keys else [f"said {run.key}"])]


def forgiven(fault: Fault, calm: tuple[Call, ...]) -> bool:
    """Whether work may end well all the same.

    What could not be removed is swept later; what could not be linked is copied; what could not be
    moved from SQLite's log into the database when it is closed stays in the log. SQLite itself
    takes no notice when a folder cannot be synced in which it has made a log.
    """
    if fault.name.startswith(("unlink", "rmdir", "link")):
        return True
    place = next(c for c in calm if (c.name, c.nth) == (fault.name, fault.nth)).path
    if fault.name == "fdatasync" and ".sqlite3" not in place:  # our own folders: fsync
        return True
    return (fault.name, fault.nth) in moving(calm)


def moving(calls: tuple[Call, ...]) -> set[tuple[str, int]]:
    """The calls by which SQLite moves what was committed from its log into the database."""
    found: set[tuple[str, int]] = set()
    logged = False
    for call in calls:
        if call.path == f"{DATABASE}-wal" and call.name in WRITES:
            logged = True
        elif call.path == f"{DATABASE}-wal" and call.name in SYNCS and logged:
            logged = False  # the commit
        elif call.path.startswith(DATABASE) and not logged and call.name not in OPENS:
            found.add((call.name, call.nth))
    return found


def synced_again(calls: tuple[Call, ...]) -> list[str]:
    """A sync that failed and was tried again, or whose file got its name all the same.

    Ours are those by fsync. SQLite (fdatasync) syncs its log once more when it closes; by then the
    changes whose sync failed are no longer part of it, and they were told as failed.
    """
    found: list[str] = []
    failed: set[str] = set()
    for call in calls:
        if call.name == "fsync" and "-1 EIO" in call.text and ".sqlite3" not in call.path:
            failed.add(call.path)
        elif call.path in failed and call.name in (*SYNCS, *RENAMES):
            found.append(f"{call.name} of {call.path} after its sync failed")
        elif call.path in failed and call.name in OPENS:
            failed.remove(call.path)
    return found


@cache
def refusal() -> str:
    """Why strace cannot be used here; empty when it can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    tried = subprocess.run(
        ["strace", "-o", os.devnull, "true"], capture_output=True, text=True, check=False
    )
    return tried.stderr.strip() if tried.returncode else ""


pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(refusal()), reason=refusal())]


@pytest.fixture(scope="module")
def injectors() -> Iterator[tuple[Injector, ...]]:
    """Warm processes; homes lie in memory where they can, since no disk is tested here."""
    memory = Path("/dev/shm")  # noqa: S108 - only asked whether it is there
    parent = memory if os.access(memory, os.W_OK) else None
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=parent)))
        yield tuple(stack.enter_context(Injector(folder / str(n))) for n in range(AT_ONCE))


NAMES_OF_WORK = [workload.name for workload in WORKLOADS]


@pytest.mark.parametrize("workload", NAMES_OF_WORK)
@pytest.mark.timeout(1800)
def test_no_fault_breaks_a_home_and_the_next_run_goes_on(
    injectors: tuple[Injector, ...], workload: str
) -> None:
    with ThreadPoolExecutor(AT_ONCE) as threads:
        jobs = [threads.submit(meet, one, workload, n) for n, one in enumerate(injectors)]
        found = [line for job in jobs for line in job.result()]
    assert found == []


def test_more_than_250_faults_are_met(injectors: tuple[Injector, ...]) -> None:
    calm = {name: injectors[0].calm(name).run.calls for name in NAMES_OF_WORK}
    assert sum(len(list(planned(calls))) for calls in calm.values()) >= 250


@pytest.mark.parametrize("workload", NAMES_OF_WORK)
def test_the_calls_that_are_met_are_all_there_are(
    injectors: tuple[Injector, ...], workload: str
) -> None:
    """A fault at the call after the last one is never met."""
    calls = injectors[0].calm(workload).run.calls
    for name in {call.name for call in calls} & {"fdatasync", "fsync", "rename", "mkdir"}:
        beyond = max(call.nth for call in calls if call.name == name) + 1
        trial = injectors[0].disturb(workload, Fault(name, beyond, BAD), finish=False)
        assert (trial.run.end, trial.run.hits) == ("done", ())


@pytest.mark.parametrize("workload", ["intake", "document", "sidecar"])
def test_a_file_that_an_antivirus_holds_open_gets_its_name_later(
    injectors: tuple[Injector, ...], workload: str
) -> None:
    calm = injectors[0].calm(workload)
    first = next(call for call in calm.run.calls if call.name in RENAMES)
    fault = Fault(first.name, first.nth, "error=EACCES", times=3)
    trial = injectors[0].disturb(workload, fault, finish=False)
    assert (trial.run.end, trial.violations) == ("done", ())
    assert len(trial.run.hits) == 3
    assert len({call.path for call in trial.run.hits}) == 1
    assert trial.run.acks == calm.run.acks


def test_a_file_that_is_held_for_good_is_named(injectors: tuple[Injector, ...]) -> None:
    calm = injectors[0].calm("sidecar")
    first = next(call for call in calm.run.calls if call.name in RENAMES)
    held = Fault(first.name, first.nth, "error=EACCES", times=100)
    trial = injectors[0].disturb("sidecar", held, finish=True)
    assert (trial.run.key, trial.violations) == ("error.not-writable", ())
    assert trial.dump == calm.dump


def test_after_a_full_disk_the_same_process_can_go_on(injectors: tuple[Injector, ...]) -> None:
    """The lock of the search engine's writer in particular is let go."""
    calm = injectors[0].calm("index")
    writes = [c for c in calm.run.calls if ENGINE.search(c.path) and c.name in ("write", "openat")]
    for call in writes[::6]:
        fault = Fault(call.name, call.nth, FULL)
        trial = injectors[0].disturb("index", fault, finish=False, again=True)
        assert (trial.run.end, trial.run.key) == ("error", "error.disk-full"), trial.run.text
        assert trial.violations == ()


def line(name: str, path: str, result: str = "0") -> Call:
    return Call(name, 1, path, f"{name}(3</x/{path}>) = {result}")


def test_a_sync_that_is_tried_again_would_be_seen() -> None:
    failed = line("fsync", "a.tmp", "-1 EIO (Input/output error) (INJECTED)")
    assert synced_again((failed, line("unlink", "a.tmp"))) == []
    assert len(synced_again((failed, line("fsync", "a.tmp")))) == 1
    assert len(synced_again((failed, line("rename", "a.tmp")))) == 1
    fresh = line("openat", "a.tmp"), line("fsync", "a.tmp")
    assert synced_again((failed, *fresh)) == []
