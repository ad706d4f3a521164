"""PDFs as libraries get them: locked, damaged, active, turned, with scans of every filter."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from digitize.scan.codes import (
    ACTIVE_CONTENT,
    ATTACHMENTS,
    BAD_PDF,
    ENCRYPTED,
    OWNER_PASSWORD,
    PDF_REPAIRED,
    TOO_LARGE,
)
from tests.badfiles.bombs import jp2_header, jpeg_header, raw_pdf
from tests.badfiles.case import Case, Make, refused, taken
from tests.badfiles.scene import SIZE, bitonal_scene, grey_scene, scene
from tests.unit.made_files import add_page, scan_pdf

Change = Callable[[pikepdf.Pdf], None]


def _jpeg(name: str) -> bytes:
    buffer = io.BytesIO()
    scene(name).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def _scan(path: Path, **options: Any) -> Path:
    return scan_pdf(path, _jpeg(path.name), filter_name="/DCTDecode", size=SIZE, **options)


def _changed(change: Change, **saving: Any) -> Make:
    """A scan in a PDF, changed and saved again."""

    def make(path: Path) -> None:
        _scan(path)
        with pikepdf.open(path, allow_overwriting_input=True) as pdf:
            change(pdf)
            pdf.save(path, **saving)

    return make


def _edited(old: bytes, new: bytes) -> Make:
    """A scan in a PDF with some of its bytes replaced, its table left as it was."""

    def make(path: Path) -> None:
        _changed(lambda _: None, object_stream_mode=pikepdf.ObjectStreamMode.disable)(path)
        data = path.read_bytes()
        assert old in data
        path.write_bytes(data.replace(old, new))

    return make


def _nothing(pdf: pikepdf.Pdf) -> None:
    """The file is only saved anew."""


def _script(pdf: pikepdf.Pdf) -> None:
    action = Dictionary(S=Name.JavaScript, JS=String("app.alert('x')"))
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), action])))


def _opens(action: Dictionary) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = action

    return change


def _attached(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["letter.exe"] = b"MZ" + bytes(100)


def _xfa(pdf: pikepdf.Pdf) -> None:
    data = b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><xdp>&e;</xdp>"
    pdf.Root.AcroForm = Dictionary(XFA=pdf.make_stream(data), Fields=Array())


def _noted(subtype: Name, **entries: Any) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        note = Dictionary(Type=Name.Annot, Subtype=subtype, Rect=[0, 0, 50, 50], **entries)
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note)])

    return change


def _button(pdf: pikepdf.Pdf) -> None:
    _noted(Name.Widget, A=_launch(), FT=Name.Btn, T=String("b"))(pdf)
    pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.pages[0].obj.Annots[0]]))


def _launch() -> Dictionary:
    return Dictionary(S=Name.Launch, F=String("cmd.exe"))


def _page_action(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.AA = Dictionary(O=_launch())


def _more_updates(path: Path) -> None:
    """Two sections, the second of which replaces the page's size by the same."""
    _changed(_nothing, object_stream_mode=pikepdf.ObjectStreamMode.disable)(path)
    data = path.read_bytes()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        number = pdf.pages[0].obj.objgen[0]
        body = pdf.pages[0].obj.unparse(resolved=True)
        size = int(pdf.trailer.Size)
    before = int(data.rsplit(b"startxref", 1)[1].split()[0])
    at = len(data)
    data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(data)
    data += b"xref\n%d 1\n%010d 00000 n \n" % (number, at)
    data += b"trailer\n<</Size %d/Root 1 0 R/Prev %d>>\n" % (size, before)
    path.write_bytes(data + b"startxref\n%d\n%%%%EOF\n" % table)


def _bad_table(path: Path) -> None:
    _changed(_nothing, object_stream_mode=pikepdf.ObjectStreamMode.disable)(path)
    head, _, _ = path.read_bytes().rpartition(b"startxref")
    path.write_bytes(head + b"startxref\n7\n%%EOF\n")


