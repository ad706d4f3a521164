"""The default engine, on Whoosh; the only module that knows it.

A searcher is opened afresh after every commit and never refreshed: ``Searcher.refresh`` of
whoosh3 3.54.0 brings deleted and doubled documents back (22 documents became 43). Fields
hold ready-made keys, so the analyzer only splits at blanks. Whoosh keeps pickles in places: never
open an index that this program did not write.
"""

from collections.abc import Mapping
from itertools import takewhile
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import fields, index, query, scoring
from whoosh.analysis import RegexTokenizer
from whoosh.query import spans
from whoosh.util import make_binary_tree

from search.engine.base import Capabilities, Found, Hit, Numbers
from search.engine.wanted import Either, Every, Keys, Row, Wanted
from search.schema import BY_NAME, FIELDS, Analysed

_MEMORY = 256
"""Megabytes of postings that a writer holds before it spills to disk."""

_MOST_TIES = 1000
"""Hits of equal score that are looked at to put them in the order of their keys."""

_SHOWN = ("key", "kind", "form", "document", "page", "record", "title", "date")


def _schema() -> fields.Schema:
    """Build Whoosh's schema from our table; what is shown is stored beside, never the text."""
    keys: dict[str, fields.FieldType] = {
        field.name: fields.TEXT(analyzer=RegexTokenizer(r"\S+"), phrase=field.positions)
        for field in FIELDS
    }
    keys["key"] = fields.ID(unique=True, stored=True)
    keys["shown"] = fields.STORED()
    return fields.Schema(**keys)


class WhooshEngine:
    """One Whoosh index; see ``search.engine.base.SearchEngine``."""

    capabilities = Capabilities()

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        name = str(folder)
        self._index = index.open_dir(name) if index.exists_in(name) else self._create(name)
        self._writer: Any = None
        self._written: set[str] = set()
        self._searcher: Any = None

    @staticmethod
    def _create(name: str) -> Any:  # noqa: ANN401 - Whoosh has no public type for an index
        return index.create_in(name, _schema())

    def replace(self, analysed: Analysed) -> None:
        """Put an entry in place of any of the same key; seen after ``commit``."""
        entry = analysed.entry
        self._separate(entry.key)
        shown = {name: getattr(entry, name) for name in _SHOWN}
        row: dict[str, Any] = {name: " ".join(keys) for name, keys in analysed.fields.items()}
        self._writing().update_document(key=entry.key, shown=shown, **row)
        self._written.add(entry.key)

    def delete(self, key: str) -> None:
        """Take the entry of this key out, if there is one; seen after ``commit``."""
        self._separate(key)
        self._writing().delete_by_term("key", key)

    def commit(self) -> None:
        """Write a new segment and merge small ones; old files stay whole until the end."""
        writer, self._writer = self._writer, None  # a failed commit leaves nothing to cancel
        self._written.clear()
        if writer is not None:
            writer.commit()
        self._forget_searcher()

    def search(self, wanted: Wanted, limit: int) -> Found:
        """Return the best hits by BM25F with the weights of the schema."""
        searcher = self._reading()
        asked = _build(wanted)
        if asked is None:
            return Found((), 0)
        scored = sorted(
            searcher.search(asked, limit=None).items(), key=lambda pair: (-pair[1], pair[0])
        )
        hits = [
            Hit(**searcher.stored_fields(number)["shown"], score=score)
            for number, score in _best(scored, limit)
        ]
        hits.sort(key=lambda hit: (-hit.score, hit.key))
        return Found(tuple(hits[:limit]), len(scored))

    def matches(self, wanted: Wanted) -> Numbers:
        """Return the numbers of all entries that answer ``wanted``."""
        asked = _build(wanted)
        if asked is None:
            return np.array((), np.int32)
        return np.array(sorted(self._reading().docs_for_query(asked)), np.int32)

    def members(self, field: str) -> Mapping[str, Numbers]:
        """Return, for every value in a field that holds values, the entries that have it."""
        values = [value for value, _ in self.words(field)]
        return {value: self.matches(Keys(field, (value,))) for value in values}

    def words(self, field: str, prefix: str = "") -> list[tuple[str, int]]:
        """Return the keys of ``field`` that begin with ``prefix``, with their entries counted."""
        reader = self._reading().reader()
        found = []
        for key in reader.expand_prefix(field, prefix):
            asked = query.Term(field, key.decode())
            count = sum(1 for _ in self._reading().docs_for_query(asked))
            if count:
                found.append((key.decode(), count))
        return found

    def count(self) -> int:
        """Return how many entries the last commit holds."""
        return int(self._reading().doc_count())

    def close(self) -> None:
        """Let go of files; changes without commit are lost."""
        writer, self._writer = self._writer, None
        self._written.clear()
        try:
            if writer is not None:
                writer.cancel()
        finally:
            self._forget_searcher()
            self._index.close()

    def _separate(self, key: str) -> None:
        """Commit before a key comes again: Whoosh deletes nothing of the segment it is writing."""
        if key in self._written:
            self.commit()

    def _writing(self) -> Any:  # noqa: ANN401 - Whoosh is untyped here
        if self._writer is None:
            self._writer = self._index.writer(limitmb=_MEMORY)
        return self._writer

    def _reading(self) -> Any:  # noqa: ANN401 - Whoosh is untyped here
        if self._searcher is None:
            weighting = scoring.BM25F(**{f"{field.name}_B": field.length for field in FIELDS})
            self._searcher = self._index.searcher(weighting=weighting)
        return self._searcher

    def _forget_searcher(self) -> None:
        if self._searcher is not None:
            self._searcher.close()
            self._searcher = None


