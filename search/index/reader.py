"""Answers queries from the generation in force, from one or both of its indexes."""

from dataclasses import dataclass

from olketanu.home import Home
from search.engine.base import Found, Hit, open_engine
from search.index.generations import (
    PARTS,
    Generation,
    IndexStaleError,
    IndexState,
    Standing,
    inspect_index,
)
from search.query.parse import parse
from search.query.plan import Planner
from search.query.tree import Node, Notice


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The best hits, how many there are in all, and what the reader should know of the query."""

    hits: tuple[Hit, ...]
    total: int
    notices: tuple[Notice, ...]


def search(
    home: Home,
    query: str,
    *,
    actor_sees_restricted: bool,
    limit: int,
    language: str | None = None,
) -> SearchResult:
    """Return the ``limit`` (> 0) best answers to ``query``, by falling score, then by key.

    Without ``actor_sees_restricted`` the index of documents that are not open is not even opened.
    ``language`` is that of the query where it is known (ISO 639-2). A home without index gives no
    hit and a notice.

    Raises:
        IndexStaleError: the index is of another version or damaged; rebuild it.
    """
    asked = parse(query)
    if asked.tree is None:
        return SearchResult((), 0, asked.notices)
    generation = _in_force(inspect_index(home.index))
    if generation is None:
        return SearchResult((), 0, (*asked.notices, Notice("query.no-index")))
    parts = PARTS if actor_sees_restricted else PARTS[:1]
    answers = [_ask(generation, part, asked.tree, language, limit) for part in parts]
    hits = sorted(
        (hit for found, _ in answers for hit in found.hits), key=lambda h: (-h.score, h.key)
    )
    notices = {n.key: n for n in (*asked.notices, *(n for _, cut in answers for n in cut))}
    total = sum(found.total for found, _ in answers)
    return SearchResult(tuple(hits[:limit]), total, tuple(notices.values()))


def _in_force(standing: Standing) -> Generation | None:
    if standing.state is IndexState.STALE:
        raise IndexStaleError
    return standing.generation


def _ask(
    generation: Generation, part: str, tree: Node, language: str | None, limit: int
) -> tuple[Found, tuple[Notice, ...]]:
    engine = open_engine(generation.manifest.engine, generation.folder / part)
    try:
        planner = Planner(engine, language)
        return engine.search(planner.plan(tree), limit), planner.notices
    finally:
        engine.close()
