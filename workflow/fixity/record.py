"""What verify writes down: looks at files, changes of state as events, the sum of a verify."""

from collections.abc import Iterable, Mapping

from store import audit
from store.database import MACHINE, Store
from store.disk import fixity
from store.disk.fixity import GOOD, Look
from workflow.fixity.problem import Problem

ACTOR = f"{MACHINE}:verify"
DONE = "verify.done"
_PORTION = 500


class Notebook:
    """Writes results in portions, so that a long verify that is killed has not been in vain.

    With ``writable=False`` (a dry run, a damaged catalogue) nothing is written at all.
    """

    def __init__(self, store: Store, *, writable: bool) -> None:
        self._store = store
        self._writable = writable
        self._good: list[str] = []
        self._wrote = False
        self.today = fixity.today(store)
        self.looks = fixity.looks(store)

    def good(self, path: str) -> None:
        """Note that a promised file was read and is what it should be."""
        if self.looks.get(path) != Look(GOOD, self.today):
            self._good.append(path)
        if len(self._good) >= _PORTION:
            self.flush()

    def flush(self) -> None:
        """Write the good ones that wait; what was bad before has recovered."""
        if self._good and self._writable:
            with self._store.transaction(ACTOR) as tx:
                for path in self._good:
                    if self.suspect(path):
                        fixity.note_recovered(tx, path, "found", promised=True)
                fixity.note_checked(tx, self._good)
            self._wrote = True
        self._good.clear()

    def suspect(self, path: str) -> bool:
        """Return whether the last look at a path was a bad one."""
        look = self.looks.get(path)
        return look is not None and look.state != GOOD

    def bad(self, problems: Iterable[Problem]) -> None:
        """Write what is wrong; what was known to be so writes nothing."""
        new = [p for p in problems if self._state(p.key) != p.remembered]
        for start in range(0, len(new), _PORTION):
            self._write_bad(new[start : start + _PORTION])

    def recovered(self, paths: Iterable[str], how: str, *, promised: bool) -> None:
        """Write that these paths are well again."""
        wanted = list(paths)
        if not (wanted and self._writable):
            return
        with self._store.transaction(ACTOR) as tx:
            done = [fixity.note_recovered(tx, path, how, promised=promised) for path in wanted]
        self._wrote = self._wrote or any(done)

    def forget(self, paths: Iterable[str]) -> None:
        """Take out looks at files that no row promises any more."""
        wanted = sorted(paths)
        if wanted and self._writable:
            with self._store.transaction(ACTOR) as tx:
                fixity.forget(tx, wanted)
            self._wrote = True

    def close(self, counts: Mapping[str, object]) -> bool:
        """Write the sum, where anything was written or none was written today; return whether."""
        self.flush()
        if not self._writable or not (self._wrote or self._first_today()):
            return False
        with self._store.transaction(ACTOR) as tx:
            tx.note(DONE, "home", dict(counts))
        return True

    def _first_today(self) -> bool:
        told = audit.last_event(self._store, DONE)
        return told is None or told[0][:10] != self.today

    def _state(self, key: str) -> str | None:
        look = self.looks.get(key)
        return None if look is None else look.state

    def _write_bad(self, problems: list[Problem]) -> None:
        if not self._writable:
            return
        with self._store.transaction(ACTOR) as tx:
            for p in problems:
                done = fixity.note_state(tx, p.key, p.remembered, p.expected, p.found)
                self._wrote = self._wrote or done
