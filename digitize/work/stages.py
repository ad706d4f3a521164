"""The named, versioned stages of the page job and the document job, and the keys made of them.

A key is the SHA-256 of everything that the result depends on. A second run finds the same keys and
does nothing; raising a stage's version here redoes that stage and what follows from it. Raise it
when the same input would give other bytes.
"""

import hashlib
import json
from dataclasses import asdict, dataclass

from digitize.recognition.profiles import Profile
from digitize.recognition.recognise import EngineIdentity
from pages.text import PageFrame


@dataclass(frozen=True, slots=True)
class Stage:
    """One step: its name and the version of its method."""

    name: str
    version: str


PREPARE = Stage("prepare", "3")
RECOGNISE = Stage("recognise", "3")
REPAIR = Stage("repair", "2")
LANGUAGE = Stage("language", "2")
LAYOUT = Stage("layout", "2")
PAGE_ALTO = Stage("alto", "2")

PAGE_STAGES = (PREPARE, RECOGNISE, REPAIR, LANGUAGE, LAYOUT, PAGE_ALTO)
"""From the pixels of one page to its recognised ALTO, in order."""

DOCUMENT_STAGES = (
    Stage("amend", "1"),
    Stage("join", "2"),
    Stage("articles", "1"),
    Stage("alto", "2"),
    Stage("words", "1"),
    Stage("pdf", "3"),
    Stage("mets", "2"),
    Stage("web", "2"),
)
"""From recognised pages and amendments to the files of a document, in order."""

_IMPORTED = "imported"  # no hexadecimal number begins so


def page_key(frame: PageFrame, profile: Profile, identity: EngineIdentity) -> str:
    """Key of a page job's result: 64 hexadecimal digits.

    It depends on the frame (with the master's hash), the stages, every setting of the profile and
    the hashes of engine and models; not on time, host, attempt or place.
    """
    return _digest(_stages(PAGE_STAGES), asdict(frame), asdict(profile), asdict(identity))


def place_key(result: str, document: str, page: str) -> str:
    """Key of the job that makes the result of that key for one page: 64 hexadecimal digits.

    The same scan may be a page of two documents, or two pages of one: each has a job of its own.
    """
    return _digest(result, document, page)


def imported_key(frame: PageFrame, sha256: str, document: str, page: str) -> str:
    """Key of a page's text that was taken from a file with that hash: 64 signs.

    It stands for no job: a page that has it is not recognised (:func:`is_imported`).
    """
    digest = _digest(_stages((LANGUAGE, PAGE_ALTO)), asdict(frame), sha256, document, page)
    return f"{_IMPORTED}{digest[len(_IMPORTED) :]}"


def is_imported(key: str | None) -> bool:
    """Return whether the recognised text of that key came from a file (:func:`imported_key`)."""
    return key is not None and key.startswith(_IMPORTED)


def document_key(*parts: object) -> str:
    """Key of a document job's result: 64 hexadecimal digits.

    ``parts`` are plain JSON values in a fixed order: the document's id, page keys, labels,
    amendments, title, languages, whatever the files show. TypeError for a value that JSON does
    not know.
    """
    return _digest(_stages(DOCUMENT_STAGES), *parts)


def _stages(stages: tuple[Stage, ...]) -> list[list[str]]:
    return [[stage.name, stage.version] for stage in stages]


def _digest(*parts: object) -> str:
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
