"""What the pictures of a document's pages are made of, written down beside them.

``pictures.json`` has for each page, in the order of the PDFs, a key of all that its pictures depend
on, and how its layers lie in each PDF: with that an unchanged page is taken over as it is
(``digitize.output.former``).
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import cv2
import numpy as np
import pypdfium2
from PIL import features

from digitize.output.pdf.taken import Lying, lying_from_json
from digitize.work.stages import DOCUMENT_STAGES

PICTURES = "pictures.json"
_VERSION = 1
_STAGES = ("pdf", "web")
_CODECS = ("pil", "jpg", "libjpeg_turbo", "jpg_2000", "libtiff", "zlib")


@dataclass(frozen=True, slots=True)
class Shown:
    """A page in one PDF: how its layers lie, and whether they are a scan that pages share."""

    lying: tuple[Lying, ...]
    shared: bool


@dataclass(frozen=True, slots=True)
class Pictures:
    """What the pictures of a page were made of, and which there are.

    ``key`` is empty for a page without any; ``words`` is the hash of the places of its words, empty
    where the pictures are the same wherever they stand; ``shown`` by name of the PDF; ``widths``
    are those of the web images.
    """

    page: str
    key: str = ""
    words: str = ""
    shown: Mapping[str, Shown] = field(default_factory=dict)
    widths: tuple[int, ...] = ()

    def are_of(self, key: str, words: Callable[[], str]) -> bool:
        """Whether pictures made of this would be these."""
        return self.key == key != "" and (not self.words or self.words == words())


def digest(*parts: object) -> str:
    """The hash of plain values."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@cache
def made_with() -> tuple[tuple[str, str], ...]:
    """The versions of all that makes pictures: another one may make other bytes."""
    stages = [(stage.name, stage.version) for stage in DOCUMENT_STAGES if stage.name in _STAGES]
    codecs = [(name, str(features.version(name))) for name in _CODECS]
    arrays = [("cv2", cv2.__version__), ("numpy", np.__version__)]
    return (*stages, *codecs, *arrays, ("pdfium", str(pypdfium2.version.PDFIUM_INFO)))


def write_pictures(pages: Sequence[Pictures]) -> bytes:
    """``pictures.json``; ``pages`` in the order of the PDFs. Equal input gives equal bytes."""
    told = {"v": _VERSION, "pages": [_to_json(one) for one in pages]}
    return json.dumps(told, separators=(",", ":")).encode("ascii") + b"\n"


def read_pictures(data: bytes) -> tuple[Pictures, ...]:
    """What :func:`write_pictures` wrote; nothing out of a file of another version."""
    told = json.loads(data)
    return tuple(_from_json(one) for one in told["pages"]) if told["v"] == _VERSION else ()


def _to_json(one: Pictures) -> dict[str, Any]:
    if not one.key:
        return {"page": one.page}
    shown = {
        name: {"shared": place.shared, "layers": [layer.to_json() for layer in place.lying]}
        for name, place in one.shown.items()
    }
    return {
        **{"page": one.page, "key": one.key, "words": one.words},
        **{"shown": shown, "web": list(one.widths)},
    }


def _from_json(told: Mapping[str, Any]) -> Pictures:
    if "key" not in told:
        return Pictures(told["page"])
    shown = {
        name: Shown(tuple(lying_from_json(one) for one in place["layers"]), place["shared"])
        for name, place in told["shown"].items()
    }
    return Pictures(told["page"], told["key"], told["words"], shown, tuple(told["web"]))
