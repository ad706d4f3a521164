"""The searchable PDF of a document: pages as layers of images, and invisible text over them.

Built to the rules of PDF/A-2u (ISO 19005-2). A skewed page is set straight by one matrix for images
and text; no pixel is encoded anew for it. Equal input gives equal bytes.
"""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

import pikepdf

from digitize.output.pdf.font import NAME, SetText, add_font
from digitize.output.pdf.image import Layer, Place, add_layer
from digitize.output.pdf.metadata import PdfInfo, describe
from digitize.output.pdf.outline import Heading, add_outline
from pages.text import PageFrame

_PART_PAGES, _PART_BYTES = 16, 32 << 20  # what is held in memory at once
_JOIN = ("--remove-unreferenced-resources=no", "--static-id")
_INCH = 72  # points
_LEAST_SKEW = 0.05  # degrees: under 4 pixels over the height of A4 at 300 dpi
_LEAST_SIDE, _MOST_SIDE = 3, 14400  # units of a page (ISO 32000-1 Annex C; ISO 19005-2 §6.1.13)
_UNIT = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
# Where the unit square of a turned image lies on its page, by quarter turns clockwise: its right
# side, its upper side and its lower left corner, as shares of the page's width and height.
_TURNS = (
    ((1, 0), (0, 1), (0, 0)),
    ((0, -1), (1, 0), (0, 1)),
    ((-1, 0), (0, -1), (1, 1)),
    ((0, 1), (-1, 0), (1, 0)),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: its frame, its layers from the bottom up, and its text, if there is any.

    Without layers the page stays blank, with its text. ``scan`` names the scan that the one layer
    shows whole: pages that are parts of it, one after the other, share its bytes.
    """

    frame: PageFrame
    layers: tuple[Layer, ...]
    text: SetText | None = None
    scan: Hashable = None


class PdfWriter:
    """Writes a PDF page by page; never more than some pages are in memory.

    Use as a context manager: :meth:`add` every page, then :meth:`finish`. Temporary files lie
    beside ``path``; without :meth:`finish` nothing else is left.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._folder = TemporaryDirectory(dir=path.parent)
        self._parts: list[Path] = []
        self._part = pikepdf.new()
        self._bytes = 0
        self._scans: dict[Hashable, pikepdf.Object] = {}
        self._used: set[str] = set()
        self._archival = True

    def __enter__(self) -> "PdfWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._part.close()
        self._folder.cleanup()

    def add(self, sheet: Sheet) -> None:
        """Add one page behind the others."""
        full = len(self._part.pages) >= _PART_PAGES or self._bytes >= _PART_BYTES
        if full and sheet.scan not in self._scans:
            self._close_part()
        self._archival &= all(layer.image.archival for layer in sheet.layers)
        self._used |= frozenset() if sheet.text is None else sheet.text.used
        drawn = [self._drawn(sheet, layer) for layer in sheet.layers]
        _add_page(self._part, sheet, drawn)

    def finish(
        self, info: PdfInfo, labels: Sequence[str | None], headings: Sequence[Heading] = ()
    ) -> None:
        """Write the file; ``labels`` are one a page. ValueError without pages."""
        self._close_part()
        if not self._parts:
            raise ValueError("no pages")
        whole = _joined(self._parts, Path(self._folder.name, "whole.pdf"))
        with pikepdf.open(whole, access_mode=pikepdf.AccessMode.stream) as pdf:
            if self._used:
                _share_font(pdf, self._used)
            add_outline(pdf, headings)
            describe(pdf, info, labels, archival=self._archival)
            pdf.save(
                self._path,
                force_version="1.7",
                deterministic_id=True,
                recompress_flate=False,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
            )

    def _drawn(self, sheet: Sheet, layer: Layer) -> pikepdf.Object:
        known = self._scans.get(sheet.scan)
        if sheet.scan is not None and known is not None:
            return known
        self._bytes += len(layer.image.data)
        added = add_layer(self._part, layer)
        if sheet.scan is not None:
            self._scans[sheet.scan] = added
        return added

    def _close_part(self) -> None:
        """Write what is in memory to a file of its own, the font still missing."""
        if not len(self._part.pages):
            return
        self._parts.append(Path(self._folder.name, f"{len(self._parts)}.pdf"))
        self._part.save(self._parts[-1], static_id=True)
        self._part.close()
        self._part, self._bytes = pikepdf.new(), 0
        self._scans.clear()


def _joined(parts: list[Path], whole: Path) -> Path:
    """One file of all parts; copying pages from one pikepdf file to another would hold them all."""
    if len(parts) == 1:
        return parts[0]
    names = [str(part) for part in parts]
    pikepdf.Job(["qpdf", "--empty", *_JOIN, "--pages", *names, "--", str(whole)]).run()
    return whole


def _add_page(pdf: pikepdf.Pdf, sheet: Sheet, drawn: list[pikepdf.Object]) -> None:
    frame, text = sheet.frame, sheet.text
    width, height = frame.width * _INCH / frame.dpi, frame.height * _INCH / frame.dpi
    resources = pikepdf.Dictionary()
    if drawn:
        names = {f"/Im{number}": image for number, image in enumerate(drawn, 1)}
        resources.XObject = pikepdf.Dictionary(names)
    straight = straightened(0.0 if text is None else text.skew, width, height)
    fit = max(_LEAST_SIDE / min(width, height, _LEAST_SIDE), 1.0)
    fit *= _MOST_SIDE / max(width * fit, height * fit, _MOST_SIDE)
    moved = [(fit, 0, 0, fit, 0, 0), straight]
    parts = [b"q", *(_operator(matrix, "cm") for matrix in moved if matrix != _UNIT)]
    for number, layer in enumerate(sheet.layers, 1):
        place = _operator(_placed(layer, width, height), "cm")
        ink = b"" if layer.ink is None else _operator(layer.ink, "rg") + b" "
        parts.append(b"q " + ink + place + f" /Im{number} Do Q".encode("ascii"))
    if text is not None and text.used:
        parts.append(text.operators)
    page = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=[0, 0, round(width * fit, 4), round(height * fit, 4)],
        Resources=resources,
        Contents=pdf.make_stream(b"\n".join([*parts, b"Q"])),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))


