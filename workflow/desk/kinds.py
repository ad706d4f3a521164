"""The kinds of cards there are, and of what people decide about elsewhere."""

from olketanu.errors import UsageError
from workflow.checking.refusals import REFUSALS
from workflow.delta.marking import SHEETS
from workflow.desk.card import ActKind, CardKind
from workflow.desk.roles import can
from workflow.editing.drafts import DRAFTS
from workflow.exchange.resolving import CONFLICTS
from workflow.linking.links import LINKS
from workflow.proofreading.corrections import CORRECTIONS
from workflow.proofreading.page_texts import PAGE_TEXTS

KINDS: tuple[CardKind, ...] = (LINKS, CORRECTIONS, DRAFTS, PAGE_TEXTS)
"""In the order in which they wait: links, corrections, drafts, pages."""

WITHOUT_CARD: tuple[ActKind, ...] = (SHEETS, CONFLICTS, REFUSALS)
"""What is decided upon without a card: ticked sheets, conflicts of an import, findings."""


def kinds_for(role: str) -> tuple[CardKind, ...]:
    """Return the kinds of cards that a member of this role may decide on."""
    return tuple(kind for kind in KINDS if can(role, kind.name))


def kind_of(name: str) -> CardKind:
    """Return the kind of this name; UsageError ``error.unknown-card``."""
    for kind in KINDS:
        if kind.name == name:
            return kind
    raise UsageError("error.unknown-card", card=name)


def act_kind(name: str) -> ActKind:
    """Return the kind of this name, with cards or without; UsageError ``error.unknown-card``."""
    for kind in WITHOUT_CARD:
        if kind.name == name:
            return kind
    return kind_of(name)
