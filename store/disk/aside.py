"""Where a home keeps what was taken out of its place: ``replaced/<UTC time>/``, never deleted."""

from pathlib import Path

from olketanu.home import Home
from store.clock import utc_now


def new_aside(home: Home) -> Path:
    """Return a folder under ``replaced/`` that is not there yet; the caller makes it."""
    stamp = name = utc_now().replace(":", "").replace("-", "")
    number = 1
    while (home.replaced / name).exists():
        number += 1
        name = f"{stamp}-{number}"
    return home.replaced / name
