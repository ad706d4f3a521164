"""The rooms of the desk."""

from portal.desk import acts, card, queue, sheet, where

ROOMS = (queue.ROOM, card.ROOM, where.ROOM, acts.ROOM, sheet.ROOM)
"""The blueprints, in the order of their menu."""
