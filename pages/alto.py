"""ALTO 4.4: the stored form of a page's text.

Where each of our values stands (elements and attributes of ALTO 4.4):

- frame, crop, turn, resolution, skew: ``Description/Processing`` ``page``, its settings as JSON;
  the skew also as ``Page/@ROTATION``. Master: ``sourceImageInformation/fileIdentifier``.
- engine and models: ``Processing`` ``engine``; each further step with its version and decisions:
  ``Processing`` ``step-1`` … All are named by ``Page/@PROCESSINGREFS``.
- region: ``TextBlock`` (text kinds), ``Illustration``, ``GraphicalElement`` (separator), or
  ``ComposedBlock/@TYPE`` around a ``TextBlock``; its kind also as a ``LayoutTag``, its article as a
  ``StructureTag``.
- line: ``TextLine`` with ``@BASELINE`` and ``@LANG`` (BCP 47, script where not implied), in Arabic
  script with ``@BASEDIRECTION``.
- word: ``String`` with ``@WC``; other engine reading: ``ALTERNATIVE[@PURPOSE="raw"]``; word split
  at a line end: ``@SUBS_TYPE``, ``@SUBS_CONTENT`` and the hyphen as ``HYP``.

For other readers only, and never read back: ``TextStyle/@FONTSIZE`` (points, from the height of a
region's lines; nothing is known of type and weight), ``@LANG`` of regions and page (most of their
words), ``Page/@PC``, ``Page/@PRINTED_IMG_NR`` (what the one page number region says).
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import Any

from lxml import etree

from olketanu.errors import InputError
from pages import codec, xml
from pages.text import (
    REGION_KINDS,
    Article,
    Box,
    Hyphen,
    Line,
    PageText,
    ProcessingStep,
    Region,
    Word,
)

NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
HYPHENS = "-¬\u00ad\u2010"
_SCHEMA = f"{NAMESPACE} http://www.loc.gov/standards/alto/v4/alto-4-4.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
# The stubs of lxml do not know that None names the default namespace.
_NSMAP: dict[str, str] = {None: NAMESPACE, "xsi": _XSI}  # type: ignore[dict-item]
_TEXT_KINDS = ("text", "headline", "masthead", "page_number")
_BARE = {"illustration": "Illustration", "separator": "GraphicalElement"}
_POINTS = 72  # an inch
# ALTO processingCategory of the steps by their names; others are "other".
_CATEGORIES = {"prepare": "preOperation", "recognise": "contentGeneration", "import": "other"}
_CATEGORIES |= {"repair": "contentModification", "amend": "contentModification"}
_CATEGORIES |= dict.fromkeys(("language", "layout"), "postOperation")


def write_alto(
    page: PageText, *, page_id: str, source: str, time: str, articles: Sequence[Article] = ()
) -> bytes:
    """Return the page as an ALTO 4.4 file; equal input gives equal bytes.

    ``page_id`` is the page key (``p0001``), ``source`` the name or hash of the image file, ``time``
    an ISO 8601 time of the intake event, ``articles`` those of the document. Lines without words
    are left out (ALTO wants a String); characters that XML cannot hold become U+FFFD.
    """
    root = etree.Element(_q("alto"), nsmap=_NSMAP)
    root.set(f"{{{_XSI}}}schemaLocation", _SCHEMA)
    root.set("SCHEMAVERSION", "4.4")
    _describe(root, page, source, time)
    styles = {region.id: _style(region, page.frame.dpi) for region in page.regions}
    _add_styles(root, set(styles.values()) - {""})
    here = [article for article in articles if page_id in article.pages]
    _add_tags(root, sorted({region.kind for region in page.regions}), here)
    size = {"HEIGHT": str(page.frame.height), "WIDTH": str(page.frame.width)}
    element = _add_page(root, page, page_id, size)
    space = _add(element, "PrintSpace", **size, HPOS="0", VPOS="0")
    articles_of = {ref.region: a.id for a in here for ref in a.regions if ref.page == page_id}
    for region in page.regions:
        block = _add_region(space, region)
        if styles[region.id]:
            block.set("STYLEREFS", styles[region.id])
        if region.id in articles_of:
            block.set("TAGREFS", f"kind-{region.kind} article-{articles_of[region.id]}")
    etree.indent(root, " ")
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def read_alto(data: bytes) -> PageText:
    """Return the page of an ALTO file that :func:`write_alto` wrote.

    InputError ``error.xml-unreadable`` or ``error.xml-doctype`` from the parser,
    ``error.alto-foreign`` when the file lacks what ours have.
    """
    root = xml.parse(data)
    try:
        return _page(root)
    except (AttributeError, KeyError, IndexError, TypeError, ValueError) as error:
        raise InputError("error.alto-foreign", reason=str(error)) from error


def _q(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _add(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, _q(name), {k: xml.clean(v) for k, v in attributes.items()})


def _box(box: Box) -> dict[str, str]:
    """A box as the four position attributes, in schema order."""
    values = (box.height, box.width, box.left, box.top)
    return dict(zip(("HEIGHT", "WIDTH", "HPOS", "VPOS"), map(str, values), strict=True))


def _describe(root: etree._Element, page: PageText, source: str, time: str) -> None:
    description = _add(root, "Description")
    _add(description, "MeasurementUnit").text = "pixel"
    image = _add(description, "sourceImageInformation")
    _add(image, "fileName").text = xml.clean(source)
    _add(image, "fileIdentifier", fileIdentifierLocation="sha256").text = page.frame.master
    frame = codec.frame_to_dict(page.frame) | {"skew": float(page.skew)}
    del frame["master"]
    _add_step(description, "page", ("other", time, "page", frame, None, None))
    models = [list(model) for model in page.models]
    engine = ("contentGeneration", time, "recognise", models, page.engine, None)
    _add_step(description, "engine", engine)
    for number, step in enumerate(page.provenance, 1):
        settings = [list(pair) for pair in step.settings]
        category = _CATEGORIES.get(step.name, "other")
        values = (category, time, step.name, settings, "Olketanu", step.version)
        _add_step(description, f"step-{number}", values)


def _add_step(
    parent: etree._Element,
    step: str,
    values: tuple[str, str, str, Any, str | None, str | None],
) -> None:
    """Add one Processing: (category, time, description, settings, software, its version)."""
    category, time, description, settings, software, version = values
    element = _add(parent, "Processing", ID=step)
    _add(element, "processingCategory").text = category
    _add(element, "processingDateTime").text = time
    _add(element, "processingStepDescription").text = xml.clean(description)
    text = json.dumps(settings, ensure_ascii=False, separators=(",", ":"))
    _add(element, "processingStepSettings").text = xml.clean(text)
    program = _add(element, "processingSoftware")
    if software is not None:
        _add(program, "softwareName").text = xml.clean(software)
    if version is not None:
        _add(program, "softwareVersion").text = xml.clean(version)


def _style(region: Region, dpi: int) -> str:
    """Name of the region's style: the middle height of its lines in half points; empty: none."""
    heights = [line.box.height for line in region.lines if line.words]
    size = round(2 * _POINTS * median(heights) / max(1, dpi)) / 2 if heights else 0
    return f"size-{size:g}" if size > 0 else ""


