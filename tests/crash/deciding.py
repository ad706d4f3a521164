"""Deciding as a workload: a link is accepted, taken back and accepted again, the stages between."""

from collections.abc import Sequence
from pathlib import Path

from store.catalogue import links
from tests.crash.library import Ack, opened
from tests.crash.promises import lost_records
from workflow.desk.acts import perform, recent, take_back
from workflow.desk.card import Act
from workflow.follow import follow
from workflow.library import Library
from workflow.record.draft import DRAFT

ACTOR = "aigul"
_DECISIONS = 2


def run_undo(folder: Path, ack: Ack) -> None:
    """What was done before the run was killed is not done once more."""
    with opened(folder) as library:
        for number in range(1, _DECISIONS + 1):
            _accept(library, number)
            ack(f"acts {number}")
            follow(library, DRAFT)
            if number < _DECISIONS:
                _take_back(library)
                ack("undone 1")
                follow(library, DRAFT)
        ack("link accepted")


def _accept(library: Library, number: int) -> None:
    link = links.list_links(library.store)[0]
    if len(recent(library.store)) < number:
        perform(library, Act("link", link.id, "accept", None, ACTOR))


def _take_back(library: Library) -> None:
    [*_, (first, stands)] = recent(library.store)
    if stands:
        take_back(library, first.number, ACTOR)


def lost_acts(library: Library, acks: Sequence[str]) -> list[str]:
    """What was acknowledged is in the journal."""
    acts = recent(library.store)
    held = {f"acts {n}" for n in range(1, len(acts) + 1)}
    held |= {f"undone {n}" for n in range(1, sum(not stands for _, stands in acts) + 1)}
    counted = [ack for ack in acks if ack.startswith(("acts", "undone"))]
    rest = [ack for ack in acks if ack not in counted]
    return [*(f"lost: {a}" for a in counted if a not in held), *lost_records(library, rest)]
