"""Everything of a document that shows pictures: its PDFs and its images for the web.

Each master is decoded once, page by page, by the first that needs its pixels: a master PDF of JPEGs
does not.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from PIL import Image

from digitize.output.former import NOTHING, Former, FormerPictures
from digitize.output.pdf.font import SetText, set_text
from digitize.output.pdf.image import Layer
from digitize.output.pdf.layers import Printed, access_layers, mono_layers
from digitize.output.pdf.master import master_layers
from digitize.output.pdf.metadata import PdfInfo
from digitize.output.pdf.outline import Heading
from digitize.output.pdf.taken import lying_of
from digitize.output.pdf.writer import PdfWriter, Sheet
from digitize.output.pictures import (
    PICTURES,
    Pictures,
    Shown,
    digest,
    made_with,
    write_pictures,
)
from digitize.output.timing import Seconds
from digitize.output.webimage import web_image, widths_for
from digitize.scan import decode
from olketanu.errors import BadFileError
from pages.alto import read_alto
from pages.codec import frame_to_dict
from pages.text import PageFrame, PageText

MASTER, ACCESS, MONO = FORMS = ("master", "access", "mono")
"""What a PDF may be: the scans without loss, small layers to read, or black and white."""


@dataclass(frozen=True, slots=True)
class PublishedPage:
    """One page: its key, its master, its frame and its current ALTO (None without text).

    ``text`` is what the ALTO says, where it is at hand.
    """

    key: str
    master: Path
    frame: PageFrame
    alto: Path | None = None
    text: PageText | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What the PDFs say of the document: its description, a label a page, its outline."""

    info: PdfInfo
    labels: Sequence[str | None]
    headings: Sequence[Heading] = ()


def publish(
    output: Path,
    forms: Mapping[str, str],
    pages: Sequence[PublishedPage],
    said: Said,
    seconds: Seconds | None = None,
    former: Former = NOTHING,
) -> tuple[str | None, ...]:
    """Write the PDFs and, where ``output`` has a folder ``web``, the images for the web.

    ``forms`` gives file names and what each PDF is (one of ``FORMS``). Pictures that would be the
    same as in ``former`` are taken from there; what they are made of is written down beside them.
    Returns for each page why it has no image, or None; such a page stays blank, with its text.
    ValueError without pages; InputError on an ALTO that is not ours. Time is added to ``seconds``
    by form, ``read``, ``web`` and ``taken``.
    """
    clock = Seconds() if seconds is None else seconds
    with ExitStack() as stack:
        known = stack.enter_context(FormerPictures(former, output))
        writers = {n: stack.enter_context(PdfWriter(output / n)) for n in forms}
        press = _Press(output, forms, writers, known, clock)
        done = [_publish_page(press, page) for page in pages]
        for name, writer in writers.items():
            with clock.of(forms[name]):
                writer.finish(said.info, said.labels, said.headings)
    (output / PICTURES).write_bytes(write_pictures([pictures for pictures, _ in done]))
    return tuple(code for _, code in done)


@dataclass(frozen=True, slots=True)
class _Press:
    """What pages are published with; ``writers`` and ``forms`` by name of the PDF."""

    output: Path
    forms: Mapping[str, str]
    writers: Mapping[str, PdfWriter]
    former: FormerPictures
    clock: Seconds

    @property
    def web(self) -> Path:
        """Where the images for the web go."""
        return self.output / "web"


@dataclass(frozen=True, slots=True)
class _Read:
    """What a page says: as PDFs hold it, and where it stands."""

    said: SetText | None
    printed: Printed


def _read(page: PublishedPage) -> _Read:
    text = page.text
    if text is None and page.alto is not None:
        text = read_alto(page.alto.read_bytes())
    return _Read(None if text is None else set_text(text), Printed(text))


def _publish_page(press: _Press, page: PublishedPage) -> tuple[Pictures, str | None]:
    """Add the page everywhere; return what its pictures are, and why there are none."""
    with press.clock.of("read"):
        read = _read(page)
    key, words = _key(press, page, read.printed), partial(_places, read.printed)
    known = press.former.of(page.key)
    if known.are_of(key, words) and _add_former(press, page, read.said):
        return known, None
    image = cache(partial(decode.load_image, page.master, page.frame))
    try:
        sheets = _sheets(page, image, read, frozenset(press.forms.values()), press.clock)
        with press.clock.of("web"):
            whole = image()  # also where nobody needs it: no PDF shows what cannot be decoded
            widths = widths_for(whole.width) if press.web.is_dir() else ()
            pictures = {width: web_image(whole, width) for width in widths}
    except BadFileError as error:
        for writer in press.writers.values():
            writer.add(Sheet(page.frame, (), read.said))
        return Pictures(page.key), error.code
    _add(press, {name: sheets[form] for name, form in press.forms.items()})
    for width, picture in pictures.items():
        (press.web / f"{page.key}-{width}.jpg").write_bytes(picture)
    shown = {name: _shown(sheets[form]) for name, form in press.forms.items()}
    return Pictures(page.key, key, words() if read.printed.asked else "", shown, widths), None


def _add_former(press: _Press, page: PublishedPage, said: SetText | None) -> bool:
    """Add the page with its former pictures; False, and nothing added, where they are not there."""
    with press.clock.of("taken"):
        taken = press.former.take(page.key, tuple(press.forms), press.web)
    if taken is None:
        return False
    frame = page.frame
    sheets = {
        name: Sheet(frame, one.layers, said, _scan(frame) if one.shared else None)
        for name, one in taken.items()
    }
    _add(press, sheets)
    return True


def _add(press: _Press, sheets: Mapping[str, Sheet]) -> None:
    for name, writer in press.writers.items():
        with press.clock.of(press.forms[name]):
            writer.add(sheets[name])


def _shown(sheet: Sheet) -> Shown:
    return Shown(tuple(lying_of(layer) for layer in sheet.layers), sheet.scan is not None)


def _key(press: _Press, page: PublishedPage, printed: Printed) -> str:
    """What the page's pictures are made of, but for the places of its words."""
    return digest(
        *(made_with(), dict(press.forms), press.web.is_dir()),
        *(frame_to_dict(page.frame), printed.pictures),
    )


def _places(printed: Printed) -> str:
    return digest(printed.places())


def _sheets(
    page: PublishedPage,
    image: Callable[[], Image.Image],
    read: _Read,
    forms: frozenset[str],
    clock: Seconds,
) -> dict[str, Sheet]:
    """The page in every form asked for; no form is larger than the page without loss."""
    frame = page.frame
    sheets: dict[str, Sheet] = {}
    if MASTER in forms:
        with clock.of(MASTER):
            layers = master_layers(page.master, frame, image)
            layers = layers or access_layers(image(), read.printed, frame.dpi)
        scan = None if frame.crop is None else _scan(frame)
        sheets[MASTER] = Sheet(frame, layers, read.said, scan)
    for form, layered in ((ACCESS, access_layers), (MONO, mono_layers)):
        if form not in forms:
            continue
        with clock.of(form):
            small = Sheet(frame, layered(image(), read.printed, frame.dpi), read.said)
        whole = sheets.get(MASTER)
        fits = whole is not None and all(layer.image.archival for layer in whole.layers)
        larger = whole is not None and _size(small.layers) > _size(whole.layers)
        sheets[form] = whole if whole is not None and fits and larger else small
    return sheets


def _scan(frame: PageFrame) -> tuple[str, int]:
    return frame.master, frame.frame


def _size(layers: Sequence[Layer]) -> int:
    images = [image for layer in layers for image in (layer.image, layer.mask) if image is not None]
    return sum(len(image.data) for image in images)