def _add_styles(root: etree._Element, names: set[str]) -> None:
    if names:
        styles = _add(root, "Styles")
        for name in sorted(names):
            _add(styles, "TextStyle", ID=name, FONTSIZE=name.removeprefix("size-"))


def _add_tags(root: etree._Element, kinds: list[str], articles: list[Article]) -> None:
    if not kinds:
        return
    tags = _add(root, "Tags")
    for kind in kinds:
        _add(tags, "LayoutTag", ID=f"kind-{kind}", TYPE="region", LABEL=kind)
    for article in articles:
        _add(
            tags,
            "StructureTag",
            ID=f"article-{article.id}",
            TYPE="article",
            LABEL=article.title,
        )


def _add_page(
    root: etree._Element, page: PageText, page_id: str, size: dict[str, str]
) -> etree._Element:
    number = re.sub(r"\D", "", page_id) or str(page.frame.frame + 1)
    element = _add(_add(root, "Layout"), "Page", ID=page_id, **size, PHYSICAL_IMG_NR=number)
    element.set("ROTATION", repr(float(page.skew)))
    steps = [str(step.get("ID")) for step in root.iter(_q("Processing"))]
    element.set("PROCESSINGREFS", " ".join(steps))
    printed = [r for r in page.regions if r.kind == "page_number" and r.lines]
    text = " ".join(line.text for region in printed for line in region.lines).strip()
    if len(printed) == 1 and text:
        element.set("PRINTED_IMG_NR", xml.clean(text))
    if page.confidence is not None:
        element.set("PC", f"{page.confidence:.4f}")
    _set_language(element, page.lines())
    return element


