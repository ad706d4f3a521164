"""Small files that claim, or grow to, far more than any page; and structures without an end."""

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf

from digitize.scan.codes import BAD_PDF, PDF_BOMB, PDF_REPAIRED, TOO_LARGE, TRUNCATED, UNREADABLE
from tests.badfiles.case import Case, Make, refused, taken
from tests.badfiles.pictures import chunk
from tests.badfiles.scene import SIZE, grey_scene, scene
from tests.badfiles.tiff_bytes import LONG, SHORT, Ifd, grey, tiff
from tests.unit.made_files import add_page

_MEGA = 1 << 20


def _deflated(pieces: Iterator[bytes]) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join([*map(packer.compress, pieces), packer.flush()])


def _zeros(size: int, *, fill: bytes = b"\0") -> bytes:
    """``size`` times ``fill``, deflated."""
    return _deflated(fill * _MEGA for _ in range(size // _MEGA))


def _png_bomb(path: Path) -> None:
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", _zeros(64 * _MEGA)) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)


def _note_bomb(path: Path) -> None:
    """A PNG whose compressed note unpacks to 200 MB."""
    buffer = io.BytesIO()
    scene(path.name).save(buffer, "PNG")
    data = buffer.getvalue()
    note = chunk(b"zTXt", b"Comment\0\0" + _zeros(200 * _MEGA))
    path.write_bytes(data[:33] + note + data[33:])


def _fax_bomb(path: Path) -> None:
    size = (20_000, 20_000)
    path.write_bytes(tiff([grey(size, [bytes(4000)], bits=(1,), compression=4)]))


def jpeg_header(path: Path) -> None:
    buffer = io.BytesIO()
    scene(path.name).save(buffer, "JPEG")
    data = bytearray(buffer.getvalue())
    at = data.index(b"\xff\xc0") + 5
    struct.pack_into(">HH", data, at, 65_500, 65_500)
    path.write_bytes(data)


def jp2_header(path: Path) -> None:
    buffer = io.BytesIO()
    scene(path.name).save(buffer, "JPEG2000")
    data = bytearray(buffer.getvalue())
    struct.pack_into(">II", data, data.index(b"ihdr") + 4, 100_000, 100_000)
    at = data.index(b"\xff\x51") + 6
    struct.pack_into(">II", data, at, 100_000, 100_000)
    path.write_bytes(data)


def _tiff_header(path: Path) -> None:
    path.write_bytes(tiff([grey((60_000, 60_000), [bytes(500)], compression=5)]))


def _many_frames(path: Path) -> None:
    small = grey((1, 1), [b"\0"])
    path.write_bytes(tiff([small] * 10_001))


def _looping(big: bool) -> Make:
    """The last directory says that the first comes next."""

    def make(path: Path) -> None:
        data = [grey_scene(path.name).tobytes()]
        whole = tiff([grey(SIZE, data)], big=big)
        first = struct.unpack_from("<Q" if big else "<I", whole, 8 if big else 4)[0]
        path.write_bytes(tiff([grey(SIZE, data)], big=big, after=first))

    return make


def _lying(**changes: tuple[int, tuple[int, ...]]) -> Make:
    """A TIFF whose directory tells lies about its strips."""

    def make(path: Path) -> None:
        true = grey(SIZE, [grey_scene(path.name).tobytes()])
        entries = true.entries | {int(tag[1:]): value for tag, value in changes.items()}
        path.write_bytes(tiff([Ifd(entries, true.blocks)]))

    return make


def _pdf(path: Path, pdf: pikepdf.Pdf) -> None:
    pdf.save(path, compress_streams=False)
    pdf.close()


def _page(pdf: pikepdf.Pdf, content: pikepdf.Object, **resources: Any) -> None:
    add_page(pdf, b"", [0, 0, 300, 400])
    page = pdf.pages[-1].obj
    page["/Contents"] = content
    page["/Resources"] = pikepdf.Dictionary({f"/{name}": v for name, v in resources.items()})


def _stream(pdf: pikepdf.Pdf, data: bytes, times: int = 0, **entries: Any) -> pikepdf.Object:
    """An indirect stream whose data is deflated already, once or more."""
    stream = pikepdf.Stream(pdf, data)
    for name, value in entries.items():
        stream[f"/{name}"] = value
    if times:
        stream["/Filter"] = pikepdf.Array([pikepdf.Name.FlateDecode] * times)
    return pdf.make_indirect(stream)


def _content_bomb(path: Path) -> None:
    pdf = pikepdf.new()
    _page(pdf, _stream(pdf, zlib.compress(_zeros(600 * _MEGA, fill=b" "), 9), 2))
    _pdf(path, pdf)


def _plain_content_bomb(path: Path) -> None:
    pdf = pikepdf.new()
    _page(pdf, _stream(pdf, _zeros(100 * _MEGA, fill=b" "), 1))
    _pdf(path, pdf)


def _repeated_content(path: Path) -> None:
    """One stream of 20 MB that a page names a hundred times."""
    pdf = pikepdf.new()
    stream = _stream(pdf, _zeros(20 * _MEGA, fill=b" "), 1)
    _page(pdf, pikepdf.Array([stream] * 100))
    _pdf(path, pdf)


def _image_bomb(path: Path) -> None:
    pdf = pikepdf.new()
    data = zlib.compress(_zeros(300 * _MEGA), 1)
    _page(
        pdf,
        _stream(pdf, b"q 300 0 0 400 0 0 cm /Im0 Do Q"),
        XObject=pikepdf.Dictionary({"/Im0": _image(pdf, data, (10_000, 10_000), 2)}),
    )
    _pdf(path, pdf)


def _image(pdf: pikepdf.Pdf, data: bytes, size: tuple[int, int], times: int) -> pikepdf.Object:
    name = pikepdf.Name
    entries: dict[str, Any] = {"Type": name.XObject, "Subtype": name.Image}
    entries |= {"Width": size[0], "Height": size[1], "BitsPerComponent": 8}
    return _stream(pdf, data, times, ColorSpace=name.DeviceRGB, **entries)


def _image_claim(path: Path) -> None:
    pdf = pikepdf.new()
    _page(
        pdf,
        _stream(pdf, b"q 100 0 0 100 0 0 cm /Im0 Do Q 0 0 9 9 re f"),
        XObject=pikepdf.Dictionary({"/Im0": _image(pdf, _zeros(_MEGA), (60_000, 60_000), 1)}),
    )
    _pdf(path, pdf)


def _form_bomb(path: Path) -> None:
    """Forms that draw ten forms each, nine deep: a thousand million times nothing."""
    pdf = pikepdf.new()
    form = _stream(pdf, b"0 0 1 1 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form,
                   BBox=pikepdf.Array([0, 0, 300, 400]))  # fmt: skip
    for _ in range(9):
        inner = pikepdf.Dictionary({"/XObject": pikepdf.Dictionary({"/F#31": form, "/F1": form})})
        form = _stream(pdf, b"/F1 Do " * 10, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form,
                       BBox=pikepdf.Array([0, 0, 300, 400]), Resources=inner)  # fmt: skip
    _page(pdf, _stream(pdf, b"/F1 Do"), XObject=pikepdf.Dictionary({"/F1": form}))
    _pdf(path, pdf)


def _form_loop(path: Path) -> None:
    """A form that draws itself."""
    pdf = pikepdf.new()
    form = _stream(pdf, b"0 g 20 300 100 50 re f /F1 Do", Type=pikepdf.Name.XObject,
                   Subtype=pikepdf.Name.Form, BBox=pikepdf.Array([0, 0, 300, 400]))  # fmt: skip
    form["/Resources"] = pikepdf.Dictionary({"/XObject": pikepdf.Dictionary({"/F1": form})})
    _page(pdf, _stream(pdf, b"/F1 Do"), XObject=pikepdf.Dictionary({"/F1": form}))
    _pdf(path, pdf)


def raw_pdf(bodies: list[bytes]) -> bytes:
    """A PDF of these objects (1, 2 …, the first being the catalogue) with a true table."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, at)
    return bytes(out)


_CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
_SHEET = b"<</Type/Page/Parent 2 0 R/Resources<<>>/MediaBox[0 0 100 100]>>"


def _many_pages() -> bytes:
    count = 100_000
    kids = b" ".join(b"%d 0 R" % number for number in range(3, count + 3))
    return raw_pdf([_CATALOG, b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids)]
                   + [_SHEET] * count)  # fmt: skip


def _deep_tree() -> bytes:
    depth = 20_000
    nodes = [
        b"<</Type/Pages/Count 1/Kids[%d 0 R]%s>>"
        % (number + 1, b"" if number == 2 else b"/Parent %d 0 R" % (number - 1))
        for number in range(2, depth + 2)
    ]
    leaf = b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 100 100]>>" % (depth + 1)
    return raw_pdf([_CATALOG, *nodes, leaf])


def _deep_array() -> bytes:
    deep = b"[" * 100_000 + b"]" * 100_000
    tree = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
    return raw_pdf([b"<</Type/Catalog/Pages 2 0 R/X %s>>" % deep, tree, _SHEET])


def _looping_tree() -> bytes:
    tree = b"<</Type/Pages/Count 2/Kids[3 0 R 2 0 R]>>"
    return raw_pdf([_CATALOG, tree, _SHEET])


def _looping_object() -> bytes:
    return raw_pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"2 0 R", _SHEET])


def _looping_table() -> bytes:
    data = raw_pdf([_CATALOG, b"<</Type/Pages/Count 1/Kids[3 0 R]>>", _SHEET])
    at = data.index(b"xref\n")
    return data.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % at)


def _object_stream_bomb() -> bytes:
    body = b"4 0 " + b"<<>>"
    packed = _deflated(iter([body, *(b" " * _MEGA for _ in range(300))]))
    stream = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%s\nendstream"
    bodies = [_CATALOG, b"<</Type/Pages/Count 1/Kids[3 0 R]>>", _SHEET]
    return raw_pdf([*bodies, stream % (len(packed), packed)])


def _built(build: Callable[[], bytes]) -> Make:
    return lambda path: path.write_bytes(build())


CASES: tuple[Case, ...] = (
    refused("bomb-900-megapixels.png", _png_bomb, TOO_LARGE),
    refused("bomb-note.png", _note_bomb, UNREADABLE),
    refused("bomb-fax-400-megapixels.tif", _fax_bomb, TOO_LARGE),
    refused("bomb-header.jpg", jpeg_header, TOO_LARGE),
    refused("bomb-header.jp2", jp2_header, TOO_LARGE),
    refused("bomb-header.tif", _tiff_header, TOO_LARGE),
    refused("bomb-frames.tif", _many_frames, TOO_LARGE),
    taken("loop.tif", _looping(big=False)),
    taken("loop-big.tif", _looping(big=True)),
    refused("strip-beyond-end.tif", _lying(t273=(LONG, (10_000_000,))), TRUNCATED),
    taken("strip-too-short.tif", _lying(t279=(LONG, (100,)))),
    taken("strip-too-long.tif", _lying(t279=(LONG, (4_000_000_000,)))),
    refused("samples-lie.tif", _lying(t277=(SHORT, (60_000,))), UNREADABLE),
    refused("bits-lie.tif", _lying(t258=(SHORT, (33,))), UNREADABLE),
    refused("no-width.tif", _lying(t256=(LONG, (0,))), UNREADABLE),
    refused("unknown-compression.tif", _lying(t259=(SHORT, (34_661,))), UNREADABLE),
    refused("bomb-content-twice.pdf", _content_bomb, PDF_BOMB),
    refused("bomb-content.pdf", _plain_content_bomb, PDF_BOMB),
    refused("bomb-content-repeated.pdf", _repeated_content, PDF_BOMB),
    refused("bomb-image.pdf", _image_bomb, PDF_BOMB),
    refused("bomb-image-claim.pdf", _image_claim, TOO_LARGE),
    refused("bomb-forms.pdf", _form_bomb, PDF_BOMB),
    refused("bomb-objects.pdf", _built(_object_stream_bomb), PDF_BOMB),
    taken("form-loop.pdf", _form_loop, truth=None),
    refused("bomb-pages.pdf", _built(_many_pages), TOO_LARGE),
    refused("deep-tree.pdf", _built(_deep_tree), BAD_PDF),
    refused("deep-array.pdf", _built(_deep_array), BAD_PDF),
    refused("loop-tree.pdf", _built(_looping_tree), BAD_PDF),
    refused("loop-object.pdf", _built(_looping_object), BAD_PDF),
    taken("loop-table.pdf", _built(_looping_table), PDF_REPAIRED, truth=None),
)
"""Every file that is dangerous by its size or its structure."""
