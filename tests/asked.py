"""A plain search for tests: every entry by itself, by its own words, as somebody with rights."""

from dataclasses import dataclass

from olketanu.home import Home
from search.engine.base import Hit
from search.results.request import Request
from search.session import Session


@dataclass(frozen=True, slots=True)
class Asked:
    """The best hits and how many there are in all."""

    hits: tuple[Hit, ...]
    total: int


def search(home: Home, query: str, *, actor_sees_restricted: bool, limit: int) -> Asked:
    """Return the best entries that answer ``query`` as it is typed; errors: ``Session.ask``."""
    request = Request(
        query,
        restricted=actor_sees_restricted,
        limit=limit,
        grouped=False,
        widen=False,
    )
    with Session(home) as session:
        answer = session.ask(request)
    return Asked(tuple(group.best for group in answer.groups), answer.total)
