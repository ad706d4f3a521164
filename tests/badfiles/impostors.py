"""Files whose name says another type than their content, and files of two types at once."""

import io
import struct
import zipfile
from pathlib import Path

import pikepdf
from PIL import Image

from digitize.scan.codes import MISNAMED, UNKNOWN_TYPE
from tests.badfiles.case import Case, Make, holding, refused, taken
from tests.badfiles.scene import grey_scene, scene
from tests.unit.made_files import add_page

_EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(%pipe%touch /tmp/x) (w) file\nshowpage\n"
_DOS_EPS = b"\xc5\xd0\xd3\xc6" + struct.pack("<II", 30, len(_EPS)) + bytes(18) + _EPS
_SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><image href='/etc/hosts'/></svg>"
_HTML = b"<!DOCTYPE html><html><script>alert(1)</script><body>scan</body></html>"
_ELF = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHI", 2, 62, 1) + bytes(200)
_MZ = b"MZ\x90\x00" + bytes(56) + struct.pack("<I", 64) + b"PE\x00\x00" + bytes(200)
_DJVU = b"AT&TFORM" + struct.pack(">I", 40) + b"DJVUINFO" + bytes(32)
_SCRIPT = b"#!/bin/sh\ntouch /tmp/started\n"
_MVG = b"push graphic-context\nimage over 0,0 0,0 'msl:/etc/passwd'\npop graphic-context\n"
_PSD = b"8BPS\x00\x01" + bytes(60)
_DICOM = bytes(128) + b"DICM" + bytes(60)
_XPM = b'/* XPM */\nstatic char *x[] = {\n"1 1 1 1",\n"a c black",\n"a"};\n'


def _zip(member: str) -> Make:
    def make(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(member, b"<x/>" * 100)

    return make


def _other(form: str) -> Make:
    """A true picture of a type that is not on the list."""

    def make(path: Path) -> None:
        scene(path.name).convert("P" if form == "GIF" else "RGB").save(path, form)

    return make


def _as(form: str) -> Make:
    """A true picture of a type that is on the list, under another's name."""

    def make(path: Path) -> None:
        scene(path.name).save(path, form)

    return make


def _pdf_bytes() -> bytes:
    buffer = io.BytesIO()
    with pikepdf.new() as pdf:
        add_page(pdf, b"0 g 10 10 50 50 re f", [0, 0, 100, 100])
        pdf.save(buffer)
    return buffer.getvalue()


def _behind(head: bytes) -> Make:
    """A PDF with something else before it, which old readers still opened."""
    return lambda path: holding(head + _pdf_bytes())(path)


def _gif_pdf(path: Path) -> None:
    buffer = io.BytesIO()
    Image.new("P", (9, 9)).save(buffer, "GIF")
    path.write_bytes(buffer.getvalue() + _pdf_bytes())


def _pdf_in_jpeg(path: Path) -> None:
    """A whole JPEG whose comment is a PDF: it is the JPEG."""
    buffer = io.BytesIO()
    grey_scene(path.name).save(buffer, "JPEG", quality=90, comment=_pdf_bytes()[:60_000])
    path.write_bytes(buffer.getvalue())


def _unknown(name: str, data: bytes) -> Case:
    return refused(name, holding(data), UNKNOWN_TYPE)


CASES = (
    _unknown("postscript.tif", _EPS),
    _unknown("postscript.pdf", _EPS),
    _unknown("dos-postscript.jpg", _DOS_EPS),
    refused("true-postscript.tif", _other("EPS"), UNKNOWN_TYPE),
    _unknown("vector.tif", _SVG),
    _unknown("vector.png", _SVG),
    _unknown("web-page.pdf", _HTML),
    _unknown("web-page.jpg", _HTML),
    _unknown("program.tif", _ELF),
    _unknown("program.pdf", _MZ),
    _unknown("script.jpg", _SCRIPT),
    _unknown("magick.png", _MVG),
    _unknown("djvu.tif", _DJVU),
    _unknown("photoshop.tif", _PSD),
    _unknown("dicom.jpg", _DICOM),
    _unknown("xpm.tif", _XPM),
    refused("archive.tif", _zip("page.tif"), UNKNOWN_TYPE),
    refused("letter.pdf", _zip("word/document.xml"), UNKNOWN_TYPE),
    refused("letter.docx", _zip("word/document.xml"), UNKNOWN_TYPE),
    refused("animation.jpg", _other("GIF"), UNKNOWN_TYPE),
    refused("bitmap.tif", _other("BMP"), UNKNOWN_TYPE),
    refused("web-picture.png", _other("WEBP"), UNKNOWN_TYPE),
    refused("portable.tif", _other("PPM"), UNKNOWN_TYPE),
    refused("html-in-front.pdf", _behind(b"<html><body></body></html>\n"), UNKNOWN_TYPE),
    refused("program-in-front.pdf", _behind(_MZ), UNKNOWN_TYPE),
    refused("gif-and-pdf.pdf", _gif_pdf, UNKNOWN_TYPE),
    taken("blanks-in-front.pdf", _behind(b"\n\n  "), truth=None),
    taken("pdf-in-comment.jpg", _pdf_in_jpeg),
    taken("jpeg.tif", _as("JPEG"), MISNAMED),
    taken("png.jpg", _as("PNG"), MISNAMED),
    taken("tiff.pdf", _as("TIFF"), MISNAMED),
    taken("jp2.jpg", _as("JPEG2000"), MISNAMED),
    taken("jpeg.exe", _as("JPEG"), MISNAMED),
)
"""Every file that is not what its name says."""
