"""Whatever writes says what takes it back: every command stands in the table, or only reads."""

import re

import click
import pytest

from commands.group import root
from tests.unit.test_house_docs import leaves, options, text_of
from workflow.desk.card import ActKind
from workflow.desk.kinds import KINDS, WITHOUT_CARD

READING = {
    *("doctor", "batch check", "batch status", "document list", "document show", "record show"),
    *("record describe", "record imports", "record bad list", "record conflicts list"),
    *("record conflicts show", "record history", "record diff", "link list", "list show"),
    *("desk users", "index status", "index verify", "quality eval"),
}
"""Commands that change nothing that anybody has made."""

SCHEMAS = {
    "link accept": "link.json",
    "link reject": "link.json",
    "document amend": "amend.json",
    "record conflicts take": "record-conflicts.json",
    "record repair": "repair.json",
    "record delta": "record-delta.json",
}
"""Commands that perform acts, with the schema of their lines."""

CALL = re.compile(r"`([a-z]+(?: [a-z]+)*)((?: (?:--[a-z-]+|[A-Z]+|…))*)`")


def commands() -> dict[str, click.Command]:
    return dict(leaves(root))


def rows() -> list[tuple[list[str], str]]:
    """Commands and what takes them back, row by row."""
    page = text_of("docs/reference/commands.md")
    part = page.partition("## What takes back what\n")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`.*?) \| (.+) \|$", part, re.M)
    return [(re.findall(r"`([^`]+)`", named), how) for named, how in cells]


def test_every_command_stands_once_in_the_table_or_only_reads() -> None:
    named = [command for names, _ in rows() for command in names]
    assert sorted(named) == sorted(commands().keys() - READING)
    assert commands().keys() >= READING


@pytest.mark.parametrize(("names", "how"), rows(), ids=[names[0] for names, _ in rows()])
def test_what_takes_back_is_a_command_with_such_options_or_the_reason_for_none(
    names: list[str], how: str
) -> None:
    known = commands()
    called = [(name, more) for name, more in CALL.findall(how) if name in known]
    assert called or how.startswith("nothing") or "replaced/" in how, names
    unknown = [
        f"{name} {option}"
        for name, more in CALL.findall(how)
        for option in re.findall(r"--[a-z-]+", more)
        if option not in options(known[name]) | {"--dry-run"}
    ]
    assert not unknown


def test_whoever_gives_an_act_names_undo() -> None:
    """The commands that perform acts are those whose schema tells the number of one."""
    taken_back = {name for names, how in rows() for name in names if "`undo ACT`" in how}
    telling = {
        path
        for path, schema in SCHEMAS.items()
        if '"act"' in text_of("docs", "reference", "json", schema)
    }
    assert taken_back - {"serve"} == telling


@pytest.mark.parametrize("kind", [*KINDS, *WITHOUT_CARD], ids=lambda kind: kind.name)
def test_the_schema_of_undo_knows_every_kind_and_act(kind: ActKind) -> None:
    schema = text_of("docs", "reference", "json", "undo.json")
    assert f'"{kind.name}"' in schema
    for name in kind.acts:
        assert f'"{name}"' in schema
