"""A codec for Whoosh whose postings are arrays, in one file a segment.

Whoosh keeps what it is good at: the schema, the table of contents, segments, deletions, locks.
What it reads through this codec (searchers, queries, cursors) is the same as through its own; our
engine goes past all that to the arrays.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.codec import base
from whoosh.codec.whoosh3 import W3Segment
from whoosh.fields import FieldType
from whoosh.formats import Existence, Format, Positions
from whoosh.matching import ListMatcher
from whoosh.reading import TermInfo, TermNotFound
from whoosh.system import pack_uint

from search.engine.arrays.postings import Postings
from search.engine.arrays.segment import Segment
from search.engine.arrays.statistics import Mask

EXTENSION = ".keys"
"""Of the one file of a segment."""

STORED = "shown"
"""The stored field; its value is a list of texts."""

Storage = Any
"""Where Whoosh keeps the files of an index: a ``FileStorage``; Whoosh is untyped here."""


class KeysSegment(W3Segment):  # type: ignore[misc]  # Whoosh is untyped here
    """What the table of contents keeps of a segment: its name, size and deletions."""

    def should_assemble(self) -> bool:
        """Tell Whoosh not to pack the one file into another."""
        return False

    def path(self, storage: Storage) -> Path:
        """Return the file of the segment."""
        return Path(storage.folder, self.make_filename(EXTENSION))

    def open(self, storage: Storage) -> Segment:
        """Open the arrays; ValueError where they are not those of this segment."""
        segment = Segment(self.path(storage))
        if segment.documents != self.doc_count_all():
            raise ValueError("a segment is not the one that the table of contents names")
        return segment

    def alive(self) -> Mask | None:
        """Return the mask of the documents that were not deleted, None where none was."""
        if not self.has_deletions():
            return None
        alive = np.ones(self.doc_count_all(), np.bool_)
        alive[list(self.deleted_docs())] = False
        return alive


class KeysCodec(base.Codec):  # type: ignore[misc]  # Whoosh is untyped here
    """Reads segments of arrays; ``search.engine.whoosh.writer`` writes them."""

    def new_segment(self, storage: Storage, indexname: str) -> KeysSegment:
        """Return a new, empty segment with a name of its own."""
        return KeysSegment(self, indexname)

    def terms_reader(self, storage: Storage, segment: KeysSegment) -> "KeysTermsReader":
        """Open the terms and postings of a segment."""
        return KeysTermsReader(segment.open(storage))

    def per_document_reader(self, storage: Storage, segment: KeysSegment) -> "KeysDocumentReader":
        """Open the lengths and stored fields of a segment."""
        return KeysDocumentReader(segment, segment.open(storage))


class KeysDocumentReader(base.PerDocumentReader):  # type: ignore[misc]  # untyped there
    """Deletions, lengths and stored fields of one segment."""

    def __init__(self, segment: KeysSegment, arrays: Segment) -> None:
        self._segment = segment
        self._arrays = arrays
        self.doc_count = segment.doc_count
        self.doc_count_all = segment.doc_count_all
        self.has_deletions = segment.has_deletions
        self.is_deleted = segment.is_deleted
        self.deleted_docs = segment.deleted_docs

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return how many keys a document has in a field, exactly."""
        return int(self._lengths(fieldname)[docnum])

    def field_length(self, fieldname: str) -> int:
        """Return how many keys all documents have in a field, deleted ones too."""
        return int(self._lengths(fieldname).sum())

    def min_field_length(self, fieldname: str) -> int:
        """Return the fewest keys of a document."""
        return int(self._lengths(fieldname).min())

    def max_field_length(self, fieldname: str) -> int:
        """Return the most keys of a document."""
        return int(self._lengths(fieldname).max())

    def stored_fields(self, docnum: int) -> dict[str, list[str]]:
        """Return what is stored of a document."""
        return {STORED: self._arrays.shown(docnum)}

    def _lengths(self, field: str) -> Any:  # noqa: ANN401 - of the narrowest type
        return self._arrays.postings(field).lengths


