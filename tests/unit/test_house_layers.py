"""The floors of the house: who may import whom, and what lives in one room only."""

import ast
import re

import pytest

from tests.house import FRONT, ROOMS, Source, docstrings, imports, literals, sources

FLOORS = (
    ("cli",),
    ("commands",),
    ("portal",),
    ("pipeline",),
    ("workflow",),
    ("search", "digitize"),
    ("store",),
    ("catalog",),
    ("pages", "language"),
    ("olketanu",),
)
HEIGHT = {room: -number for number, floor in enumerate(FLOORS) for room in floor}
LAUNCHER = "olketanu/__main__.py"

OWNERS: dict[str, str | tuple[str, ...]] = {
    "sqlite3": "store/",
    "whoosh": "search/engine/whoosh/",
    "tantivy": "search/engine/tantivy.py",
    "pytesseract": "digitize/recognition/tesseract.py",
    "Stemmer": "language/",
    "cv2": "digitize/",
    "numpy": ("digitize/", "search/"),
    "PIL": "digitize/",
    "pikepdf": "digitize/",
    "pypdfium2": "digitize/",
    "openpyxl": ("digitize/", "catalog/marc/tables/", "workflow/delta/"),
    "pymarc": "catalog/",
    "docx": ("workflow/print/", "workflow/delta/letter.py"),
    "reportlab": "workflow/print/",
    "flask": "portal/",
    "werkzeug": "portal/",
    "jinja2": "portal/",
    "waitress": ("portal/serving/server.py", "portal/serving/channel.py"),
}
INSIDE_SEARCH: dict[str, tuple[str, ...]] = {
    "analysis": (),
    "schema": ("analysis",),
    "engine": ("schema",),
    "query": ("analysis", "schema", "engine"),
    "index": ("analysis", "schema", "engine"),
    "results": ("analysis", "schema", "engine", "query"),
    "session": ("analysis", "schema", "engine", "query", "index", "results"),
}
"""The rooms of the search and those that each may know: answers are made without the disk."""

KAZAKH = re.compile("[әғқңөұүһіӘҒҚҢӨҰҮҺІ]")
SQL = re.compile(
    r"\b(SELECT\s.+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM"
    r"|CREATE\s+(TABLE|INDEX|TRIGGER)|BEGIN\s+IMMEDIATE|PRAGMA\s+\w+)",
    re.DOTALL,
)


def everywhere(path: str) -> Source:
    return next(source for source in sources() if source.path == path)


def test_every_room_has_a_floor() -> None:
    assert set(HEIGHT) == set(ROOMS) | set(FRONT)


def test_imports_point_down() -> None:
    wrong = []
    for source in sources():
        if source.path == LAUNCHER:
            continue
        for line, name in imports(source.tree):
            room = name.split(".")[0]
            if room in HEIGHT and room != source.room and HEIGHT[room] >= HEIGHT[source.room]:
                wrong.append(f"{source.path}:{line} imports {name}")
    assert not wrong


def test_rooms_of_the_search_know_those_below() -> None:
    wrong = []
    for source in sources():
        room, _, path = source.path.partition("/")
        own = path.split("/")[0].removesuffix(".py")
        if room != "search" or own == "__init__":
            continue
        for line, name in imports(source.tree):
            asked = name.removeprefix("search.").split(".")[0]
            if name.startswith("search.") and asked not in (own, *INSIDE_SEARCH[own]):
                wrong.append(f"{source.path}:{line} imports {name}")
    assert not wrong


def test_imports_are_absolute() -> None:
    wrong = [
        f"{source.path}:{line}"
        for source in sources()
        for line, name in imports(source.tree)
        if name == "."
    ]
    assert not wrong


def test_the_launcher_reaches_only_the_command_line() -> None:
    names = {name for _, name in imports(everywhere(LAUNCHER).tree)}
    assert names == {"olketanu", "cli"}


@pytest.mark.parametrize(("library", "owner"), OWNERS.items())
def test_a_heavy_library_is_imported_by_its_owner_only(
    library: str, owner: str | tuple[str, ...]
) -> None:
    wrong = [
        f"{source.path}:{line}"
        for source in sources()
        for line, name in imports(source.tree)
        if name.split(".")[0] == library and not source.path.startswith(owner)
    ]
    assert not wrong


def test_sql_is_written_in_the_store_only() -> None:
    wrong, inside = [], 0
    for source in sources():
        for line, text in literals(source.tree):
            if SQL.search(text):
                if source.room == "store":
                    inside += 1
                else:
                    wrong.append(f"{source.path}:{line}")
    assert inside > 10, "the pattern no longer finds SQL where it is"
    assert not wrong


def test_letters_of_kazakh_stand_in_the_language_room_only() -> None:
    wrong, inside = [], 0
    for source in sources():
        for line, text in literals(source.tree):
            if KAZAKH.search(text):
                if source.room == "language":
                    inside += 1
                else:
                    wrong.append(f"{source.path}:{line} {text[:40]!r}")
    assert inside > 0, "the pattern no longer finds Kazakh where it is"
    assert not wrong


def test_a_room_opens_with_one_docstring_and_nothing_else() -> None:
    wrong = []
    for source in sources():
        if source.path.endswith("__init__.py") and source.path != "olketanu/__init__.py":
            body = source.tree.body
            if len(body) != 1 or not docstrings(source.tree) or not isinstance(body[0], ast.Expr):
                wrong.append(source.path)
    assert not wrong


@pytest.mark.parametrize("name", ["utils", "util", "helpers", "common", "manager", "misc"])
def test_no_module_is_named_after_nothing(name: str) -> None:
    parts = {part.removesuffix(".py") for source in sources() for part in source.path.split("/")}
    assert name not in parts
