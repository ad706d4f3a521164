"""Import: a file of records enters a catalogue, in portions, each whole or not at all.

A file that is cut off is begun again from its start: what is in already is known by its bytes.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from catalog.marc.exchange import ReadOrder, open_exchange
from catalog.marc.profile import Profile
from catalog.marc.reading import BadRecord, ReadRecord
from olketanu.errors import InputError
from olketanu.progress import Progress
from store.catalogue.findings import add_finding, close_finding, list_findings
from store.database import Store, Transaction
from store.disk.files import sha256_of
from store.imports import files
from store.imports.arrivals import missing_from, outcomes_in
from store.imports.files import ImportFile, NewFile
from store.imports.known import KnownBytes
from store.imports.landing import Incoming, land
from store.imports.lock import import_lock
from workflow.delta.settling import NOTHING_SETTLED, Settled, awaited, settle
from workflow.exchange.planning import Planner
from workflow.exchange.profiles import told_of
from workflow.exchange.reading import incoming, number_place
from workflow.library import Library

PORTION = 1000
UNFIT = (ValueError, LookupError, TypeError, AttributeError)
"""What a record may raise that was read but says what no record should."""
MISSING = "missing-there"
"""Code of the finding that a record leaves which a complete file did not hold any more."""

COUNTED = ("read", "new", "updated", "unchanged", "conflicts", "bad")
COUNTED_AS = {
    "new": "new",
    "updated": "updated",
    "conflict": "conflicts",
    **dict.fromkeys(("same", "member", "kept"), "unchanged"),
}


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What to import how. ``catalogue`` is a code; what is None is found out from the file.

    ``owner``: of new records (external, here), None: as the settings have it. ``number_in``: the
    field of a record's number. ``complete``: the file holds the whole catalogue, so that what it
    lacks is missing there.
    """

    catalogue: str
    format: str | None = None
    container: str | None = None
    charset: str | None = None
    profile: Profile | None = None
    owner: str | None = None
    number_in: str | None = None
    complete: bool = False

    @property
    def told(self) -> dict[str, str]:
        """What the person said of the file."""
        names = ("format", "container", "charset", "number_in")
        told = {name: getattr(self, name) for name in names if getattr(self, name)}
        return told | told_of(self.profile)


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one file. ``again``: the whole file was known, nothing was read.

    ``languages`` counts the first language of every record that was new or changed; ``missing`` are
    (record, number) of what a complete file did not hold; ``settled`` is what became of corrections
    that were ticked as made there.
    """

    name: str
    id: str
    counts: Mapping[str, int]
    charset: str
    format: str
    margin: float = 1.0
    again: bool = False
    joined: int = 0
    languages: Mapping[str, int] = field(default_factory=dict)
    missing: tuple[tuple[str, str], ...] = ()
    settled: Settled = NOTHING_SETTLED

    def as_json(self) -> dict[str, object]:
        """The line of one file."""
        return {
            "file": self.name,
            "import": self.id,
            **self.counts,
            "charset": self.charset,
            "format": self.format,
        }


def import_file(
    library: Library,
    path: Path,
    order: ImportOrder,
    progress: Progress,
    *,
    actor: str,
    dry_run: bool = False,
) -> Imported:
    """Take the records of ``path`` into the catalogue and return what became of them.

    Raises:
        InputError: the file cannot be read, or is no exchange file. UsageError: unknown container,
        format, charset or profile. LockedError: ``error.import-locked``, or of the store.
        CannotWriteError.
    """
    sha256, size = _measured(path)
    same = _nothing_new(library.store, sha256, order)
    if same is not None:
        return same
    with path.open("rb") as stream, import_lock(library.home):
        if not dry_run:
            run = _Run(library, order, partial(library.store.transaction, actor), progress)
            return run.over(stream, path.name, sha256, size)
        tried: list[Imported] = []
        with suppress(_DryRunError), library.store.transaction(actor) as tx:
            run = _Run(library, order, lambda: nullcontext(tx), progress)
            tried.append(run.over(stream, path.name, sha256, size))
            raise _DryRunError
        return tried[0]


def _measured(path: Path) -> tuple[str, int]:
    try:
        return sha256_of(path), path.stat().st_size
    except OSError as error:
        raise InputError("error.import-unreadable", file=str(path), reason=error) from error


def _nothing_new(store: Store, sha256: str, order: ImportOrder) -> Imported | None:
    """The last import of the catalogue, where it was of this very file and all of it stands."""
    known = files.list_files(store, order.catalogue)
    last = known[-1] if known else None
    if last is None or (last.sha256, last.state, dict(last.told)) != (sha256, "done", order.told):
        return None
    if order.complete and "missing" not in last.counts:
        return None
    if awaited(store, order.catalogue):  # that nothing was done there is news too
        return None
    counts = dict.fromkeys(COUNTED, 0) | {name: last.counts[name] for name in ("read", "bad")}
    counts["unchanged"] = counts["read"] - counts["bad"]
    told = (last.charset, last.format, last.margin)
    return Imported(last.name, last.id, counts, *told, again=True)


def _read_otherwise(store: Store, order: ImportOrder) -> frozenset[str]:
    """Imports of the catalogue whose bytes now say something else, since the person says how.

    Where the numbers stand elsewhere now, the same bytes would become other records: they stay.
    """
    if not order.told:
        return frozenset()
    return frozenset(
        one.id
        for one in files.list_files(store, order.catalogue)
        if dict(one.told) != order.told
        and number_place(one.told, one.format) == number_place(order.told, one.format)
    )


def _came(file: ImportFile, known: KnownBytes, arrival: int, came_in: str) -> bool:
    return came_in == file.id or known.is_claimed(arrival)


class _DryRunError(Exception):
    """Ends the one transaction of a dry run, so that nothing of it stays."""


Begin = Callable[[], AbstractContextManager[Transaction]]


class _Run:
    """One file on its way in; ``begin`` gives the transaction of each portion."""

    def __init__(self, library: Library, order: ImportOrder, begin: Begin, tell: Progress) -> None:
        self._library = library
        self._order = order
        self._begin = begin
        self._tell = tell
        otherwise = _read_otherwise(library.store, order)
        self._known = KnownBytes(library.store, order.catalogue, otherwise)
        self._earlier: Mapping[int, str] = {}
        self._counts = Counter(dict.fromkeys(COUNTED, 0))
        self._languages: Counter[str] = Counter()
        self._joined = 0

    def over(self, stream: BinaryIO, name: str, sha256: str, size: int) -> Imported:
        """Read the file to its end."""
        order, store = self._order, self._library.store
        begun = files.find_begun(store, sha256, order.catalogue, order.told)
        self._earlier = outcomes_in(store, begun.id) if begun else {}
        asked = ReadOrder(order.container, order.format, order.charset, order.profile)
        opened = open_exchange(stream, asked, self._is_known)
        new = NewFile(
            *(sha256, size, name, order.catalogue, order.told, opened.container, opened.format),
            *(opened.charset, opened.margin, opened.evidence),
        )
        # Read first: what is no exchange file at all leaves no import behind.
        portion = list(islice(opened.records, PORTION))
        with self._begin() as tx:
            file = files.begin_file(tx, new)
        while portion:
            self._take(file, portion)
            place = min(stream.tell(), size)
            read = self._counts["read"]
            total = round(read * size / place) if place else read
            self._tell.step("records", read, max(read, total), name)
            portion = list(islice(opened.records, PORTION))
        with self._begin() as tx:
            missing = self._missing(tx, file) if order.complete else []
            told = dict(self._counts)
            if order.complete:
                told["missing"] = len(missing)
            files.finish_file(tx, file.id, told)
            came = partial(_came, file, self._known)
            settled = settle(tx, file.catalogue, came, complete=order.complete)
        return Imported(
            *(name, file.id, dict(self._counts), opened.charset, opened.format, opened.margin),
            joined=self._joined,
            languages=dict(self._languages),
            missing=tuple(missing),
            settled=settled,
        )

    def _is_known(self, raw: bytes) -> bool:
        """Claim and count a record whose bytes are in already, or were before a cut-off."""
        found = self._known.claim(raw)
        if found is None:
            return False
        self._counts["read"] += 1
        self._counts[COUNTED_AS[self._earlier.get(found, "same")]] += 1
        return True

    def _take(self, file: ImportFile, portion: Sequence[ReadRecord | BadRecord]) -> None:
        """Sort a portion into what is to be compared and what is bad, and write both."""
        number_in = number_place(file.told, file.format)
        came: list[Incoming] = []
        bad: list[tuple[int, str, bytes]] = []
        for found in portion:
            if isinstance(found, BadRecord):
                bad.append((found.offset, found.reason, found.raw))
            elif not self._is_known(found.raw):  # not every container asks by itself
                try:
                    one, language = incoming(found, number_in)
                except UNFIT:  # one record that nobody foresaw must not keep out all others
                    bad.append((found.offset, "bad-record", found.raw))
                    continue
                came.append(one)
                self._languages[language] += 1
        self._counts["read"] += len(came) + len(bad)
        self._counts["bad"] += len(bad)
        if came or bad:
            with self._begin() as tx:
                files.add_bad(tx, file.id, bad)
                self._land(tx, file, came)

    def _land(self, tx: Transaction, file: ImportFile, came: Sequence[Incoming]) -> None:
        landings = Planner(tx, file, self._known, came).plan(came)
        owner = self._order.owner or self._library.settings.catalogues.master_of(file.catalogue)
        land(tx, file, landings, owner, file.change_set)
        self._counts.update(COUNTED_AS[one.outcome] for one in landings)
        self._joined += sum(one.outcome == "member" for one in landings)

    def _missing(self, tx: Transaction, file: ImportFile) -> list[tuple[str, str]]:
        """Leave a finding with what the file lacks, and close those of what has come again."""
        missing = missing_from(tx, file.id, file.catalogue, list(self._known.unclaimed()))
        facts = {"catalogue": file.catalogue}
        for record, number in missing:
            add_finding(tx, record, MISSING, facts | {"number": number}, reopen=True)
        lacking = {record for record, _ in missing}
        for finding in list_findings(tx, code=MISSING):
            if finding.facts["catalogue"] == file.catalogue and finding.subject not in lacking:
                close_finding(tx, finding.id)
        return missing
