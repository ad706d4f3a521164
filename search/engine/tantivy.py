"""The quick engine, on tantivy; the only module that knows it. It comes with the extra ``fast``.

Fields hold ready-made keys, so words are split at blanks and values are taken as they are. tantivy
ranks by BM25 with k1 = 1.2 and b = 0.75 in every field; the weights are those of the schema. One
thread writes, and ``commit`` waits for what is merged, so that the folder is complete when it
returns. Files are never changed in place: the index may link them.
"""

import errno
import json
import math
import os
import re
import shutil
import tempfile
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import product, takewhile
from pathlib import Path
from typing import Any

import numpy as np
import tantivy

from search.engine.base import Capabilities, Found, Hit, Numbers
from search.engine.wanted import Either, Every, Keys, Row, Wanted
from search.schema import BY_NAME, FIELDS, Analysed

_HEAP = 128_000_000
"""Bytes of postings that the writer holds before it writes a segment."""

_MORE = (32, 1000)
"""Hits that are looked at beside those asked for, to put equal ones in the order of their keys."""

_MOST_PHRASES = 64
"""Phrases that a row of key sets is spelled out into; beyond, each place is matched as a set."""

_SHOWN = ("key", "kind", "form", "document", "page", "record", "title", "date")
_LOCKS = (".tantivy-writer.lock", ".tantivy-meta.lock")
_SYSTEM_ERROR = re.compile(r"\(os error (\d+)\)")

_MUST, _MAY, _NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot
_Query = Any  # tantivy is untyped here


