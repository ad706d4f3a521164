"""The program itself as a child of the server: long work never lives in a request."""

import os
import subprocess
import sys
from pathlib import Path
from typing import IO

import olketanu
from olketanu.home import Home

_PACKAGE = Path(olketanu.__file__).parents[1]


def start(home: Home, *arguments: str, output: IO[bytes] | None = None) -> subprocess.Popen[bytes]:
    """Start ``olketanu`` with these arguments upon ``home``; what it prints goes to ``output``.

    It stands in a group of its own, so that Ctrl+C at the server does not reach it.
    """
    paths = [str(_PACKAGE), os.environ.get("PYTHONPATH", "")]
    return subprocess.Popen(
        [sys.executable, "-m", "olketanu", "--home", str(home.root), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=output or subprocess.DEVNULL,
        stderr=output or subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        cwd=home.root,
        start_new_session=True,
    )
