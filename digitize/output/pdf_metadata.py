"""What a PDF says of itself: information, XMP, colours, languages, labels (PDF/A-2u)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pikepdf
from lxml import etree
from PIL import ImageCms

from pages.codec import language_tag

PRODUCER = "Olketanu"
_ICC_DATE = slice(24, 36)  # ICC.1 §7.2.8: time of making, which must not be now
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_META = "adobe:ns:meta/"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_XMP = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
}


@dataclass(frozen=True, slots=True)
class PdfInfo:
    """What is to be said of a document.

    ``identifier`` is the document's id; ``time`` ISO 8601 with zone, written as time of making;
    ``languages`` ISO 639-2 codes, the main one first.
    """

    identifier: str
    title: str
    time: str
    languages: tuple[str, ...]


def describe(pdf: pikepdf.Pdf, info: PdfInfo, labels: Sequence[str | None]) -> None:
    """Write everything that is said of the document into ``pdf``; ``labels`` one a page."""
    moment = datetime.fromisoformat(info.time)
    date = f"D:{moment:%Y%m%d%H%M%S}" + _pdf_zone(moment)
    title = " ".join(info.title.split())
    pdf.trailer.Info = pdf.make_indirect(
        pikepdf.Dictionary(
            Title=title, Producer=PRODUCER, Creator=PRODUCER, CreationDate=date, ModDate=date
        )
    )
    metadata = pdf.make_stream(_xmp(info, title, moment))
    metadata.Type, metadata.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
    pdf.Root.Metadata = metadata
    pdf.Root.OutputIntents = [_output_intent(pdf)]
    pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    pdf.Root.PageLabels = pikepdf.Dictionary(Nums=_labels(labels))
    if info.languages:
        pdf.Root.Lang = pikepdf.String(language_tag(info.languages[0]))


def _pdf_zone(moment: datetime) -> str:
    """The zone of a PDF date (ISO 32000-1 §7.9.4)."""
    zone = f"{moment:%z}"
    return "Z" if zone in ("", "+0000") else f"{zone[:3]}'{zone[3:5]}'"


def _labels(labels: Sequence[str | None]) -> pikepdf.Array:
    """Page labels as printed; a page without one has its number (ISO 32000-1 §12.4.2)."""
    numbers = pikepdf.Array()
    for position, label in enumerate(labels):
        counted = pikepdf.Dictionary(S=pikepdf.Name.D, St=position + 1)
        entry = pikepdf.Dictionary(P=pikepdf.String(label)) if label else counted
        numbers.append(position)
        numbers.append(entry)
    return numbers


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


def _xmp(info: PdfInfo, title: str, moment: datetime) -> bytes:
    """The metadata packet, equal to the information dictionary (ISO 19005-2 §6.6.3)."""
    namespaces = {"x": _META}
    root = etree.Element(f"{{{_META}}}xmpmeta", nsmap=namespaces)
    rdf = etree.SubElement(root, f"{{{_RDF}}}RDF", nsmap={"rdf": _RDF})
    about = etree.SubElement(rdf, f"{{{_RDF}}}Description", nsmap=_XMP)
    about.set(f"{{{_RDF}}}about", "")
    time = moment.isoformat().replace("+00:00", "Z")
    for name, value in (
        ("pdfaid:part", "2"),
        ("pdfaid:conformance", "U"),
        ("pdf:Producer", PRODUCER),
        ("xmp:CreatorTool", PRODUCER),
        ("xmp:CreateDate", time),
        ("xmp:ModifyDate", time),
        ("xmp:MetadataDate", time),
        ("dc:format", "application/pdf"),
        ("dc:identifier", info.identifier),
    ):
        _property(about, name).text = value
    alternative = etree.SubElement(_property(about, "dc:title"), f"{{{_RDF}}}Alt")
    item = etree.SubElement(alternative, f"{{{_RDF}}}li")
    item.set(_XML_LANG, "x-default")
    item.text = title
    if info.languages:
        bag = etree.SubElement(_property(about, "dc:language"), f"{{{_RDF}}}Bag")
        for code in info.languages:
            etree.SubElement(bag, f"{{{_RDF}}}li").text = language_tag(code)
    etree.indent(root, " ")
    begin = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'.encode()
    return begin + etree.tostring(root, encoding="UTF-8") + b'\n<?xpacket end="w"?>'


def _property(parent: etree._Element, name: str) -> etree._Element:
    prefix, _, local = name.partition(":")
    return etree.SubElement(parent, f"{{{_XMP[prefix]}}}{local}")
