"""The rooms of the desk."""

from portal.desk import acts, card, draft, queue, record, sheet, where

ROOMS = (
    queue.ROOM,
    card.ROOM,
    draft.ROOM,
    record.ROOM,
    where.ROOM,
    acts.ROOM,
    sheet.ROOM,
)
"""The blueprints, in the order of their menu."""
