"""The document job: from recognised pages and people's changes to everything that is published.

Amendments are replayed, words joined over line, column and page ends; then come current ALTO and
words, articles, page by page the web images and the PDFs, and METS. The recognised ALTO is only
read. What the former files of the document have already is taken from there.
"""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from digitize.layout.articles import cut
from digitize.output.former import NOTHING, Former
from digitize.output.mets import MASTER as MASTER_USE
from digitize.output.mets import MetsDocument, MetsFile, write_mets
from digitize.output.pdf.metadata import PdfInfo
from digitize.output.pdf.outline import Heading, article_headings, page_labels
from digitize.output.pictures import PICTURES
from digitize.output.publish import ACCESS, FORMS, MASTER, PublishedPage, Said, publish
from digitize.output.texts import TEXTS, Source, Texts, source_from_dict, write_texts
from digitize.output.timing import Seconds
from digitize.work.stages import DOCUMENT_STAGES
from pages.alto import read_alto
from pages.codec import article_to_dict
from pages.text import Article, PageText, ProcessingStep
from store.disk.files import sha256_of

PDF, MASTER_PDF, METS = "document.pdf", "master.pdf", "mets.xml"
_TYPES = {".pdf": "application/pdf", ".xml": "text/xml", ".json": "application/json"}
_TYPES |= {".jpg": "image/jpeg"}
_USES = {PDF: "PDF", MASTER_PDF: "ARCHIVE"}


def task(payload: dict[str, Any]) -> dict[str, Any]:
    """Write the files of one document into a folder.

    ``payload``: ``document`` (id), ``title``, ``time`` (ISO 8601, of the intake), ``languages``
    (ISO 639-2, used for a document without any text), ``output`` (existing folder), and ``pages``
    in order: ``key``, ``master`` (path), ``frame`` (dict), ``recognised`` (path or None),
    ``amendments`` (dicts of :mod:`pages.codec`, each may have an ``id``), ``label`` (or None).
    Optional: ``kind``, ``authors`` (list), ``date`` (as written), ``rights`` (code), ``address``;
    ``former``: ``folder`` and ``files`` (path to SHA-256) out of which is taken what would be the
    same; and ``pdf``: ``output`` (what ``document.pdf`` is: ``access``, the default, ``master`` or
    ``mono``) and ``master`` (whether ``master.pdf`` lies beside it, the default).

    Returns ``files`` (path in the folder -> SHA-256), ``articles`` (dicts of :mod:`pages.codec`),
    ``seconds`` by step, and ``pages``, each with ``key``, ``unapplied`` (ids of amendments that no
    longer fit, or the dicts where they have none), ``confidence`` (0–1 or None), ``languages``
    (most words first) and ``code`` (why the page has no image, or None). InputError when a
    recognised ALTO is not ours.
    """
    sources = [source_from_dict(page) for page in payload["pages"]]
    output = Path(payload["output"])
    seconds = Seconds()
    for name in ("alto", "words", "web"):
        (output / name).mkdir(parents=True, exist_ok=True)
    former = _former(payload.get("former"))
    with seconds.of("text"):
        texts = write_texts(sources, output, str(payload["time"]), former)
        articles = _articles(payload, sources, output, texts)
    info = _info(payload, texts)
    labels = page_labels([s.label for s in sources], [texts.printed.get(s.key) for s in sources])
    shown = [_published(source, output, texts) for source in sources]
    said = Said(info, labels, _headings(texts, articles))
    codes = publish(output, _forms(payload.get("pdf", {})), shown, said, seconds, former)
    with seconds.of("mets"):
        mets = replace(_described(payload, info, articles), pages=_numbered(sources, labels))
        files = _write_mets(mets, sources, output)
    pages = [_page_result(s, texts, code) for s, code in zip(sources, codes, strict=True)]
    told = [article_to_dict(article) for article in articles]
    return {"files": files, "articles": told, "seconds": dict(seconds), "pages": pages}


def _former(told: dict[str, Any] | None) -> Former:
    return NOTHING if told is None else Former(Path(told["folder"]), told["files"])


def _forms(asked: dict[str, Any]) -> dict[str, str]:
    """File names and forms of the PDFs; ValueError for a form that is none."""
    form = str(asked.get("output", ACCESS))
    if form not in FORMS:
        raise ValueError(form)
    beside = bool(asked.get("master", True)) and form != MASTER
    return {PDF: form} | ({MASTER_PDF: MASTER} if beside else {})


def _info(payload: dict[str, Any], texts: Texts) -> PdfInfo:
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


def _page_result(source: Source, texts: Texts, code: str | None) -> dict[str, Any]:
    return {
        "key": source.key,
        "unapplied": texts.unapplied[source.key],
        "confidence": texts.confidence.get(source.key),
        "languages": list(_ranked(texts.words.get(source.key, Counter()))),
        "code": code,
    }


def _articles(
    payload: dict[str, Any], sources: list[Source], output: Path, texts: Texts
) -> tuple[Article, ...]:
    """The articles, cut from the current text as it was written."""
    pages = (_current(source, output, texts) for source in sources)
    return cut(pages, str(payload.get("kind", "other")), [source.key for source in sources])


def _current(source: Source, output: Path, texts: Texts) -> PageText | None:
    path = _alto(output, source)
    held = texts.pages.get(source.key)
    return read_alto(path.read_bytes()) if held is None and path is not None else held


def _published(source: Source, output: Path, texts: Texts) -> PublishedPage:
    held = texts.pages.get(source.key)
    return PublishedPage(source.key, source.master, source.frame, _alto(output, source), held)


def _headings(texts: Texts, articles: tuple[Article, ...]) -> list[Heading]:
    """The articles, or where nothing was cut the headlines."""
    if articles:
        return article_headings(articles, texts.tops)
    return [Heading(title, *texts.tops[place]) for place, title in texts.headlines]


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
    sources: list[Source], labels: tuple[str | None, ...]
) -> tuple[tuple[str, str | None], ...]:
    return tuple((s.key, label) for s, label in zip(sources, labels, strict=True))


def _write_mets(document: MetsDocument, sources: list[Source], output: Path) -> dict[str, str]:
    """Write the METS file; return the hashes of all files, by their paths.

    What only the next assembly reads is no part of the document.
    """
    hashes = {path: sha256_of(output / path) for path in _written(output)}
    files = [
        MetsFile(MASTER_USE, s.frame.master, s.frame.master, s.master.stat().st_size, "", s.key)
        for s in sources
    ]
    for path in sorted(hashes.keys() - {PICTURES, TEXTS}):
        use = _USES.get(path, path.partition("/")[0].upper())
        page = None if path in _USES else Path(path).stem.partition("-")[0]
        size = (output / path).stat().st_size
        kind = _TYPES[Path(path).suffix]
        files.append(MetsFile(use, path, hashes[path], size, kind, page))
    (output / METS).write_bytes(write_mets(document, files))
    return {**hashes, METS: sha256_of(output / METS)}


def _alto(output: Path, source: Source) -> Path | None:
    path = output / "alto" / f"{source.key}.xml"
    return path if path.exists() else None


def _written(output: Path) -> list[str]:
    """Every file of the folder, as paths within it, in order."""
    files = (path for path in output.rglob("*") if path.is_file())
    return sorted(path.relative_to(output).as_posix() for path in files)
