"""A page of a PDF as a frame: the one scan that fills it, or a rendering.

A page that draws exactly one image over its whole area, and nothing else that can be seen, is that
image: its pixels are taken as they are, a JPEG or JPEG 2000 stream even byte for byte. Any other
page is rendered. Operators and matrices are those of ISO 32000-1, clauses 8.3 to 8.10.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, UnidentifiedImageError

from digitize.scan.codes import BAD_PDF
from digitize.scan.pdf_size import bounded, content, unpacked
from digitize.scan.raster import opened
from olketanu.errors import BadFileError

IMAGE, RENDER = "pdf-image", "pdf-render"
RENDER_DPI = 300
MOST_RENDERED_PIXELS = 100_000_000
_POINTS = 72
_EDGE = 0.05  # of the page: how far the image's edges may lie from those of the page
_SKEW = 1e-3  # of the image's size: beyond, the image is turned by no multiple of 90 degrees
_DEEPEST_FORM = 8
_MOST_FOLLOWED = 2 * 1024 * 1024  # bytes of operators: a scan with a layer of text has fewer
_MOST_INSTRUCTIONS = 500_000
_INVISIBLE_TEXT = frozenset({3, 7})
_TEXT = frozenset({"Tj", "TJ", "'", '"'})
_PAINT = frozenset({"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "INLINE IMAGE"})
_QUIET_ANNOTATIONS = frozenset({"/Link", "/Popup", "/Widget"})
_PLAIN_SPACES = frozenset({"/DeviceGray", "/DeviceRGB", "/CalGray", "/CalRGB", "/ICCBased"})
_ODD_CONTENT = (TypeError, ValueError, AttributeError, IndexError, KeyError)
_STREAM_KINDS = {"/DCTDecode": "jpeg", "/JPXDecode": "jp2"}


PDF_ERRORS = (pikepdf.PdfError, pypdfium2.PdfiumError, RuntimeError)
"""What the two libraries raise on a damaged file (qpdf has errors that are no PdfError)."""


class OpenPdf:
    """One PDF opened by both libraries: pikepdf for structure and streams, PDFium for pixels.

    ``check`` sees the structure before PDFium, which has no bounds of its own, sees the file.
    Raises ``pikepdf.PasswordError``, one of ``PDF_ERRORS``, or what ``check`` raises. Use as a
    context manager; until its end qpdf unpacks within bounds (:mod:`digitize.scan.pdf_size`).
    """

    def __init__(self, path: str, check: Callable[[pikepdf.Pdf], None] | None = None) -> None:
        with ExitStack() as opened:
            opened.enter_context(bounded())
            self.structure = opened.enter_context(pikepdf.open(path))
            if check is not None:
                check(self.structure)
            self.pixels = pypdfium2.PdfDocument(path)
            opened.callback(self.pixels.close)
            self._opened = opened.pop_all()

    def __enter__(self) -> "OpenPdf":
        return self

    def __exit__(self, *exc: object) -> None:
        self._opened.close()


@dataclass(frozen=True, slots=True)
class PdfFrame:
    """How one page becomes a frame.

    ``source`` is ``IMAGE`` or ``RENDER``; ``width`` and ``height`` are pixels before the clockwise
    ``quarter_turn``; ``matrix`` takes the unit square (frame's left bottom 0,0 to right top 1,1) to
    the user space of the page; ``kind`` and ``data`` are the compressed stream (jpeg, jp2) where it
    can stand for the frame as it is; ``mode`` is 1, L or RGB as far as the dictionary tells.
    """

    source: str
    width: int
    height: int
    dpi: int
    quarter_turn: int
    matrix: pikepdf.Matrix
    mode: str = "RGB"
    kind: str | None = None
    data: bytes | None = None


def read_frame(pdf: OpenPdf, index: int, render_dpi: int | None = None) -> PdfFrame:
    """Return how page ``index`` (from 0) becomes a frame.

    ``render_dpi`` is the resolution of a rendering; by default 300, less on a sheet that would
    have more than ``MOST_RENDERED_PIXELS``. BadFileError BAD_PDF where the page has no area.
    """
    page = pdf.structure.pages[index]
    box = _page_box(pdf, index)
    found = _only_image(page)
    if found is not None:
        image, matrix = found
        if _fills(matrix, box) and _is_opaque(image) and not _has_marks_on_top(page):
            return _image_frame(page, image, matrix)
    return _render_frame(pdf, index, render_dpi)


def pixels(pdf: OpenPdf, index: int, frame: PdfFrame) -> Image.Image:
    """Return the decoded frame before its quarter turn (mode 1, L or RGB); BAD_PDF where it fails.

    For an image whose bytes pass through, decode ``frame.data`` instead: then the text and the PDF
    speak of the same pixels.
    """
    page = pdf.pixels[index]
    try:
        if frame.source == RENDER:
            return _rendered(page, frame.dpi * _unit(pdf.structure.pages[index]) / _POINTS)
        images = list(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=_DEEPEST_FORM))
        if len(images) != 1:
            raise BadFileError(BAD_PDF, page=index + 1)
        bitmap: Image.Image = images[0].get_bitmap(render=False).to_pil()
        if frame.mode == "1":
            return bitmap.convert("L").convert("1", dither=Image.Dither.NONE)
        return bitmap.copy() if bitmap.mode in ("1", "L") else _grey_if_colourless(bitmap)
    except PDF_ERRORS as error:
        raise BadFileError(BAD_PDF, page=index + 1) from error
    finally:
        page.close()


def _rendered(page: Any, scale: float) -> Image.Image:  # noqa: ANN401 - pypdfium2 has no types
    bitmap = page.render(scale=scale, rev_byteorder=True)
    return _grey_if_colourless(bitmap.to_pil())


def _grey_if_colourless(image: Image.Image) -> Image.Image:
    """A new image: L where the three bands are equal, else RGB."""
    rgb = image.convert("RGB")
    red, green, blue = (band.tobytes() for band in rgb.split())
    return rgb.getchannel("R") if red == green == blue else rgb


def _page_box(pdf: OpenPdf, index: int) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of what a reader sees, in user space."""
    page = pdf.pixels[index]
    try:
        left, bottom, right, top = page.get_bbox()
    finally:
        page.close()
    if right <= left or top <= bottom:
        raise BadFileError(BAD_PDF, page=index + 1)
    return left, bottom, right, top


@dataclass
class _State:
    """The part of the graphics state that says where things go and whether text is seen."""

    matrix: pikepdf.Matrix
    text_mode: int = 0
    saved: "list[tuple[pikepdf.Matrix, int]]" = field(default_factory=list)

    def apply(self, operator: str, operands: Any) -> None:  # noqa: ANN401 - operands are of any type
        if operator == "q":
            self.saved.append((self.matrix, self.text_mode))
        elif operator == "Q" and self.saved:
            self.matrix, self.text_mode = self.saved.pop()
        elif operator == "cm":
            self.matrix = pikepdf.Matrix(*(float(n) for n in operands)) @ self.matrix
        elif operator == "Tr":
            self.text_mode = int(operands[0])

    def shows(self, operator: str) -> bool:
        """Whether the operator leaves something visible other than an XObject."""
        if operator in _TEXT:
            return self.text_mode not in _INVISIBLE_TEXT
        return operator in _PAINT


Mark = tuple[pikepdf.Object | None, pikepdf.Matrix]


@dataclass
class _Walk:
    """How deep in forms a walk stands, and how many more instructions it will follow."""

    depth: int = 0
    left: int = _MOST_INSTRUCTIONS

    def follow(self, streams: list[Any]) -> None:
        """ValueError where the streams are too long to be followed."""
        if sum(len(unpacked(stream)) for stream in streams) > _MOST_FOLLOWED:
            raise ValueError("too many operators")

    def step(self) -> None:
        """ValueError after too many steps."""
        self.left -= 1
        if self.left < 0:
            raise ValueError("too many operators")


def _marks(owner: Any, resources: Any, matrix: pikepdf.Matrix, walk: _Walk) -> Iterator[Mark]:  # noqa: ANN401 - a page or a form
    """What a content stream draws: (image, matrix), or (None, matrix) for anything else seen."""
    state = _State(matrix)
    walk.follow(content(owner.obj) if isinstance(owner, pikepdf.Page) else [owner])
    for instruction in pikepdf.parse_content_stream(owner):
        walk.step()
        operator = str(instruction.operator)
        if operator == "Do":
            drawn = resources.get("/XObject", {}).get(str(instruction.operands[0]))
            yield from _drawn(drawn, resources, state.matrix, walk)
        elif state.shows(operator):
            yield None, state.matrix
        else:
            state.apply(operator, instruction.operands)


def _drawn(drawn: Any, resources: Any, matrix: pikepdf.Matrix, walk: _Walk) -> Iterator[Mark]:  # noqa: ANN401 - any object
    if drawn is None:
        return
    if drawn.get("/Subtype") != "/Form":
        yield drawn, matrix
    elif walk.depth >= _DEEPEST_FORM:
        yield None, matrix
    else:
        own = pikepdf.Matrix(*(float(n) for n in drawn.get("/Matrix", [1, 0, 0, 1, 0, 0])))
        walk.depth += 1
        yield from _marks(drawn, drawn.get("/Resources", resources), own @ matrix, walk)
        walk.depth -= 1


def _only_image(page: pikepdf.Page) -> tuple[Any, pikepdf.Matrix] | None:
    """The only thing seen on the page, if that is an image, and where it stands."""
    only: tuple[Any, pikepdf.Matrix] | None = None
    try:
        for image, matrix in _marks(page, page.resources, pikepdf.Matrix(), _Walk()):
            if image is None or only is not None or image.get("/Subtype") != "/Image":
                return None
            only = (image, matrix)
    except (*PDF_ERRORS, *_ODD_CONTENT):
        return None  # a stream that cannot be followed is left to the renderer
    return only


def _fills(matrix: pikepdf.Matrix, box: tuple[float, float, float, float]) -> bool:
    """Whether the image stands upright or on a side, not mirrored, edge to edge on the page."""
    a, b, c, d, _, _ = matrix.shorthand
    if a * d - b * c <= 0:
        return False
    size = max(abs(a), abs(b), abs(c), abs(d))
    if min(max(abs(b), abs(c)), max(abs(a), abs(d))) > _SKEW * size:
        return False
    corners = [matrix.transform(corner) for corner in ((0, 0), (1, 1))]
    across, down = sorted(x for x, _ in corners), sorted(y for _, y in corners)
    edges = (across[0], down[0], across[1], down[1])
    width, height = box[2] - box[0], box[3] - box[1]
    room = (width * _EDGE, height * _EDGE) * 2
    return all(abs(edge - own) <= most for edge, own, most in zip(edges, box, room, strict=True))


def _is_opaque(image: Any) -> bool:  # noqa: ANN401 - a pikepdf stream
    """Whether the image hides nothing and is no stencil."""
    hidden = "/SMask" in image or "/Mask" in image or bool(image.get("/ImageMask", False))
    return not hidden and "/Width" in image and "/Height" in image


def _has_marks_on_top(page: pikepdf.Page) -> bool:
    """Whether a note or stamp has an appearance that belongs to what a reader sees."""
    annotations: Any = page.obj.get("/Annots", [])
    return any(
        "/AP" in note and str(note.get("/Subtype", "")) not in _QUIET_ANNOTATIONS
        for note in annotations
    )


def _image_frame(page: pikepdf.Page, image: Any, matrix: pikepdf.Matrix) -> PdfFrame:  # noqa: ANN401 - a pikepdf stream
    width, height = int(image["/Width"]), int(image["/Height"])
    a, b, c, d, _, _ = matrix.shorthand
    inches = [math.hypot(a, b) / _POINTS * _unit(page), math.hypot(c, d) / _POINTS * _unit(page)]
    dpi = max(1, round((width / inches[0] + height / inches[1]) / 2))
    kind, data, mode = _stream(image, (width, height))
    turn = (_turn_of(matrix) + _rotation(page)) % 4
    return PdfFrame(IMAGE, width, height, dpi, turn, matrix, mode, kind, data)


def _stream(image: Any, size: tuple[int, int]) -> tuple[str | None, bytes | None, str]:  # noqa: ANN401 - a pikepdf stream
    """(kind, bytes, mode) where the stream itself is the image, else (None, None, mode)."""
    bits, space = int(image.get("/BitsPerComponent", 8)), _space(image)
    grey = "1" if bits == 1 else "L"
    mode = grey if space in ("/DeviceGray", "/CalGray") else "RGB"
    names = image.get("/Filter", [])
    filters = [str(names)] if isinstance(names, pikepdf.Name) else [str(name) for name in names]
    kind = _STREAM_KINDS.get(filters[0]) if len(filters) == 1 else None
    odd = "/Decode" in image or (space not in _PLAIN_SPACES and not (kind == "jp2" and not space))
    if kind is None or odd:
        return None, None, mode
    data = bytes(image.read_raw_bytes())
    try:
        with opened(data, kind) as header:
            fits = header.size == size and header.mode in ("L", "RGB")
            return (kind, data, header.mode) if fits else (None, None, mode)
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError):
        return None, None, mode


