"""The processing steps of a page, as its recognised ALTO tells them."""

from typing import Any

from olketanu.errors import InputError
from olketanu.home import Home
from pages.provenance import read_steps
from store.digitised.pages import Page

_HEAD = 1 << 16  # bytes of an ALTO file that hold its description


def steps_of(home: Home, page: Page) -> dict[str, dict[str, Any]]:
    """Return the settings of every step by its name; empty where no file of ours can be read."""
    if page.recognised_key is None:
        return {}
    try:
        with home.recognised(page.document, page.key, page.recognised_key).open("rb") as file:
            return read_steps(file.read(_HEAD))
    except (FileNotFoundError, InputError):
        return {}
