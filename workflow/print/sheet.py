"""Sizes of cards in print: GOST's card of 125 × 75 mm, its verticals, and how sheets hold cards."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from catalog.lists.card_layout import Face, Form, lay_out
from catalog.lists.cards import Card, Divider
from workflow.print.binding import bound
from workflow.print.fonts import Type

MM = 72 / 25.4
CARD_WIDTH, CARD_HEIGHT = 125 * MM, 75 * MM
EDGE, TOP, BOTTOM = 5 * MM, 6.5 * MM, 8 * MM  # the rod of the drawer goes through the lower edge
MARK_WIDTH = 22 * MM
SIZE, LEADING = 9.0, 11.0
SHEETS = ("a4", "card")

FORM = Form(
    width=CARD_WIDTH - 2 * EDGE - MARK_WIDTH,
    lines=int((CARD_HEIGHT - TOP - BOTTOM) / LEADING),
    indent=7 * MM,
    mark_width=MARK_WIDTH - 2 * MM,
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A4 across with four cards; ``left`` and ``top`` are the margins of the block of cards."""

    width: float = 297 * MM
    height: float = 210 * MM
    columns: int = 2
    rows: int = 2

    @property
    def left(self) -> float:
        """Margin left and right."""
        return (self.width - self.columns * CARD_WIDTH) / 2

    @property
    def top(self) -> float:
        """Margin above and below."""
        return (self.height - self.rows * CARD_HEIGHT) / 2


def faces_of(filed: Iterable[Card | Divider], fonts: Type) -> list[Face | Divider]:
    """Return what is printed, in the same order: cards as laid out faces, dividers as they are."""

    def measure(text: str, style: str) -> float:
        return fonts.width(text, style, SIZE)

    made: list[Face | Divider] = []
    for one in filed:
        made += [one] if isinstance(one, Divider) else lay_out(_bound(one), FORM, measure)
    return made


def _bound(card: Card) -> Card:
    """The card with no-break spaces where no line should end."""
    body = tuple(replace(run, text=bound(run.text)) for run in card.body)
    tracing = tuple(bound(text) for text in card.tracing)
    return replace(card, heading=bound(card.heading), body=body, tracing=tracing)
