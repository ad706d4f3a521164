"""Files of records converted to another container, format or dialect; no library home is needed."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

from catalog.crosswalk.convert import convert
from catalog.marc.exchange import Opened, ReadOrder, open_exchange, write_exchange
from catalog.marc.profile import NAMES, Profile, known_profile, parse_profile
from catalog.marc.reading import BadRecord, ReadRecord, container_of
from catalog.record import Record, canonical_json
from olketanu.errors import InputError, UsageError
from store.files import placing, writing

AUTO = "auto"
_FALLBACK = "marcxml"
_TOO_MUCH = frozenset(
    {"error.iso2709-too-long", "error.iso2709-control", "error.tag", "error.link-nested"}
)


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
class Converted:
    """What came of it: ``target`` may be named otherwise than ordered where ``fell_back`` says why.

    ``bad`` holds offset, reason and size of what could not be read, ``lost`` record and fields that
    the format could not hold, ``mended`` how often a note of reading was made.
    """

    target: Path
    container: str
    opened: Opened | None = None
    format: str = ""
    written: int = 0
    bad: list[tuple[int, str, int]] = field(default_factory=list)
    lost: list[tuple[str, str]] = field(default_factory=list)
    mended: Counter[str] = field(default_factory=Counter)
    fell_back: InputError | None = None


def profile_of(name: str) -> Profile:
    """Return a profile by the program's name for it, or by the path of a library's own file.

    UsageError ``error.profile-name``; InputError as ``catalog.marc.profile.parse_profile``.
    """
    if name in NAMES or not Path(name).is_file():
        return known_profile(name)
    content = Path(name).read_bytes().decode("utf-8-sig", "replace")
    return parse_profile(content, name)


def convert_file(order: Order, *, dry_run: bool) -> Converted:
    """Write the records of one file to another; it appears only after it was read back equal.

    Where a record does not fit ISO 2709 and the container was left to the program, all are written
    as MARCXML, to a name that ends in ``.xml``. With ``dry_run`` everything is done but for the
    file's name.

    Raises:
        UsageError: source and target are one file; unknown names; no crosswalk between the formats.
        InputError: no exchange file; a record that the container cannot hold;
            ``error.export-differs``.
        CannotWriteError: the target cannot be written.
    """
    if order.target.resolve() == order.source.resolve():
        raise UsageError("error.same-file", file=str(order.target))
    automatic = order.container == AUTO
    container = container_of(order.target.name) if automatic else order.container
    try:
        return _converted(order, Converted(order.target, container), dry_run=dry_run)
    except InputError as error:
        if not automatic or container != "iso2709" or error.key not in _TOO_MUCH:
            raise
        target = order.target.with_suffix(".xml")
        again = Converted(target, _FALLBACK, fell_back=error)
        return _converted(order, again, dry_run=dry_run)


def _converted(order: Order, done: Converted, *, dry_run: bool) -> Converted:
    theirs, ours = (None, order.profile) if order.back else (order.profile, None)
    with order.source.open("rb") as source, _file(done.target, dry_run=dry_run) as stream:
        asked = ReadOrder(order.source_container, None, order.charset, theirs)
        done.opened = open_exchange(source, asked)
        done.format = order.format or done.opened.format
        written = hashlib.sha256()
        records = _digested(_records(done.opened, done), written)
        for piece in write_exchange(records, done.container, profile=ours):
            with writing(done.target):
                stream.write(piece)
        stream.seek(0)
        back = open_exchange(stream, ReadOrder(done.container, done.format, "utf-8", ours))
        read = hashlib.sha256()
        found = (one.record for one in back.records if isinstance(one, ReadRecord))
        if sum(1 for _ in _digested(found, read)) != done.written:
            raise InputError("error.export-differs", file=str(done.target))
        if read.digest() != written.digest():
            raise InputError("error.export-differs", file=str(done.target))
    return done


@contextmanager
def _file(target: Path, *, dry_run: bool) -> Iterator[BinaryIO]:
    if dry_run:
        with TemporaryFile() as stream:
            yield stream
        return
    with placing(target.resolve()) as stream:
        yield stream


def _records(opened: Opened, done: Converted) -> Iterator[Record]:
    for one in opened.records:
        if isinstance(one, BadRecord):
            done.bad.append((one.offset, one.reason, len(one.raw)))
            continue
        done.mended.update(note.code for note in one.notes)
        made = convert(one.record, done.format)
        if made.lost:
            number = one.record.control_number or f"@{one.offset}"
            done.lost.append((number, " ".join(map(str, made.lost))))
        done.written += 1
        yield made.record


def _digested(records: Iterable[Record], digest: "hashlib._Hash") -> Iterator[Record]:
    """Pass records through and add what they say to ``digest``.

    Lengths in the leader (ISO 2709 §4.3) are the container's, not the record's.
    """
    for record in records:
        digest.update(hashlib.sha256(canonical_json(replace(record, leader=""))).digest())
        yield record
