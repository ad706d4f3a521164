"""What ``catalog`` knows by heart: tables and rules in ``corpora/``, read once.

The files belong to the program; a missing or broken one is a defect of the installation and raises
OSError or ValueError as it is.
"""

import csv
import json
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import olketanu

_CORPORA = olketanu.APP_ROOT / "corpora"


@cache
def rows(name: str) -> tuple[Mapping[str, str], ...]:
    """Rows of a tab-separated table by column name.

    ``name`` is relative to ``corpora/``, for example ``udc/local.tsv``. Lines that begin with ``#``
    are notes; the first other line holds the headings. Empty cells are empty strings.
    """
    text = (_CORPORA / name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, restval="")
    return tuple(MappingProxyType(dict(row)) for row in reader)


@cache
def document(name: str) -> Any:  # noqa: ANN401 - JSON has no narrower type; callers know their file
    """Content of a JSON file; ``name`` is relative to ``corpora/``. Callers must not change it."""
    return json.loads(text(name))


def text(name: str) -> str:
    """Return the text of a file; ``name`` is relative to ``corpora/``."""
    return (_CORPORA / name).read_text(encoding="utf-8")
