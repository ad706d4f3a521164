"""Answers made smaller on their way: text as gzip, where the browser takes it."""

import gzip

from flask import Flask, Response, request

LEAST = 1024
"""Bytes below which a packed answer is hardly smaller."""

_LEVEL = 6
_TYPES = ("text/", "application/json", "application/xml", "image/svg+xml")


def pack_answers(app: Flask) -> None:
    """Let ``app`` pack what is text and not a file of its own."""
    app.after_request(_packed)


def pack(data: bytes) -> bytes:
    """Return ``data`` as gzip; the same data give the same bytes."""
    return gzip.compress(data, _LEVEL, mtime=0)


def may_pack() -> bool:
    """Whether who asks takes gzip (RFC 9110 12.5.3)."""
    return request.accept_encodings.quality("gzip") > 0


def _packed(response: Response) -> Response:
    if response.direct_passthrough or response.is_streamed or response.content_encoding:
        return response
    if not (response.mimetype or "").startswith(_TYPES):
        return response
    response.vary.add("Accept-Encoding")
    data = response.get_data()
    if len(data) < LEAST or not may_pack():
        return response
    response.set_data(pack(data))
    response.content_encoding = "gzip"
    _weaken(response)
    return response


def _weaken(response: Response) -> None:
    """Packed or not, the page is the same, the bytes are not (RFC 9110 8.8.1)."""
    tag, _ = response.get_etag()
    if tag is not None:
        response.set_etag(tag, weak=True)
