"""Every example of docs/reference/query.md does what the page says."""

import re

import pytest

from language.identify import identify
from search.engine.memory import MemoryEngine
from search.query.lexemes import FIELDS
from search.query.parse import parse
from search.query.plan import Planner
from search.query.tree import leaves_of
from search.schema import Entry, analyse
from tests.house import ROOT

PAGE = (ROOT / "docs" / "reference" / "query.md").read_text(encoding="utf-8")


def table(heading: str) -> list[list[str]]:
    """The rows of every table of these headings."""
    found = re.findall(rf"^\| {re.escape(heading)} \|\n\|[-|]+\|\n((?:\|.*\|\n)+)", PAGE, re.M)
    assert found
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for rows in found
        for line in rows.splitlines()
    ]


def examples(cell: str) -> list[str]:
    return re.findall("`([^`]+)`", cell)


FOUND = [(examples(row[0])[0], row[1], row[2]) for row in table("query | finds | does not find")]
ASKED = [one for row in table("query | what it asks for") for one in examples(row[0])]
TOLD = [
    ("".join(examples(row[0])), *examples(row[1]))
    for row in table("query | message | what is used")
]


def page(key: str, text: str) -> Entry:
    language = identify(text, "rus")
    lines = (language,)
    return Entry(
        key, "page", key, "p0001", "", "", text=text, line_languages=lines, languages=lines
    )


@pytest.mark.parametrize(("query", "right", "wrong"), FOUND)
def test_an_example_finds_its_text_and_not_the_other(query: str, right: str, wrong: str) -> None:
    engine = MemoryEngine()
    engine.replace(analyse(page("right", right)))
    engine.replace(analyse(page("wrong", wrong)))
    engine.commit()
    read = parse(query)
    assert read.tree is not None
    assert read.notices == ()
    found = engine.search(Planner(engine).plan(read.tree), 10)
    assert [hit.key for hit in found.hits] == ["right"]


@pytest.mark.parametrize("query", ASKED)
def test_an_example_of_a_field_is_understood_as_such(query: str) -> None:
    read = parse(query)
    assert read.notices == ()
    assert read.tree is not None
    assert any(getattr(leaf, "field", "date") for leaf in leaves_of(read.tree))


@pytest.mark.parametrize(("query", "key"), TOLD)
def test_an_example_of_a_message_is_told_so(query: str, key: str) -> None:
    assert [notice.key for notice in parse(query).notices] == [key]


def test_every_field_has_its_row_with_names_of_each_language() -> None:
    named: dict[str, set[str]] = {}
    for *columns, _ in table("қазақша | по-русски | English | asks"):
        names = [parse(f"{name}x").tree for cell in columns for name in examples(cell)]
        assert len(columns) == sum(1 for cell in columns if examples(cell))
        fields = {_field(tree) for tree in names}
        assert len(fields) == 1, columns
        named.setdefault(fields.pop(), set()).update(columns)
    assert named.keys() == set(FIELDS.values())


def _field(tree: object) -> str:
    return {"form": "kind"}.get(found := getattr(tree, "field", "date"), found)
