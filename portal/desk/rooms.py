"""The rooms of the desk."""

from portal.desk import acts, card, draft, queue, sheet, where

ROOMS = (
    queue.ROOM,
    card.ROOM,
    draft.ROOM,
    where.ROOM,
    acts.ROOM,
    sheet.ROOM,
)
"""The blueprints, in the order of their menu."""
