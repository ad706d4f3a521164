"""Documents of odd inputs and the PDFs made of them; ``python -m tests.unit.made_pdfs FOLDER``."""

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
from PIL import Image, ImageCms, ImageDraw

from digitize.output.pdf.metadata import PdfInfo
from digitize.output.pdf.outline import Heading
from digitize.output.publish import FORMS, PublishedPage, Said, publish
from pages.alto import write_alto
from pages.text import Box, Line, PageFrame, PageText, Region, Word

TIME = "2026-11-23T09:00:00Z"
INFO = PdfInfo(
    *("bcd1234f", "Өлкетану <«1938»> & «тарих»", TIME, ("kaz", "rus")),
    authors=("Әуезов М.", "Петрова Анна"),
    date="17 қаңтар 1938 жыл",
    rights="closed",
    address="https://library.example/d/bcd1234f",
)
SIZE = (874, 1240)
DPI = 150
TEXTS = ("Қарағанды облысының кітапханасы", "Город Ғабит – ёлка", "ISBN 978 Ұлы Іле Ә һәм")


@dataclass(frozen=True)
class Odd:
    """An input: how its masters are written, and what is said of its pages.

    ``archival`` tells whether the master PDF may say that it is PDF/A; ``boxes`` are crops, one a
    page; ``frames`` is the number of frames of the file.
    """

    name: str
    suffix: str
    save: Callable[[Path], object]
    archival: bool = True
    text: bool = True
    turn: int = 0
    skew: float = 0.0
    frames: int = 1
    boxes: tuple[Box | None, ...] = (None,)
    size: tuple[int, int] = SIZE


def drawn(mode: str = "RGB", size: tuple[int, int] = SIZE) -> Image.Image:
    """A page with lines, a grey picture and, in colour, a red heading on yellowish paper."""
    image = Image.new("RGB", size, (238, 228, 205))
    draw = ImageDraw.Draw(image)
    for row in range(12):
        colour = (170, 20, 30) if row == 0 else (25, 25, 30)
        draw.text((60, 80 + 44 * row), TEXTS[row % 3], fill=colour, font_size=26)
    ramp = np.add.outer(np.arange(300), np.arange(400)) * 190 // 700 + 20
    image.paste(Image.fromarray(ramp.astype(np.uint8)), (60, 700))
    return image.convert(mode, dither=Image.Dither.NONE) if mode != "RGB" else image


