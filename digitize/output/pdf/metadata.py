"""What a PDF says of itself: information, XMP, colours, languages, labels (PDF/A-2u)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pikepdf
from lxml import etree
from PIL import ImageCms

from language.dates import parse_date
from pages.codec import language_tag
from pages.xml import clean

PRODUCER = "Olketanu"
AUTHORS_BETWEEN = "; "
_ICC_DATE = slice(24, 36)  # ICC.1 §7.2.8: time of making, which must not be now
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_META = "adobe:ns:meta/"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_XMP = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
}


@dataclass(frozen=True, slots=True)
class PdfInfo:
    """What is to be said of a document.

    ``identifier`` is the document's id; ``time`` ISO 8601 with zone, written as time of making;
    ``languages`` ISO 639-2 codes, the main one first; ``date`` of the original as it is written
    somewhere (only a date that can be told for sure gets into the file); ``rights`` a code;
    ``address`` where the document is found, with the rights in force.
    """

    identifier: str
    title: str
    time: str
    languages: tuple[str, ...]
    authors: tuple[str, ...] = ()
    date: str = ""
    rights: str = ""
    address: str = ""


def describe(
    pdf: pikepdf.Pdf, info: PdfInfo, labels: Sequence[str | None], *, archival: bool = True
) -> None:
    """Write everything that is said of the document into ``pdf``; ``labels`` one a page.

    Only with ``archival`` the file says that it is PDF/A.
    """
    moment = datetime.fromisoformat(info.time)
    date = f"D:{moment:%Y%m%d%H%M%S}" + _pdf_zone(moment)
    plain = _plain(info)
    said = pikepdf.Dictionary(
        Title=plain.title, Producer=PRODUCER, Creator=PRODUCER, CreationDate=date, ModDate=date
    )
    if plain.authors:
        said.Author = AUTHORS_BETWEEN.join(plain.authors)
    pdf.trailer.Info = pdf.make_indirect(said)
    metadata = pdf.make_stream(_xmp(plain, moment, archival=archival))
    metadata.Type, metadata.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
    pdf.Root.Metadata = metadata
    pdf.Root.OutputIntents = [_output_intent(pdf)]
    pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    pdf.Root.PageLabels = pikepdf.Dictionary(Nums=_labels(labels))
    if info.languages:
        pdf.Root.Lang = pikepdf.String(language_tag(info.languages[0]))


def _plain(info: PdfInfo) -> PdfInfo:
    """The same with every text in one line of characters that XML can hold."""
    authors = tuple(name for name in (_line(author) for author in info.authors) if name)
    return replace(info, title=_line(info.title), authors=authors, rights=_line(info.rights))


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _pdf_zone(moment: datetime) -> str:
    """The zone of a PDF date (ISO 32000-1 §7.9.4)."""
    zone = f"{moment:%z}"
    return "Z" if zone in ("", "+0000") else f"{zone[:3]}'{zone[3:5]}'"


def _labels(labels: Sequence[str | None]) -> pikepdf.Array:
    """Page labels as printed; a page without one has its place (ISO 32000-1 §12.4.2).

    A span in which each number follows the one before is one entry.
    """
    numbers = pikepdf.Array()
    expected: int | None = None
    for position, label in enumerate(labels):
        number = position + 1 if not label else int(label) if _counts(label) else None
        if number is None:
            _append(numbers, position, pikepdf.Dictionary(P=pikepdf.String(str(label))))
        elif number != expected:
            _append(numbers, position, pikepdf.Dictionary(S=pikepdf.Name.D, St=number))
        expected = None if number is None else number + 1
    return numbers


def _append(numbers: pikepdf.Array, position: int, entry: pikepdf.Dictionary) -> None:
    numbers.append(position)
    numbers.append(entry)


def _counts(label: str) -> bool:
    """Whether the label is a number that a PDF can count on from."""
    return label.isascii() and label.isdigit() and label[0] != "0"


def _output_intent(pdf: pikepdf.Pdf) -> pikepdf.Dictionary:
    """The colours are sRGB (ISO 19005-2 §6.2.3)."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[_ICC_DATE] = b"\x07\xd0\0\x01\0\x01\0\0\0\0\0\0"
    stream = pdf.make_stream(bytes(profile))
    stream.N = 3
    return pikepdf.Dictionary(
        Type=pikepdf.Name.OutputIntent,
        S=pikepdf.Name("/GTS_PDFA1"),
        OutputConditionIdentifier="sRGB",
        Info="sRGB IEC61966-2.1",
        DestOutputProfile=stream,
    )


def _xmp(info: PdfInfo, moment: datetime, *, archival: bool) -> bytes:
    """The metadata packet, equal to the information dictionary (ISO 19005-2 §6.6.3)."""
    root = etree.Element(f"{{{_META}}}xmpmeta", nsmap={"x": _META})
    rdf = etree.SubElement(root, f"{{{_RDF}}}RDF", nsmap={"rdf": _RDF})
    about = etree.SubElement(rdf, f"{{{_RDF}}}Description", nsmap=_XMP)
    about.set(f"{{{_RDF}}}about", "")
    time = moment.isoformat().replace("+00:00", "Z")
    claim = [("pdfaid:part", "2"), ("pdfaid:conformance", "U")] if archival else []
    plain = [
        *claim,
        ("pdf:Producer", PRODUCER),
        ("xmp:CreatorTool", PRODUCER),
        ("xmp:CreateDate", time),
        ("xmp:ModifyDate", time),
        ("xmp:MetadataDate", time),
        ("dc:format", "application/pdf"),
        ("dc:identifier", info.identifier),
        ("xmpRights:WebStatement", info.address),
    ]
    for name, value in plain:
        if value:
            _property(about, name).text = value
    _list(about, "dc:title", "Alt", [info.title])
    _list(about, "dc:creator", "Seq", info.authors)
    date = parse_date(info.date) if info.date else None
    _list(about, "dc:date", "Seq", [str(date)] if date else [])
    _list(about, "dc:language", "Bag", [language_tag(code) for code in info.languages])
    _list(about, "dc:rights", "Alt", [info.rights] if info.rights else [])
    etree.indent(root, " ")
    begin = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'.encode()
    return begin + etree.tostring(root, encoding="UTF-8") + b'\n<?xpacket end="w"?>'


def _list(about: etree._Element, name: str, kind: str, values: Sequence[str]) -> None:
    """A property of several values: Alt (of languages), Seq (in order) or Bag; none without any."""
    if not values:
        return
    held = etree.SubElement(_property(about, name), f"{{{_RDF}}}{kind}")
    for value in values:
        item = etree.SubElement(held, f"{{{_RDF}}}li")
        item.text = value
        if kind == "Alt":
            item.set(_XML_LANG, "x-default")


def _property(parent: etree._Element, name: str) -> etree._Element:
    prefix, _, local = name.partition(":")
    return etree.SubElement(parent, f"{{{_XMP[prefix]}}}{local}")
