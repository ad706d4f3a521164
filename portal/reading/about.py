"""What explains the library: to readers how to search, to machines where."""

from xml.etree.ElementTree import Element, SubElement, tostring

from flask import Blueprint, Response, render_template

from olketanu.messages.translate import translate
from olketanu.settings import LANGUAGES
from portal.languages import spoken
from portal.visitor import library

ROOM = Blueprint("about", __name__)

_SPACE = "http://a9.com/-/spec/opensearch/1.1/"
_LONGEST_NAME = 16  # OpenSearch 1.1, ShortName
_KEPT = "public, max-age=86400"
_NOT_FOR_ROBOTS = ("/search", "/complete", "/desk")
"""Every page is reached without them: by the documents that the front page and records name."""

EXAMPLES = ("words", "phrase", "either", "without", "beginning", "similar", "author", "years")
"""Ways to ask, in the order in which they are explained."""


@ROOM.get("/help")
def how_to_search() -> str:
    """Show how to search."""
    return render_template("reading/help.html", examples=EXAMPLES)


@ROOM.get("/robots.txt")
def robots() -> Response:
    """Tell robots to read what there is, and to leave the searching to people (RFC 9309)."""
    prefixes = ("", *(f"/{code}" for code in LANGUAGES))
    closed = (f"Disallow: {prefix}{path}" for prefix in prefixes for path in _NOT_FOR_ROBOTS)
    lines = (
        "User-agent: *",
        *closed,
        "Crawl-delay: 5",
        "",
        f"Sitemap: {library().site}/sitemap.xml",
    )
    return _kept("\n".join((*lines, "")), "text/plain")


@ROOM.get("/opensearch.xml")
def opensearch() -> Response:
    """Tell browsers how to search here (OpenSearch 1.1, description document)."""
    held = library()
    name = held.settings.library.name or translate("portal.name")
    told = Element("OpenSearchDescription", xmlns=_SPACE)
    for tag, text in (
        ("ShortName", name[:_LONGEST_NAME]),
        ("LongName", name[: 3 * _LONGEST_NAME]),
        ("Description", translate("front.lead")),
        ("InputEncoding", "UTF-8"),
    ):
        SubElement(told, tag).text = text
    address = f"{held.site}/{spoken()}/search?q={{searchTerms}}"
    SubElement(told, "Url", type="text/html", template=address)
    body = tostring(told, encoding="utf-8", xml_declaration=True)
    return _kept(body, "application/opensearchdescription+xml")


def _kept(body: str | bytes, media: str) -> Response:
    response = Response(body, mimetype=media)
    response.headers["Cache-Control"] = _KEPT
    return response
