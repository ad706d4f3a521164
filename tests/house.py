"""The program's own sources as the house tests read them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOMS = (
    "catalog",
    "commands",
    "digitize",
    "language",
    "olketanu",
    "pages",
    "portal",
    "search",
    "store",
    "workflow",
)
FRONT = ("cli", "pipeline")
"""Modules that stand in the root beside the rooms."""


@dataclass(frozen=True)
class Source:
    """One module of the program: its path from the root, its text and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def room(self) -> str:
        """The folder, or the module's own name for those in the root."""
        return self.path.split("/")[0].removesuffix(".py")


@cache
def sources() -> tuple[Source, ...]:
    """Every module of the program; tests, benches and the sample generator are not of it."""
    paths = [ROOT / f"{name}.py" for name in FRONT]
    for room in ROOMS:
        paths.extend(sorted((ROOT / room).rglob("*.py")))
    texts = [(p.relative_to(ROOT).as_posix(), p.read_text(encoding="utf-8")) for p in paths]
    return tuple(Source(path, text, ast.parse(text, path)) for path, text in texts)


def imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and absolute name of every import, those inside functions too; ``.`` for a relative."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." if node.level else str(node.module)


def docstrings(tree: ast.Module) -> set[int]:
    """Identities of the constants that are docstrings (of attributes too)."""
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def literals(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of every string literal that is not a docstring, parts of f-strings too."""
    outside = docstrings(tree)
    for node in ast.walk(tree):
        if id(node) in outside or not isinstance(node, ast.Constant):
            continue
        if isinstance(node.value, str):
            yield node.lineno, node.value
