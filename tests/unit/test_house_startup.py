"""``--help`` must answer at once, so it may not load what only the work needs."""

import subprocess
import sys

import pytest

from tests.house import ROOT

HEAVY = {
    "cv2",
    "lxml",
    "numpy",
    "openpyxl",
    "pikepdf",
    "PIL",
    "pymarc",
    "pypdfium2",
    "pytesseract",
    "rapidfuzz",
    "sqlite3",
    "stdnum",
    "Stemmer",
    "whoosh",
}
PROGRAM = """
import sys
import cli
cli.run(sys.argv[1:])
print("\\n".join(sys.modules), file=sys.stderr)
"""


def loaded(*arguments: str) -> set[str]:
    """Return the top-level modules that one command line leaves loaded."""
    command = [sys.executable, "-c", PROGRAM, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "olketanu" in done.stdout
    return {name.split(".")[0] for name in done.stderr.split()}


@pytest.mark.parametrize("command", ["", "run", "search", "record", "document", "batch", "index"])
def test_help_loads_no_heavy_library(command: str) -> None:
    names = loaded(*command.split(), "--help")
    assert "click" in names
    assert not names & HEAVY
