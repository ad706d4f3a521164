"""The keys of several indexes as one vocabulary: a query is planned once for all of them."""

from collections import OrderedDict
from collections.abc import Sequence

from search.engine.base import Vocabulary
from search.engine.vocabulary import Words, united_words

_LONG = 4  # letters from which on a prefix has few words
_MOST_KEPT = 500_000  # words in the lists that are kept, some 70 MB


def joined(parts: Sequence[Vocabulary]) -> Vocabulary:
    """Return the vocabulary of all ``parts``, which may be none; entries are counted over all.

    It serves one request: what changes in the parts meanwhile it may not see.
    """
    return _Joined(parts)


class _Joined:
    """Words of any part, each with the entries of all parts that have it.

    The lists of short prefixes asked for last are kept: sixteen fuzzy words of one letter would
    each gather the same ten thousands of words again.
    """

    def __init__(self, parts: Sequence[Vocabulary]) -> None:
        self._parts = parts
        self._kept: OrderedDict[tuple[str, str], Words] = OrderedDict()
        self._size = 0

    def words(self, field: str, prefix: str = "") -> Words:
        """Return the keys of ``field`` that begin with ``prefix``, in the order of code points."""
        if len(prefix) >= _LONG:
            return self._gathered(field, prefix)
        if (field, prefix) not in self._kept:
            self._keep((field, prefix), self._gathered(field, prefix))
        self._kept.move_to_end((field, prefix))
        return self._kept[field, prefix]

    def _keep(self, asked: tuple[str, str], words: Words) -> None:
        """Keep one list more; those that were not asked for longest go, as far as is needed."""
        self._size += len(words)
        while self._kept and self._size > _MOST_KEPT:
            _, gone = self._kept.popitem(last=False)
            self._size -= len(gone)
        self._kept[asked] = words

    def _gathered(self, field: str, prefix: str) -> Words:
        return united_words([part.words(field, prefix) for part in self._parts])