def cmyk_profile() -> bytes:
    """A small but whole ICC profile of class ``prtr`` for CMYK, one table of 2×2×2×2 to Lab."""
    inks = np.stack(np.meshgrid(*[np.arange(2)] * 4, indexing="ij"), axis=-1).reshape(-1, 4)
    light = np.prod(1 - inks * np.array([0.4, 0.5, 0.1, 0.9]), axis=1)
    lab = np.stack([light * 255, 128 - 40 * inks[:, 0], 128 + 40 * inks[:, 2]], axis=1)
    ramps = bytes(range(256))
    matrix = b"".join(v.to_bytes(4, "big") for v in (65536, 0, 0, 0, 65536, 0, 0, 0, 65536))
    table = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + matrix + ramps * 4
    table += lab.clip(0, 255).astype(np.uint8).tobytes() + ramps * 3
    back = b"mft1\0\0\0\0" + bytes([3, 4, 2, 0]) + matrix + ramps * 3
    back += bytes(v for i in range(8) for v in (255 * (1 - i // 4),) * 4) + ramps * 4
    name = b"desc\0\0\0\0\0\0\0\x05inks\0" + bytes(78)
    right = b"text\0\0\0\0none\0"
    white = b"XYZ \0\0\0\0\0\0\xf6\xd6\0\1\0\0\0\0\xd3\x2d"
    tags = [(b"desc", name), (b"cprt", right), (b"wtpt", white)]
    tags += [(b"A2B%d" % i, table) for i in range(3)] + [(b"B2A%d" % i, back) for i in range(3)]
    tags += [
        (b"gamt", b"mft1\0\0\0\0" + bytes([3, 1, 2, 0]) + matrix + ramps * 3 + bytes(8) + ramps)
    ]
    return _profile(tags)


def _profile(tags: list[tuple[bytes, bytes]]) -> bytes:
    at = 128 + 4 + 12 * len(tags)
    index, body = len(tags).to_bytes(4, "big"), b""
    for name, data in tags:
        padded = data + bytes(-len(data) % 4)
        index += name + (at + len(body)).to_bytes(4, "big") + len(data).to_bytes(4, "big")
        body += padded
    light = b"\0\0\xf6\xd6\0\1\0\0\0\0\xd3\x2d"
    header = b"\x02\x40\0\0prtrCMYKLab \x07\xd0\0\x01\0\x01\0\0\0\0\0\0acsp" + bytes(28) + light
    whole = b"lcms" + header
    size = 128 + len(index) + len(body)
    return size.to_bytes(4, "big") + whole + bytes(124 - len(whole)) + index + body


def _srgb() -> bytes:
    return bytes(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())


def _deep(path: Path) -> None:
    grey = np.asarray(drawn("L"), np.uint16) * 257
    Image.fromarray(grey).save(path, dpi=(DPI, DPI))


def _pdf_of_a_scan(path: Path) -> None:
    stream = io.BytesIO()
    drawn().save(stream, "JPEG", quality=85)
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(SIZE[0] * 72 / DPI, SIZE[1] * 72 / DPI))
        image = pikepdf.Stream(pdf, stream.getvalue())
        image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        image.Width, image.Height, image.BitsPerComponent = *SIZE, 8
        image.ColorSpace, image.Filter = pikepdf.Name.DeviceRGB, pikepdf.Name.DCTDecode
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
        width, height = SIZE[0] * 72 / DPI, SIZE[1] * 72 / DPI
        page.obj.Contents = pdf.make_stream(f"{width} 0 0 {height} 0 0 cm /Im0 Do".encode())
        pdf.save(path)


def _drawn_pdf(path: Path) -> None:
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(SIZE[0] * 72 / DPI, SIZE[1] * 72 / DPI))
        marks = "\n".join(f"40 {40 + 20 * i} {30 * i} 4 re f" for i in range(1, 12))
        page.obj.Contents = pdf.make_stream(f"0.8 0.1 0.1 rg\n{marks}".encode())
        pdf.save(path)


def _saved(mode: str, **options: Any) -> Callable[[Path], object]:
    return lambda path: drawn(mode).save(path, dpi=(DPI, DPI), **options)


def _tiny(path: Path) -> None:
    Image.new("L", (4, 6), 90).save(path, dpi=(DPI, DPI))


def _endless(path: Path) -> None:
    Image.new("L", (8, 31000), 90).save(path, dpi=(DPI, DPI))


def _turned(path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    drawn().transpose(Image.Transpose.ROTATE_90).save(path, exif=exif, dpi=(DPI, DPI))


def _spread(path: Path) -> None:
    both = Image.new("RGB", (2 * SIZE[0], SIZE[1]), "white")
    both.paste(drawn(), (0, 0))
    both.paste(drawn("L").convert("RGB"), (SIZE[0], 0))
    both.save(path, quality=85, dpi=(DPI, DPI))


def _many(path: Path) -> None:
    first = drawn("1")
    first.save(path, compression="group4", save_all=True, append_images=[first] * 2, dpi=(DPI, DPI))


ODD = (
    Odd("grey-jpeg", ".jpg", _saved("L", quality=85)),
    Odd("rgb-jpeg-skewed", ".jpg", _saved("RGB", quality=85), skew=1.7),
    Odd("rgb-jpeg-profile", ".jpg", _saved("RGB", quality=85, icc_profile=_srgb())),
    Odd("rgb-jpeg-bad-profile", ".jpg", _saved("RGB", quality=85, icc_profile=b"x" * 200)),
    Odd("cmyk-jpeg", ".jpg", _saved("CMYK", quality=85), archival=False),
    Odd("cmyk-jpeg-profile", ".jpg", _saved("CMYK", quality=85, icc_profile=cmyk_profile())),
    Odd("cmyk-tiff", ".tif", _saved("CMYK", compression="tiff_lzw"), archival=False),
    Odd("cmyk-tiff-profile", ".tif", _saved("CMYK", icc_profile=cmyk_profile())),
    Odd("progressive-jpeg", ".jpg", _saved("RGB", quality=85, progressive=True)),
    Odd("grey-png", ".png", _saved("L")),
    Odd("rgb-png", ".png", _saved("RGB")),
    Odd("palette-png", ".png", _saved("P")),
    Odd("bitonal-png", ".png", _saved("1")),
    Odd("alpha-png", ".png", _saved("RGBA")),
    Odd("deep-png", ".png", _deep),
    Odd("deep-tiff", ".tif", _deep),
    Odd("grey-tiff-lzw", ".tif", _saved("L", compression="tiff_lzw")),
    Odd("bitonal-tiff-pages", ".tif", _many, frames=3),
    Odd("rgb-jp2", ".jp2", _saved("RGB")),
    Odd("grey-jp2", ".jp2", _saved("L")),
    Odd("bare-jp2", ".j2k", _saved("RGB")),
    Odd("turned-jpeg", ".jpg", _turned, turn=1),
    Odd("spread-jpeg", ".jpg", _spread, boxes=(Box(0, 0, *SIZE), Box(SIZE[0], 0, 1748, 1240))),
    Odd("image-only", ".jpg", _saved("RGB", quality=85), text=False),
    Odd("blank", ".png", lambda path: Image.new("L", SIZE, 250).save(path, dpi=(DPI, DPI))),
    Odd("black", ".png", lambda path: Image.new("RGB", SIZE).save(path, dpi=(DPI, DPI))),
    Odd("tiny", ".png", _tiny, text=False, size=(4, 6)),
    Odd("endless", ".png", _endless, text=False, size=(8, 31000)),
    Odd("scan-in-pdf", ".pdf", _pdf_of_a_scan),
    Odd("drawn-pdf", ".pdf", _drawn_pdf),
)


def text_of(frame: PageFrame, skew: float = 0.0) -> PageText:
    """Three lines of text, one in an alphabet that needs marks, one in no language."""
    lines = []
    for row, text in enumerate(TEXTS):
        words, x = [], 60
        for word in text.split():
            width = 13 * len(word)
            words.append(Word(word, word, Box(x, 80 + 44 * row, x + width, 110 + 44 * row), 0.9))
            x += width + 12
        box = Box(60, 80 + 44 * row, x, 110 + 44 * row)
        base = (60, 104 + 44 * row, x, 104 + 44 * row)
        language = ("kaz", "rus", "und")[row]
        lines.append(Line(box, base, language, "Cyrl", tuple(words)))
    headline = Region("r1", "headline", lines[0].box, (lines[0],))
    body = Region("r2", "text", Box(60, 124, 600, 200), tuple(lines[1:]))
    return PageText(frame, (headline, body), "made", (), (), skew)


def make(odd: Odd, folder: Path, forms: tuple[str, ...] = FORMS) -> Path:
    """Write the input's master and PDFs (``<form>.pdf``) into a folder of its own; return that."""
    home = folder / odd.name
    home.mkdir(parents=True)
    master = home / f"master{odd.suffix}"
    odd.save(master)
    pages = []
    for number in range(odd.frames * len(odd.boxes)):
        crop = odd.boxes[number % len(odd.boxes)]
        frame = PageFrame("a" * 64, number // len(odd.boxes), crop, odd.turn, *odd.size, DPI)
        page = PublishedPage(f"p{number + 1:04d}", master, frame)
        if odd.text:
            alto = home / f"{page.key}.xml"
            text = text_of(frame, odd.skew)
            alto.write_bytes(write_alto(text, page_id=page.key, source="x", time=TIME))
            page = replace(page, alto=alto)
        pages.append(page)
    headings = [Heading("Қарағанды", len(pages) - 1, 500.0)]
    labels = [None, "7", "8", "IX"][: len(pages)]
    said = Said(INFO, labels, headings)
    publish(home, {f"{form}.pdf": form for form in forms}, pages, said)
    return home


def main(folder: Path) -> None:
    """Make the PDFs of every input; those that do not say they are PDF/A are left out."""
    for odd in ODD:
        made = make(odd, folder)
        kept = {f"{form}.pdf" for form in FORMS if form != "master" or odd.archival}
        for path in made.iterdir():
            if path.name not in kept:
                path.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
