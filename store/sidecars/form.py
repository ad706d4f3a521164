"""The form that all sidecars share: JSON with sorted keys and a digest over itself.

So a damaged sidecar is known without the catalogue: its digest no longer fits.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from store.database import json_text

SCHEMA = 2


class DamagedError(Exception):
    """A sidecar, or a line of one, is not what was written; ``code`` says why.

    ``no-json``: cannot be read; ``digest``: says something else than was written; ``schema``: of a
    program that this one does not know.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def page(content: Mapping[str, Any]) -> bytes:
    """Return a sidecar that is one JSON object, laid out for people, with version and digest."""
    body = {"v": SCHEMA, **content}
    text = json.dumps(
        {**body, "digest": _digest(json_text(body))}, ensure_ascii=False, sort_keys=True, indent=1
    )
    return f"{text}\n".encode()


def line(content: Mapping[str, Any]) -> bytes:
    """Return one line of a sidecar of many lines, with its digest in front."""
    body = json_text(content)
    return f'{{"digest":"{_digest(body)}",{body[1:]}\n'.encode()


def read_page(data: bytes) -> dict[str, Any]:
    """Return what :func:`page` wrote, without version and digest; DamagedError."""
    content = read_line(data)
    if content.pop("v", None) != SCHEMA:
        raise DamagedError("schema")
    return content


def read_line(data: bytes) -> dict[str, Any]:
    """Return what :func:`line` wrote, without its digest; DamagedError."""
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise DamagedError("no-json") from error
    if not isinstance(content, dict):
        raise DamagedError("no-json")
    if content.get("v", SCHEMA) != SCHEMA:
        raise DamagedError("schema")
    if content.pop("digest", None) != _digest(json_text(content)):
        raise DamagedError("digest")
    return content


def encoded(data: bytes | None) -> str | None:
    """Return bytes as base64 text; None for None."""
    return None if data is None else base64.b64encode(data).decode()


def decoded(text: str | None) -> bytes | None:
    """Return what :func:`encoded` wrote."""
    return None if text is None else base64.b64decode(text)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