def _share_font(pdf: pikepdf.Pdf, used: set[str]) -> None:
    font = add_font(pdf, used)
    for sheet in pdf.pages:
        sheet.obj.Resources.Font = pikepdf.Dictionary({NAME: font})


def _placed(layer: Layer, width: float, height: float) -> tuple[float, ...]:
    """The matrix that takes the image's unit square to its place on a page of that size."""
    left, bottom, across, up = _square(layer.place)
    (ax, ay), (bx, by), (x, y) = _TURNS[layer.image.quarter_turn]
    return (
        *(ax * across * width, ay * across * height),
        *(bx * up * width, by * up * height),
        *((x + ax * left + bx * bottom) * width, (y + ay * left + by * bottom) * height),
    )


def _square(place: Place) -> tuple[float, float, float, float]:
    """Left, bottom, width and height of a place with the page's origin at the lower left."""
    left, top, right, bottom = place
    return left, 1 - bottom, right - left, bottom - top


def straightened(skew: float, width: float, height: float) -> tuple[float, ...]:
    """The matrix that turns a page leaning by ``skew`` degrees straight; sides in points."""
    if abs(skew) < _LEAST_SKEW:
        return _UNIT
    sine, cosine = math.sin(math.radians(skew)), math.cos(math.radians(skew))
    x, y = width / 2, height / 2
    return cosine, -sine, sine, cosine, x - cosine * x - sine * y, y + sine * x - cosine * y


def _operator(numbers: Sequence[float], name: str) -> bytes:
    return " ".join([*(f"{number:.6f}" for number in numbers), name]).encode("ascii")
