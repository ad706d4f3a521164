"""The keys of several indexes as one vocabulary: a query is planned once for all of them."""

from collections import Counter
from collections.abc import Sequence

from search.engine.base import Vocabulary


def joined(parts: Sequence[Vocabulary]) -> Vocabulary:
    """Return the vocabulary of all ``parts`` (one or more); entries are counted over all."""
    return parts[0] if len(parts) == 1 else _Joined(parts)


class _Joined:
    """Words of any part, each with the entries of all parts that have it."""

    def __init__(self, parts: Sequence[Vocabulary]) -> None:
        self._parts = parts

    def words(self, field: str, prefix: str = "") -> Sequence[tuple[str, int]]:
        """Return the keys of ``field`` that begin with ``prefix``, in the order of code points."""
        lists = [words for part in self._parts if (words := part.words(field, prefix))]
        if len(lists) < 2:
            return lists[0] if lists else ()
        counts: Counter[str] = Counter()
        for words in lists:
            counts.update(dict(words))
        return sorted(counts.items())
