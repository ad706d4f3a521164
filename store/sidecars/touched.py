"""Which sidecars a piece of the journal touches, so that each is written once a catch-up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from store.changes import Event
from store.database import Reader, json_text
from store.sidecars.journal import segment_of
from store.sidecars.records import bucket_of

_DOCUMENTS = "SELECT id FROM document WHERE id IN (SELECT value FROM json_each(?))"
_RECORDS = "SELECT id FROM record WHERE id IN (SELECT value FROM json_each(?))"
_BY_RECORD = "SELECT document FROM link WHERE record IN (SELECT value FROM json_each(?))"
_BY_LINK = "SELECT document FROM link WHERE id IN (SELECT value FROM json_each(?))"
_BY_JOB = "SELECT document FROM job WHERE key IN (SELECT value FROM json_each(?))"
_BY_MASTER = (
    "SELECT document FROM page_frame WHERE master IN (SELECT value FROM json_each(?1)) UNION "
    "SELECT document FROM source_file WHERE document IS NOT NULL "
    "AND sha256 IN (SELECT value FROM json_each(?1))"
)
_BY_FILE = (
    "SELECT DISTINCT json_extract(data, '$.document') AS document FROM event "
    "JOIN json_each(?) AS file ON file.value = json_extract(data, '$.name') "
    "WHERE subject = ? AND kind GLOB 'source.*' AND document IS NOT NULL"
)


@dataclass(slots=True)
class Touched:
    """Sidecars to be written: ids of documents and imports, buckets, batches, journal segments.

    ``loose`` says that findings without document or record may have changed, ``staff`` that a
    member has.
    """

    documents: set[str] = field(default_factory=set)
    buckets: set[str] = field(default_factory=set)
    batches: set[str] = field(default_factory=set)
    imports: set[str] = field(default_factory=set)
    segments: set[int] = field(default_factory=set)
    loose: bool = False
    staff: bool = False


def touch(reader: Reader, touched: Touched, events: Sequence[Event]) -> None:
    """Add to ``touched`` what the events may have changed."""
    subjects: dict[str, set[str]] = {}
    for event in events:
        touched.segments.add(segment_of(event.seq))
        subjects.setdefault(event.kind.split(".")[0], set()).add(event.subject)
    named: set[str] = set()
    for head in ("document", "page", "rights", "job", "finding"):
        named |= {subject.split("/")[0] for subject in subjects.get(head, ())}
    records = subjects.get("record", set()) | subjects.get("finding", set())
    touched.documents |= _known(reader, _DOCUMENTS, named)
    touched.documents |= _documents(reader, records, subjects)
    known = _known(reader, _RECORDS, records)
    touched.buckets |= {bucket_of(record) for record in known}
    touched.imports |= subjects.get("import", set())
    touched.loose = touched.loose or bool(subjects.get("finding"))
    touched.staff = touched.staff or bool(subjects.get("staff"))
    _touch_batches(reader, touched, [e for e in events if e.kind.startswith(("batch.", "source."))])


def _documents(reader: Reader, records: set[str], subjects: dict[str, set[str]]) -> set[str]:
    """Documents behind links, linked records, jobs and masters."""
    links = subjects.get("link", set()) | subjects.get("finding", set())
    masters = subjects.get("master", set())
    asked = (
        (_BY_RECORD, records),
        (_BY_LINK, links),
        (_BY_JOB, subjects.get("job", set())),
        (_BY_MASTER, masters),
    )
    return {found for sql, ids in asked for found in _known(reader, sql, ids)}


def _touch_batches(reader: Reader, touched: Touched, events: Iterable[Event]) -> None:
    """A file may have moved from one document to another: both sidecars name it."""
    names: dict[str, set[str]] = {}
    for event in events:
        names.setdefault(event.subject, set()).add(str(event.data.get("name")))
    for batch, files in names.items():
        touched.batches.add(batch)
        touched.documents |= _known(reader, _BY_FILE, files, batch)


def _known(reader: Reader, sql: str, wanted: Iterable[str], *more: str) -> set[str]:
    """Return the first column of what ``sql`` finds for the list of ids or names ``wanted``."""
    listed = sorted(wanted)
    if not listed:
        return set()
    return {str(row[0]) for row in reader.rows(sql, (json_text(listed), *more))}
