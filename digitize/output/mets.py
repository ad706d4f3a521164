"""METS 1.12: which files make up a document, page by page and article by article.

- ``dmdSec`` ``dc`` describes the document, ``dc-a0001`` … each article (Dublin Core).
- ``amdSec``: ``rightsMD`` points at the sidecar ``document.json``, where the rights in force stand
  (they change without the files); ``digiprovMD`` holds one PREMIS event a processing step.
- ``fileSec``: MASTER (by hash), ACCESS (PDF), ALTO, TEXT (words), WEB, with size and SHA-256.
- ``structMap``: PHYSICAL (pages with their printed numbers) and LOGICAL (document > articles; an
  article's ``area`` is a region of an ALTO file); ``structLink`` ties both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from lxml import etree

from pages.codec import language_tag
from pages.text import Article, ProcessingStep
from pages.xml import clean, parser

NAMESPACE = "http://www.loc.gov/METS/"
_SCHEMA = f"{NAMESPACE} http://www.loc.gov/standards/mets/mets.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_XLINK = "http://www.w3.org/1999/xlink"
_DC = "http://purl.org/dc/elements/1.1/"
_PREMIS = "http://www.loc.gov/premis/v3"
_NSMAP = {"mets": NAMESPACE, "xlink": _XLINK, "dc": _DC, "premis": _PREMIS, "xsi": _XSI}
MASTER, ALTO = "MASTER", "ALTO"
SIDECAR = "document.json"
# What other programs call the uses that our folders name otherwise (DFG, NDNP, IIIF practice).
_USES = {"PDF": "ACCESS", "WORDS": "TEXT"}
_WHOLE = "log"


@dataclass(frozen=True, slots=True)
class MetsFile:
    """One file: its use, its path beside the METS file, and what checks it.

    ``use`` is MASTER, ALTO, WORDS, WEB or PDF (another stands in the file as it is); a master's
    ``path`` is its SHA-256. ``page`` is the page key, or None for a file of the whole document.
    ``size`` in bytes, 0 where unknown.
    """

    use: str
    path: str
    sha256: str
    size: int = 0
    mimetype: str = ""
    page: str | None = None


@dataclass(frozen=True, slots=True)
class MetsDocument:
    """A document: id, title, time (ISO 8601), languages (ISO 639-2), (page key, label) in order.

    ``kind`` is the document's kind code; ``authors`` and ``date`` as the record has them;
    ``articles`` in their order; ``steps`` are the stages that made the files.
    """

    identifier: str
    title: str
    time: str
    languages: tuple[str, ...]
    pages: tuple[tuple[str, str | None], ...]
    kind: str = "document"
    authors: tuple[str, ...] = ()
    date: str = ""
    articles: tuple[Article, ...] = ()
    steps: tuple[ProcessingStep, ...] = ()


_Named = list[tuple[str, MetsFile]]


def write_mets(document: MetsDocument, files: Sequence[MetsFile]) -> bytes:
    """Return the METS file; equal input gives equal bytes. Files are grouped by use.

    Regions of an article on a page without ALTO are left out.
    """
    root = etree.Element(_q("mets"), nsmap=_NSMAP)
    root.set(f"{{{_XSI}}}schemaLocation", _SCHEMA)
    root.set("OBJID", document.identifier)
    root.set("TYPE", document.kind)
    root.set("LABEL", clean(document.title))
    header = _add(root, "metsHdr", CREATEDATE=document.time)
    agent = _add(header, "agent", ROLE="CREATOR", TYPE="OTHER", OTHERTYPE="SOFTWARE")
    _add(agent, "name").text = "Olketanu"
    _describe(root, document)
    _administer(root, document)
    named = [(f"file-{number}", file) for number, file in enumerate(files, 1)]
    _file_section(root, named)
    _physical(root, document, named)
    _logical(root, document, named)
    etree.indent(root, " ")
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def read_labels(data: bytes) -> dict[str, str]:
    """Return the printed numbers of pages in a METS file of ours: page key to label.

    A damaged file has none: ``verify`` finds and mends it.
    """
    try:
        root = etree.fromstring(data, parser())
    except etree.XMLSyntaxError:
        return {}
    pages = root.iterfind(f".//{_q('div')}[@TYPE='page'][@ORDERLABEL]")
    return {str(page.get("ID")): str(page.get("ORDERLABEL")) for page in pages}


def _q(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _add(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, _q(name), {k: clean(v) for k, v in attributes.items()})


def _link(parent: etree._Element, name: str, value: str) -> None:
    parent.set(f"{{{_XLINK}}}{name}", value)


def _describe(root: etree._Element, document: MetsDocument) -> None:
    values = [("title", document.title), *(("creator", name) for name in document.authors)]
    values += [("date", document.date)] if document.date else []
    values += [("type", document.kind), ("identifier", document.identifier)]
    values += [("language", language_tag(code)) for code in document.languages]
    _dublin_core(root, "dc", values)
    for article in document.articles:
        values = [("title", article.title)] if article.title else []
        values += [("type", "article"), ("identifier", f"{document.identifier}#{article.id}")]
        values += [("language", language_tag(article.language))] if article.language else []
        _dublin_core(root, f"dc-{article.id}", values)


def _dublin_core(root: etree._Element, name: str, values: list[tuple[str, str]]) -> None:
    wrap = _add(_add(root, "dmdSec", ID=name), "mdWrap", MDTYPE="DC")
    data = _add(wrap, "xmlData")
    for element, value in values:
        etree.SubElement(data, f"{{{_DC}}}{element}").text = clean(value)


def _administer(root: etree._Element, document: MetsDocument) -> None:
    section = _add(root, "amdSec", ID="amd")
    rights = _add(section, "rightsMD", ID="rights")
    place = _add(rights, "mdRef", LOCTYPE="URL", MDTYPE="OTHER", OTHERMDTYPE="OLKETANU")
    _link(place, "href", SIDECAR)
    for number, step in enumerate(document.steps, 1):
        wrap = _add(
            _add(section, "digiprovMD", ID=f"step-{number}"), "mdWrap", MDTYPE="PREMIS:EVENT"
        )
        _event(_add(wrap, "xmlData"), f"{document.identifier}-{number}", document.time, step)


def _event(parent: etree._Element, name: str, time: str, step: ProcessingStep) -> None:
    """PREMIS 3.0 ``event``: what was done, when, by which version, with which settings."""
    event = _premis(parent, "event")
    identifier = _premis(event, "eventIdentifier")
    _premis(identifier, "eventIdentifierType", "local")
    _premis(identifier, "eventIdentifierValue", name)
    _premis(event, "eventType", step.name)
    _premis(event, "eventDateTime", time)
    told = [("version", step.version), *step.settings]
    detail = _premis(event, "eventDetailInformation")
    _premis(detail, "eventDetail", "; ".join(f"{key}={value}" for key, value in told))
    agent = _premis(event, "linkingAgentIdentifier")
    _premis(agent, "linkingAgentIdentifierType", "local")
    _premis(agent, "linkingAgentIdentifierValue", "Olketanu")


def _premis(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_PREMIS}}}{name}")
    element.text = None if text is None else clean(text)
    return element


def _use(file: MetsFile) -> str:
    return _USES.get(file.use, file.use)


def _file_section(root: etree._Element, named: _Named) -> None:
    if not named:  # METS §fileSec: at least one group
        return
    section = _add(root, "fileSec")
    ordered = sorted(named, key=lambda pair: _use(pair[1]))
    for use, group in groupby(ordered, key=lambda pair: _use(pair[1])):
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
    _link(place, "href", file.path)


def _physical(root: etree._Element, document: MetsDocument, named: _Named) -> None:
    by_page: dict[str | None, list[str]] = {}
    for name, file in named:
        by_page.setdefault(file.page, []).append(name)
    structure = _add(root, "structMap", TYPE="PHYSICAL")
    top = _add(structure, "div", TYPE="document", ID="phys", DMDID="dc", ADMID="rights")
    for name in by_page.get(None, []):
        _add(top, "fptr", FILEID=name)
    for order, (key, label) in enumerate(document.pages, 1):
        element = _add(top, "div", TYPE="page", ID=key, ORDER=str(order))
        if label:
            element.set("ORDERLABEL", clean(label))
        for name in by_page.get(key, []):
            _add(element, "fptr", FILEID=name)


def _logical(root: etree._Element, document: MetsDocument, named: _Named) -> None:
    """Document and articles as logical divisions, then the links to their pages."""
    texts = {file.page: name for name, file in named if file.use == ALTO}
    structure = _add(root, "structMap", TYPE="LOGICAL")
    top = _add(structure, "div", TYPE=document.kind, ID=_WHOLE, DMDID="dc", LABEL=document.title)
    keys = [key for key, _ in document.pages]
    links = [(_WHOLE, key) for key in keys]
    for order, article in enumerate(document.articles, 1):
        names = {"ID": article.id, "LABEL": article.title, "DMDID": f"dc-{article.id}"}
        element = _add(top, "div", TYPE="article", ORDER=str(order), **names)
        areas = [(texts[ref.page], ref.region) for ref in article.regions if ref.page in texts]
        if areas:
            _areas(_add(element, "fptr"), areas)
        links += [(article.id, key) for key in article.pages if key in keys]
    if links:
        section = _add(root, "structLink")
        for logical, physical in links:
            link = _add(section, "smLink")
            _link(link, "from", logical)
            _link(link, "to", physical)


def _areas(pointer: etree._Element, areas: list[tuple[str, str]]) -> None:
    """METS ``seq`` of ``area``: pieces that are read one after the other."""
    parent = pointer if len(areas) == 1 else _add(pointer, "seq")
    for file, region in areas:
        _add(parent, "area", FILEID=file, BEGIN=region, BETYPE="IDREF")
