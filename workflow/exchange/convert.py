"""Files of records converted to another container, format or dialect; no library home is needed."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from catalog.crosswalk.convert import convert
from catalog.marc.exchange import Opened, ReadOrder, open_exchange
from catalog.marc.profile import Profile
from catalog.marc.reading import BadRecord
from catalog.record import Record
from olketanu.errors import UsageError
from workflow.exchange.proof import AUTO, Placed, Wanted, place_checked


@dataclass(frozen=True, slots=True)
class Order:
    """What to convert; None is found out: of the source from its bytes, of the target by its name.

    ``source_container`` and ``charset`` are the source's, ``container`` (or ``auto``) and
    ``format`` the target's; ``format`` None keeps the source's. ``profile`` is the source's
    dialect, or with ``back`` the target's.
    """

    source: Path
    target: Path
    source_container: str | None = None
    container: str = AUTO
    format: str | None = None
    charset: str | None = None
    profile: Profile | None = None
    back: bool = False


@dataclass(slots=True)
class Told:
    """What was met on the way.

    ``bad`` holds offset, reason and size of what could not be read, ``lost`` record and fields that
    the format could not hold, ``mended`` how often a note of reading was made.
    """

    written: int = 0
    bad: list[tuple[int, str, int]] = field(default_factory=list)
    lost: list[tuple[str, str]] = field(default_factory=list)
    mended: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Converted:
    """What came of it: the source as it was found, the file that is there, its record format."""

    opened: Opened
    placed: Placed
    format: str
    told: Told


def convert_file(order: Order, *, dry_run: bool) -> Converted:
    """Write the records of one file to another; how: :func:`workflow.exchange.proof.place_checked`.

    Raises:
        UsageError: source and target are one file; unknown names; no crosswalk between the formats.
        InputError: no exchange file; a record that the container cannot hold;
            ``error.export-differs``.
        CannotWriteError: the target cannot be written.
    """
    if order.target.resolve() == order.source.resolve():
        raise UsageError("error.same-file", file=str(order.target))
    theirs, ours = (None, order.profile) if order.back else (order.profile, None)
    asked = ReadOrder(order.source_container, None, order.charset, theirs)
    with order.source.open("rb") as source:
        opened, told = open_exchange(source, asked), Told()
        form = order.format or opened.format

        def records() -> Iterator[Record]:
            nonlocal told
            told = Told()
            source.seek(0)
            return _records(open_exchange(source, asked), form, told)

        wanted = Wanted(order.target, form, order.container, profile=ours, source=order.source)
        placed = place_checked(wanted, records, dry_run=dry_run)
    return Converted(opened, placed, form, told)


def _records(opened: Opened, form: str, told: Told) -> Iterator[Record]:
    for one in opened.records:
        if isinstance(one, BadRecord):
            told.bad.append((one.offset, one.reason, len(one.raw)))
            continue
        told.mended.update(note.code for note in one.notes)
        made = convert(one.record, form)
        if made.lost:
            number = one.record.control_number or f"@{one.offset}"
            told.lost.append((number, " ".join(map(str, made.lost))))
        told.written += 1
        yield made.record
