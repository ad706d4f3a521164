"""Modules and functions stay small enough to be read in one go."""

import ast
import re

from tests.house import sources

MODULE_LINES = 400
FUNCTION_LINES = 40
COMMAND_LINE_LINES = 150
IGNORE = re.compile(r"# (noqa(: [A-Z0-9, ]+)?|type: ignore(\[[a-z, -]+\])?)(?P<reason>.*)")


def test_modules_are_short() -> None:
    lengths = {source.path: len(source.text.splitlines()) for source in sources()}
    assert not {path: n for path, n in lengths.items() if n > MODULE_LINES}
    assert lengths["cli.py"] <= COMMAND_LINE_LINES


def test_functions_are_short() -> None:
    long = []
    for source in sources():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    long.append(f"{source.path}:{node.lineno} {node.name} {lines}")
    assert not long


def test_an_ignore_has_its_reason_beside_or_above_it() -> None:
    bare = []
    for source in sources():
        above = ""
        for number, line in enumerate(source.text.splitlines(), 1):
            found = IGNORE.search(line)
            if found and len(found["reason"].split()) < 2 and not above.strip().startswith("#"):
                bare.append(f"{source.path}:{number}")
            above = line
    assert not bare
