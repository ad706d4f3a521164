"""The default engine: an index of Whoosh with postings of our own.

Whoosh keeps the schema, the table of contents, segments and deletions; its searchers are not used,
and above all not ``Searcher.refresh``, which in whoosh3 3.54.0 brings deleted and doubled documents
back (22 documents became 43). Its table of contents is a pickle: never open an index that this
program did not write.
"""

from collections.abc import Mapping
from pathlib import Path

from whoosh import fields, index
from whoosh.analysis import RegexTokenizer

from search.engine.arrays.snapshot import KEY, Snapshot
from search.engine.base import Capabilities, Found, Hit, Numbers
from search.engine.vocabulary import Words
from search.engine.wanted import Wanted
from search.engine.whoosh.codec import STORED
from search.engine.whoosh.writer import MOST_TOKENS, KeysWriter
from search.schema import FIELDS, Analysed

_SHOWN = ("key", "kind", "form", "document", "page", "record", "title", "date")


def schema() -> fields.Schema:
    """Return Whoosh's schema of our table; what is shown is stored beside, never the text.

    The analyzers serve Whoosh's own tools only: fields hold ready-made keys.
    """
    ours: dict[str, fields.FieldType] = {
        field.name: fields.TEXT(analyzer=RegexTokenizer(r"\S+"), phrase=field.positions)
        for field in FIELDS
    }
    return fields.Schema(**ours, **{KEY: fields.ID(unique=True), STORED: fields.STORED()})


class WhooshEngine:
    """One Whoosh index; see ``search.engine.base.SearchEngine``.

    ``most``: keys of words that writing may hold in memory.
    """

    capabilities = Capabilities()

    def __init__(self, folder: Path, most: int = MOST_TOKENS) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        name = str(folder)
        exists = index.exists_in(name)
        self._index = index.open_dir(name) if exists else index.create_in(name, schema())
        self._most = most
        self._writer: KeysWriter | None = None
        self._changed = False
        self._snapshot: Snapshot | None = None

    def replace(self, analysed: Analysed) -> None:
        """Put an entry in place of any of the same key; seen after ``commit``."""
        entry = analysed.entry
        shown = [getattr(entry, name) for name in _SHOWN]
        self._writing().replace(entry.key, analysed.fields, shown)
        self._changed = True

    def delete(self, key: str) -> None:
        """Take the entry of this key out, if there is one; seen after ``commit``."""
        self._changed |= self._writing().delete(key)

    def commit(self) -> None:
        """Write a new segment and merge small ones; old files stay whole until the end."""
        writer, self._writer = self._writer, None  # a failed commit leaves nothing to cancel
        changed, self._changed = self._changed, False
        if writer is not None and changed:
            writer.commit()
            self._snapshot = None
        elif writer is not None:
            writer.cancel()

    def search(self, wanted: Wanted, limit: int) -> Found:
        """Return the best hits by BM25 with the weights of the schema."""
        snapshot = self._reading()
        best, total = snapshot.best(wanted, limit)
        hits = (
            Hit(**dict(zip(_SHOWN, snapshot.shown(number), strict=True)), score=score)  # type: ignore[arg-type]  # texts as we stored them
            for number, score in best
        )
        return Found(tuple(hits), total)

    def matches(self, wanted: Wanted) -> Numbers:
        """Return the numbers of all entries that answer ``wanted``."""
        return self._reading().matches(wanted)

    def members(self, field: str) -> Mapping[str, Numbers]:
        """Return, for every value in a field that holds values, the entries that have it."""
        return self._reading().members(field)

    def words(self, field: str, prefix: str = "") -> Words:
        """Return the keys of ``field`` that begin with ``prefix``, with their entries counted."""
        return self._reading().words(field, prefix)

    def count(self) -> int:
        """Return how many entries the last commit holds."""
        return self._reading().count

    def close(self) -> None:
        """Let go of files; changes without commit are lost."""
        writer, self._writer = self._writer, None
        self._snapshot = None
        if writer is not None:
            writer.cancel()

    def _writing(self) -> KeysWriter:
        if self._writer is None:
            self._writer = KeysWriter(self._index, self._most)
        return self._writer

    def _reading(self) -> Snapshot:
        """Open the segments of the table of contents afresh after every commit."""
        if self._snapshot is None:
            contents = index.TOC.read(self._index.storage, self._index.indexname)
            self._snapshot = Snapshot(
                [(one.open(self._index.storage), one.alive()) for one in contents.segments]
            )
        return self._snapshot
