"""The program itself as a child of the server: long work never lives in a request."""

import sys

from olketanu import APP_ROOT
from olketanu.home import Home


def command_of(home: Home, *arguments: str) -> tuple[str, ...]:
    """Return the command line that has ``home`` worked on, by the program that runs here."""
    return (sys.executable, str(APP_ROOT / "cli.py"), "--home", str(home.root), *arguments)
