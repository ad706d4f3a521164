"""The rules of PDF/A-2u (ISO 19005-2) that our PDFs could break, each looked for in a file.

No validator: it knows what our writer makes, and distrusts everything else.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
from lxml import etree
from PIL import Image, ImageCms, UnidentifiedImageError

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_AID = "{http://www.aiim.org/pdfa/ns/id/}"
_XMP = "{http://ns.adobe.com/xap/1.0/}"
_PDF = "{http://ns.adobe.com/pdf/1.3/}"
_FILTERS = {"/FlateDecode", "/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/RunLengthDecode"}
_ACTIVE = {"/AA", "/OpenAction", "/AcroForm", "/Names", "/OCProperties", "/Perms", "/Requirements"}
_ACTIVE |= {"/NeedsRendering", "/XFA", "/JavaScript", "/Collection"}
_OPERATORS = {"q", "Q", "cm", "Do", "rg", "BT", "ET", "Tr", "Tf", "Tm", "Td", "Tz", "Tj", "TJ"}
_OPERATORS |= {"BDC", "EMC"}
_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_RANGE = re.compile(r"<(....)> <(....)> <(....)>\n")
_SPACES = {"/DeviceGray": 1, "/DeviceRGB": 3}


def faults(path: Path) -> list[str]:
    """What is against the rules, as "clause: what"; empty where nothing was found."""
    found = list(_file(path.read_bytes()))
    with pikepdf.open(path) as pdf:
        found += [f"6.1.1: {fault}" for fault in pdf.check_pdf_syntax()]
        found += [*_catalogue(pdf), *_metadata(pdf), *_intents(pdf), *_objects(pdf)]
        for number, page in enumerate(pdf.pages, 1):
            found += [f"{fault} (page {number})" for fault in _page(page)]
        found += _navigation(pdf)
    return found


def _file(data: bytes) -> Iterator[str]:
    lines = data.split(b"\n", 2)
    if not re.fullmatch(rb"%PDF-1\.[0-7]", lines[0]):
        yield "6.1.2: header"
    if not lines[1].startswith(b"%") or sum(byte > 127 for byte in lines[1][1:5]) < 4:
        yield "6.1.2: no binary comment"
    if not data.rstrip(b"\r\n").endswith(b"%%EOF"):
        yield "6.1.3: data after the end"


def _catalogue(pdf: pikepdf.Pdf) -> Iterator[str]:
    if pdf.is_encrypted or "/Encrypt" in pdf.trailer:
        yield "6.1.3: encrypted"
    if len(pdf.trailer.get("/ID", [])) != 2:
        yield "6.1.3: no ID"
    yield from (f"6.4/6.5/6.9: {key}" for key in _ACTIVE if key in pdf.Root)
    if not _TAG.fullmatch(str(pdf.Root.get("/Lang", "kk"))):
        yield "6.7.4: language of the document"


def _metadata(pdf: pikepdf.Pdf) -> Iterator[str]:
    packet = pdf.Root.Metadata.read_bytes()
    if b"bytes=" in packet[:120] or b"encoding=" in packet[:120]:
        yield "6.6.2.1: packet header"
    root = etree.fromstring(packet)
    if [_one(root, f"{_AID}part"), _one(root, f"{_AID}conformance")] != ["2", "U"]:
        yield "6.6.4: identification"
    said = pdf.docinfo
    authors = "; ".join(_all(root, f"{_DC}creator"))
    pairs = {"/Title": _all(root, f"{_DC}title"), "/Author": [authors] if authors else []}
    pairs["/Producer"] = _all(root, f"{_PDF}Producer")
    pairs["/Creator"] = _all(root, f"{_XMP}CreatorTool")
    for key, values in pairs.items():
        if ([str(said[key])] if key in said else []) != values:
            yield f"6.6.3: {key}"
    for key, name in (("/CreationDate", "CreateDate"), ("/ModDate", "ModifyDate")):
        digits = re.sub(r"\D", "", str(said[key]))
        if digits != re.sub(r"\D", "", _one(root, f"{_XMP}{name}")):
            yield f"6.6.3: {key}"


def _one(root: etree._Element, name: str) -> str:
    return str(root.findtext(f".//{name}", ""))


def _all(root: etree._Element, name: str) -> list[str]:
    element = root.find(f".//{name}")
    if element is None:
        return []
    items = [str(item.text or "") for item in element.iter(f"{_RDF}li")]
    return items or [str(element.text or "")]


def _intents(pdf: pikepdf.Pdf) -> Iterator[str]:
    (intent,) = pdf.Root.OutputIntents
    profile = intent.DestOutputProfile.read_bytes()
    ImageCms.ImageCmsProfile(io.BytesIO(profile))
    if str(intent.S) != "/GTS_PDFA1" or profile[16:20] != b"RGB ":
        yield "6.2.3: output intent"
    if int(intent.DestOutputProfile.N) != 3:
        yield "6.2.3: channels of the output intent"


def _objects(pdf: pikepdf.Pdf) -> Iterator[str]:
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream):
            names: Any = item.get("/Filter", [])
            used = {str(names)} if isinstance(names, pikepdf.Name) else {str(n) for n in names}
            yield from (f"6.1.7.2: {name}" for name in used - _FILTERS)
            yield from (f"6.1.7.1: {key}" for key in ("/F", "/FFilter") if key in item)
        if isinstance(item, pikepdf.Stream | pikepdf.Dictionary):
            yield from (f"6.5: {key}" for key in ("/JS", "/AA", "/EF", "/XFA") if key in item)
            if str(item.get("/Type", "")) in ("/ExtGState", "/Action", "/Annot"):
                yield f"6.2.5/6.3/6.5: {item.Type}"


def _page(page: pikepdf.Page) -> Iterator[str]:
    sides = [float(side) for side in page.mediabox]
    if not all(3 <= side <= 14400 for side in (sides[2] - sides[0], sides[3] - sides[1])):
        yield "6.1.13: size of the page"
    yield from (f"6.3/6.5: {key}" for key in ("/AA", "/Annots", "/PresSteps") if key in page.obj)
    if "/Group" in page.obj:
        yield "6.2.10: transparency"
    resources = page.obj.Resources
    images: Any = resources.get("/XObject", {})
    for name in images:
        yield from _image(images[name])
    yield from _content(page, {str(name) for name in images}, _codes_of(resources))


def _image(image: Any) -> Iterator[str]:
    yield from (f"6.2.8: {k}" for k in ("/Alternates", "/OPI", "/SMask") if k in image)
    if bool(image.get("/Interpolate", False)):
        yield "6.2.8: interpolation"
    if "/Mask" in image:
        if not bool(image.Mask.get("/ImageMask", False)):
            yield "6.2.8: mask"
        yield from _image(image.Mask)
    if not bool(image.get("/ImageMask", False)):
        yield from _samples(image)
    elif int(image.BitsPerComponent) != 1 or "/ColorSpace" in image:
        yield "6.2.8: stencil"


def _samples(image: Any) -> Iterator[str]:
    if int(image.BitsPerComponent) not in (1, 2, 4, 8, 16):
        yield "6.2.8: depth"
    yield from _colours(image)
    if str(image.Filter) in ("/DCTDecode", "/JPXDecode"):
        try:
            with Image.open(io.BytesIO(image.read_raw_bytes())) as held:
                if held.size != (int(image.Width), int(image.Height)):
                    yield "6.2.8: size"
        except UnidentifiedImageError:
            yield "6.2.8: unreadable"


def _colours(image: Any) -> Iterator[str]:
    space = image.ColorSpace
    if isinstance(space, pikepdf.Name):
        if str(space) not in _SPACES:
            yield f"6.2.4.3: {space}"
    elif str(space[0]) == "/ICCBased":
        profile = space[1].read_bytes()
        names = {1: b"GRAY", 3: b"RGB ", 4: b"CMYK"}
        if profile[16:20] != names.get(int(space[1].N)) or profile[8] > 4:
            yield "6.2.4.2: profile"
        ImageCms.ImageCmsProfile(io.BytesIO(profile))
    elif str(space[0]) != "/Indexed" or str(space[1]) not in _SPACES:
        yield f"6.2.4: {space[0]}"


def _codes_of(resources: Any) -> set[int]:
    """Codes that the page's font shows and tells the meaning of; faults of it come as -1."""
    fonts = resources.get("/Font", {})
    if "/F1" not in fonts:
        return set()
    font = fonts["/F1"]
    descendant = font.DescendantFonts[0]
    file = descendant.FontDescriptor.get("/FontFile2")
    glyphs = descendant.CIDToGIDMap.read_bytes()
    mapped = {}
    for first, last, value in _RANGE.findall(font.ToUnicode.read_bytes().decode()):
        for code in range(int(first, 16), int(last, 16) + 1):
            mapped[code] = int(value, 16) + code - int(first, 16)
    shown = {code for code in mapped if glyphs[2 * code : 2 * code + 2] not in (b"", b"\0\0")}
    bad = {0, 0xFEFF, 0xFFFE} & set(mapped.values())
    whole = file is not None and str(font.Encoding) == "/Identity-H"
    return shown | ({-1} if bad or not whole else set())


