"""The document job: from recognised pages and people's changes to everything that is published.

Amendments are replayed, words joined over line, column and page ends; then come current ALTO and
words, articles, page by page the web images and the PDFs, and METS. The recognised ALTO is only
read, and never more than a few pages are held.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from digitize.layout.articles import cut
from digitize.output.former import NOTHING, Former
from digitize.output.mets import MASTER as MASTER_USE
from digitize.output.mets import MetsDocument, MetsFile, write_mets
from digitize.output.pdf.metadata import PdfInfo
from digitize.output.pdf.outline import (
    Heading,
    article_headings,
    headlines,
    page_labels,
    printed_number,
    region_tops,
)
from digitize.output.pictures import PICTURES
from digitize.output.publish import ACCESS, FORMS, MASTER, PublishedPage, Said, publish
from digitize.output.timing import Seconds
from digitize.work.stages import DOCUMENT_STAGES
from pages.alto import read_alto, write_alto
from pages.amend import replay
from pages.codec import amendment_from_dict, article_to_dict, frame_from_dict
from pages.hyphens import Vocabulary
from pages.logical import join_stream
from pages.text import Article, PageFrame, PageText, ProcessingStep
from pages.words import project
from store.disk.files import sha256_of

PDF, MASTER_PDF, METS = "document.pdf", "master.pdf", "mets.xml"
_TYPES = {".pdf": "application/pdf", ".xml": "text/xml", ".json": "application/json"}
_TYPES |= {".jpg": "image/jpeg"}
_USES = {PDF: "PDF", MASTER_PDF: "ARCHIVE"}


@dataclass(frozen=True, slots=True)
class _Source:
    """One page as the task names it; ``amendments`` stay dicts and go back as they came."""

    key: str
    master: Path
    frame: PageFrame
    recognised: Path | None
    amendments: tuple[dict[str, Any], ...]
    label: str | None


@dataclass(slots=True)
class _Texts:
    """What the current text of all pages says; pages without text are missing."""

    words: dict[str, Counter[str]] = field(default_factory=dict)
    confidence: dict[str, float | None] = field(default_factory=dict)
    unapplied: dict[str, list[Any]] = field(default_factory=dict)
    printed: dict[str, int | None] = field(default_factory=dict)
    tops: dict[tuple[str, str], tuple[int, float]] = field(default_factory=dict)
    headlines: list[tuple[tuple[str, str], str]] = field(default_factory=list)


def task(payload: dict[str, Any]) -> dict[str, Any]:
    """Write the files of one document into a folder.

    ``payload``: ``document`` (id), ``title``, ``time`` (ISO 8601, of the intake), ``languages``
    (ISO 639-2, used for a document without any text), ``output`` (existing folder), and ``pages``
    in order: ``key``, ``master`` (path), ``frame`` (dict), ``recognised`` (path or None),
    ``amendments`` (dicts of :mod:`pages.codec`, each may have an ``id``), ``label`` (or None).
    Optional: ``kind``, ``authors`` (list), ``date`` (as written), ``rights`` (code), ``address``;
    ``former``: ``folder`` and ``files`` (path to SHA-256) of the former assembly, out of which is
    taken what would be the same; and ``pdf``: ``output`` (what ``document.pdf`` is: ``access``, the
    default, ``master`` or ``mono``) and ``master`` (whether ``master.pdf`` lies beside it, the
    default).

    Returns ``files`` (path in the folder -> SHA-256: ``document.pdf``, ``master.pdf``,
    ``mets.xml``, ``pictures.json``, ``alto/p0001.xml``, ``words/p0001.json``, ``web/p0001-200.jpg``
    …), ``articles`` (dicts of :mod:`pages.codec`), ``seconds`` by step, and ``pages``, each with
    ``key``,
    ``unapplied`` (ids of amendments that no longer fit, or the dicts where they have none),
    ``confidence`` (0–1 or None), ``languages`` (most words first) and ``code`` (why the page has no
    image, or None). InputError when a recognised ALTO is not ours.
    """
    sources = [_source(page) for page in payload["pages"]]
    output = Path(payload["output"])
    seconds = Seconds()
    for name in ("alto", "words", "web"):
        (output / name).mkdir(parents=True, exist_ok=True)
    with seconds.of("text"):
        texts = _write_texts(sources, output, str(payload["time"]))
        articles = _articles(payload, sources, output)
    info = _info(payload, texts)
    labels = page_labels([s.label for s in sources], [texts.printed.get(s.key) for s in sources])
    shown = [PublishedPage(s.key, s.master, s.frame, _alto(output, s)) for s in sources]
    said = Said(info, labels, _headings(texts, articles))
    former = _former(payload.get("former"))
    codes = publish(output, _forms(payload.get("pdf", {})), shown, said, seconds, former)
    with seconds.of("mets"):
        files = {path: sha256_of(output / path) for path in _written(output)}
        described = _described(payload, info, articles)
        mets = replace(described, pages=_numbered(sources, labels))
        (output / METS).write_bytes(write_mets(mets, _mets_files(sources, output, files)))
    return {
        "files": {**files, METS: sha256_of(output / METS)},
        "articles": [article_to_dict(article) for article in articles],
        "seconds": dict(seconds),
        "pages": [_page_result(s, texts, code) for s, code in zip(sources, codes, strict=True)],
    }


def _former(told: dict[str, Any] | None) -> Former:
    return NOTHING if told is None else Former(Path(told["folder"]), told["files"])


def _forms(asked: dict[str, Any]) -> dict[str, str]:
    """File names and forms of the PDFs; ValueError for a form that is none."""
    form = str(asked.get("output", ACCESS))
    if form not in FORMS:
        raise ValueError(form)
    beside = bool(asked.get("master", True)) and form != MASTER
    return {PDF: form} | ({MASTER_PDF: MASTER} if beside else {})


def _info(payload: dict[str, Any], texts: _Texts) -> PdfInfo:
    spoken: Counter[str] = sum(texts.words.values(), Counter())
    told = tuple(code for code in payload["languages"] if code != "und")
    return PdfInfo(
        identifier=str(payload["document"]),
        title=str(payload["title"]),
        time=str(payload["time"]),
        languages=_ranked(spoken) or told,
        authors=tuple(str(name) for name in payload.get("authors", ())),
        date=str(payload.get("date") or ""),
        rights=str(payload.get("rights") or ""),
        address=str(payload.get("address") or ""),
    )


def _page_result(source: _Source, texts: _Texts, code: str | None) -> dict[str, Any]:
    return {
        "key": source.key,
        "unapplied": texts.unapplied[source.key],
        "confidence": texts.confidence.get(source.key),
        "languages": list(_ranked(texts.words.get(source.key, Counter()))),
        "code": code,
    }


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


def _write_texts(sources: list[_Source], output: Path, time: str) -> _Texts:
    """Write ALTO and words of every page that has text.

    Pages are read twice, so that never more than two are held.
    """
    vocabulary = Vocabulary()
    texts = _Texts()
    for source in sources:
        page, texts.unapplied[source.key] = _amended(source)
        if page is not None:
            vocabulary.add(page)
    joined = join_stream(_amended_pages(sources), vocabulary)
    for index, (source, page) in enumerate(zip(sources, joined, strict=True)):
        if page is None:
            continue
        name = page.frame.master
        alto = write_alto(page, page_id=source.key, source=name, time=time)
        (output / "alto" / f"{source.key}.xml").write_bytes(alto)
        projection = project(page, hashlib.sha256(alto).hexdigest())
        (output / "words" / f"{source.key}.json").write_bytes(projection)
        confidence = page.confidence
        texts.words[source.key] = _word_count(page)
        texts.confidence[source.key] = None if confidence is None else round(confidence, 4)
        texts.printed[source.key] = printed_number(page)
        texts.tops |= region_tops(page, source.key, index)
        texts.headlines += headlines(page, source.key)
    return texts


def _articles(payload: dict[str, Any], sources: list[_Source], output: Path) -> tuple[Article, ...]:
    """The articles, cut from the current text as it was written."""
    paths = [_alto(output, source) for source in sources]
    pages = (None if path is None else read_alto(path.read_bytes()) for path in paths)
    return cut(pages, str(payload.get("kind", "other")), [source.key for source in sources])


def _headings(texts: _Texts, articles: tuple[Article, ...]) -> list[Heading]:
    """The articles, or where nothing was cut the headlines."""
    if articles:
        return article_headings(articles, texts.tops)
    return [Heading(title, *texts.tops[place]) for place, title in texts.headlines]


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


def _described(
    payload: dict[str, Any], info: PdfInfo, articles: tuple[Article, ...]
) -> MetsDocument:
    """The document as METS describes it, its pages still missing."""
    return MetsDocument(
        identifier=info.identifier,
        title=info.title,
        time=info.time,
        languages=info.languages,
        pages=(),
        kind=str(payload.get("kind", "document")),
        authors=info.authors,
        date=info.date,
        articles=articles,
        steps=tuple(ProcessingStep(stage.name, stage.version) for stage in DOCUMENT_STAGES),
    )


def _numbered(
    sources: list[_Source], labels: tuple[str | None, ...]
) -> tuple[tuple[str, str | None], ...]:
    return tuple((s.key, label) for s, label in zip(sources, labels, strict=True))


def _mets_files(sources: list[_Source], output: Path, written: Mapping[str, str]) -> list[MetsFile]:
    """Masters and written files (path to SHA-256); not what only the next assembly reads."""
    files = [
        MetsFile(MASTER_USE, s.frame.master, s.frame.master, s.master.stat().st_size, "", s.key)
        for s in sources
    ]
    for path, sha256 in written.items():
        if path == PICTURES:
            continue
        use = _USES.get(path, path.partition("/")[0].upper())
        page = None if path in _USES else Path(path).stem.partition("-")[0]
        size = (output / path).stat().st_size
        kind = _TYPES[Path(path).suffix]
        files.append(MetsFile(use, path, sha256, size, kind, page))
    return files


def _alto(output: Path, source: _Source) -> Path | None:
    path = output / "alto" / f"{source.key}.xml"
    return path if path.exists() else None


def _written(output: Path) -> list[str]:
    """Every file of the folder, as paths within it, in order."""
    files = (path for path in output.rglob("*") if path.is_file())
    return sorted(path.relative_to(output).as_posix() for path in files)