class KeysTermsReader(base.TermsReader):  # type: ignore[misc]  # untyped there
    """Terms and postings of one segment, as Whoosh asks for them."""

    def __init__(self, arrays: Segment) -> None:
        self._arrays = arrays

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._postings(term[0]).terms.find(term[1]) >= 0

    def indexed_field_names(self) -> Sequence[str]:
        """Return the names of the fields."""
        return self._arrays.fields

    def cursor(self, fieldname: str, fieldobj: FieldType) -> "KeysCursor":
        """Return a cursor at the first term of a field."""
        return KeysCursor(self._postings(fieldname))

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Yield all terms, field by field in the order of their names."""
        for field in sorted(self._arrays.fields):
            yield from self.terms_from(field, b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield the terms of a field from ``prefix`` on."""
        terms = self._postings(fieldname).terms
        for number in range(terms.range(prefix)[0], len(terms)):
            yield fieldname, terms[number]

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield all terms with what is counted of them."""
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(
        self, fieldname: str, prefix: bytes
    ) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield the terms of a field from ``prefix`` on with what is counted of them."""
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Return what is counted of a term; TermNotFound where there is none."""
        postings = self._postings(fieldname)
        return _info(postings, self._find(postings, text))

    def frequency(self, fieldname: str, text: bytes) -> float:
        """Return how often a term occurs, 0 where there is none."""
        known = (fieldname, text) in self
        return float(self.term_info(fieldname, text).weight()) if known else 0.0

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """Return how many documents hold a term, deleted ones too; 0 where there is none."""
        known = (fieldname, text) in self
        return int(self.term_info(fieldname, text).doc_frequency()) if known else 0

    def matcher(
        self,
        fieldname: str,
        text: bytes,
        format_: Format,
        scorer: Any = None,  # noqa: ANN401 - Whoosh is untyped here
    ) -> ListMatcher:
        """Return the postings of a term, one by one; TermNotFound where there is none."""
        postings = self._postings(fieldname)
        term = self._find(postings, text)
        return ListMatcher(
            postings.of(term).tolist(),
            postings.times(term).astype(np.float64).tolist(),
            _Values(postings, term, format_),
            format_,
            scorer=scorer,
            term=(fieldname, text),
            terminfo=_info(postings, term),
        )

    def _postings(self, field: str) -> Postings:
        return self._arrays.postings(field)

    @staticmethod
    def _find(postings: Postings, text: bytes) -> int:
        term = postings.terms.find(text)
        if term < 0:
            raise TermNotFound(repr(text))
        return term


class KeysCursor(base.FieldCursor):  # type: ignore[misc]  # untyped there
    """Goes through the terms of one field; behind the last its text is None."""

    def __init__(self, postings: Postings) -> None:
        self._postings = postings
        self._number = 0

    def first(self) -> str | None:
        """Go to the first term."""
        self._number = 0
        return self.text()

    def find(self, term: str | bytes) -> str | None:
        """Go to ``term`` or, where there is none, to the next."""
        sought = term.encode() if isinstance(term, str) else term
        self._number = self._postings.terms.range(sought)[0]
        return self.text()

    def next(self) -> str | None:
        """Go one further."""
        self._number += 1
        return self.text()

    def text(self) -> str | None:
        """Return the term."""
        return self._postings.terms[self._number].decode() if self.is_valid() else None

    def is_valid(self) -> bool:
        """Tell whether there is a term here."""
        return self._number < len(self._postings.terms)

    def term_info(self) -> TermInfo | None:
        """Return what is counted of the term."""
        return _info(self._postings, self._number) if self.is_valid() else None


class _Values(Sequence[bytes]):
    """What Whoosh's own formats would have stored of each posting, made when it is asked for."""

    def __init__(self, postings: Postings, term: int, format_: Format) -> None:
        self._postings = postings
        self._term = term
        self._format = format_
        self._times = postings.times(term)

    def __len__(self) -> int:
        return len(self._times)

    def __getitem__(self, number: Any) -> Any:  # noqa: ANN401 - Whoosh asks one by one
        if number >= len(self):
            raise IndexError(number)
        if isinstance(self._format, Positions):
            return self._format.encode(self._positions(number))
        return b"" if isinstance(self._format, Existence) else pack_uint(int(self._times[number]))

    def _positions(self, number: int) -> list[int]:
        places, positions = self._postings.places, self._postings.positions
        if places is None or positions is None:
            raise ValueError("this field keeps no positions")
        start = int(places[self._term]) + int(self._times[:number].sum())
        places_of: list[int] = positions[start : start + int(self._times[number])].tolist()
        return places_of


def _info(postings: Postings, term: int) -> TermInfo:
    documents, times = postings.of(term), postings.times(term)
    lengths = postings.lengths[documents]
    return TermInfo(
        weight=float(times.sum()),
        df=len(documents),
        minlength=int(lengths.min()),
        maxlength=int(lengths.max()),
        maxweight=float(times.max()),
        minid=int(documents[0]),
        maxid=int(documents[-1]),
    )
