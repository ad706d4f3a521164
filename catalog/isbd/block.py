"""Typed blocks: what a description, a list or a card says, apart from how it is set.

``catalog/isbd`` makes them, plain text and HTML are made from them there, DOCX and PDF in
``workflow/print``. Punctuation is part of the text; nothing is added when blocks are set.
"""

from dataclasses import dataclass

BLOCK_KINDS = ("heading", "entry", "note", "card", "divider")
RUN_STYLES = ("plain", "strong", "emphasis", "link")


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one style; ``element`` names the element of the description it prints.

    ``style`` is one of ``RUN_STYLES``; of a ``link`` the text is the address. ``element`` is
    ``title``, ``heading``, ``imprint`` … (catalog/isbd), or empty.
    """

    text: str
    style: str = "plain"
    element: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph: ``kind`` is one of ``BLOCK_KINDS``; ``language`` ISO 639-2 of its text.

    ``level`` is the level of a heading from 1; ``record`` the id of the record described, or empty.
    """

    kind: str
    runs: tuple[Run, ...]
    language: str = "und"
    level: int = 0
    record: str = ""

    @property
    def text(self) -> str:
        """The text of all runs."""
        return "".join(run.text for run in self.runs)
