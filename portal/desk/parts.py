"""The parts of the desk, as its head names them."""

from flask import current_app

from portal.visitor import visitor
from workflow.desk.roles import BATCH, CORRECTION, can

PARTS = (
    ("queue", "queue.overview", ""),
    ("where", "where.overview", ""),
    ("batches", "batches.overview", BATCH),
    ("acts", "acts.overview", ""),
    ("corrections", "sheet.overview", CORRECTION),
)
"""Name, endpoint, and the task that the part is for ("": anybody of the staff)."""


def desk_parts() -> list[tuple[str, str]]:
    """Return name and endpoint of the parts that are there and that the visitor may enter."""
    role, there = visitor().actor.role, current_app.view_functions
    return [
        (name, endpoint)
        for name, endpoint, task in PARTS
        if endpoint in there and (not task or can(role, task))
    ]