def _schema() -> Any:  # noqa: ANN401 - tantivy is untyped here
    """Build tantivy's schema from our table; ``_number`` names an entry in sets of them."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("_key", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("_number", fast=True)
    builder.add_bytes_field("_shown", stored=True)
    for field in FIELDS:
        tokenizer = "raw" if field.values else "whitespace"
        option = "position" if field.positions else "freq" if field.weight else "basic"
        builder.add_text_field(field.name, tokenizer_name=tokenizer, index_option=option)
    return builder.build()


class TantivyEngine:
    """One tantivy index; see ``search.engine.base.SearchEngine``."""

    capabilities = Capabilities()

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._linked = not os.access(folder, os.W_OK)
        self._place = _links_to(folder) if self._linked else folder
        weakref.finalize(self, _let_go, self._place, linked=self._linked)
        with _plain_errors():
            name = str(self._place)
            held = tantivy.Index.exists(name)
            self._index = tantivy.Index.open(name) if held else tantivy.Index(_schema(), name)
            self._index.config_reader("manual")
        self._build = _Builder(self._index.schema)
        self._writer: Any = None
        self._next_number = 0
        self._searcher: Any = None
        self._members: dict[str, Mapping[str, Numbers]] = {}

    def replace(self, analysed: Analysed) -> None:
        """Put an entry in place of any of the same key; seen after ``commit``."""
        entry = analysed.entry
        self.delete(entry.key)
        document = tantivy.Document()
        document.add_text("_key", entry.key)
        document.add_bytes("_shown", json.dumps([getattr(entry, name) for name in _SHOWN]).encode())
        for field in FIELDS:
            keys = analysed.fields[field.name]
            for text in keys if field.values else filter(None, (" ".join(keys),)):
                document.add_text(field.name, text)
        with _plain_errors():
            writer = self._writing()
            document.add_integer("_number", self._next_number)
            writer.add_document(document)
        self._next_number += 1

    def delete(self, key: str) -> None:
        """Take the entry of this key out, if there is one; seen after ``commit``."""
        with _plain_errors():
            if self._writer is not None or self._reading().doc_freq("_key", key):
                self._writing().delete_documents_by_term("_key", key)

    def commit(self) -> None:
        """Write a new segment and merge small ones; what they were made of is deleted."""
        writer, self._writer = self._writer, None
        if writer is not None:
            with _plain_errors():
                writer.commit()
                writer.wait_merging_threads()
            self._forget_searcher()

    def search(self, wanted: Wanted, limit: int) -> Found:
        """Return the best hits by BM25 with the weights of the schema."""
        with _plain_errors():
            searcher = self._reading()
            query = self._build.query(wanted)
            limit = min(limit, max(1, searcher.num_docs))  # room is taken before anything is found
            for more in _MORE:
                found = searcher.search(query, limit + more)
                scored = _best(found.hits, limit)
                if len(scored) < limit + more:
                    break
            ranked = [(-score, _shown(searcher.doc(at))) for score, at in scored]
        ranked.sort(key=lambda pair: (pair[0], pair[1]["key"]))
        hits = [Hit(**shown, score=-rank) for rank, shown in ranked[:limit]]
        return Found(tuple(hits), found.count)

    def matches(self, wanted: Wanted) -> Numbers:
        """Return the numbers of all entries that answer ``wanted``."""
        with _plain_errors():
            return _numbers(self._reading(), self._build.query(wanted), self.count())

    def members(self, field: str) -> Mapping[str, Numbers]:
        """Return, for every value in a field that holds values, the entries that have it."""
        if field not in self._members:
            with _plain_errors():
                self._members[field] = {
                    value: _numbers(self._reading(), self._build.one_of(field, (value,), 0), count)
                    for value, count in self.words(field)
                }
        return self._members[field]

    def words(self, field: str, prefix: str = "") -> list[tuple[str, int]]:
        """Return the keys of ``field`` that begin with ``prefix``, with their entries counted."""
        with _plain_errors():
            # Asked of all entries, because a term's own count has the deleted ones in it.
            every = tantivy.Query.all_query()
            return sorted(self._reading().terms_with_prefix(field, prefix, every))

    def count(self) -> int:
        """Return how many entries the last commit holds."""
        with _plain_errors():
            return int(self._reading().num_docs)

    def close(self) -> None:
        """Let go of files; changes without commit are lost."""
        writer, self._writer = self._writer, None
        try:
            if writer is not None:
                with _plain_errors():
                    writer.rollback()
                    writer.wait_merging_threads()
        finally:
            self._forget_searcher()
            _let_go(self._place, linked=self._linked)

    def _writing(self) -> Any:  # noqa: ANN401 - tantivy is untyped here
        if self._linked:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self._folder))
        if self._writer is None:
            self._next_number = self._last_number() + 1
            self._writer = self._index.writer(_HEAP, 1)
        return self._writer

    def _last_number(self) -> int:
        every = tantivy.Query.all_query()
        last = self._reading().search(every, 1, count=False, order_by_field="_number").hits
        return int(last[0][0]) if last else -1

    def _reading(self) -> Any:  # noqa: ANN401 - tantivy is untyped here
        if self._searcher is None:
            self._index.reload()
            self._searcher = self._index.searcher()
        return self._searcher

    def _forget_searcher(self) -> None:
        self._searcher = None
        self._members = {}


class _Builder:
    """Builds tantivy's queries for one schema of it."""

    def __init__(self, schema: Any) -> None:  # noqa: ANN401 - tantivy is untyped here
        self._schema = schema

    def query(self, wanted: Wanted) -> _Query:
        """Return the query for ``wanted``."""
        match wanted:
            case Keys():
                return self._keys(wanted)
            case Row(field, words, weight):
                return self._row(field, words, BY_NAME[field].weight * weight)
            case Every(plans, without):
                parts = [(_MUST, self.query(one)) for one in plans]
                unwanted = [(_NOT, self.query(one)) for one in without]
                return _joined((parts or [(_MUST, _flat(tantivy.Query.all_query()))]) + unwanted)
            case Either(plans):
                return _joined([(_MAY, self.query(one)) for one in plans])

    def one_of(self, field: str, keys: tuple[str, ...], weight: float) -> _Query:
        """Return the query for entries with one of ``keys``; without weight it does not score."""
        if not weight and len(keys) > 1:
            return _flat(tantivy.Query.term_set_query(self._schema, field, keys))
        terms = [tantivy.Query.term_query(self._schema, field, key) for key in keys]
        found = _joined([(_MAY, term) for term in terms])
        return tantivy.Query.boost_query(found, weight) if weight else _flat(found)

    def _keys(self, wanted: Keys) -> _Query:
        weight = BY_NAME[wanted.field].weight * wanted.weight
        found = self.one_of(wanted.field, wanted.keys, weight)
        lifts = [(_MAY, self._keys(one)) for one in wanted.lifts if one.keys]
        return _joined([(_MUST, found), *lifts])

    def _row(self, field: str, words: tuple[tuple[str, ...], ...], weight: float) -> _Query:
        if len(words) == 1:
            return self.one_of(field, words[0], weight)
        if math.prod(map(len, words)) <= _MOST_PHRASES:
            rows = [
                tantivy.Query.phrase_query(self._schema, field, list(row))
                for row in product(*words)
            ]
            found = _joined([(_MAY, row) for row in rows])
        else:
            places = ["|".join(map(re.escape, keys)) for keys in words]
            found = tantivy.Query.regex_phrase_query(self._schema, field, places)
        return tantivy.Query.boost_query(found, weight)


