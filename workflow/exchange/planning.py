"""Where each record of a portion goes: new, a new version, ours stays, or a person must decide.

Three sides are compared: what came last (the base), what comes now (theirs), and what the
catalogue says (ours). Where both sides have changed nothing is overwritten.
"""

from collections.abc import Sequence
from functools import partial

from catalog.comparison.three_way import Verdict, compare
from catalog.dedup.match import block_keys, describe
from catalog.dedup.match import compare as likeness
from catalog.view import view
from store.catalogue import records
from store.database import Transaction
from store.identifiers import record_id
from store.imports.arrivals import Arrival, arrivals_of, get_arrival, latest_by_key
from store.imports.conflicts import open_conflicts
from store.imports.files import ImportFile
from store.imports.known import KnownBytes
from store.imports.landing import ALIAS, Incoming, Landing
from store.imports.places import Place, places_at, taken_ids
from workflow.exchange.reading import number_behind

_GONE = ("deleted", "merged")


class Planner:
    """Plans one portion, within the transaction that will write it."""

    def __init__(
        self, tx: Transaction, file: ImportFile, known: KnownBytes, portion: Sequence[Incoming]
    ) -> None:
        self._tx = tx
        self._file = file
        self._known = known
        keys = [_key(one) for one in portion]
        self._latest = latest_by_key(tx, keys)
        self._places = places_at(tx, file.catalogue, keys)
        self._asked = {key for key in keys if key not in self._places}
        self._taken = taken_ids(tx, (record_id(file.catalogue, key) for key in self._asked))
        self._landed: set[str] = set()

    def plan(self, portion: Sequence[Incoming]) -> list[Landing]:
        """Return where each record goes, in their order."""
        return [self._one(one) for one in portion]

    def _one(self, came: Incoming) -> Landing:
        key = self._free_key(_key(came))
        before = self._before(key)
        if before is None and came.number is None:
            before = self._alike(came)
            key = before.key if before else key
        self._landed.add(key)
        if before is not None:
            return self._again(came, key, before)
        place = self._places.get(key)
        if place is not None:
            return self._onto(came, key, place)
        elsewhere = self._elsewhere(came, key)
        if elsewhere is not None:
            return Landing(came, key, elsewhere.record, "member", elsewhere.version)
        return Landing(came, key, self._new_id(key), "new", 1, made=True)

    def _free_key(self, wanted: str) -> str:
        """The key itself, or with a number behind it where the file has had it before."""
        key, times = wanted, 1
        while key in self._landed or self._is_used(key):
            times += 1
            key = f"{wanted}#{times}"
            if key not in self._latest:
                self._latest |= latest_by_key(self._tx, [key])
                self._places |= places_at(self._tx, self._file.catalogue, [key])
        return key

    def _is_used(self, key: str) -> bool:
        before = self._before(key)
        return before is not None and (
            before.file == self._file.id or self._known.is_claimed(before.id)
        )

    def _before(self, key: str) -> Arrival | None:
        found = self._latest.get(key, ())
        return next((one for one in found if one.catalogue == self._file.catalogue), None)

    def _again(self, came: Incoming, key: str, before: Arrival) -> Landing:
        """A record that has come before: three sides."""
        ours = records.get_record(self._tx, before.record)
        waiting = open_conflicts(self._tx, [before.id]).get(before.id)
        base = before.id if waiting is None else waiting.base
        stood = before if base == before.id else self._arrival(base)
        verdict = compare(stood.content if stood else None, came.record, ours.record)
        if verdict is Verdict.SAME and came.sha256 == ours.sha256:
            return Landing(came, key, ours.id, "same", ours.version, before=before.id)
        gone = ours.status in _GONE
        agreed = verdict is Verdict.SAME or came.record.leader[5:6] == "d"
        if verdict is Verdict.OURS or (gone and agreed):
            return Landing(came, key, ours.id, "kept", None, before=before.id)
        if verdict is Verdict.BOTH or gone:
            told = partial(Landing, base=base, ours=ours.version)
            return told(came, key, ours.id, "conflict", None, before=before.id)
        outcome = "same" if verdict is Verdict.SAME else "updated"
        made = ours.version + 1
        return Landing(came, key, ours.id, outcome, made, made=True, before=before.id)

    def _arrival(self, arrival: int | None) -> Arrival | None:
        return None if arrival is None else get_arrival(self._tx, arrival)

    def _onto(self, came: Incoming, key: str, place: Place) -> Landing:
        """A record that no file has brought, or whose import was undone: no base to go back to."""
        made = place.version + 1
        if place.status == "deleted":
            return Landing(came, key, place.record, "new", made, made=True, back=True)
        ours = records.get_record(self._tx, place.record)
        if came.sha256 == ours.sha256:
            return Landing(came, key, ours.id, "same", ours.version)
        if compare(None, came.record, ours.record) is Verdict.SAME:
            return Landing(came, key, ours.id, "same", made, made=True)
        return Landing(came, key, ours.id, "conflict", None, ours=ours.version)

    def _elsewhere(self, came: Incoming, key: str) -> Arrival | None:
        """The same number with the same content in another catalogue: one record stands in both."""
        same = (one for one in self._latest.get(key, ()) if one.sha256 == came.sha256)
        return next((one for one in same if one.catalogue != self._file.catalogue), None)

    def _alike(self, came: Incoming) -> Arrival | None:
        """What a record without a number was the last time: by what it said once, then by likeness.

        Only records without a number that this file has not brought yet.
        """
        for record in records.find_by_identifier(self._tx, ALIAS, came.sha256):
            if (before := self._unnumbered(record)) is not None:
                return before
        wanted = describe(view(came.record))
        found = []
        for scheme, value in block_keys(wanted):
            for record in records.find_by_identifier(self._tx, scheme, value):
                before = self._unnumbered(record)
                if before is not None:
                    one = likeness(wanted, describe(view(before.content)))
                    if one.verdict == "same":
                        found.append((one.score, -before.id, before))
        return max(found, key=lambda item: item[:2])[2] if found else None

    def _unnumbered(self, record: str) -> Arrival | None:
        for one in arrivals_of(self._tx, record):
            here = one.catalogue == self._file.catalogue and one.state == "latest"
            free = one.key not in self._landed and one.file != self._file.id
            if (
                here
                and free
                and number_behind(one.key) is None
                and not self._known.is_claimed(one.id)
            ):
                return one
        return None

    def _new_id(self, key: str) -> str:
        attempt = 0
        while True:
            found = record_id(self._file.catalogue, key, attempt)
            if attempt or key not in self._asked:
                self._taken |= taken_ids(self._tx, [found])
            if found not in self._taken:
                self._taken.add(found)
                return found
            attempt += 1


def _key(came: Incoming) -> str:
    return came.number or came.sha256
