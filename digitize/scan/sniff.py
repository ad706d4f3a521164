"""What a file is, by its first bytes; the name never decides.

The types are an allow-list: what is not on it reaches no decoder. An EPS named ``.tif`` would
otherwise make an image library start another program.
"""

import re
from pathlib import Path

from digitize.scan.codes import EMPTY, UNKNOWN_TYPE
from olketanu.errors import BadFileError

TYPES = ("tiff", "jpeg", "png", "jp2", "pdf")

PILLOW_FORMATS = {"tiff": ("TIFF",), "jpeg": ("JPEG",), "png": ("PNG",), "jp2": ("JPEG2000",)}
"""The only formats that Pillow may try for a type."""

EXTENSIONS = {
    "tiff": frozenset({".tif", ".tiff"}),
    "jpeg": frozenset({".jpg", ".jpeg", ".jpe", ".jfif"}),
    "png": frozenset({".png"}),
    "jp2": frozenset({".jp2", ".j2k", ".j2c", ".jpc", ".jpf", ".jpx"}),
    "pdf": frozenset({".pdf"}),
}
KNOWN_EXTENSIONS = frozenset().union(*EXTENSIONS.values())

JP2_SIGNATURE = b"\x00\x00\x00\x0cjP  \r\n\x87\n"
CODESTREAM = b"\xff\x4f\xff\x51"
_HEAD = 1024
_LONGEST_EXTENSION = 5
_SIGNATURES = (
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),  # BigTIFF
    (b"MM\x00+", "tiff"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (JP2_SIGNATURE, "jp2"),
    (CODESTREAM, "jp2"),
)
_PDF = re.compile(rb"(?:\xef\xbb\xbf)?\s*%PDF-\d")


def sniff(head: bytes) -> str | None:
    """Return the type (of ``TYPES``) of a file that begins with ``head``, or None for any other.

    A PDF may have a byte order mark and blanks before its header, nothing else.
    """
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            return name
    return "pdf" if _PDF.match(head) else None


def type_of(path: Path) -> str:
    """Return the type of the file by content; BadFileError ``EMPTY`` or ``UNKNOWN_TYPE``."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head:
        raise BadFileError(EMPTY, file=path.name)
    found = sniff(head)
    if found is None:
        raise BadFileError(UNKNOWN_TYPE, file=path.name)
    return found


def is_misnamed(name: str, kind: str) -> bool:
    """Return whether the file name's extension belongs to another type than ``kind``.

    A name without any extension is not misnamed (masters are stored under their hash), nor is one
    whose last part after a dot is no extension («№ 5.1985»).
    """
    suffix = Path(name).suffix.lower()
    if suffix in KNOWN_EXTENSIONS:
        return suffix not in EXTENSIONS[kind]
    return suffix[1:].isalpha() and len(suffix) <= _LONGEST_EXTENSION