def _space(image: Any) -> str:  # noqa: ANN401 - a pikepdf stream
    """Name of the colour space, the first of an array; empty where there is none."""
    space = image.get("/ColorSpace")
    if space is None:
        return ""
    return str(space) if isinstance(space, pikepdf.Name) else str(space[0])


def _turn_of(matrix: pikepdf.Matrix) -> int:
    """Clockwise quarter turns that the matrix itself gives to the image."""
    a, b, _, _, _, _ = matrix.shorthand
    if abs(a) >= abs(b):
        return 0 if a > 0 else 2
    return 3 if b > 0 else 1


def _rotation(page: pikepdf.Page) -> int:
    return int(page.rotation) // 90 % 4


def _unit(page: pikepdf.Page) -> float:
    """Size of a unit of user space in points (UserUnit)."""
    return float(page.obj.get("/UserUnit", 1))


def _render_frame(pdf: OpenPdf, index: int, dpi: int | None) -> PdfFrame:
    page = pdf.pixels[index]
    try:
        (width, height), turn = page.get_size(), page.get_rotation() // 90 % 4
    finally:
        page.close()
    unit = _unit(pdf.structure.pages[index])
    square_inches = width * height * (unit / _POINTS) ** 2
    if dpi is None:
        dpi = max(1, min(RENDER_DPI, int(math.sqrt(MOST_RENDERED_PIXELS / square_inches))))
    scale = dpi * unit / _POINTS
    left, bottom, right, top = _page_box(pdf, index)
    across, up = right - left, top - bottom
    matrix = {
        0: pikepdf.Matrix(across, 0, 0, up, left, bottom),
        1: pikepdf.Matrix(0, up, -across, 0, right, bottom),
        2: pikepdf.Matrix(-across, 0, 0, -up, right, top),
        3: pikepdf.Matrix(0, -up, across, 0, left, top),
    }[turn]
    return PdfFrame(RENDER, math.ceil(width * scale), math.ceil(height * scale), dpi, 0, matrix)
