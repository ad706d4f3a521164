"""What each role of the staff may do at the desk: one table, asked wherever something is done."""

SCANNER, CATALOGUER, HEAD = "scanner", "cataloguer", "head"
ROLES = (SCANNER, CATALOGUER, HEAD)
"""In the order of what they may; each may all that those before it may."""

PAGE, BATCH = "page", "batch"
LINK, DRAFT, CORRECTION = "link", "draft", "correction"
SHEET, CONFLICT, FINDING = "sheet", "conflict", "finding"
PEOPLE = "people"
_FIRST = {
    **{PAGE: SCANNER, BATCH: SCANNER},
    **{LINK: CATALOGUER, DRAFT: CATALOGUER, CORRECTION: CATALOGUER},
    **{SHEET: CATALOGUER, CONFLICT: CATALOGUER, FINDING: CATALOGUER},
    PEOPLE: HEAD,
}
"""Each task and the first role that may do it; those of acts are named like their kinds.

``batch``: start and stop the work on a folder of the inbox. ``people``: see what each member of
staff has done, and take back the acts of others.
"""
TASKS = tuple(_FIRST)


def can(role: str, task: str) -> bool:
    """Return whether a member of this role may do this; False for what is not in the table."""
    first = _FIRST.get(task)
    return first is not None and role in ROLES[ROLES.index(first) :]
