"""What each role may do at the desk."""

import pytest

from workflow.desk.roles import ROLES, TASKS, can

SCANNER = {"page", "batch"}
CATALOGUER = SCANNER | {"link", "draft", "correction", "sheet", "conflict", "finding"}
TABLE = {"scanner": SCANNER, "cataloguer": CATALOGUER, "head": CATALOGUER | {"people"}}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_what_the_table_says(role: str) -> None:
    assert {task for task in TASKS if can(role, task)} == TABLE[role]


@pytest.mark.parametrize("role", ["reader", "", "staff", "olketanu"])
def test_who_is_not_of_the_staff_may_nothing(role: str) -> None:
    assert not [task for task in TASKS if can(role, task)]


@pytest.mark.parametrize("role", ROLES)
def test_what_is_not_in_the_table_nobody_may(role: str) -> None:
    assert not can(role, "no-such-task")
