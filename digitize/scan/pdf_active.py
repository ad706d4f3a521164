"""What a PDF would do by itself, or carries along: named at intake, never carried over.

Scripts, actions that start by themselves, XFA forms and attached files (ISO 32000-1 §7.11.4, §12.6,
§12.7.8). Links that a reader must press are no danger to a library and are not told.
"""

from collections.abc import Iterator
from typing import Any

import pikepdf

from digitize.scan.codes import ACTIVE_CONTENT, ATTACHMENTS

_HARMLESS = frozenset({"/GoTo", "/Named", "/URI", "/Hide", "/SetOCGState", "/Trans", "/Thread"})
_HARMLESS_AT_ONCE = frozenset({"/GoTo", "/Named"})
_ATTACHED = "/FileAttachment"


def active_content(structure: pikepdf.Pdf) -> set[str]:
    """Return ACTIVE_CONTENT, ATTACHMENTS, both or neither."""
    root = structure.Root
    names = _dictionary(root.get("/Names"))
    found = set()
    if "/EmbeddedFiles" in names or "/AF" in root or "/Collection" in root:
        found.add(ATTACHMENTS)
    if _acts(root) or "/JavaScript" in names or "/XFA" in _dictionary(root.get("/AcroForm")):
        found.add(ACTIVE_CONTENT)
    for page in structure.pages:
        if "/AA" in page.obj:
            found.add(ACTIVE_CONTENT)
        for note in _annotations(page.obj):
            found |= _of_annotation(note)
    return found


def _acts(root: Any) -> bool:  # noqa: ANN401 - a pikepdf dictionary
    """Whether opening the file starts more than a jump to a page."""
    action = root.get("/OpenAction")
    jumps = action is None or isinstance(action, pikepdf.Array)
    return "/AA" in root or not (jumps or _kind(action) in _HARMLESS_AT_ONCE)


def _of_annotation(note: Any) -> set[str]:  # noqa: ANN401 - a pikepdf dictionary
    if note.get("/Subtype") == _ATTACHED:
        return {ATTACHMENTS}
    action = note.get("/A")
    acts = "/AA" in note or (action is not None and _kind(action) not in _HARMLESS)
    return {ACTIVE_CONTENT} if acts else set()


def _annotations(page: Any) -> Iterator[Any]:  # noqa: ANN401 - a page's dictionary
    found = page.get("/Annots")
    for note in found if isinstance(found, pikepdf.Array) else ():
        if isinstance(note, pikepdf.Dictionary):
            yield note


def _kind(action: Any) -> str:  # noqa: ANN401 - any object
    return str(_dictionary(action).get("/S", ""))


def _dictionary(item: Any) -> Any:  # noqa: ANN401 - any object
    """The item if it is a dictionary, else an empty one."""
    return item if isinstance(item, pikepdf.Dictionary) else pikepdf.Dictionary()
