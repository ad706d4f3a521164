"""The kinds of cards there are."""

from olketanu.errors import UsageError
from workflow.desk.card import CardKind
from workflow.desk.roles import can
from workflow.editing.drafts import DRAFTS
from workflow.linking.links import LINKS
from workflow.proofreading.corrections import CORRECTIONS
from workflow.proofreading.page_texts import PAGE_TEXTS

KINDS: tuple[CardKind, ...] = (LINKS, CORRECTIONS, DRAFTS, PAGE_TEXTS)
"""In the order in which they wait: links, corrections, drafts, pages."""


def kinds_for(role: str) -> tuple[CardKind, ...]:
    """Return the kinds of cards that a member of this role may decide on."""
    return tuple(kind for kind in KINDS if can(role, kind.name))


def kind_of(name: str) -> CardKind:
    """Return the kind of this name; UsageError ``error.unknown-card``."""
    for kind in KINDS:
        if kind.name == name:
            return kind
    raise UsageError("error.unknown-card", card=name)
