"""Lays out every state of some recorded work, one after another, and asks what is wrong with it."""

import errno
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.record import Operation, record
from tests.crash.states import Disk, State, explore, lay_out, replay, snapshot

ACKS = "acks"
_TRIES, _PAUSE = 20, 0.1
Check = Callable[[Path, Sequence[str]], list[str]]
Look = frozenset[tuple[str, bytes | None]]


@dataclass(frozen=True, slots=True)
class Recording:
    """Work that was done once in ``folder``: the disk before and after, and what came between."""

    folder: Path
    before: Disk
    operations: tuple[Operation, ...]
    after: Disk

    def lay_out(self, disk: Disk) -> None:
        """Make the folder look like ``disk``."""
        _clear(self.folder)
        self.folder.mkdir()
        lay_out(disk, self.folder)


@dataclass(slots=True)
class Report:
    """What a model showed: states in all, different disks, how many of these were checked for it.

    A disk that several states share is checked once, with the most that was acknowledged, and not
    again where another model showed it; the bytes of temporary files make no difference.
    ``finished`` counts those in which the next run was let go on.
    """

    states: int = 0
    disks: int = 0
    checked: int = 0
    finished: int = 0
    broken: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """One line for people."""
        return (
            f"{self.states} states, {self.disks} different disks, {self.checked} checked, "
            f"{self.finished} finished, {len(self.broken)} broken"
        )


def _clear(folder: Path) -> None:
    """Remove the folder; threads of an engine in this process may still be ending their work."""
    for tries_left in range(_TRIES - 1, -1, -1):
        try:
            shutil.rmtree(folder)
        except OSError as error:
            if error.errno != errno.ENOTEMPTY or not tries_left:
                raise
            time.sleep(_PAUSE)
        else:
            return


def recorded(folder: Path, prepare: Callable[[Path], None], *command: str) -> Recording:
    """Prepare ``folder``, do ``python -m *command folder`` there under strace, and look.

    Raises:
        RecordingError: the work failed, or did what the model does not know.
    """
    prepare(folder)
    before = snapshot(folder, [ACKS])
    python = [sys.executable, "-m", *command, str(folder)]
    done = record(python, folder, ACKS, folder.parent / f"{folder.name}.trace")
    return Recording(folder, before, tuple(done), snapshot(folder, [ACKS]))


def is_faithful(recording: Recording) -> bool:
    """Whether the operations, replayed, give the disk as it was left: then nothing was missed."""
    return replay(recording.before, recording.operations) == recording.after


def states(recording: Recording, model: str) -> tuple[int, dict[Look, State]]:
    """Return how many states there are, and the last one of each different disk."""
    found: dict[Look, State] = {}
    count = 0
    for state in explore(recording.before, recording.operations, model):
        found[_look(state.disk)] = state
        count += 1
    return count, found


def _look(disk: Disk) -> Look:
    """What tells a disk from others: all but the bytes of files that nobody reads.

    These are temporary files and the scratch of a run: the next run removes them unread.
    """
    return frozenset(
        (name, b"" if data and _is_scratch(name) else data) for name, data in disk.items()
    )


def _is_scratch(name: str) -> bool:
    return name.startswith("home/runs/") or name.rpartition("/")[2].startswith(".olk-")


class Examiner:
    """Checks the disks of one recording, model by model.

    ``finish`` returns, like ``check``, what is wrong afterwards; it is called in ``finishes`` disks
    of a model. Every disk is laid out in the folder where the work was done.
    """

    def __init__(
        self, recording: Recording, check: Check, finish: Check | None = None, finishes: int = 0
    ) -> None:
        self._recording = recording
        self._check = check
        self._finish = finish
        self._finishes = finishes
        self._known: dict[Look, int] = {}

    def examine(self, model: str) -> Report:
        """Return what the model shows."""
        count, different = states(self._recording, model)
        new = {k: s for k, s in different.items() if self._known.get(k, -1) < len(s.acks)}
        self._known |= {look: len(state.acks) for look, state in new.items()}
        report = Report(count, len(different), len(new))
        step = max(1, len(new) // self._finishes) if self._finishes else len(new) + 1
        for number, state in enumerate(new.values(), start=1):
            wrong = self._looked_at(state)
            if self._finish is not None and number % step == 0:
                report.finished += 1
                after = self._finish(self._recording.folder, state.acks)
                wrong += [f"then: {line}" for line in after]
            place = _place(self._recording, state)
            report.broken += [f"{model}, {place}: {line}" for line in wrong]
        return report

    def _looked_at(self, state: State) -> list[str]:
        self._recording.lay_out(state.disk)
        return self._check(self._recording.folder, state.acks)


def _place(recording: Recording, state: State) -> str:
    last = recording.operations[state.after - 1] if state.after else None
    return f"after operation {state.after} {str(last)[:80]}"
