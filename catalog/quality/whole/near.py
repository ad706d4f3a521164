"""Words and titles that are one edit apart: a letter changed, left out, added, or two swapped."""

from collections import defaultdict
from collections.abc import Iterable, Iterator


def edit_place(one: str, other: str) -> int | None:
    """Return where ``one`` differs from ``other`` by a single edit; None: equal or further apart.

    The place counts from 0 to the first letter that differs.
    """
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    if len(longer) - len(shorter) > 1 or one == other:
        return None
    at = next((n for n, sign in enumerate(shorter) if longer[n] != sign), len(shorter))
    rest = longer[at + 1 :]
    if rest == (shorter[at:] if len(longer) > len(shorter) else shorter[at + 1 :]):
        return at
    swapped = longer[at : at + 2] == shorter[at : at + 2][::-1]
    return (
        at if swapped and longer[at + 2 :] == shorter[at + 2 :] and len(one) == len(other) else None
    )


class Neighbours:
    """Finds which of many texts are one edit from another, by what is left without one letter."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._by_rest: dict[str, list[str]] = defaultdict(list)
        for text in texts:
            for rest in _rests(text):
                self._by_rest[rest].append(text)

    def of(self, text: str) -> Iterator[tuple[str, int]]:
        """Yield every known text one edit away, with the place of the edit in ``text``."""
        found = {known for rest in _rests(text) for known in self._by_rest.get(rest, ())}
        for known in sorted(found):
            at = edit_place(text, known)
            if at is not None:
                yield known, at


def _rests(text: str) -> set[str]:
    return {text, *(text[:n] + text[n + 1 :] for n in range(len(text)))}
