"""One thing under many spellings: which is the usual one of a host or a heading."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from catalog.quality.whole.near import Neighbours

_ENOUGH = 3  # occurrences that make a spelling the usual one
_TWICE = 2  # times that it must be more frequent than the one it replaces
_RARE = 2  # occurrences up to which a key is taken for a slip of a neighbour
_FAR = 50  # times that the neighbour is more frequent, where the key is not rare
_OFTEN = 5  # occurrences from which the neighbour is taken for right
_ENDING = 1  # Омаров and Омарова are two
_SHORTEST = 5
_PART = re.compile(r"([^\W_]+)(\.?)")


@dataclass(frozen=True, slots=True)
class Usual:
    """The usual spelling and how often it occurs; ``near``: its key is one edit away."""

    text: str
    count: int
    near: bool


class Spellings:
    """Counts the spellings of every key; then tells the usual one.

    ``judged``: how many letters of a key are looked at for slips (initials are not).
    """

    def __init__(self, judged: Callable[[str], int]) -> None:
        self._judged = judged
        self._by_key: dict[str, Counter[str]] = {}

    def add(self, key: str, text: str) -> None:
        """Count one occurrence."""
        self._by_key.setdefault(key, Counter())[text] += 1

    def settle(self) -> Mapping[tuple[str, str], Usual]:
        """Return, by key and spelling, the usual spelling of all that are not usual."""
        found: dict[tuple[str, str], Usual] = {}
        for key, counts in self._by_key.items():
            best, most = min(counts.items(), key=lambda pair: (-pair[1], pair[0]))
            for text, count in counts.items():
                if text != best and most >= _ENOUGH and most >= count * _TWICE:
                    found[key, text] = Usual(best, most, near=False)
        return self._shortened() | self._near() | found

    def _shortened(self) -> dict[tuple[str, str], Usual]:
        """Spellings with abbreviated words (Индустр. Караганда) beside the only full one."""
        full: dict[tuple[int, str], list[tuple[str, Usual]]] = {}
        for key, counts in self._by_key.items():
            text, _ = min(counts.items(), key=lambda pair: (-pair[1], pair[0]))
            if (n := counts.total()) >= _OFTEN and "." not in text:
                head = (key.count(" "), key[:1])
                full.setdefault(head, []).append((key, Usual(text, n, near=True)))
        found = {}
        for key, counts in self._by_key.items():
            known = full.get((key.count(" "), key[:1]), ())
            for text in (text for text in counts if "." in text):
                meant = [usual for other, usual in known if _abbreviates(text, key, other)]
                if len(meant) == 1 and meant[0].count > counts[text]:
                    found[key, text] = meant[0]
        return found

    def _near(self) -> dict[tuple[str, str], Usual]:
        totals = {key: sum(counts.values()) for key, counts in self._by_key.items()}
        often = Neighbours(key for key, n in totals.items() if n >= _OFTEN)
        found: dict[tuple[str, str], Usual] = {}
        for key, counts in self._by_key.items():
            if len(key) < _SHORTEST:
                continue
            near = [
                known
                for known, at in often.of(key)
                if 0 < at < self._judged(key) - _ENDING
                and (totals[key] <= _RARE or totals[key] * _FAR <= totals[known])
            ]
            if near:
                best = max(near, key=lambda known: (totals[known], known))
                text, _ = min(self._by_key[best].items(), key=lambda pair: (-pair[1], pair[0]))
                found |= {(key, own): Usual(text, totals[best], near=True) for own in counts}
        return found


def _abbreviates(text: str, key: str, full: str) -> bool:
    """Whether every word is that of ``full``, or its beginning with a full stop behind it."""
    cut = [mark == "." for _, mark in _PART.findall(text)]
    words = key.split(" ")
    if len(cut) != len(words) or key == full or not any(cut):
        return False
    return all(
        whole.startswith(word) if short else whole == word
        for word, short, whole in zip(words, cut, full.split(" "), strict=True)
    )
