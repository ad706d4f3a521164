"""Opens the generation in force for reading: one of its indexes, or both."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from olketanu.home import Home
from search.engine.base import SearchEngine, open_engine
from search.index.generations import (
    Generation,
    IndexMissingError,
    IndexStaleError,
    IndexState,
    examine_index,
    pointed,
    refuse_damaged,
)
from search.index.manifest import PARTS

_TRIES = 5


@dataclass(frozen=True, slots=True)
class OpenIndex:
    """A generation that is open for reading; what others publish meanwhile does not change it.

    ``engines`` are its parts by name, ``open`` first; ``restricted`` only where it was asked for.
    Not safe for two threads at once, as engines are not.
    """

    generation: Generation
    engines: Mapping[str, SearchEngine]

    @property
    def revision(self) -> str:
        """What names that which it holds: no other generation ever has the same."""
        return self.generation.digest

    def is_current(self) -> bool:
        """Whether this is still the generation in force: one small file is read."""
        here = self.generation
        return pointed(here.folder.parent) == (here.number, here.digest)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Ask the engines in this block: what they raise because of damage is IndexStaleError.

        A file that was found good is trusted for a day, and a disk may fail within it.
        """
        try:
            yield
        except Exception:
            refuse_damaged(self.generation)
            raise

    def close(self) -> None:
        """Let go of the files."""
        with ExitStack() as closing:
            for engine in self.engines.values():
                closing.callback(engine.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_index(home: Home, *, restricted: bool) -> OpenIndex:
    """Open the generation in force; without ``restricted`` that part is not even opened.

    Its bytes are checked as ``examine_index`` says. The caller closes it, and opens anew when it
    is no longer current: an open one is never refreshed.

    Raises:
        IndexMissingError: none was made yet. IndexStaleError: of another version, or damaged.
    """
    parts = PARTS if restricted else PARTS[:1]
    for tries_left in range(_TRIES - 1, -1, -1):
        standing = examine_index(home.index)
        if standing.state is IndexState.MISSING:
            raise IndexMissingError
        if standing.generation is None:
            raise IndexStaleError
        try:
            engines = _open_parts(standing.generation, parts)
        except Exception:
            # Two writers may have taken it away since; what an engine says of damage is its own.
            if tries_left and pointed(home.index)[0] != standing.number:
                continue
            refuse_damaged(standing.generation)
            raise
        return OpenIndex(standing.generation, engines)
    raise IndexStaleError


def _open_parts(generation: Generation, parts: tuple[str, ...]) -> dict[str, SearchEngine]:
    engines: dict[str, SearchEngine] = {}
    with ExitStack() as closing:
        for part in parts:
            engines[part] = open_engine(generation.manifest.engine, generation.folder / part)
            closing.callback(engines[part].close)
        closing.pop_all()  # all are open: now they are the caller's
    return engines
