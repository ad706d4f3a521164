"""The files of ``static/``: styles and scripts, read once and kept packed.

They are looked up in a table by the names they have, so no address is ever made a path.
"""

import mimetypes
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, abort, request

from portal.packing import may_pack, pack

STATIC = Path(__file__).parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"
SHORTLY = "public, max-age=300"

ROOM = Blueprint("assets", __name__)


@dataclass(frozen=True, slots=True)
class Asset:
    """A file: ``print`` is the beginning of its SHA-256, ``packed`` the same bytes as gzip."""

    type: str
    print: str
    data: bytes
    packed: bytes


@cache
def assets() -> dict[str, Asset]:
    """Return every file of ``static/`` by its name."""
    return {path.name: _read(path) for path in sorted(STATIC.iterdir()) if path.is_file()}


@ROOM.get("/static/<name>")
def asset(name: str) -> Response:
    """Send a file; under the address that carries its print it may be kept for ever."""
    found = assets().get(name)
    if found is None:
        abort(404)
    packed = may_pack()
    response = Response(found.packed if packed else found.data, content_type=found.type)
    if packed:
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    known = request.query_string.decode("ascii", "ignore") == found.print
    response.headers["Cache-Control"] = FOR_EVER if known else SHORTLY
    response.set_etag(found.print, weak=True)
    response.make_conditional(request)
    return response


def _read(path: Path) -> Asset:
    data = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    text = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
    return Asset(text, sha256(data).hexdigest()[:12], data, pack(data))