def _links_to(folder: Path) -> Path:
    """Return a new folder of links to the files of ``folder``, which may only be read.

    tantivy locks a folder while it opens what is there, and a lock is a file.
    """
    place = Path(tempfile.mkdtemp(prefix="olketanu-"))
    for path in folder.iterdir():
        (place / path.name).symlink_to(path.absolute())
    return place


def _let_go(place: Path, *, linked: bool) -> None:
    """Take away what opening left: the folder of links, or the files of locks."""
    if linked:
        shutil.rmtree(place, ignore_errors=True)
    for name in _LOCKS:
        (place / name).unlink(missing_ok=True)


def _joined(parts: list[tuple[Any, _Query]]) -> _Query:
    """Join the parts into one query; nothing is found where there are none."""
    if not parts:
        return tantivy.Query.empty_query()
    alone = len(parts) == 1 and parts[0][0] != _NOT
    return parts[0][1] if alone else tantivy.Query.boolean_query(parts)


def _flat(query: _Query) -> _Query:
    return tantivy.Query.const_score_query(query, 0.0)


def _numbers(searcher: Any, query: _Query, most: int) -> Numbers:  # noqa: ANN401 - untyped there
    """Return the numbers of the entries, ``most`` of them at the most."""
    hits = searcher.search(_flat(query), max(1, most), count=False).hits
    numbers = searcher.fast_field_values("_number", [at for _, at in hits])
    return np.sort(np.array(numbers, np.int32))


def _shown(document: Any) -> dict[str, Any]:  # noqa: ANN401 - tantivy is untyped here
    return dict(zip(_SHOWN, json.loads(document.get_first("_shown")), strict=True))


def _best(scored: list[tuple[float, Any]], limit: int) -> list[tuple[float, Any]]:
    """Return the first ``limit`` and what ties with the last of them."""
    if len(scored) <= limit:
        return scored
    last = scored[limit - 1][0]
    return scored[:limit] + list(takewhile(lambda pair: pair[0] == last, scored[limit:]))


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Let tantivy's errors be ordinary ones: of the system OSError, a panic RuntimeError."""
    try:
        yield
    except ValueError as error:
        number = _SYSTEM_ERROR.search(str(error))
        if number is None:
            raise
        raise OSError(int(number[1]), os.strerror(int(number[1]))) from error
    except BaseException as error:
        if type(error).__module__ != "pyo3_runtime":  # its panics are no Exception
            raise
        raise RuntimeError(str(error)) from error
