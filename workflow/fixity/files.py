"""From the catalogue to the disk: every promised file is there, and its bytes are those promised.

All are looked at each time; their contents are read by rota, the longest unread first, so that all
are read once in a cycle of days. What looks bad is looked at again after the rows were read anew:
a run may have been making the file just then.
"""

import heapq
import math
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from olketanu.progress import Progress
from store.database import Store
from store.disk import fixity
from store.disk.fixity import DERIVATIVE, Look, Promise
from workflow.fixity.hashing import hash_file, hash_files
from workflow.fixity.problem import LEFTOVER, Problem, readable
from workflow.fixity.record import Notebook
from workflow.fixity.walk import Seen, judge_unknown, living_run, walk

_ROUNDS = 3
_PAUSE = 0.2  # seconds between two looks at a file that a run may be making


@dataclass(frozen=True, slots=True)
class FilesFound:
    """What the two ways gave: paths ``promised``, how many were ``read``, and the problems."""

    promised: Collection[str]
    read: int
    problems: tuple[Problem, ...]


def due(
    promised: Collection[str], can: Iterable[str], looks: Mapping[str, Look], today: str, cycle: int
) -> list[str]:
    """Return the files whose turn it is today: the longest unread first, the never read before all.

    The share of a day is a ``cycle``-th of all that is promised; ``can`` are those of them that may
    be chosen. What was looked into today counts towards the share; a look dated in the future
    counts as none, since the clock was wrong then or is now.
    """
    share = math.ceil(len(promised) / cycle)
    left = share - sum(_last(looks.get(path), today) == today for path in promised)
    waiting = ((_last(looks.get(path), today), path) for path in can)
    chosen = heapq.nsmallest(max(0, left), (item for item in waiting if item[0] != today))
    return [path for _, path in chosen]


def check_files(
    store: Store,
    notebook: Notebook,
    cycle: int,
    sidecars: frozenset[str],
    progress: Progress,
) -> FilesFound:
    """Compare catalogue and disk both ways; ``cycle`` 0 reads every content.

    ``sidecars`` are the paths under sidecars/ that the rows imply. Good ones are written down as
    the work goes on; problems are returned.
    """
    began, alive = time.time(), living_run(store.home)
    promises = fixity.promised(store)
    seen = walk(store.home, promises.files)
    chosen = _chosen(promises.files, seen, notebook, cycle)
    suspects, read = _read(store, notebook, promises.files, chosen, progress)
    suspects += [path for path in promises.files if path not in seen.present]
    settled = _settle(store, notebook, suspects, alive=alive)
    unknown = judge_unknown(store, seen.unknown, sidecars, began, alive=alive)
    broken = [
        Problem(f"document/{readable(name)}", "catalogue-damaged", found="files")
        for name in promises.unreadable
    ]
    gone = {path for path, look in notebook.looks.items() if look.state == fixity.GOOD}
    notebook.forget(gone - promises.files.keys())
    return FilesFound(promises.files.keys(), read, (*broken, *seen.closed, *settled, *unknown))


def _chosen(promises: dict[str, Promise], seen: Seen, notebook: Notebook, cycle: int) -> list[str]:
    """What is read now: the day's share, what was bad at the last look, what looks wrong."""
    present = [path for path in promises if path in seen.present]
    if not cycle:
        return sorted(present)
    bad = {path for path in present if notebook.suspect(path)} | set(seen.wrong_size)
    # Whoever is known as bad is read each time and takes nobody's turn.
    well = (path for path in present if path not in bad)
    return sorted(bad.union(due(promises, well, notebook.looks, notebook.today, cycle)))


def _read(
    store: Store,
    notebook: Notebook,
    promises: dict[str, Promise],
    paths: Sequence[str],
    progress: Progress,
) -> tuple[list[str], int]:
    """Read the contents; return the paths that are not as promised, and how many were read."""
    suspects = []
    for number, hashed in enumerate(hash_files(store.home.root, paths), start=1):
        if hashed.sha256 == promises[hashed.path].sha256:
            notebook.good(hashed.path)
        else:
            suspects.append(hashed.path)
        progress.step("verify", number, len(paths), hashed.path)
    notebook.flush()
    return suspects, len(paths)


def _settle(
    store: Store, notebook: Notebook, suspects: Iterable[str], *, alive: bool
) -> list[Problem]:
    """Look again at what seems bad, against the rows of now; return what stays so."""
    open_paths = set(suspects)
    problems: dict[str, Problem] = {}
    for round_ in range(_ROUNDS if open_paths else 0):
        problems = {}
        at_work = fixity.open_documents(store)  # before the promises, else a commit between hides
        promises = fixity.promised(store).files
        for path in sorted(open_paths & promises.keys()):
            problem = _again(store, notebook, promises[path])
            if problem is None:
                continue
            problems[path] = problem
            if _is_being_made(problem, at_work, notebook):
                problems[path] = Problem(path, LEFTOVER, problem.expected, problem.found)
        open_paths = set(problems)
        alive = alive or living_run(store.home)
        if not (alive and problems) or round_ == _ROUNDS - 1:
            break
        time.sleep(_PAUSE)
    found = problems.values()
    return [p for p in found if not (alive and p.state == LEFTOVER)]


def _again(store: Store, notebook: Notebook, promise: Promise) -> Problem | None:
    hashed = hash_file(store.home.root, promise.path)
    if hashed.sha256 == promise.sha256:
        notebook.good(promise.path)
        return None
    state = fixity.MISSING if hashed.missing else fixity.DAMAGED
    return Problem(readable(promise.path), state, promise.sha256, hashed.found, promise)


def _is_being_made(problem: Problem, at_work: frozenset[str], notebook: Notebook) -> bool:
    """Whether the next run makes the file anew anyway, so that its being wrong is no damage.

    What was known as bad before stays so until the run has made it.
    """
    promise = problem.promise
    if promise is None or promise.kind != DERIVATIVE or promise.document not in at_work:
        return False
    return not notebook.suspect(promise.path)


def _last(look: Look | None, today: str) -> str:
    return "" if look is None or look.checked > today else look.checked
