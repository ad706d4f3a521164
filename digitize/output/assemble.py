"""The document job: from recognised pages and people's changes to everything that is published.

Amendments are replayed, words joined over line, column and page ends; then come current ALTO,
words, web images, PDF and METS. The recognised ALTO is only read.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from digitize.output.mets import MASTER, MetsDocument, MetsFile, write_mets
from digitize.output.pdf import PdfPage, write_pdf
from digitize.output.pdf_metadata import PdfInfo
from digitize.output.webimage import WIDTHS, web_image
from digitize.scan import decode
from olketanu.errors import BadFileError
from pages.alto import read_alto, write_alto
from pages.amend import replay
from pages.codec import amendment_from_dict, frame_from_dict
from pages.logical import Vocabulary, join_stream
from pages.text import PageFrame, PageText, ProcessingStep
from pages.words import project

PDF, METS = "document.pdf", "mets.xml"
_CHUNK = 1 << 20  # bytes of a file that are hashed at once
_TYPES = {".pdf": "application/pdf", ".xml": "text/xml", ".json": "application/json"}
_TYPES |= {".jpg": "image/jpeg"}


@dataclass(frozen=True, slots=True)
class _Source:
    """One page as the task names it; ``amendments`` stay dicts and go back as they came."""

    key: str
    master: Path
    frame: PageFrame
    recognised: Path | None
    amendments: tuple[dict[str, Any], ...]
    label: str | None


def task(payload: dict[str, Any]) -> dict[str, Any]:
    """Write the files of one document into a folder.

    ``payload``: ``document`` (id), ``title``, ``time`` (ISO 8601, of the intake), ``languages``
    (ISO 639-2, used for a document without any text), ``output`` (existing folder), and ``pages``
    in order: ``key``, ``master`` (path), ``frame`` (dict), ``recognised`` (path or None),
    ``amendments`` (dicts of :mod:`pages.codec`, each may have an ``id``), ``label`` (or None).

    Returns ``files`` (path in the folder -> SHA-256: ``document.pdf``, ``mets.xml``,
    ``alto/p0001.xml``, ``words/p0001.json``, ``web/p0001-200.jpg``, ``web/p0001-800.jpg``) and
    ``pages``, each with ``key``, ``unapplied`` (ids of amendments that no longer fit, or the dicts
    where they have none), ``confidence`` (0–1 or None), ``languages`` (most words first) and
    ``code`` (why the page has no image, or None). InputError when a recognised ALTO is not ours.
    """
    sources = [_source(page) for page in payload["pages"]]
    output = Path(payload["output"])
    time = str(payload["time"])
    for name in ("alto", "words", "web"):
        (output / name).mkdir(parents=True, exist_ok=True)
    words, unapplied = _write_texts(sources, output, time)
    spoken: Counter[str] = sum((count for count, _ in words.values()), Counter())
    languages = _ranked(spoken) or tuple(c for c in payload["languages"] if c != "und")
    info = PdfInfo(str(payload["document"]), str(payload["title"]), time, languages)
    codes = _write_images(sources, output)
    sheets = [PdfPage(s.master, s.frame, _alto(output, s), s.label) for s in sources]
    drawn = write_pdf(output / PDF, sheets, info)
    _write_mets(info, sources, output)
    pages = []
    for source, code in zip(sources, drawn, strict=True):
        count, confidence = words.get(source.key, (Counter(), None))
        page = {"key": source.key, "unapplied": unapplied[source.key], "confidence": confidence}
        page |= {"languages": list(_ranked(count)), "code": code or codes.get(source.key)}
        pages.append(page)
    return {"files": {p: _sha256(output / p) for p in _written(output)}, "pages": pages}


def _source(page: dict[str, Any]) -> _Source:
    recognised = page["recognised"]
    return _Source(
        key=str(page["key"]),
        master=Path(page["master"]),
        frame=frame_from_dict(page["frame"]),
        recognised=None if recognised is None else Path(recognised),
        amendments=tuple(page["amendments"]),
        label=page.get("label"),
    )


def _write_texts(
    sources: list[_Source], output: Path, time: str
) -> tuple[dict[str, tuple[Counter[str], float | None]], dict[str, list[Any]]]:
    """Write ALTO and words of every page that has text.

    Returns by page key (words a language, mean confidence), and the amendments that do not fit.
    Pages are read twice, so that never more than two are held.
    """
    vocabulary = Vocabulary()
    unapplied = {}
    for source in sources:
        page, unapplied[source.key] = _amended(source)
        if page is not None:
            vocabulary.add(page)
    found: dict[str, tuple[Counter[str], float | None]] = {}
    joined = join_stream(_amended_pages(sources), vocabulary)
    for source, page in zip(sources, joined, strict=True):
        if page is None:
            continue
        name = page.frame.master
        alto = write_alto(page, page_id=source.key, source=name, time=time)
        (output / "alto" / f"{source.key}.xml").write_bytes(alto)
        projection = project(page, hashlib.sha256(alto).hexdigest())
        (output / "words" / f"{source.key}.json").write_bytes(projection)
        confidence = page.confidence
        found[source.key] = _word_count(page), None if confidence is None else round(confidence, 4)
    return found, unapplied


def _amended_pages(sources: list[_Source]) -> Iterator[PageText | None]:
    for source in sources:
        yield _amended(source)[0]


def _amended(source: _Source) -> tuple[PageText | None, list[Any]]:
    """The recognised page with its amendments, and the names of those that do not fit."""
    names = [amendment.get("id", amendment) for amendment in source.amendments]
    if source.recognised is None:
        return None, names
    page = read_alto(source.recognised.read_bytes())
    unapplied = []
    for amendment, name in zip(source.amendments, names, strict=True):
        page, left = replay(page, [amendment_from_dict(amendment)])
        unapplied.extend([name] * len(left))
    applied = len(names) - len(unapplied)
    if applied:
        step = ProcessingStep("amend", "1", (("applied", str(applied)),))
        page = replace(page, provenance=(*page.provenance, step))
    return page, unapplied


def _word_count(page: PageText) -> Counter[str]:
    count: Counter[str] = Counter()
    for line in page.lines():
        count[line.language] += len(line.words)
    return count


def _ranked(count: Counter[str]) -> tuple[str, ...]:
    """Languages by number of words, "und" left out; equal numbers by code."""
    known = [(-words, code) for code, words in count.items() if words and code != "und"]
    return tuple(code for _, code in sorted(known))


def _write_images(sources: list[_Source], output: Path) -> dict[str, str]:
    """Write the web images; return the codes of pages that cannot be decoded."""
    codes = {}
    for source in sources:
        try:
            image = decode.load_image(source.master, source.frame)
        except BadFileError as error:
            codes[source.key] = error.code
            continue
        for width in sorted(WIDTHS):
            (output / "web" / f"{source.key}-{width}.jpg").write_bytes(web_image(image, width))
    return codes


def _alto(output: Path, source: _Source) -> Path | None:
    path = output / "alto" / f"{source.key}.xml"
    return path if path.exists() else None


def _write_mets(info: PdfInfo, sources: list[_Source], output: Path) -> None:
    pages = tuple((source.key, source.label) for source in sources)
    document = MetsDocument(info.identifier, info.title, info.time, info.languages, pages)
    files = [
        MetsFile(MASTER, s.frame.master, s.frame.master, s.master.stat().st_size, "", s.key)
        for s in sources
    ]
    for path in _written(output):
        if path == METS:
            continue
        use = "PDF" if path == PDF else path.partition("/")[0].upper()
        page = None if path == PDF else Path(path).stem.partition("-")[0]
        size = (output / path).stat().st_size
        kind = _TYPES[Path(path).suffix]
        files.append(MetsFile(use, path, _sha256(output / path), size, kind, page))
    (output / METS).write_bytes(write_mets(document, files))


def _written(output: Path) -> list[str]:
    """Every file of the folder, as paths within it, in order."""
    files = (path for path in output.rglob("*") if path.is_file())
    return sorted(path.relative_to(output).as_posix() for path in files)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
