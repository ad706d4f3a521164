"""METS 1.12: which files make up a document, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from lxml import etree

from pages.codec import language_tag

NAMESPACE = "http://www.loc.gov/METS/"
_XLINK = "http://www.w3.org/1999/xlink"
_DC = "http://purl.org/dc/elements/1.1/"
_NSMAP = {"mets": NAMESPACE, "xlink": _XLINK, "dc": _DC}
MASTER = "MASTER"


@dataclass(frozen=True, slots=True)
class MetsFile:
    """One file: its use, its path beside the METS file, and what checks it.

    ``use`` is MASTER, ALTO, WORDS, WEB or PDF; a master's ``path`` is its SHA-256. ``page`` is the
    page key, or None for a file of the whole document. ``size`` in bytes, 0 where unknown.
    """

    use: str
    path: str
    sha256: str
    size: int = 0
    mimetype: str = ""
    page: str | None = None


@dataclass(frozen=True, slots=True)
class MetsDocument:
    """A document: id, title, time (ISO 8601), languages (ISO 639-2), (page key, label) in order."""

    identifier: str
    title: str
    time: str
    languages: tuple[str, ...]
    pages: tuple[tuple[str, str | None], ...]


def write_mets(document: MetsDocument, files: Sequence[MetsFile]) -> bytes:
    """Return the METS file; equal input gives equal bytes. Files are grouped by use."""
    root = etree.Element(_q("mets"), nsmap=_NSMAP)
    root.set("OBJID", document.identifier)
    root.set("TYPE", "document")
    root.set("LABEL", document.title)
    header = _add(root, "metsHdr", CREATEDATE=document.time)
    agent = _add(header, "agent", ROLE="CREATOR", TYPE="OTHER", OTHERTYPE="SOFTWARE")
    _add(agent, "name").text = "Olketanu"
    section = _add(root, "dmdSec", ID="dc")
    data = _add(_add(section, "mdWrap", MDTYPE="DC"), "xmlData")
    _dc(data, "title", document.title)
    _dc(data, "identifier", document.identifier)
    for code in document.languages:
        _dc(data, "language", language_tag(code))
    named = [(f"file-{number}", file) for number, file in enumerate(files, 1)]
    _file_section(root, named)
    _structure(root, document, named)
    etree.indent(root, " ")
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def _q(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _add(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, _q(name), attributes)


def _dc(parent: etree._Element, name: str, value: str) -> None:
    etree.SubElement(parent, f"{{{_DC}}}{name}").text = value


def _file_section(root: etree._Element, named: list[tuple[str, MetsFile]]) -> None:
    section = _add(root, "fileSec")
    ordered = sorted(named, key=lambda pair: pair[1].use)
    for use, group in groupby(ordered, key=lambda pair: pair[1].use):
        element = _add(section, "fileGrp", USE=use)
        for name, file in group:
            _file(element, name, file)


def _file(group: etree._Element, name: str, file: MetsFile) -> None:
    element = _add(group, "file", ID=name)
    if file.mimetype:
        element.set("MIMETYPE", file.mimetype)
    if file.size:
        element.set("SIZE", str(file.size))
    element.set("CHECKSUM", file.sha256)
    element.set("CHECKSUMTYPE", "SHA-256")
    if file.use == MASTER:
        # Masters are found by their content, wherever they are kept.
        place = _add(element, "FLocat", LOCTYPE="OTHER", OTHERLOCTYPE="SHA-256")
    else:
        place = _add(element, "FLocat", LOCTYPE="URL")
    place.set(f"{{{_XLINK}}}href", file.path)


def _structure(
    root: etree._Element, document: MetsDocument, named: list[tuple[str, MetsFile]]
) -> None:
    by_page: dict[str | None, list[str]] = {}
    for name, file in named:
        by_page.setdefault(file.page, []).append(name)
    top = _add(_add(root, "structMap", TYPE="PHYSICAL"), "div", TYPE="document", DMDID="dc")
    for name in by_page.get(None, []):
        _add(top, "fptr", FILEID=name)
    for order, (key, label) in enumerate(document.pages, 1):
        element = _add(top, "div", TYPE="page", ID=key, ORDER=str(order))
        if label:
            element.set("ORDERLABEL", label)
        for name in by_page.get(key, []):
            _add(element, "fptr", FILEID=name)
