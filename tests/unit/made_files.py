"""Images and PDFs that tests make for themselves."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pikepdf
from PIL import Image, ImageDraw

from digitize.scan.inspection import FrameInfo, Inspection
from pages.text import Box, PageFrame

SIZE = (248, 351)
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")


def page_image(size: tuple[int, int] = SIZE, mark: int = 0) -> Image.Image:
    """White paper with a black bar at the top left and a red one at the bottom right."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((20, 30 + mark, 100, 60 + mark), fill="black")
    draw.rectangle((180, 320, 230, 340), fill="red")
    return image


def ramp() -> np.ndarray:
    """A grey ramp from 0 to 65535, 64 rows of 256."""
    return np.tile(np.arange(256, dtype=np.uint16) * 257, (64, 1))


def frame_of(seen: Inspection, number: int = 0, crop: Box | None = None) -> PageFrame:
    """The frame that an inspection gives, as pages know it."""
    info: FrameInfo = seen.frames[number]
    width, height = info.width, info.height
    if crop is not None:
        width, height = (crop.width, crop.height)
        if info.quarter_turn % 2:
            width, height = height, width
    return PageFrame(seen.sha256, info.frame, crop, info.quarter_turn, width, height, info.dpi)


def scan_pdf(
    path: Path,
    data: bytes,
    *,
    filter_name: str | None = None,
    space: str = "/DeviceRGB",
    bits: int = 8,
    size: tuple[int, int] = SIZE,
    rotate: int = 0,
    dpi: int = 150,
    after: bytes = b"",
    matrix: bytes | None = None,
    extra: dict[str, object] | None = None,
) -> Path:
    """A PDF of one page that draws one image over the whole page, then ``after``."""
    pdf = pikepdf.new()
    image = pikepdf.Stream(pdf, data)
    for key, value in {
        "/Type": pikepdf.Name.XObject,
        "/Subtype": pikepdf.Name.Image,
        "/Width": size[0],
        "/Height": size[1],
        "/BitsPerComponent": bits,
        "/ColorSpace": pikepdf.Name(space),
        **(extra or {}),
    }.items():
        image[key] = value
    if filter_name is not None:
        image["/Filter"] = pikepdf.Name(filter_name)
    width, height = size[0] * 72 / dpi, size[1] * 72 / dpi
    place = matrix or b"%f 0 0 %f 0 0" % (width, height)
    content = b"q " + place + b" cm /Im0 Do Q\n" + after
    sides = [0, 0, width, height] if matrix is None else [0, 0, height, width]
    add_page(pdf, content, sides, rotate=rotate, xobject=image)
    pdf.save(path)
    return path


def add_page(
    pdf: pikepdf.Pdf,
    content: bytes,
    sides: list[float],
    *,
    rotate: int = 0,
    xobject: pikepdf.Object | None = None,
    font: pikepdf.Object | None = None,
) -> None:
    """Add a page with a content stream, at most one image and one font (/Im0, /F0)."""
    resources = pikepdf.Dictionary()
    if xobject is not None:
        resources["/XObject"] = pikepdf.Dictionary({"/Im0": xobject})
    if font is not None:
        resources["/Font"] = pikepdf.Dictionary({"/F0": font})
    page = pikepdf.Dictionary(
        {
            "/Type": pikepdf.Name.Page,
            "/MediaBox": pikepdf.Array(sides),
            "/Rotate": rotate,
            "/Resources": resources,
            "/Contents": pikepdf.Stream(pdf, content),
        }
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))


def text_font(pdf: pikepdf.Pdf, letters: str) -> pikepdf.Object:
    """A font whose codes 33, 34 … mean the ``letters`` (ToUnicode)."""
    pairs = "\n".join(f"<{33 + n:02X}> <{ord(sign):04X}>" for n, sign in enumerate(letters))
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n/CMapName /T def "
        "/CMapType 2 def\n1 begincodespacerange <00> <FF> endcodespacerange\n"
        f"{len(letters)} beginbfchar\n{pairs}\nendbfchar\nendcmap end end"
    )
    return pdf.make_indirect(
        pikepdf.Dictionary(
            {
                "/Type": pikepdf.Name.Font,
                "/Subtype": pikepdf.Name.Type1,
                "/BaseFont": pikepdf.Name.Courier,
                "/FirstChar": 32,
                "/LastChar": 32 + len(letters),
                "/Widths": pikepdf.Array([500] * (len(letters) + 1)),
                "/ToUnicode": pikepdf.Stream(pdf, cmap.encode("ascii")),
            }
        )
    )


def text_pdf(
    path: Path, lines: Sequence[tuple[float, float, str]], *, rotate: int = 0, turn: int = 0
) -> Path:
    """A PDF of one page, 300 by 400 points, with lines of 12 point text at (x, y)."""
    pdf = pikepdf.new()
    letters = "".join(sorted({sign for _, _, text in lines for sign in text} - {" "}))
    content = b"".join(text_operators(x, y, text, letters, turn=turn) for x, y, text in lines)
    add_page(pdf, content, [0, 0, 300, 400], rotate=rotate, font=text_font(pdf, letters))
    pdf.save(path)
    return path


def text_operators(
    x: float, y: float, text: str, letters: str, *, mode: int = 0, turn: int = 0
) -> bytes:
    """The operators that show a text with the codes of ``text_font``, turned counter-clockwise."""
    codes = bytes(32 if sign == " " else 33 + letters.index(sign) for sign in text)
    axes = ((1, 0), (0, 1), (-1, 0), (0, -1))[turn // 90]
    place = (axes[0], axes[1], -axes[1], axes[0], x, y)
    show = codes.hex().encode()
    return b"BT /F0 12 Tf %d Tr %f %f %f %f %f %f Tm <%s> Tj ET\n" % (mode, *place, show)
