"""A kill or a power cut at any moment loses nothing that was acknowledged and breaks nothing.

Every system call of small pieces of real work is recorded, and every disk that a cut between two of
them could leave is laid out, opened and checked.
"""

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from olketanu.errors import OlketanuError
from tests.crash import wrong_orders
from tests.crash.explorer import Examiner, Recording, is_faithful, recorded, states
from tests.crash.record import why_not
from tests.crash.states import MODELS
from tests.crash.workloads import MORE, WORKLOADS, Workload, named

WORK = (*WORKLOADS, *MORE)
NAMES = tuple(workload.name for workload in WORK)
FINISHES = 5
"""Disks of each workload and model, about, in which the next run is let go on to its end."""
OFTEN = {"init": 20, "restore": 15, "rebuild": 20}
"""The same where there is no home to be looked at until the work has ended."""
WANTED = 500
"""Different disks that are looked at, at least."""
# Thousands of small homes are laid out and opened: in memory where the machine has that.
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    if not os.access(MEMORY, os.W_OK):
        yield tmp_path_factory.mktemp("crash")
        return
    with tempfile.TemporaryDirectory(prefix="olketanu-crash-", dir=MEMORY) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def recordings(place: Path) -> Mapping[str, Recording]:
    """Every workload done once."""

    def done(workload: Workload) -> Recording:
        folder = place / workload.name
        return recorded(folder, lambda _: None, "tests.crash.workloads", workload.name)

    for workload in WORK:
        (place / workload.name).mkdir()
        workload.prepare(place / workload.name)
    with ThreadPoolExecutor(2) as two:
        return dict(zip(NAMES, two.map(done, WORK), strict=True))


class Finish:
    """Lets the next run go on, and says how its end differs from that of undisturbed work."""

    def __init__(self, workload: Workload, wanted: str) -> None:
        self._workload = workload
        self._wanted = set(wanted.splitlines())

    def __call__(self, folder: Path, acks: Sequence[str]) -> list[str]:
        try:
            self._workload.finish(folder)
        except OlketanuError as error:
            return [f"cannot go on: {error}"]
        wrong = self._workload.check(folder, acks)
        found = set(self._workload.result(folder).splitlines())
        left = [*folder.rglob(".olk-*"), *(folder / "home" / "runs").glob("*")]
        differs = [f"differs: {line}" for line in sorted(found ^ self._wanted)]
        return [*wrong, *differs, *(f"left: {path}" for path in left)]


@pytest.mark.parametrize("name", NAMES)
def test_the_recorded_calls_replayed_give_the_disk_as_it_was_left(
    recordings: Mapping[str, Recording], name: str
) -> None:
    assert is_faithful(recordings[name])


@pytest.mark.parametrize("name", NAMES)
def test_no_kill_and_no_power_cut_loses_or_breaks_anything(
    recordings: Mapping[str, Recording], name: str
) -> None:
    workload, recording = named(name), recordings[name]
    finish = Finish(workload, wanted(workload, recording))
    finishes = OFTEN.get(name, FINISHES)
    examiner = Examiner(recording, workload.check, finish, finishes)
    finished = 0
    for model in MODELS:
        report = examiner.examine(model)
        tell(f"{name}, {model}: {report}")
        assert report.broken == []
        finished += report.finished
    assert finished >= finishes


def test_the_explorer_looks_at_many_different_disks(recordings: Mapping[str, Recording]) -> None:
    disks, total = set(), 0
    for name, recording in recordings.items():
        for model in MODELS:
            count, different = states(recording, model)
            disks |= {(name, look) for look in different}
            total += count
    tell(f"{total} states, {len(disks)} different disks, {len(recordings)} workloads")
    assert len(disks) >= WANTED


@pytest.mark.parametrize(
    ("how", "name", "model"),
    [
        ("no-folder-sync", "intake", "strict"),
        ("no-file-sync", "page", "names"),
        ("no-file-sync", "index", "names"),
        ("no-folder-sync", "sidecar", "strict"),
    ],
)
def test_the_explorer_sees_what_a_careless_program_would_lose(
    place: Path, how: str, name: str, model: str
) -> None:
    workload = named(name)
    folder = place / f"{name}-{how}"
    folder.mkdir()
    recording = recorded(folder, workload.prepare, "tests.crash.careless", how, name)
    report = Examiner(recording, workload.check).examine(model)
    tell(f"{name}, {how}, {model}: {report}")
    assert report.broken


NOTHING: Mapping[str, set[str]] = {model: set() for model in MODELS}
SEEN: Mapping[str, Mapping[str, set[str]]] = {
    "in-place": {model: {"torn"} for model in MODELS} | {"strict": set()},
    "no-sync": {**NOTHING, "strict": {"dangling"}, "names": {"torn"}},
    "no-folder-sync": {**NOTHING, "strict": {"dangling"}},
    "row-first": {model: {"dangling"} for model in MODELS},
    "commit-not-synced": {model: {"lost"} for model in MODELS} | {"kill": set()},
    "file-then-row": NOTHING,
}
"""The kinds of damage that the explorer must find, order by order and model by model."""


@pytest.mark.parametrize("order", wrong_orders.ORDERS)
def test_the_explorer_sees_every_wrong_order_and_nothing_in_the_right_one(
    place: Path, order: str
) -> None:
    folder = place / order
    folder.mkdir()
    recording = recorded(folder, wrong_orders.prepare, "tests.crash.wrong_orders", order)
    assert is_faithful(recording)
    found = {}
    for model in MODELS:
        report = Examiner(recording, wrong_orders.check).examine(model)
        found[model] = {line.split(": ")[1] for line in report.broken}
        tell(f"{order}, {model}: {report}")
    assert found == SEEN[order]


def wanted(workload: Workload, recording: Recording) -> str:
    """What the undisturbed work leads to; its folder is laid out anew for this."""
    recording.lay_out(recording.after)
    return workload.result(recording.folder)


def tell(line: str) -> None:
    print(line)  # noqa: T201 - the figures, for pytest -s