def _content(page: pikepdf.Page, images: set[str], codes: set[int]) -> Iterator[str]:
    if -1 in codes:
        yield "6.2.11: font"
    depth = deepest = 0
    for instruction in pikepdf.parse_content_stream(page):
        name, operands = str(instruction.operator), instruction.operands
        depth += (name == "q") - (name == "Q")
        deepest = max(deepest, depth)
        yield from _instruction(name, operands, images, codes)
    if depth or deepest > 28:
        yield "6.1.13: nesting"


def _instruction(name: str, operands: Any, images: set[str], codes: set[int]) -> Iterator[str]:
    if name not in _OPERATORS:
        yield f"6.2.2: operator {name}"
    elif name == "Do" and str(operands[0]) not in images:
        yield f"6.2.2: no {operands[0]}"
    elif name == "Tj":
        code = bytes(operands[0])
        shown = {int.from_bytes(code[i : i + 2], "big") for i in range(0, len(code), 2)}
        if shown - codes:
            yield "6.2.11.7.2: codes without meaning"
    elif name == "BDC" and not _TAG.fullmatch(str(operands[1].Lang)):
        yield "6.7.4: language of a line"


def _navigation(pdf: pikepdf.Pdf) -> Iterator[str]:
    numbers = pdf.Root.PageLabels.Nums
    if int(numbers[0]) != 0:
        yield "12.4.2: labels do not begin with the first page"
    places = {page.obj.objgen for page in pdf.pages}
    with pdf.open_outline() as outline:
        for item in outline.root:
            destination: Any = item.destination
            if destination is None or destination[0].objgen not in places:
                yield "12.3.3: outline"