def _pages(count: bytes, kids: bytes, *sheets: bytes) -> bytes:
    tree = b"<</Type/Pages/Count %s/Kids[%s]>>" % (count, kids)
    return raw_pdf([b"<</Type/Catalog/Pages 2 0 R>>", tree, *sheets])


def _sheet(box: bytes) -> bytes:
    return b"<</Type/Page/Parent 2 0 R/Resources<<>>/MediaBox[%s]>>" % box


_A5 = _sheet(b"0 0 420 595")


def _written(data: bytes) -> Make:
    return lambda path: path.write_bytes(data + b"%" + path.name.encode())


def _fax(path: Path) -> None:
    image = bitonal_scene(path.name)
    buffer = io.BytesIO()
    image.save(buffer, "TIFF", compression="group4", strip_size=1 << 20)
    with Image.open(io.BytesIO(buffer.getvalue())) as tiff:
        (start,), (size,) = tiff.tag_v2[273], tiff.tag_v2[279]  # type: ignore[attr-defined] # TIFF only
        black_is_one = tiff.tag_v2[262] != 0  # type: ignore[attr-defined] # TIFF only
    parameters = Dictionary(K=-1, Columns=SIZE[0], Rows=SIZE[1], BlackIs1=black_is_one)
    data = buffer.getvalue()[start : start + size]
    extra: dict[str, object] = {"/DecodeParms": parameters}
    scan_pdf(path, data, filter_name="/CCITTFaxDecode", space="/DeviceGray", bits=1, size=SIZE,
             extra=extra)  # fmt: skip


def _cmyk(path: Path) -> None:
    buffer = io.BytesIO()
    scene(path.name).convert("CMYK").save(buffer, "JPEG", quality=95)
    extra: dict[str, object] = {"/Decode": Array([1, 0] * 4)}
    scan_pdf(path, buffer.getvalue(), filter_name="/DCTDecode", space="/DeviceCMYK", size=SIZE,
             extra=extra)  # fmt: skip


def _plain(path: Path) -> None:
    scan_pdf(path, scene(path.name).tobytes(), size=SIZE)


def _grey(path: Path) -> None:
    scan_pdf(path, grey_scene(path.name).tobytes(), space="/DeviceGray", size=SIZE)


def _jp2(path: Path) -> None:
    buffer = io.BytesIO()
    scene(path.name).save(buffer, "JPEG2000")
    scan_pdf(path, buffer.getvalue(), filter_name="/JPXDecode", size=SIZE)


def _turned(degrees: int) -> Make:
    """The scan lies on its side, and the page says by how much it is to be turned."""

    def make(path: Path) -> None:
        image = scene(path.name).rotate(degrees, expand=True)
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=90)
        scan_pdf(path, buffer.getvalue(), filter_name="/DCTDecode", size=image.size,
                 rotate=degrees)  # fmt: skip

    return make


def _two_pages(path: Path) -> None:
    _scan(path)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        add_page(pdf, b"0 g 30 30 60 200 re f", [0, 0, 200, 300])
        pdf.save(path)