class _AlternativesMatcher(spans.SpanOr.SpanOrMatcher):  # type: ignore[misc]  # untyped there
    """Places of either of two matchers in the current document, neighbours kept apart."""

    def _get_spans(self) -> list[Any]:
        active = [one for one in (self.a, self.b) if one.is_active()]
        number = min(one.id() for one in active)
        return sorted({span for one in active if one.id() == number for span in one.spans()})


class _Alternatives(spans.SpanOr):  # type: ignore[misc]  # Whoosh is untyped here
    """One place of a phrase: any of some keys.

    Whoosh's own SpanOr lacks the two estimates, and it merges neighbouring places into one, so that
    a word which comes twice in a row is never found beside itself.
    """

    def matcher(self, searcher: Any, context: Any = None) -> Any:  # noqa: ANN401 - untyped there
        """Return the matcher of all keys."""
        spanning = self._span_context(context)
        matchers = [one.matcher(searcher, spanning) for one in self.subqs]
        return make_binary_tree(_AlternativesMatcher, matchers)

    def estimate_size(self, ixreader: Any) -> int:  # noqa: ANN401 - Whoosh is untyped here
        """Return how many documents may match."""
        return int(self.q.estimate_size(ixreader))

    def estimate_min_size(self, ixreader: Any) -> int:  # noqa: ANN401 - Whoosh is untyped here
        """Return how many documents match at least."""
        return int(self.q.estimate_min_size(ixreader))


def _build(wanted: Wanted) -> query.Query | None:
    """Return the query for ``wanted``; None stands for "nothing found"."""
    match wanted:
        case Keys():
            return _keys(wanted)
        case Row(field, words):
            return _row(field, words)
        case Every(plans, without):
            return _every([_build(one) for one in plans], without)
        case Either(plans):
            return _either([_build(one) for one in plans])


def _every(parts: list[Any], without: tuple[Wanted, ...]) -> query.Query | None:
    if None in parts:
        return None
    if not parts:
        wanted: query.Query = query.Every()
    else:
        wanted = parts[0] if len(parts) == 1 else query.And(parts)
    unwanted = _either([_build(one) for one in without])
    return wanted if unwanted is None else query.AndNot(wanted, unwanted)


def _keys(wanted: Keys) -> query.Query | None:
    boost = BY_NAME[wanted.field].weight * wanted.weight
    found = _either([query.Term(wanted.field, key, boost=boost) for key in wanted.keys])
    lift = _either([_keys(one) for one in wanted.lifts])
    return found if found is None or lift is None else query.AndMaybe(found, lift)


def _row(field: str, words: tuple[tuple[str, ...], ...]) -> query.Query | None:
    if len(words) == 1:
        return _either([query.Term(field, key) for key in words[0]])
    steps = [_Alternatives([query.Term(field, key) for key in keys]) for keys in words]
    return spans.SpanNear2(steps, slop=1, ordered=True)


def _either(parts: list[Any]) -> query.Query | None:
    kept = [part for part in parts if part is not None]
    if len(kept) < 2:
        return kept[0] if kept else None
    return query.Or(kept)


def _best(scored: list[tuple[int, float]], limit: int) -> list[tuple[int, float]]:
    """Return the first ``limit`` and, within bounds, what ties with the last of them."""
    if len(scored) <= limit:
        return scored
    last = scored[limit - 1][1]
    ties = takewhile(lambda pair: pair[1] == last, scored[limit : limit + _MOST_TIES])
    return scored[:limit] + list(ties)
