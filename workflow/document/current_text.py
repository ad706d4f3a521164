"""The current text of a page: what was recognised, with everything that people corrected since.

Read from the recognised text itself, not from the files that the document job makes of both: a
correction is seen at once, though those files are made anew a little later.
"""

from olketanu.errors import UsageError
from pages.alto import read_alto
from pages.amend import replay
from pages.text import PageText
from store.database import Reader
from store.digitised.amendments import list_amendments
from store.digitised.pages import Page


def current_page(reader: Reader, page: Page) -> PageText:
    """Return the text of a page as it is now; UsageError ``error.amend-no-text``: it has none."""
    return amended_page(reader, page, recognised_page(reader, page))


def amended_page(reader: Reader, page: Page, recognised: PageText) -> PageText:
    """Return the ``recognised`` text of a page with everything that people corrected."""
    known = list_amendments(reader, page.document, page.key)
    return replay(recognised, [stored.amendment for stored in known])[0]


def recognised_page(reader: Reader, page: Page) -> PageText:
    """Return the text of a page as it was recognised; UsageError ``error.amend-no-text``."""
    key = page.recognised_key
    path = None if key is None else reader.home.recognised(page.document, page.key, key)
    if path is None or not path.is_file():
        raise UsageError("error.amend-no-text", document=page.document, page=page.key)
    return read_alto(path.read_bytes())