def _damaged_scan(path: Path) -> None:
    """A JPEG in the PDF breaks off in the middle."""
    data = _jpeg(path.name)
    scan_pdf(path, data[: len(data) // 2], filter_name="/DCTDecode", size=SIZE)


def _claiming(header: Make, name: str) -> Make:
    """The PDF tells of a small image, the image itself of a huge one."""

    def make(path: Path) -> None:
        header(path)
        scan_pdf(path, path.read_bytes(), filter_name=name, size=SIZE)

    return make


def _locked(**options: Any) -> Make:
    return _changed(_nothing, encryption=pikepdf.Encryption(**options))


def _active(name: str, change: Change, *codes: str) -> Case:
    return taken(name, _changed(change), *(codes or (ACTIVE_CONTENT,)))


CASES = (
    taken("scan-jpeg.pdf", _scan),
    taken("scan-jp2.pdf", _jp2),
    taken("scan-fax.pdf", _fax, truth=bitonal_scene),
    taken("scan-plain.pdf", _plain),
    taken("scan-grey.pdf", _grey),
    taken("scan-cmyk.pdf", _cmyk, corner=0.1 * 255),  # inks, not light: programs differ
    taken("turned-90.pdf", _turned(90)),
    taken("turned-180.pdf", _turned(180)),
    taken("turned-270.pdf", _turned(270)),
    taken("two-pages.pdf", _two_pages, pages=2, truth=None),
    refused("user-password.pdf", _locked(user="a", owner="b"), ENCRYPTED),
    refused(
        "user-password-old.pdf",
        _locked(user="a", owner="b", R=3, aes=False, metadata=False),
        ENCRYPTED,
    ),
    taken("owner-password.pdf", _locked(user="", owner="b"), OWNER_PASSWORD),
    _active("script.pdf", _script),
    _active("starts-script.pdf", _opens(Dictionary(S=Name.JavaScript, JS=String("x()")))),
    _active("starts-program.pdf", _opens(_launch())),
    _active("page-starts.pdf", _page_action),
    _active("button.pdf", _button),
    _active("form-data.pdf", _noted(Name.Link, A=Dictionary(S=Name.SubmitForm))),
    _active("xfa.pdf", _xfa),
    _active("attached.pdf", _attached, ATTACHMENTS),
    _active("attached-note.pdf", _noted(Name.FileAttachment), ATTACHMENTS),
    taken("opens-at-page.pdf", _changed(_opens(Dictionary(S=Name.GoTo, D=Array([0, Name.Fit]))))),
    taken(
        "external-link.pdf",
        _changed(_noted(Name.Link, A=Dictionary(S=Name.URI, URI=String("http://x.invalid/")))),
    ),
    taken("updated.pdf", _more_updates),
    taken("bad-table.pdf", _bad_table, PDF_REPAIRED),
    refused("count-lies.pdf", _written(_pages(b"5", b"3 0 R", _A5)), BAD_PDF),
    refused("count-too-small.pdf", _written(_pages(b"1", b"3 0 R 4 0 R", _A5, _A5)), BAD_PDF),
    refused("scan-claims-less.pdf", _claiming(jpeg_header, "/DCTDecode"), BAD_PDF),
    refused("scan-claims-less-jp2.pdf", _claiming(jp2_header, "/JPXDecode"), BAD_PDF),
    refused("page-missing.pdf", _written(_pages(b"2", b"3 0 R 9 0 R", _A5)), BAD_PDF),
    refused("page-is-number.pdf", _written(_pages(b"2", b"3 0 R 7", _A5)), BAD_PDF),
    refused("no-pages.pdf", _written(_pages(b"0", b"")), BAD_PDF),
    refused("no-tree.pdf", _written(raw_pdf([b"<</Type/Catalog>>"])), BAD_PDF),
    taken("sheet-of-nothing.pdf", _written(_pages(b"1", b"3 0 R", _sheet(b"0 0 0 0"))), truth=None),
    taken(
        "sheet-of-a-line.pdf", _written(_pages(b"1", b"3 0 R", _sheet(b"0 0 0 500"))), truth=None
    ),
    taken(
        "sheet-of-words.pdf",
        _written(_pages(b"1", b"3 0 R", _sheet(b"/A /B /C /D"))),
        PDF_REPAIRED,
        truth=None,
    ),
    refused(
        "sheet-of-a-country.pdf",
        _written(_pages(b"1", b"3 0 R", _sheet(b"0 0 2000000000 2000000000"))),
        TOO_LARGE,
    ),
    taken("blank.pdf", _written(_pages(b"1", b"3 0 R", _A5)), truth=None),
    refused("scan-broken.pdf", _damaged_scan, BAD_PDF),
    taken("catalogue-misnamed.pdf", _edited(b"/Type /Catalog", b"/Type /Catalag"), PDF_REPAIRED),
)
"""Every PDF."""
