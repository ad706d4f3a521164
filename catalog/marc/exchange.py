"""One door for files of every exchange format: what is this file, and which records does it hold?

opened = open_exchange(stream, ReadOrder(format="rusmarc"))
for one in opened.records: ...
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from typing import Any, BinaryIO

from catalog.charset.decoding import named
from catalog.charset.evidence import Decision, decide
from catalog.marc.directory import FIELD_END
from catalog.marc.formats import format_of
from catalog.marc.framing import RECORD_END
from catalog.marc.profile import Profile, known_profile, renamed_in, renamed_out
from catalog.marc.reading import CONTAINERS, BadRecord, Known, ReadRecord
from catalog.marc.stream import Swapped
from catalog.record import Record
from olketanu.errors import InputError, UsageError

# In the order in which they are asked what a file is: the special before the general.
_ROOMS = {
    "iso2709": "catalog.marc.iso2709",
    "unislim": "catalog.marc.unislim",
    "marcxchange": "catalog.marc.marcxchange",
    "marcxml": "catalog.marc.marcxml",
    "jsonl": "catalog.marc.jsonl",
    "marcjson": "catalog.marc.marcjson",
    "mrk": "catalog.marc.mrk",
    "irbis-text": "catalog.marc.irbis.text",
    "irbis-mst": "catalog.marc.irbis.master",
    "csv": "catalog.marc.tables.separated",
    "xlsx": "catalog.marc.tables.workbook",
}

_HEAD, _FAR = 4096, 1 << 18
# The beginning decides in most files; some more places, since a file is often sorted by language.
_SAMPLE = 1 << 20
_PLACES, _PLACE = 8, 1 << 16
_RECORDS = 50


@dataclass(frozen=True, slots=True)
class ReadOrder:
    """What the person said of the file; None is found out from its bytes.

    ``profile`` is a dialect, or the name of one of the program's (``catalog.marc.profile.NAMES``),
    which may say all of the others.
    """

    container: str | None = None
    format: str | None = None
    charset: str | None = None
    profile: Profile | str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A file being read. ``margin`` is how sure the charset is, 0 to 1; ``evidence`` why.

    ``evidence`` is a code of ``catalog.charset.evidence.EVIDENCE``.
    """

    container: str
    format: str
    charset: str
    margin: float
    evidence: str
    records: Iterator[ReadRecord | BadRecord]


def open_exchange(stream: BinaryIO, order: ReadOrder, known: Known | None = None) -> Opened:
    """Return what the file is and an iterator over all its records, in their order.

    A container that has ``read_unknown`` (ISO 2709) leaves out the records that are ``known``,
    without parsing them; the others yield them all.
    ``stream`` is binary and seekable, at its beginning; it stays the caller's to close.
    InputError ``error.no-exchange-file``; UsageError ``error.container`` for an unknown name,
    ``error.charset`` for an unknown character set, ``error.profile-name`` for an unknown profile.
    """
    profile = _profile(order.profile)
    source: Any = Swapped(stream, profile.swapped) if profile.swapped else stream
    container = order.container or profile.container or _container(source)
    room = _room(container)
    decision = _decision(room, source, order.charset or profile.charset)
    # A charset that a person gave is not put to the proof; other containers know names only.
    proved = decision.evidence != "given" and getattr(room, "BY_EVIDENCE", False)
    charset = decision if proved else decision.charset
    form = order.format or getattr(room, "FORMAT", None) or profile.format
    form = form or _format(room, source, charset)
    columns = (profile.columns,) if getattr(room, "COLUMNS", False) else ()
    if known is not None and hasattr(room, "read_unknown"):
        found = room.read_unknown(source, form, charset, known)
    else:
        found = room.read(source, form, charset, *columns)
    records = renamed_in(found, profile)
    return Opened(container, form, decision.charset, decision.margin, decision.evidence, records)


def write_exchange(
    records: Iterable[Record],
    container: str,
    charset: str = "utf-8",
    profile: Profile | str | None = None,
) -> Iterator[bytes]:
    """Yield the file of this container piece by piece; errors as the container's ``write``.

    Tags, columns and signs are those of the dialect where ``profile`` is one.
    UsageError ``error.charset-not-written`` where the container is not written in ``charset``.
    """
    room, wanted, dialect = _room(container), named(charset), _profile(profile)
    more: tuple[Any, ...] = (dialect.columns,) if getattr(room, "COLUMNS", False) else ()
    if wanted != "utf-8":
        if wanted not in getattr(room, "WRITES", ()):
            raise UsageError("error.charset-not-written", charset=charset, container=container)
        more = (wanted,)
    pieces: Iterator[bytes] = room.write(renamed_out(records, dialect), *more)
    return (piece.translate(dialect.swapped) for piece in pieces) if dialect.swapped else pieces


def _profile(profile: Profile | str | None) -> Profile:
    if isinstance(profile, Profile):
        return profile
    return known_profile(profile) if profile else Profile("")


def _room(container: str) -> Any:  # noqa: ANN401 - a module of the shape told in reading.py
    if container not in _ROOMS:
        raise UsageError("error.container", name=container, known=", ".join(CONTAINERS))
    return import_module(_ROOMS[container])


def _container(stream: BinaryIO) -> str:
    """The first container whose ``looks_like`` says so; damaged ISO 2709 where none does.

    A file without any terminator of fields or records near its beginning is none (ISO 2709 §4).
    """
    head = stream.read(_FAR)
    stream.seek(0)
    for name in _ROOMS:
        looks_like = getattr(_room(name), "looks_like", None)
        if looks_like and looks_like(head[:_HEAD]):
            return name
    if head.strip() and not (FIELD_END in head or RECORD_END in head):
        raise InputError("error.no-exchange-file", known=", ".join(CONTAINERS))
    return "iso2709"


def _decision(room: Any, stream: BinaryIO, charset: str | None) -> Decision:  # noqa: ANN401 - a module
    if charset:
        return Decision(named(charset), 1.0, "given")
    if not getattr(room, "BY_EVIDENCE", False):
        return Decision("utf-8", 1.0, "own")
    return decide(_sample(stream))


def _sample(stream: BinaryIO) -> bytes:
    """The beginning of a file and some places spread over the rest; the stream is put back."""
    pieces = [stream.read(_SAMPLE)]
    size = stream.seek(0, 2)
    if size > _SAMPLE:
        step = max(_PLACE, (size - _SAMPLE) // _PLACES)
        for at in range(_SAMPLE, size, step):
            stream.seek(at)
            pieces.append(stream.read(_PLACE))
    stream.seek(0)
    return b"\n".join(pieces)


def _format(room: Any, stream: BinaryIO, charset: str | Decision) -> str:  # noqa: ANN401 - a module
    if told := getattr(room, "told_format", None):
        named_there: str = told(stream)
        stream.seek(0)
        return named_there
    found = (one for one in room.read(stream, "marc21", charset) if isinstance(one, ReadRecord))
    form = format_of(one.record for one in islice(found, _RECORDS))
    stream.seek(0)
    return form
