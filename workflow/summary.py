"""What became of inputs: a line a document, and the counts that must add up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from olketanu.errors import ExitCode
from store import jobs
from store.catalogue import links
from store.digitised import batches, documents
from store.digitised import pages as page_rows
from store.digitised.documents import Document
from workflow.library import Library

Words = Callable[[str], str]
REVIEW_STATES = ("done-with-gaps",)


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One document as tables and ``--json`` show it. ``seconds`` is the children's time for it."""

    document: str
    name: str
    batch: str
    kind: str
    state: str
    code: str | None
    text: int
    image_only: int
    failed: int
    languages: tuple[str, ...]
    confidence: float | None
    seconds: float
    pdf: str | None
    pdf_bytes: int
    record: str | None
    proposed: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """The ``run`` line of contracts."""
        pages = {"text": self.text, "image_only": self.image_only, "failed": self.failed}
        return {
            "document": self.document,
            "name": self.name,
            "state": self.state,
            "pages": pages,
            "record": self.record,
            "records": [self.record] if self.record else [],
            "proposed": list(self.proposed),
            "pdf": self.pdf,
            "confidence": self.confidence,
            "languages": list(self.languages),
            "seconds": self.seconds,
            "code": self.code,
        }

    def record_words(self, words: Words) -> str:
        """The record's id, or the proposed one with a question mark."""
        if self.record:
            return self.record
        return ", ".join(f"{record}?" for record in self.proposed)


@dataclass(frozen=True, slots=True)
class Refused:
    """An input that was quarantined."""

    name: str
    code: str


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run leaves behind. ``duplicates`` are inputs that were in the library already."""

    documents: tuple[DocumentLine, ...]
    refused: tuple[Refused, ...]
    duplicates: int

    @property
    def total(self) -> int:
        """Documents in the report."""
        return len(self.documents)

    @property
    def waiting(self) -> int:
        """Items that wait for a person: proposed links and documents with gaps."""
        gaps = sum(line.state in REVIEW_STATES for line in self.documents)
        return gaps + sum(len(line.proposed) for line in self.documents)

    @property
    def exit_code(self) -> ExitCode:
        """7 when inputs were refused, else 1 when something waits for review, else 0."""
        if self.refused:
            return ExitCode.PARTLY_FAILED
        return ExitCode.REVIEW if self.waiting else ExitCode.DONE

    def counts(self) -> dict[str, object]:
        """Facts of the closing sentence."""
        return {
            "pages": sum(d.text + d.image_only + d.failed for d in self.documents),
            "refused": len(self.refused),
            "duplicates": self.duplicates,
        }


def document_lines(
    library: Library, *, batch: str | None = None, state: str | None = None
) -> tuple[DocumentLine, ...]:
    """Return a line for every document, in intake order."""
    found = documents.list_documents(library.store, batch=batch, state=state)
    return tuple(document_line(library, document) for document in found)


def document_line(library: Library, document: Document) -> DocumentLine:
    """Return the line of one document."""
    rows = page_rows.list_pages(library.store, document.id)
    known = [page.confidence for page in rows if page.confidence is not None]
    linked = links.list_links(library.store, document=document.id)
    accepted = [link.record for link in linked if link.status == "accepted"]
    pdf = library.home.pdf(document.id)
    counts = page_rows.count_pages(library.store, document=document.id)
    return DocumentLine(
        document=document.id,
        name=document.name,
        batch=document.batch,
        kind=document.kind,
        state=document.state,
        code=document.code,
        text=counts["text"],
        image_only=counts["image-only"],
        failed=counts["failed"],
        languages=_languages(rows),
        confidence=round(sum(known) / len(known), 4) if known else None,
        seconds=_seconds(library, document.id),
        pdf=str(pdf) if "document.pdf" in document.files else None,
        pdf_bytes=pdf.stat().st_size if pdf.is_file() else 0,
        record=accepted[0] if accepted else None,
        proposed=tuple(link.record for link in linked if link.status == "proposed"),
    )


def run_report(library: Library, names: Sequence[str]) -> RunReport:
    """Return the report over these batches; all batches when none is named."""
    wanted = list(names) or [batch.name for batch in batches.list_batches(library.store)]
    lines: list[DocumentLine] = []
    refused: list[Refused] = []
    duplicates = 0
    for name in wanted:
        lines.extend(document_lines(library, batch=name))
        for source in batches.list_sources(library.store, name):
            if source.state == "quarantined":
                refused.append(Refused(source.name, source.code or "UNREADABLE"))
            duplicates += source.state == "duplicate-of"
    return RunReport(tuple(lines), tuple(refused), duplicates)


def _languages(rows: Sequence[page_rows.Page]) -> tuple[str, ...]:
    return tuple(sorted({code for page in rows for code in page.languages if code != "und"}))


def _seconds(library: Library, document: str) -> float:
    done = jobs.list_jobs(library.store, document=document, state="done")
    return round(sum(float((job.result or {}).get("seconds", 0.0)) for job in done), 2)
