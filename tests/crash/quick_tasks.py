"""Tasks for the children that cost next to nothing, with results in the real forms.

What is tested here is how results become files and rows, not how pictures are read. Files that have
no check of their own end with the hash of what stands before it, so that a torn one shows.
"""

import hashlib
from pathlib import Path
from typing import Any

from digitize.recognition.profiles import Profile
from digitize.recognition.recognise import EngineIdentity
from olketanu.errors import BadFileError

TASKS = {
    "inspect": "tests.crash.quick_tasks:inspect",
    "page": "tests.crash.quick_tasks:page",
    "assemble": "tests.crash.quick_tasks:assemble",
    "look": "tests.crash.quick_tasks:look",
}
ENGINES = {name: lambda: QuickEngine() for name in ("tesseract", "tesserocr")}
WORDS = ("Өлкетану", "қоры")
_DIGITS = 64
_FILES = ("document.pdf", "mets.xml", "web/p0001-200.jpg")


class QuickEngine:
    """Stands for the recogniser where only its name is asked for."""

    def identity(self, profile: Profile) -> EngineIdentity:
        return EngineIdentity("quick", "1", ((profile.languages, "0" * _DIGITS),))


def sealed(text: str) -> bytes:
    """Return the text with its own hash behind it."""
    data = text.encode()
    return data + hashlib.sha256(data).hexdigest().encode()


def is_sealed(data: bytes) -> bool:
    """Whether the bytes are whole."""
    return hashlib.sha256(data[:-_DIGITS]).hexdigest().encode() == data[-_DIGITS:]


def inspect(payload: dict[str, Any]) -> dict[str, Any]:
    """Take what begins like a PNG for a page of 60 × 80 pixels, refuse everything else."""
    data = Path(payload["path"]).read_bytes()
    if not data.startswith(b"\x89PNG"):
        raise BadFileError("UNKNOWN_TYPE", file=Path(payload["path"]).name)
    frame = {"frame": 0, "quarter_turn": 0, "width": 60, "height": 80, "dpi": 300, "mode": "L"}
    sha256 = hashlib.sha256(data).hexdigest()
    return {"type": "png", "frames": [frame], "sha256": sha256, "size": len(data), "warnings": []}


def page(payload: dict[str, Any]) -> dict[str, Any]:
    """Write an ALTO file of two words."""
    from pages.alto import write_alto
    from pages.codec import frame_from_dict
    from pages.text import Box, Line, PageText, Region, Word

    frame = frame_from_dict(payload["frame"])
    words = tuple(Word(w, w, Box(2 + 28 * n, 2, 28 + 28 * n, 12), 0.9) for n, w in enumerate(WORDS))
    line = Line(Box(2, 2, 56, 12), (2, 11, 56, 11), "kaz", "Cyrl", words)
    text = PageText(frame, (Region("r1", "text", line.box, (line,)),), "quick 1", (), ())
    data = write_alto(text, page_id=payload["page"], source=frame.master, time=payload["time"])
    Path(payload["output"]).write_bytes(data)
    counts = {"confidence": 0.9, "languages": ["kaz"], "words": len(WORDS)}
    return {"state": "text", "code": None, **counts}


def assemble(payload: dict[str, Any]) -> dict[str, Any]:
    """Write files of the real names; ALTO and words of the current text in their real forms."""
    from pages.alto import read_alto
    from pages.words import project

    output = Path(payload["output"])
    for name in ("alto", "words", "web"):
        (output / name).mkdir(parents=True, exist_ok=True)
    written = {name: sealed(f"{name} of {payload['title']}\n") for name in _FILES}
    pages = []
    for asked in payload["pages"]:
        alto = Path(asked["recognised"]).read_bytes()
        written[f"alto/{asked['key']}.xml"] = alto
        digest = hashlib.sha256(alto).hexdigest()
        written[f"words/{asked['key']}.json"] = project(read_alto(alto), digest)
        pages.append({"key": asked["key"], "unapplied": [], "code": None})
    for name, data in written.items():
        (output / name).write_bytes(data)
    files = {name: hashlib.sha256(data).hexdigest() for name, data in written.items()}
    likeness = {page["key"]: None for page in payload["pages"]}
    return {"files": files, "pages": pages, "likeness": likeness}


def look(payload: dict[str, Any]) -> dict[str, Any]:
    """See nothing on any page."""
    return {"likeness": dict.fromkeys(payload["images"])}
