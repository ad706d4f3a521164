"""What a PDF grows to when it is unpacked: measured before anything draws it, and bounded.

A few kilobytes of Flate can become gigabytes, forms that draw forms can multiply without end, and
an image can claim any size. Nothing here draws; qpdf stops unpacking at ``MOST_UNPACKED``.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pikepdf
from pikepdf import settings

from digitize.scan.codes import PDF_BOMB, TOO_LARGE
from olketanu.errors import BadFileError

MOST_UNPACKED = 64 * 1024 * 1024
"""Bytes of one stream that is no scan, and of all that one page draws, forms as often as drawn."""

_PIXELS_PER_BYTE = 16  # how much of a drawn image weighs as much as a byte of operators
_MEGA = 1_000_000
_DEEPEST_FORM = 40  # PDFium draws none deeper
_UNPACKERS = frozenset(
    {"/FlateDecode", "/Fl", "/LZWDecode", "/LZW", "/RunLengthDecode", "/RL", "/BrotliDecode"}
)
_DRAWN = re.compile(rb"/([^\s/<>\[\](){}%]+)\s+Do\b")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_LIMIT_WORDS = "limit exceeded"


@contextmanager
def bounded() -> Iterator[None]:
    """Let qpdf unpack no stream beyond ``MOST_UNPACKED`` bytes inside the block."""
    before: dict[str, Any] = settings.set_qpdf_limits(
        flate_max_memory=MOST_UNPACKED,
        run_length_max_memory=MOST_UNPACKED,
        png_max_memory=MOST_UNPACKED,
        tiff_max_memory=MOST_UNPACKED,
    )
    try:
        yield
    finally:
        settings.set_qpdf_limits(**before)


def check_size(structure: pikepdf.Pdf, most_pixels: int) -> None:
    """Measure every stream and what every page draws; call inside :func:`bounded`.

    BadFileError PDF_BOMB where unpacking does not end in time, TOO_LARGE for an image of more than
    ``most_pixels``.
    """
    for item in structure.objects:
        if isinstance(item, pikepdf.Stream):
            _check_stream(item, most_pixels)
    known: dict[tuple[int, int], int] = {}
    for page in structure.pages:
        _check_drawn(page, known)


def unpacked(stream: Any) -> bytes:  # noqa: ANN401 - a pikepdf stream
    """The bytes of a stream after its filters, empty where they cannot be had; PDF_BOMB."""
    try:
        return bytes(stream.read_bytes())
    except pikepdf.PdfError as error:
        if _LIMIT_WORDS in str(error):
            raise BadFileError(PDF_BOMB) from error
        return b""  # damaged, or of a filter that qpdf leaves to the renderer


def content(page: Any) -> list[Any]:  # noqa: ANN401 - a page's dictionary
    """The content streams of a page, in order (ISO 32000-1 §7.8.2)."""
    found = page.get("/Contents", [])
    streams = found if isinstance(found, pikepdf.Array) else [found]
    return [stream for stream in streams if isinstance(stream, pikepdf.Stream)]


def _check_stream(stream: Any, most_pixels: int) -> None:  # noqa: ANN401 - a pikepdf stream
    if stream.get("/Type") == "/EmbeddedFile":
        return  # never unpacked
    if stream.get("/Subtype") != "/Image":
        unpacked(stream)
        return
    pixels = _pixels(stream)
    if pixels > most_pixels:
        facts = {"megapixels": round(pixels / _MEGA), "limit": most_pixels // _MEGA}
        raise BadFileError(TOO_LARGE, **facts)
    if sum(name in _UNPACKERS for name in _filters(stream)) > 1:
        unpacked(stream)  # packed twice: its size in pixels no longer bounds it


def _check_drawn(page: pikepdf.Page, known: dict[tuple[int, int], int]) -> None:
    resources: Any = page.obj.get("/Resources", {})
    cost = sum(_cost(stream, resources, known, 0) for stream in content(page.obj))
    if cost > MOST_UNPACKED:
        raise BadFileError(PDF_BOMB)


def _cost(stream: Any, resources: Any, known: dict[tuple[int, int], int], depth: int) -> int:  # noqa: ANN401 - pikepdf objects
    """Bytes that a content stream makes a renderer read, with every form that it draws."""
    if stream.objgen in known:
        return known[stream.objgen]
    if depth > _DEEPEST_FORM:
        return 0
    known[stream.objgen] = 0  # a form that draws itself is not drawn
    data = unpacked(stream)
    cost = len(data)
    for name, times in Counter(_DRAWN.findall(data)).items():
        drawn = _named(resources, name)
        if isinstance(drawn, pikepdf.Stream) and drawn.get("/Subtype") == "/Form":
            own = drawn.get("/Resources", resources)
            cost += times * _cost(drawn, own, known, depth + 1)
        elif isinstance(drawn, pikepdf.Stream):
            cost += times * _pixels(drawn) // _PIXELS_PER_BYTE
        if cost > MOST_UNPACKED:
            raise BadFileError(PDF_BOMB)
    known[stream.objgen] = cost
    return cost


def _named(resources: Any, name: bytes) -> Any:  # noqa: ANN401 - pikepdf objects
    plain = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), name)
    objects = resources.get("/XObject", {})
    return objects.get("/" + plain.decode("utf-8", "replace")) if hasattr(objects, "get") else None


def _pixels(image: Any) -> int:  # noqa: ANN401 - a pikepdf stream
    try:
        return int(image.get("/Width", 0)) * int(image.get("/Height", 0))
    except (TypeError, ValueError):
        return 0


def _filters(stream: Any) -> list[str]:  # noqa: ANN401 - a pikepdf stream
    names = stream.get("/Filter", [])
    return [str(name) for name in names] if isinstance(names, pikepdf.Array) else [str(names)]
