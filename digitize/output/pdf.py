"""The searchable PDF of a document: the scans as they are, and invisible text over them.

Built to the rules of PDF/A-2u (ISO 19005-2). A skewed page is set straight by one matrix for image
and text; no pixel is encoded anew. Equal input gives equal bytes.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf

from digitize.output.pdf_font import NAME, add_font, text_stream, used_text
from digitize.output.pdf_image import PdfImage, add_image, page_image
from digitize.output.pdf_metadata import PdfInfo, describe
from olketanu.errors import BadFileError
from pages.alto import read_alto
from pages.text import PageFrame

_PART = 16  # pages whose images are held in memory at once
_JOIN = ("--remove-unreferenced-resources=no", "--static-id")
_INCH = 72  # points
_IMAGE = "/Im1"
_LEAST_SKEW = 0.05  # degrees: under 4 pixels over the height of A4 at 300 dpi
# Where the unit square of a turned image lies on its page, by quarter turns clockwise: its right
# side, its upper side and its lower left corner, as shares of the page's width and height.
_TURNS = (
    ((1, 0), (0, 1), (0, 0)),
    ((0, -1), (1, 0), (0, 1)),
    ((-1, 0), (0, -1), (1, 1)),
    ((0, 1), (-1, 0), (1, 0)),
)


@dataclass(frozen=True, slots=True)
class PdfPage:
    """One page: its master, its frame, its current ALTO (None without text) and printed label."""

    master: Path
    frame: PageFrame
    alto: Path | None = None
    label: str | None = None


def write_pdf(path: Path, pages: Sequence[PdfPage], info: PdfInfo) -> tuple[str | None, ...]:
    """Write the PDF to ``path``; return a quarantine code for each page, None where all is well.

    A page whose image cannot be decoded stays blank, with its text. Temporary files lie beside
    ``path``. ValueError without pages; InputError on an ALTO that is not ours.
    """
    if not pages:
        raise ValueError("no pages")
    codes: list[str | None] = []
    used: set[str] = set()
    with TemporaryDirectory(dir=path.parent) as folder:
        parts = []
        for first in range(0, len(pages), _PART):
            parts.append(Path(folder, f"{first}.pdf"))
            used |= _write_part(parts[-1], pages[first : first + _PART], codes)
        whole = _joined(parts, Path(folder, "whole.pdf"))
        with pikepdf.open(whole, access_mode=pikepdf.AccessMode.stream) as pdf:
            if used:
                _share_font(pdf, used)
            describe(pdf, info, [page.label for page in pages])
            pdf.save(
                path,
                force_version="1.7",
                deterministic_id=True,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
            )
    return tuple(codes)


def _write_part(path: Path, pages: Sequence[PdfPage], codes: list[str | None]) -> set[str]:
    """Write some pages, their font still missing, and append a code for each.

    Returns the characters of their text.
    """
    used: set[str] = set()
    with pikepdf.new() as pdf:
        for page in pages:
            image = _image(page)
            codes.append(image if isinstance(image, str) else None)
            used |= _add_page(pdf, page, None if isinstance(image, str) else image)
        pdf.save(path, static_id=True)
    return used


def _joined(parts: list[Path], whole: Path) -> Path:
    """One file of all parts; copying pages from one pikepdf file to another would hold them all."""
    if len(parts) == 1:
        return parts[0]
    names = [str(part) for part in parts]
    pikepdf.Job(["qpdf", "--empty", *_JOIN, "--pages", *names, "--", str(whole)]).run()
    return whole


def _image(page: PdfPage) -> PdfImage | str:
    """The page's image, or the code of what is wrong with its file."""
    try:
        return page_image(page.master, page.frame)
    except BadFileError as error:
        return error.code


def _add_page(pdf: pikepdf.Pdf, page: PdfPage, image: PdfImage | None) -> set[str]:
    """Add one page; return the characters of its text."""
    frame = page.frame
    text = None if page.alto is None else read_alto(page.alto.read_bytes())
    width, height = frame.width * _INCH / frame.dpi, frame.height * _INCH / frame.dpi
    resources = pikepdf.Dictionary()
    parts = [b"q"]
    if text is not None and abs(text.skew) >= _LEAST_SKEW:
        parts.append(_operator(_straight(text.skew, width, height), "cm"))
    if image is not None:
        resources.XObject = pikepdf.Dictionary({_IMAGE: add_image(pdf, image)})
        place = _operator(_placed(image.quarter_turn, width, height), "cm")
        parts.append(b"q " + place + f" {_IMAGE} Do Q".encode("ascii"))
    used = set() if text is None else used_text(text)
    if text is not None and used:
        parts.append(text_stream(text))
    sheet = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=[0, 0, round(width, 4), round(height, 4)],
        Resources=resources,
        Contents=pdf.make_stream(b"\n".join([*parts, b"Q"])),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(sheet)))
    return used


def _share_font(pdf: pikepdf.Pdf, used: set[str]) -> None:
    font = add_font(pdf, used)
    for sheet in pdf.pages:
        sheet.obj.Resources.Font = pikepdf.Dictionary({NAME: font})


def _placed(turn: int, width: float, height: float) -> tuple[float, ...]:
    """The matrix that lays an image over the whole page."""
    return tuple(
        share * side
        for pair in _TURNS[turn]
        for share, side in zip(pair, (width, height), strict=True)
    )


def _straight(skew: float, width: float, height: float) -> tuple[float, ...]:
    """The matrix that turns the page about its middle by ``skew`` degrees clockwise."""
    sine, cosine = math.sin(math.radians(skew)), math.cos(math.radians(skew))
    x, y = width / 2, height / 2
    return cosine, -sine, sine, cosine, x - cosine * x - sine * y, y + sine * x - cosine * y


def _operator(numbers: tuple[float, ...], name: str) -> bytes:
    return " ".join([*(f"{number:.6f}" for number in numbers), name]).encode("ascii")
