"""Bad records: listed, handed out as bytes, and tried again when more is known of them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from catalog.marc.exchange import ReadOrder, open_exchange
from catalog.marc.profile import Profile
from catalog.marc.reading import ReadRecord
from store.changes import new_change_set
from store.disk.files import placing
from store.imports.files import BadRow, ImportFile, close_bad, get_file, iterate_bad
from store.imports.known import KnownBytes
from store.imports.landing import Incoming, land
from store.imports.lock import import_lock
from workflow.exchange.importing import COUNTED_AS, UNFIT
from workflow.exchange.planning import Planner
from workflow.exchange.profiles import profile_told, told_of
from workflow.exchange.reading import incoming, number_place
from workflow.library import Library


@dataclass(frozen=True, slots=True)
class BadLine:
    """A bad record and the file that it stands in."""

    row: BadRow
    file: ImportFile

    def as_json(self) -> dict[str, object]:
        """One JSON line."""
        return {
            "bad": self.row.name,
            "file": self.file.name,
            "place": self.row.place,
            "reason": self.row.reason,
            "bytes": len(self.row.raw),
            "status": self.row.status,
        }


@dataclass(frozen=True, slots=True)
class Retry:
    """How to read bad records this time; None: as the file was read. ``only``: of one import."""

    only: str | None = None
    format: str | None = None
    container: str | None = None
    charset: str | None = None
    profile: Profile | None = None


@dataclass(frozen=True, slots=True)
class Retried:
    """What became of a bad record: ``records`` that are in now (id, outcome); none: still bad."""

    line: BadLine
    records: tuple[tuple[str, str], ...]

    def as_json(self) -> dict[str, object]:
        """One JSON line."""
        return {
            "bad": self.line.row.name,
            "file": self.line.file.name,
            "reason": self.line.row.reason,
            "records": [list(pair) for pair in self.records],
        }


def bad_lines(
    library: Library, file: str | None = None, *, every: bool = False
) -> Iterator[BadLine]:
    """Yield the bad records that wait (with ``every``: all there were), of one import if named.

    UsageError ``error.unknown-import``.
    """
    known = {} if file is None else {file: get_file(library.store, file)}
    for row in iterate_bad(library.store, file, None if every else "open"):
        if row.file not in known:
            known[row.file] = get_file(library.store, row.file)
        yield BadLine(row, known[row.file])


def export_bad(library: Library, target: Path, file: str | None, *, dry_run: bool) -> int:
    """Write the bytes of the bad records that wait, one behind the other; return how many."""
    lines = bad_lines(library, file)
    if dry_run:
        return sum(1 for _ in lines)
    with placing(target.resolve()) as stream:
        return sum(1 for line in lines if stream.write(line.row.raw) >= 0)


def retry_bad(library: Library, order: Retry, *, actor: str, dry_run: bool) -> list[Retried]:
    """Read the bad records that wait once more; what can be read enters its file's catalogue.

    Each bad record is a transaction; all of them are one change set.

    Raises:
        UsageError: unknown import, container, format, charset or profile.
        LockedError: ``error.import-locked``.
    """
    with import_lock(library.home):
        return _retry(library, order, actor, dry_run=dry_run)


def _retry(library: Library, order: Retry, actor: str, *, dry_run: bool) -> list[Retried]:
    change_set: int | None = None
    known: dict[str, KnownBytes] = {}
    done = []
    for line in list(bad_lines(library, order.only)):
        came = _read(line, order)
        if not came or dry_run:
            done.append(Retried(line, tuple((one.number or "", "") for one in came)))
            continue
        with library.store.transaction(actor) as tx:
            if change_set is None:
                change_set = new_change_set(tx, f"retry {line.file.name}")
            if line.file.id not in known:  # the bad records of a file follow each other
                known = {line.file.id: KnownBytes(tx, line.file.catalogue)}
            there = known[line.file.id]
            news = [one for one in came if there.claim(one.raw) is None]
            landings = Planner(tx, line.file, there, news).plan(news)
            owner = library.settings.catalogues.master_of(line.file.catalogue)
            land(tx, line.file, landings, owner, change_set)
            close_bad(tx, line.row.file, line.row.place)
        found = ((one.record, COUNTED_AS[one.outcome]) for one in landings)
        done.append(Retried(line, tuple(found)))
    return done


def _read(line: BadLine, order: Retry) -> list[Incoming]:
    """The records in the bytes; none unless every byte of them belongs to one."""
    file = line.file
    asked = ReadOrder(
        order.container or file.container,
        order.format or file.format,
        order.charset or file.charset,
        order.profile or profile_told(file.told),
    )
    found = list(open_exchange(BytesIO(line.row.raw), asked).records)
    number_in = number_place({**file.told, **told_of(order.profile)}, asked.format or file.format)
    came = []
    for one in found:
        if not isinstance(one, ReadRecord):
            return []
        place = line.row.place + one.offset - found[0].offset
        try:
            came.append(incoming(replace(one, offset=place), number_in)[0])
        except UNFIT:
            return []
    return came
