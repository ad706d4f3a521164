"""The one XML parser of the program: no entities, no network, no DOCTYPE, no giant trees.

Files from outside (MARCXML, ALTO and hOCR of other programs) and our own files are read by the same
rules.
"""

import re
from typing import Any

from lxml import etree

from olketanu.errors import InputError

# XML 1.0 §2.2 Char: what no XML file can hold.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_RULES: dict[str, bool] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
# The stubs of lxml take its options one by one only.
_whole: Any = etree.XMLParser
_pull: Any = etree.XMLPullParser
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_QUOTED = rb"(?:\"[^\"<>\[\]]*\"|'[^'<>\[\]]*')"
# The document type of HTML 5 or XHTML 1, by its public names alone: never with a subset in [ ].
_HTML_TYPE = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>)?(?:\s|<!--(?:(?!-->).)*-->)*"
    rb"(?P<type><!DOCTYPE\s+html(?:\s+(?:PUBLIC|SYSTEM)(?:\s+" + _QUOTED + rb"){1,2})?\s*>)",
    re.IGNORECASE | re.DOTALL,
)


def parser() -> etree.XMLParser:
    """Return a new parser that resolves no entity, opens no address and refuses giant trees.

    A parser alone cannot refuse a DOCTYPE; :func:`parse` does.
    """
    made: etree.XMLParser = _whole(**_RULES)
    return made


def pull_parser(tag: str) -> etree.XMLPullParser:
    """Return a parser by the same rules that is fed piece by piece and tells the end of ``tag``.

    A DOCTYPE is for the caller to refuse (:func:`has_doctype`).
    """
    made: etree.XMLPullParser = _pull(events=("end",), tag=tag, **_RULES)
    return made


def has_doctype(element: etree._Element) -> bool:
    """Return whether the document of this element declares a document type, in any encoding."""
    return element.getroottree().docinfo.internalDTD is not None


def parse(data: bytes, name: str = "") -> etree._Element:
    """Return the root element of ``data``; ``name`` is the file as a person knows it.

    InputError ``error.xml-unreadable`` when the text is not well-formed, too deep or too large for
    libxml2's limits; ``error.xml-doctype`` when it declares a document type (entities, a DTD).
    """
    if b"<!DOCTYPE" in data[:4096]:
        raise InputError("error.xml-doctype", name=name)
    try:
        root = etree.fromstring(data, parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError("error.xml-unreadable", name=name, reason=str(error)) from error
    # UTF-16 hides the word from the search above.
    if has_doctype(root):
        raise InputError("error.xml-doctype", name=name)
    return root


def parse_html(data: bytes, name: str = "") -> etree._Element:
    """Return the root of an XHTML or HTML file (hOCR), by the same rules as :func:`parse`.

    A plain HTML document type is taken off; one that declares anything is refused. What is no
    well-formed XML (hOCR as HTML 4) is read as HTML, whose element names have no namespace and
    whose parser knows no entities but its own.
    """
    plain = _CONTROLS.sub(b"", data)
    found = _HTML_TYPE.match(plain)
    if found is not None:
        plain = plain[: found.start("type")] + plain[found.end("type") :]
    try:
        return parse(plain, name)
    except InputError as error:
        if error.key != "error.xml-unreadable" or b"<html" not in plain[:4096].lower():
            raise
    reader = etree.HTMLParser(
        encoding="utf-8" if _is_utf8(plain) else None,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.fromstring(plain, reader)
    if root is None:
        raise InputError("error.xml-unreadable", name=name, reason="empty")
    return root


def clean(text: str) -> str:
    """Return the text with U+FFFD for every character that XML cannot hold (XML 1.0 §2.2)."""
    return text if text.isprintable() else _NO_XML.sub("\ufffd", text)


def is_clean(text: str) -> bool:
    """Return whether XML can hold every character of the text (XML 1.0 §2.2)."""
    return text.isprintable() or not _NO_XML.search(text)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
