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

from digitize.output.pdf.image import Layer
from digitize.output.pdf.layers import access_layers, mono_layers
from digitize.output.pdf.master import master_layers
from digitize.output.pdf.metadata import PdfInfo
from digitize.output.pdf.outline import Heading
from digitize.output.pdf.writer import PdfWriter, Sheet
from digitize.output.timing import Seconds
from digitize.output.webimage import web_image, widths_for
from digitize.scan import decode
from olketanu.errors import BadFileError
from pages.alto import read_alto
from pages.text import PageFrame, PageText

MASTER, ACCESS, MONO = FORMS = ("master", "access", "mono")
"""What a PDF may be: the scans without loss, small layers to read, or black and white."""


@dataclass(frozen=True, slots=True)
class PublishedPage:
    """One page: its key, its master, its frame and its current ALTO (None without text)."""

    key: str
    master: Path
    frame: PageFrame
    alto: Path | None = None


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
) -> tuple[str | None, ...]:
    """Write the PDFs and, where ``output`` has a folder ``web``, the images for the web.

    ``forms`` gives file names and what each PDF is (one of ``FORMS``). Returns for each page why it
    has no image, or None; such a page stays blank, with its text. ValueError without pages;
    InputError on an ALTO that is not ours. Time is added to ``seconds`` by form and ``web``.
    """
    clock = Seconds() if seconds is None else seconds
    with ExitStack() as stack:
        writers = {n: stack.enter_context(PdfWriter(output / n)) for n in forms}
        asked = {writer: forms[name] for name, writer in writers.items()}
        codes = [_publish_page(output, page, asked, clock) for page in pages]
        for name, writer in writers.items():
            with clock.of(forms[name]):
                writer.finish(said.info, said.labels, said.headings)
    return tuple(codes)


def _publish_page(
    output: Path, page: PublishedPage, writers: Mapping[PdfWriter, str], clock: Seconds
) -> str | None:
    text = None if page.alto is None else read_alto(page.alto.read_bytes())
    image = cache(partial(decode.load_image, page.master, page.frame))
    web = (output / "web").is_dir()
    try:
        sheets = _sheets(page, image, text, frozenset(writers.values()), clock)
        with clock.of("web"):
            whole = image()  # also where nobody needs it: no PDF shows what cannot be decoded
            widths = widths_for(whole.width) if web else ()
            pictures = {width: web_image(whole, width) for width in widths}
    except BadFileError as error:
        for writer in writers:
            writer.add(Sheet(page.frame, (), text))
        return error.code
    for writer, form in writers.items():
        with clock.of(form):
            writer.add(sheets[form])
    for width, picture in pictures.items():
        (output / "web" / f"{page.key}-{width}.jpg").write_bytes(picture)
    return None


def _sheets(
    page: PublishedPage,
    image: Callable[[], Image.Image],
    text: PageText | None,
    forms: frozenset[str],
    clock: Seconds,
) -> dict[str, Sheet]:
    """The page in every form asked for; no form is larger than the page without loss."""
    frame = page.frame
    sheets: dict[str, Sheet] = {}
    if MASTER in forms:
        with clock.of(MASTER):
            layers = master_layers(page.master, frame, image)
            layers = layers or access_layers(image(), text, frame.dpi)
        scan = None if frame.crop is None else (frame.master, frame.frame)
        sheets[MASTER] = Sheet(frame, layers, text, scan)
    for form, layered in ((ACCESS, access_layers), (MONO, mono_layers)):
        if form not in forms:
            continue
        with clock.of(form):
            small = Sheet(frame, layered(image(), text, frame.dpi), text)
        whole = sheets.get(MASTER)
        fits = whole is not None and all(layer.image.archival for layer in whole.layers)
        larger = whole is not None and _size(small.layers) > _size(whole.layers)
        sheets[form] = whole if whole is not None and fits and larger else small
    return sheets


def _size(layers: Sequence[Layer]) -> int:
    images = [image for layer in layers for image in (layer.image, layer.mask) if image is not None]
    return sum(len(image.data) for image in images)
