"""The map of the site for machines (sitemaps.org): what anybody may open, and nothing else."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import Blueprint, Response, abort

from portal.visitor import library, today
from workflow.reading.sitemap import LISTED, Listed, portion_of, portions_of

ROOM = Blueprint("sitemap", __name__)

_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_LISTED = ", ".join(LISTED)  # 50,000 files are what one index may name


@ROOM.get("/sitemap.xml")
def index() -> Response:
    """Name the files of the map."""
    site = library().site
    files = portions_of(library(), today())
    return _answer("sitemapindex", "sitemap", (f"{site}{_path(*one)}" for one in files))


@ROOM.get(f"/sitemap/<any({_LISTED}):listed>-<int(min=1, max=50000):number>.xml")
def portion(listed: Listed, number: int) -> Response:
    """List addresses of documents or records."""
    found = portion_of(library(), today(), listed, number)
    if not found:
        abort(404)
    return _answer("urlset", "url", found)


def _path(listed: Listed, number: int) -> str:
    return f"/sitemap/{listed}-{number}.xml"


def _answer(root: str, entry: str, addresses: Iterable[str]) -> Response:
    """The document of XML; it is asked for anew each time, since rights change."""
    told = Element(root, xmlns=_SPACE)
    for address in addresses:
        SubElement(SubElement(told, entry), "loc").text = address
    answer = Response(
        tostring(told, encoding="utf-8", xml_declaration=True), mimetype="application/xml"
    )
    answer.headers["Cache-Control"] = "no-cache"
    return answer
