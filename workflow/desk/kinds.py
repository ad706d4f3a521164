"""The kinds of cards there are."""

from olketanu.errors import UsageError
from workflow.desk.card import CardKind
from workflow.desk.drafts import DRAFTS
from workflow.desk.links import LINKS

KINDS: tuple[CardKind, ...] = (LINKS, DRAFTS)
"""In the order in which they wait: links, corrections, drafts, pages."""


def kind_of(name: str) -> CardKind:
    """Return the kind of this name; UsageError ``error.unknown-card``."""
    for kind in KINDS:
        if kind.name == name:
            return kind
    raise UsageError("error.unknown-card", card=name)