def _set_language(element: etree._Element, lines: Iterable[Line]) -> None:
    """The language of most words, where one is known; of equal numbers the first in the file."""
    count: Counter[str] = Counter()
    for line in lines:
        count[codec.language_tag(line.language, line.script)] += len(line.words)
    best = max(count, key=count.__getitem__, default="und")
    if count[best] and not best.startswith("und"):
        element.set("LANG", best)


def _add_region(space: etree._Element, region: Region) -> etree._Element:
    """Add the region's block and return it."""
    common = {"ID": region.id, "TAGREFS": f"kind-{region.kind}", **_box(region.box)}
    lines = [line for line in region.lines if line.words]
    if region.kind in _TEXT_KINDS:
        block = _add(space, "TextBlock", **common)
        _add_lines(block, region.id, lines)
        return block
    if not lines and region.kind in _BARE:
        return _add(space, _BARE[region.kind], **common)
    composed = _add(space, "ComposedBlock", **common, TYPE=region.kind)
    if lines:
        block = _add(composed, "TextBlock", ID=f"{region.id}-text", **_box(region.box))
        _add_lines(block, region.id, lines)
    return composed


def _add_lines(block: etree._Element, region: str, lines: list[Line]) -> None:
    _set_language(block, lines)
    for number, line in enumerate(lines, 1):
        x0, y0, x1, y1 = line.baseline
        element = _add(block, "TextLine", ID=f"{region}-l{number}", **_box(line.box))
        element.set("BASELINE", f"{x0},{y0} {x1},{y1}")
        element.set("LANG", codec.language_tag(line.language, line.script))
        if line.script == "Arab":
            element.set("BASEDIRECTION", "rtl")
        for word, following in pairwise(line.words):
            _add_word(element, word, word.text)
            gap = following.box.left - word.box.right
            if gap > 0:
                space = {"WIDTH": str(gap), "HPOS": str(word.box.right)}
                _add(element, "SP", **space, VPOS=str(word.box.top))
            else:
                _add(element, "SP")
        last = line.words[-1]
        # Of two hyphens none is set apart: readers take a second one for the first, told twice.
        split = last.hyphen is not None and _has_one_hyphen(last.text)
        _add_word(element, last, last.text[:-1] if split else last.text)
        if split:
            _add(element, "HYP", CONTENT=last.text[-1])


def _has_one_hyphen(text: str) -> bool:
    """Whether a word ends with a hyphen that can be set apart from it."""
    return len(text) > 1 and text[-1] in HYPHENS and text[-2] not in HYPHENS


