"""Doing and taking back: every act at the desk is an event, and can be undone by its number."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from olketanu.errors import LockedError, UsageError
from store import changes
from store.acts import ACT, PUT_OFF, UNDONE, last_acts
from store.changes import Event
from store.database import Reader, Transaction
from workflow.desk.card import Act, Facts
from workflow.desk.kinds import act_kind
from workflow.library import Library

LATER = "later"


@dataclass(frozen=True, slots=True)
class Done:
    """An act as the journal has it: ``number`` is what it is taken back by."""

    number: int
    time: str
    act: Act
    facts: Facts

    @property
    def card(self) -> tuple[str, str]:
        """Kind and key of the card."""
        return self.act.kind, self.act.key


def perform(library: Library, act: Act) -> int:
    """Do an act and return its number.

    Raises:
        LockedError: ``error.card-changed``: somebody, or a run, was faster.
        UsageError: ``error.unknown-card``, ``error.unknown-act``, or what the act itself raises.
    """
    kind = act_kind(act.kind)
    doing = kind.acts.get(act.name)
    if doing is None and act.name != LATER:
        raise UsageError("error.unknown-act", act=act.name)
    with library.store.transaction(actor=act.actor) as tx:
        if act.version not in (None, kind.version(tx, act.key)):
            raise LockedError("error.card-changed", card=act.key)
        facts = doing(library, tx, act) if doing is not None else {}
        told = {"card": act.kind, "act": act.name, "form": dict(act.form), "facts": dict(facts)}
        return tx.note(ACT if doing is not None else PUT_OFF, act.key, told)


class _Rehearsed(Exception):
    """Everything went well, and nothing of it is to stay."""


def take_back(library: Library, number: int, actor: str) -> Done:
    """Undo one act, the last of its card or not asked for again since; return it.

    Raises:
        UsageError: ``error.unknown-act``; LockedError: ``error.act-undone`` it is undone already;
            ``error.act-followed`` the same card was decided again since: undo that first. Beside
            these what the kind itself raises, mostly because somebody built upon the act since.
    """
    return take_back_all(library, (number,), actor)[0]


def take_back_all(
    library: Library, numbers: Iterable[int], actor: str, *, dry_run: bool = False
) -> list[Done]:
    """Undo acts, all or none of them, the newest first; return them in that order.

    With ``dry_run`` they are undone like any others, refusals and all, and nothing of that is kept.
    Errors as of :func:`take_back`.
    """
    found = [get_done(library.store, number) for number in sorted(set(numbers), reverse=True)]
    with suppress(_Rehearsed), library.store.transaction(actor=actor) as tx:
        for done in found:
            _undo(library, tx, done)
        if dry_run:
            raise _Rehearsed
    return found


def _undo(library: Library, tx: Transaction, done: Done) -> None:
    later = [one for one in acts_on(tx, *done.card) if one.number >= done.number]
    if not later or later[0].number != done.number:
        raise LockedError("error.act-undone", act=done.number)
    if len(later) > 1:
        raise LockedError("error.act-followed", act=done.number)
    if done.act.name != LATER:
        act_kind(done.act.kind).undo(library, tx, done.act, done.facts)
    tx.note(UNDONE, done.act.key, {"act": done.number, "card": done.act.kind})


def get_done(reader: Reader, number: int) -> Done:
    """Return the act of this number; UsageError ``error.unknown-act``."""
    found = changes.events_at(reader, (number,))
    if not found or found[0].kind not in (ACT, PUT_OFF):
        raise UsageError("error.unknown-act", act=number)
    return done_of(found[0])


def acts_on(reader: Reader, kind: str, key: str) -> list[Done]:
    """Return the acts on a card that stand, in their order."""
    told = (e for e in changes.events_of(reader, key) if e.kind in (ACT, PUT_OFF, UNDONE))
    events = [e for e in told if e.data["card"] == kind]
    undone = {e.data["act"] for e in events if e.kind == UNDONE}
    return [done_of(e) for e in events if e.kind != UNDONE and e.seq not in undone]


def recent(
    reader: Reader, *, actor: str | None = None, before: int | None = None, limit: int = 50
) -> list[tuple[Done, bool]]:
    """Return acts, the newest first, each with whether it stands; see ``store.acts``."""
    found = last_acts(reader, actor=actor, before=before, limit=limit)
    return [(done_of(event), stands) for event, stands in found]


def title_of(reader: Reader, done: Done) -> str:
    """Return what a person knows the card of an act by; its key where nothing else is known."""
    kind, key = done.card
    try:
        return act_kind(kind).title(reader, key) or key
    except UsageError:
        return key


def done_of(event: Event) -> Done:
    """Return an event of the kind ``ACT`` or ``PUT_OFF`` as the act that it tells of."""
    data = event.data
    act = Act(data["card"], event.subject, data["act"], None, event.actor, data["form"])
    return Done(event.seq, event.time, act, data["facts"])
