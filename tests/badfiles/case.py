"""One row of the table of bad files: a name, how it is made, and the one outcome it must have."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from tests.badfiles.scene import MOST_CORNER_DIFFERENCE, scene

Make = Callable[[Path], object]
Truth = Callable[[str], Image.Image]


@dataclass(frozen=True)
class Case:
    """``outcome`` is a refusal code, or empty for a file that is taken with ``pages`` pages.

    A taken file shows, page by page, what ``truth`` paints for its name (None: not looked at), and
    has exactly these ``warnings``.
    """

    name: str
    make: Make
    outcome: str = ""
    pages: int = 1
    warnings: frozenset[str] = field(default_factory=frozenset)
    truth: Truth | None = scene
    corner: float = MOST_CORNER_DIFFERENCE


def refused(name: str, make: Make, code: str) -> Case:
    return Case(name, make, code, pages=0, truth=None)


def taken(
    name: str,
    make: Make,
    *warnings: str,
    pages: int = 1,
    truth: Truth | None = scene,
    corner: float = MOST_CORNER_DIFFERENCE,
) -> Case:
    return Case(name, make, "", pages, frozenset(warnings), truth, corner)


def holding(data: bytes) -> Make:
    """A maker of a file with these bytes."""

    def make(path: Path) -> None:
        path.write_bytes(data)

    return make
