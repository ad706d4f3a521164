"""Files whose end is missing, at three places, and files with a header and nothing, or garbage."""

import io
import random
from pathlib import Path
from typing import Any

from PIL import Image

from digitize.scan.codes import BAD_PDF, EMPTY, TRUNCATED, UNKNOWN_TYPE
from tests.badfiles.case import Case, Make, holding, refused
from tests.badfiles.scene import SIZE
from tests.unit.made_files import scan_pdf

_FORMATS: dict[str, dict[str, Any]] = {
    "jpeg.jpg": {"quality": 90},
    "progressive.jpg": {"quality": 90, "progressive": True},
    "png.png": {},
    "raw.tif": {},
    "lzw.tif": {"compression": "tiff_lzw"},
    "deflate.tif": {"compression": "tiff_adobe_deflate"},
    "fax.tif": {"compression": "group4"},
    "jpeg-inside.tif": {"compression": "jpeg"},
    "jp2.jp2": {},
    "codestream.j2k": {},
}
_PLACES = (25, 60, 97)  # per cent of the file that is left
_SIGNATURES = {
    "jpg": b"\xff\xd8\xff\xe0",
    "png": b"\x89PNG\r\n\x1a\n",
    "tif": b"II*\x00\x08\x00\x00\x00",
    "jp2": b"\x00\x00\x00\x0cjP  \r\n\x87\n",
    "pdf": b"%PDF-1.7\n",
}


def _noise(name: str, size: int) -> bytes:
    return random.Random(name).randbytes(size)


def _cut_image(kind: str, percent: int) -> Make:
    def make(path: Path) -> None:
        # Noise does not compress, so that a cut anywhere takes pixels with it.
        image = Image.frombytes("RGB", SIZE, _noise(path.name, SIZE[0] * SIZE[1] * 3))
        options = _FORMATS[kind]
        buffer = io.BytesIO()
        bitonal = options.get("compression") == "group4"
        form = {"jpg": "JPEG", "png": "PNG", "tif": "TIFF"}.get(kind[-3:], "JPEG2000")
        extra = {"no_jp2": True} if kind.endswith("j2k") else {}
        (image.convert("1") if bitonal else image).save(buffer, form, **options, **extra)
        data = buffer.getvalue()
        path.write_bytes(data[: len(data) * percent // 100])

    return make


def _cut_pdf(percent: int) -> Make:
    def make(path: Path) -> None:
        scan_pdf(path, _noise(path.name, SIZE[0] * SIZE[1] * 3), size=SIZE)
        data = path.read_bytes()
        path.write_bytes(data[: len(data) * percent // 100])

    return make


def _garbage(kind: str) -> Make:
    def make(path: Path) -> None:
        path.write_bytes(_SIGNATURES[kind] + _noise(path.name, 5000))

    return make


def _images() -> list[Case]:
    return [
        refused(f"cut-{percent}-{kind}", _cut_image(kind, percent), TRUNCATED)
        for kind in _FORMATS
        for percent in _PLACES
    ]


CASES = (
    *_images(),
    *(refused(f"cut-{percent}.pdf", _cut_pdf(percent), BAD_PDF) for percent in _PLACES),
    refused("nothing.tif", holding(b""), EMPTY),
    refused("nothing.pdf", holding(b""), EMPTY),
    refused("one-byte.jpg", holding(b"\xff"), UNKNOWN_TYPE),
    refused("zeros.tif", holding(bytes(4096)), UNKNOWN_TYPE),
    refused("noise.jpg", lambda path: path.write_bytes(_noise("noise", 4096)), UNKNOWN_TYPE),
    *(
        refused(f"header-only.{kind}", holding(data), BAD_PDF if kind == "pdf" else TRUNCATED)
        for kind, data in _SIGNATURES.items()
    ),
    refused("garbage.jpg", _garbage("jpg"), TRUNCATED),
    refused("garbage.png", _garbage("png"), TRUNCATED),
    refused("garbage.tif", _garbage("tif"), TRUNCATED),
    refused("garbage.jp2", _garbage("jp2"), TRUNCATED),
    refused("garbage.pdf", _garbage("pdf"), BAD_PDF),
)
"""Every file that is cut short or no file at all."""
