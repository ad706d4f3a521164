"""The limits behind the marks, from ``corpora/quality/limits.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from olketanu import APP_ROOT

LIMITS_FILE = APP_ROOT / "corpora" / "quality" / "limits.toml"


@dataclass(frozen=True, slots=True)
class ConfidenceClass:
    """Words of ``lowest`` per cent of confidence or more; ``right``: the share of right ones."""

    lowest: int
    right: float


@dataclass(frozen=True, slots=True)
class Rescan:
    """Limits of a scan: dots per inch, pixels, degrees, shares of width and lines, grey levels."""

    dpi: int
    letters: int
    skew: float
    edge: float
    edge_lines: float
    least_lines: int
    paper: int
    uneven: int
    confidence: float
    many_words: int


@dataclass(frozen=True, slots=True)
class Limits:
    """All limits; ``classes`` from the best down.

    ``low`` is per cent; pages whose mean is below ``confidence`` are to be read; ``ink`` is a
    share of pixels, ``wrong`` and ``garbage`` are shares of a page's words, of which ``least`` must
    be unsure; ``rights`` weighs a document by its rights code; ``lost`` is how many usual pages a
    page without text weighs, by its code.
    """

    low: int
    classes: tuple[ConfidenceClass, ...]
    rescan: Rescan
    confidence: float
    ink: float
    wrong: float
    garbage: float
    least: int
    rights: Mapping[str, float]
    lost: Mapping[str, float]

    def class_of(self, confidence: int) -> ConfidenceClass:
        """The class of a word's confidence in per cent; a word without one (-1) is in the best."""
        if confidence < 0:
            return self.classes[0]
        return next(c for c in self.classes if confidence >= c.lowest)

    def lost_pages(self, code: str | None) -> float:
        """How many usual pages a page without text of this code weighs."""
        return self.lost.get(code or "", self.lost["other"])


@cache
def read_limits(path: Path = LIMITS_FILE) -> Limits:
    """Return the limits of the file; KeyError or TypeError when it lacks one."""
    data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    found = [ConfidenceClass(row["from"], row["right"]) for row in data["words"]["class"]]
    return Limits(
        low=data["words"]["low"],
        classes=tuple(sorted(found, key=lambda known: -known.lowest)),
        rescan=Rescan(**data["rescan"]),
        confidence=data["proof"]["confidence"],
        ink=data["proof"]["ink"],
        wrong=data["proof"]["wrong"],
        garbage=data["proof"]["garbage"],
        least=data["proof"]["least"],
        rights=data["need"]["rights"],
        lost=data["need"]["lost"],
    )
