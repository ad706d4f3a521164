"""The rooms of the desk."""

from portal.desk import acts, card, queue, sheet, where
from portal.desk.walk import let_in

ROOMS = (queue.ROOM, card.ROOM, where.ROOM, acts.ROOM, sheet.ROOM)
"""The blueprints, in the order of their menu."""

for _room in ROOMS:
    _room.before_request(let_in)