def _add_word(line: etree._Element, word: Word, content: str) -> None:
    element = _add(line, "String", **_box(word.box), CONTENT=content)
    if word.hyphen is not None:
        element.set("SUBS_TYPE", f"HypPart{word.hyphen.part}")
        element.set("SUBS_CONTENT", xml.clean(word.hyphen.content))
    if word.confidence is not None:
        element.set("WC", repr(float(word.confidence)))
    if word.raw != word.text:
        _add(element, "ALTERNATIVE", PURPOSE="raw").text = xml.clean(word.raw)


def _page(root: etree._Element) -> PageText:
    if root.tag != _q("alto"):
        raise ValueError(root.tag)
    steps = {str(step.attrib["ID"]): step for step in root.iter(_q("Processing"))}
    frame = _settings(steps["page"])
    master = _text(
        root, f"{_q('Description')}/{_q('sourceImageInformation')}/{_q('fileIdentifier')}"
    )
    space = root.find(f"{_q('Layout')}/{_q('Page')}/{_q('PrintSpace')}")
    return PageText(
        frame=codec.frame_from_dict(frame | {"master": master}),
        regions=() if space is None else tuple(_region(element) for element in space),
        engine=_software(steps["engine"], "softwareName"),
        models=tuple((name, digest) for name, digest in _settings(steps["engine"])),
        provenance=tuple(
            ProcessingStep(
                _text(step, _q("processingStepDescription")),
                _software(step, "softwareVersion"),
                tuple((key, value) for key, value in _settings(step)),
            )
            for name, step in steps.items()
            if name.startswith("step-")
        ),
        skew=frame["skew"],
    )


def _text(parent: etree._Element, path: str) -> str:
    """Text of the element at ``path``; KeyError where there is none."""
    element = parent.find(path)
    if element is None:
        raise KeyError(path)
    return element.text or ""


def _settings(step: etree._Element) -> Any:  # noqa: ANN401 - JSON, its shape is the caller's
    return json.loads(_text(step, _q("processingStepSettings")))


def _software(step: etree._Element, name: str) -> str:
    return _text(step, f"{_q('processingSoftware')}/{_q(name)}")


def _read_box(element: etree._Element) -> Box:
    value = element.attrib
    left, top = int(value["HPOS"]), int(value["VPOS"])
    return Box(left, top, left + int(value["WIDTH"]), top + int(value["HEIGHT"]))


def _region(element: etree._Element) -> Region:
    tags = str(element.attrib["TAGREFS"]).split()
    kind = next((t.removeprefix("kind-") for t in tags if t.startswith("kind-")), "")
    if kind not in REGION_KINDS:
        raise ValueError(kind)
    lines = tuple(_line(line) for line in element.iter(_q("TextLine")))
    return Region(str(element.attrib["ID"]), kind, _read_box(element), lines)


def _line(element: etree._Element) -> Line:
    points = re.split("[ ,]", str(element.attrib["BASELINE"]))
    x0, y0, x1, y1 = (int(value) for value in points)
    language, script = codec.language_code(str(element.attrib["LANG"]))
    strings = element.findall(_q("String"))
    hyphen = element.find(_q("HYP"))
    end = "" if hyphen is None else str(hyphen.attrib["CONTENT"])
    ends = [""] * (len(strings) - 1) + [end]
    words = tuple(_word(s, e) for s, e in zip(strings, ends, strict=True))
    return Line(_read_box(element), (x0, y0, x1, y1), language, script, words)


def _word(element: etree._Element, end: str) -> Word:
    """The word of a String; ``end`` is the hyphen that stands apart as HYP."""
    text = str(element.attrib["CONTENT"]) + end
    alternative = element.find(_q("ALTERNATIVE")) if len(element) else None
    raw = text if alternative is None else alternative.text or ""
    confidence = element.get("WC")
    part = element.get("SUBS_TYPE")
    hyphen = None
    if part is not None:
        hyphen = Hyphen(int(part.removeprefix("HypPart")), str(element.attrib["SUBS_CONTENT"]))
    score = None if confidence is None else float(confidence)
    return Word(text, raw, _read_box(element), score, hyphen)
