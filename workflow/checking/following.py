"""Checking follows the journal: records that are new or changed get their findings by themselves.

By the rules of one record; those of the whole catalogue are ``check_catalogue``'s. A portion of
events is one transaction with the cursor: killed, the next call goes on behind the last portion.
"""

from collections.abc import Sequence

from catalog.quality.validate import Context
from olketanu.progress import Progress
from store import changes
from store.catalogue import records
from store.catalogue.records import StoredRecord
from store.changes import Event
from workflow.checking.check import ACTOR, CURSOR, Checked, Examiner, Judged, keep
from workflow.checking.rules import library_rules, surroundings
from workflow.library import Library

KINDS = frozenset({"record.created", "record.changed", "record.status"})
_PORTION = 500


def check_news(library: Library, progress: Progress) -> Checked:
    """Check what has been entered, changed or deleted since the last call; return what it came to.

    A record counts once a portion. Without news, or with ``checks.automatic`` off, nothing is read
    or written; what comes meanwhile waits for the day that it is on.

    Raises:
        SettingsError: the library's file of rules, as ``library_rules``.
    """
    seen = changes.get_cursor(library.store, CURSOR)
    total = changes.count_events(library.store, seen, KINDS) if _is_on(library) else 0
    if not total:
        return Checked()
    rules = library_rules(library)
    examiner = Examiner(library, Context(rules, surroundings(library, rules)))
    checked, done = Checked(), 0
    while events := changes.events_since(library.store, seen, KINDS, _PORTION):
        touched = _touched(library, events)
        seen = events[-1].seq
        checked += _keep(library, examiner.judge(touched), seen)
        done += len(events)
        progress.step("checks", min(done, total), total, touched[-1].id)
    return checked


def _is_on(library: Library) -> bool:
    return library.settings.checks.automatic


def _touched(library: Library, events: Sequence[Event]) -> list[StoredRecord]:
    """The records of the events as they are now, each once."""
    wanted = dict.fromkeys(event.subject for event in events)
    return [records.get_record(library.store, identifier) for identifier in wanted]


def _keep(library: Library, judged: Judged, seq: int) -> Checked:
    """Keep the findings, unless another run was faster with these events.

    A record that somebody saves between judging and keeping has an event behind ``seq``.
    """
    with library.store.transaction(ACTOR) as tx:
        if changes.get_cursor(tx, CURSOR) >= seq:
            return Checked()
        changes.set_cursor(tx, CURSOR, seq)
        return keep(tx, judged)
