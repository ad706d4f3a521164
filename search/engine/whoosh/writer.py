"""Writes segments of arrays into an index of Whoosh, and merges them.

Whoosh's own writer makes an object of every posting; this one collects numbers, so it takes the
lock, the schema and the table of contents from Whoosh and does the rest by itself.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from whoosh.index import TOC, FileIndex, LockError, clean_files
from whoosh.reading import EmptyReader, MultiReader, SegmentReader
from whoosh.writing import IndexWriter

from search.engine.arrays.collector import Collector
from search.engine.arrays.merge import Source, merge
from search.engine.arrays.postings import encoded
from search.engine.arrays.segment import Segment, writing_segment
from search.engine.arrays.snapshot import KEY
from search.engine.whoosh.codec import KeysCodec, KeysSegment
from search.schema import FIELDS

MOST_TOKENS = 5_000_000
"""Keys that are held in memory before they are written as a segment; some 150 MB."""

_MOST_MERGED = 6
"""A merge makes no segment of more than this many times as many keys."""

_RATIO = 4
"""A segment this many times larger than all smaller ones together is left alone by a merge."""

_WORN = 0.25
"""A segment of which more than this share is deleted is written anew."""

POSITIONS = {KEY: False, **{field.name: field.positions for field in FIELDS}}
"""The fields of a segment, and whether each keeps positions."""


class KeysWriter(IndexWriter):  # type: ignore[misc]  # Whoosh is untyped here
    """One session of changes: everything up to ``commit`` comes at once, or not at all.

    Documents come as keys, through ``replace``: Whoosh's ``add_document`` is not offered.

    ``most``: keys that are held in memory before a segment is written.

    Raises:
        whoosh.index.LockError: another writer is at work.
    """

    def __init__(self, index: FileIndex, most: int = MOST_TOKENS) -> None:
        self._lock = index.lock("WRITELOCK")
        if not self._lock.acquire():
            raise LockError
        try:
            contents = TOC.read(index.storage, index.indexname)
            self._arrays = {one: one.open(index.storage) for one in contents.segments}
        except BaseException:
            self._lock.release()
            raise
        self.schema = contents.schema
        self._generation = contents.generation + 1
        self._index = index
        self._storage = index.storage
        self._codec = KeysCodec()
        self._most = most
        self._standing: tuple[KeysSegment, ...] = tuple(contents.segments)
        self._segments = list(self._standing)
        self._written: dict[str, tuple[KeysSegment, int]] = {}
        self._begin_segment()

    def replace(self, key: str, fields: Mapping[str, Sequence[str]], shown: Sequence[str]) -> None:
        """Put a document in place of that of the same key."""
        self.delete(key)
        number = self._collector.add({**fields, KEY: (key,)}, shown)
        self._written[key] = (self._segment, number)
        if self._collector.tokens >= self._most:
            self._end_segment()
            self._begin_segment()

    def delete(self, key: str) -> bool:
        """Delete the document of this key; tell whether there was one."""
        written = self._written.pop(key, None)
        if written is not None:
            segment, number = written
            segment.delete_document(number)
            return True
        found = False
        for segment in self._standing:
            postings = self._arrays[segment].postings(KEY)
            term = postings.terms.find(encoded(key))
            for number in postings.of(term).tolist() if term >= 0 else ():
                found = found or not segment.is_deleted(number)
                segment.delete_document(number)
        return found

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        """Delete a document of the last commit by its number there (Whoosh's way)."""
        base = 0
        for segment in self._standing:
            if docnum < base + segment.doc_count_all():
                segment.delete_document(docnum - base, delete=delete)
                return
            base += segment.doc_count_all()
        raise IndexError(docnum)

    def reader(self, **kwargs: Any) -> Any:  # noqa: ANN401 - Whoosh is untyped here
        """Return a reader of the last commit, without what was deleted since (Whoosh's way)."""
        readers = [SegmentReader(self._storage, self.schema, segment) for segment in self._standing]
        return MultiReader(readers) if readers else EmptyReader(self.schema)

    def commit(self, **kwargs: Any) -> None:  # noqa: ANN401 - Whoosh is untyped here
        """Write what was added, merge, and put the new table of contents in force.

        Old files stay whole until the end; killed before, the index is as it was.
        """
        try:
            self._end_segment()
            self._merge()
            name = self._index.indexname
            TOC(self.schema, self._segments, self._generation).write(self._storage, name)
            clean_files(self._storage, name, self._generation, self._segments)
        finally:
            self._lock.release()

    def cancel(self, **kwargs: Any) -> None:  # noqa: ANN401 - Whoosh is untyped here
        """Forget all changes; files that were written already go with the next commit."""
        self._lock.release()

    def _begin_segment(self) -> None:
        self._segment: KeysSegment = self._codec.new_segment(self._storage, self._index.indexname)
        self._collector = Collector(POSITIONS)

    def _end_segment(self) -> None:
        """Write what was collected as a segment; nothing where nothing was."""
        count = len(self._collector)
        if not count:
            return
        with writing_segment(self._segment.path(self._storage)) as file:
            self._collector.write(file)
        self._segment.set_doc_count(count)
        self._take(self._segment)

    def _take(self, segment: KeysSegment) -> None:
        self._segments.append(segment)
        self._arrays[segment] = segment.open(self._storage)

    def _merge(self) -> None:
        """Keep segments few: see ``due``. One without a living document goes."""
        self._segments = [segment for segment in self._segments if segment.doc_count()]
        sizes = [_living_tokens(segment, self._arrays[segment]) for segment in self._segments]
        worn = [
            number
            for number, segment in enumerate(self._segments)
            if segment.deleted_count() > _WORN * segment.doc_count_all()
        ]
        chosen = due(sizes, worn, _MOST_MERGED * self._most)
        if not chosen:
            return
        merged: KeysSegment = self._codec.new_segment(self._storage, self._index.indexname)
        sources = [
            Source(self._arrays[one], _alive(one))
            for one in map(self._segments.__getitem__, chosen)
        ]
        with writing_segment(merged.path(self._storage)) as file:
            merged.set_doc_count(merge(sources, file))
        self._segments = [one for number, one in enumerate(self._segments) if number not in chosen]
        self._take(merged)


def due(sizes: Sequence[int], worn: Sequence[int], most: int) -> list[int]:
    """Return the numbers of the segments to be merged into one now; [] where none are.

    ``sizes`` count living keys, ``worn`` names segments that should be written anew in any case.
    Small segments are put together until each is more than ``_RATIO`` times as large as all
    smaller ones together: so a commit of one page moves little, and segments are few, because
    their sizes rise fivefold. No merge holds more than ``most`` keys, unless it is of one segment.
    """
    order = sorted(range(len(sizes)), key=sizes.__getitem__)
    total = count = 0
    for place, number in enumerate(order):
        if total + sizes[number] > most:
            break
        if place and sizes[number] <= _RATIO * total:
            count = place + 1
        total += sizes[number]
    if count or not worn:
        return sorted(order[:count])
    return [min(worn, key=sizes.__getitem__)]


def _alive(segment: KeysSegment) -> np.ndarray[Any, np.dtype[np.bool_]]:
    alive = segment.alive()
    return np.ones(segment.doc_count_all(), np.bool_) if alive is None else alive


def _living_tokens(segment: KeysSegment, arrays: Segment) -> int:
    living: int = arrays.tokens * segment.doc_count() // segment.doc_count_all()
    return living
