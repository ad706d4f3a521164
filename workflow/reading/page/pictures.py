"""Pictures of pages for those who may see them: a whole page, or the line that a hit stands on."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

from digitize.output.cutting import best_width, cut, within
from digitize.output.webimage import WIDTHS
from olketanu.errors import UsageError
from pages.text import Box
from store.digitised import pages as page_rows
from workflow.library import Library
from workflow.reading.access import Visit, open_document
from workflow.reading.page.kept import KeptBytes
from workflow.reading.refusals import NotForThemError

_BOX = re.compile(r"([0-9]{1,6})-([0-9]{1,6})-([0-9]{1,6})-([0-9]{1,6})")
_PIECES = KeptBytes(16 << 20)


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG; ``tag`` changes with its bytes, ``public`` says that everybody may see it.

    ``read`` gives the bytes; UsageError ``error.unknown-page`` where the file is gone, InputError
    ``error.image-unreadable`` where it is damaged.
    """

    tag: str
    public: bool
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class _Seen:
    """The images of a page by width with their SHA-256, for one who may see them."""

    document: str
    page: page_rows.Page
    public: bool
    images: dict[int, str]


def read_box(text: str) -> Box | None:
    """Return the box that an address writes as ``left-top-right-bottom``, or None."""
    found = _BOX.fullmatch(text)
    return Box(*map(int, found.groups())) if found else None


def box_name(box: Box) -> str:
    """Return a box as addresses write it."""
    return "-".join(map(str, box))


def images_of(files: dict[str, str], page: str) -> dict[int, str]:
    """Return the images of a page among the ``files`` of its document: width to SHA-256."""
    named = ((width, files.get(f"web/{page}-{width}.jpg")) for width in WIDTHS)
    return {width: digest for width, digest in named if digest is not None}


def page_picture(library: Library, document: str, page: str, visit: Visit, width: int) -> Picture:
    """Return the image of a page in the width asked for, else the next narrower, else any.

    Raises:
        UsageError: ``error.unknown-document``, ``error.unknown-page``, also without an image.
        NotForThemError, WithdrawnError: as :func:`workflow.reading.access.open_document`.
    """
    seen = _seen(library, document, page, visit)
    narrower = [one for one in seen.images if one <= width]
    chosen = max(narrower) if narrower else min(seen.images)
    path = library.home.web_image(seen.document, seen.page.key, chosen)
    return Picture(seen.images[chosen], seen.public, partial(_there, path.read_bytes))


def line_picture(library: Library, document: str, page: str, visit: Visit, box: Box) -> Picture:
    """Return the piece of a page's image that shows ``box`` (pixels of the frame).

    Raises:
        UsageError: as :func:`page_picture`; also where the box lies beside the page.
        NotForThemError, WithdrawnError: as :func:`page_picture`.
    """
    seen = _seen(library, document, page, visit)
    frame = seen.page.frame
    kept = within(box, (frame.width, frame.height))
    width = best_width(kept, frame.width, seen.images) if kept else None
    if kept is None or width is None:
        raise UsageError("error.unknown-page", document=document, page=page)
    path = library.home.web_image(seen.document, seen.page.key, width)
    kept_as = (seen.images[width], kept)
    make = partial(cut, path, kept, frame.width)
    tag = sha256(f"{seen.images[width]} {box_name(kept)}".encode()).hexdigest()
    return Picture(tag, seen.public, partial(_there, partial(_PIECES.get, kept_as, make)))


def _there(read: Callable[[], bytes]) -> bytes:
    """Read a picture; one whose file is not there is none, ``verify`` finds and mends it."""
    try:
        return read()
    except FileNotFoundError as error:
        raise UsageError("error.unknown-page") from error


def _seen(library: Library, document: str, page: str, visit: Visit) -> _Seen:
    opened = open_document(library, document, visit)
    if not opened.access.image:
        raise NotForThemError(document)
    row = page_rows.get_page(library.store, document, page)
    images = images_of(opened.document.files, row.key)
    if not images:
        raise UsageError("error.unknown-page", document=document, page=page)
    return _Seen(opened.document.id, row, opened.access.public, images)
