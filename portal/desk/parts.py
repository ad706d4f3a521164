"""The parts of the desk, as its head names them."""

from portal.visitor import visitor
from workflow.desk.roles import BATCH, PEOPLE, SHEET, can

PARTS = (
    ("queue", "queue.overview", ""),
    ("where", "where.overview", ""),
    ("batches", "batches.overview", BATCH),
    ("acts", "acts.overview", ""),
    ("corrections", "sheet.overview", SHEET),
    ("people", "people.overview", PEOPLE),
)
"""Name, endpoint, and the task that the part is for ("": anybody of the staff)."""


def desk_parts() -> list[tuple[str, str]]:
    """Return name and endpoint of the parts that the visitor may enter."""
    if visitor().has_first_password:
        return []
    role = visitor().actor.role
    return [(name, endpoint) for name, endpoint, task in PARTS if not task or can(role, task)]
