"""The kinds of cards there are."""

from olketanu.errors import UsageError
from workflow.desk.card import CardKind
from workflow.desk.corrections import CORRECTIONS
from workflow.desk.drafts import DRAFTS
from workflow.desk.links import LINKS
from workflow.desk.page_texts import PAGE_TEXTS

KINDS: tuple[CardKind, ...] = (LINKS, CORRECTIONS, DRAFTS, PAGE_TEXTS)
"""In the order in which they wait: links, corrections, drafts, pages."""


def kind_of(name: str) -> CardKind:
    """Return the kind of this name; UsageError ``error.unknown-card``."""
    for kind in KINDS:
        if kind.name == name:
            return kind
    raise UsageError("error.unknown-card", card=name)
