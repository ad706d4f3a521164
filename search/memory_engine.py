"""The slow and obvious engine: the oracle that the others are compared with."""

from collections import Counter

from search.engine import Found, Hit
from search.plan import (
    MOST_EXPANSIONS,
    Between,
    Either,
    Every,
    Keys,
    Plan,
    Prefixes,
    Row,
)
from search.schema import WEIGHTS, Analysed


class MemoryEngine:
    """All entries in one dict; nothing is kept on disk."""

    def __init__(self) -> None:
        self._entries: dict[str, Analysed] = {}
        self._pending: dict[str, Analysed | None] = {}

    def replace(self, analysed: Analysed) -> None:
        """Put an entry in place of any of the same key; seen after ``commit``."""
        self._pending[analysed.entry.key] = analysed

    def delete(self, key: str) -> None:
        """Take the entry of this key out, if there is one; seen after ``commit``."""
        self._pending[key] = None

    def commit(self) -> None:
        """Make changes visible."""
        for key, analysed in self._pending.items():
            if analysed is None:
                self._entries.pop(key, None)
            else:
                self._entries[key] = analysed
        self._pending = {}

    def search(self, plan: Plan, limit: int) -> Found:
        """Return every entry that matches, most occurrences of wanted words first."""
        search = _Search(self._entries)
        hits = [
            _hit(analysed, search.score(analysed, plan))
            for analysed in self._entries.values()
            if search.matches(analysed, plan)
        ]
        hits.sort(key=lambda hit: (-hit.score, hit.key))
        return Found(tuple(hits[:limit]), len(hits), search.cut)

    def count(self) -> int:
        """Return how many entries there are."""
        return len(self._entries)

    def close(self) -> None:
        """Forget changes without commit."""
        self._pending = {}


class _Search:
    """One query over all entries; ``cut`` tells afterwards whether a prefix was cut short."""

    def __init__(self, entries: dict[str, Analysed]) -> None:
        self.cut = False
        self._entries = entries
        self._expanded: dict[Prefixes, frozenset[str]] = {}

    def matches(self, analysed: Analysed, plan: Plan) -> bool:
        """Tell whether an entry answers ``plan``."""
        match plan:
            case Keys(field, keys):
                return not set(keys).isdisjoint(analysed.fields[field])
            case Prefixes(field):
                return not self._expand(plan).isdisjoint(analysed.fields[field])
            case Row(field, words):
                return _holds_row(analysed.fields[field], words)
            case Between(first, last):
                year = analysed.entry.year
                return year is not None and first <= year <= last
            case Every(plans, without):
                return all(self.matches(analysed, one) for one in plans) and not any(
                    self.matches(analysed, one) for one in without
                )
            case Either(plans):
                return any(self.matches(analysed, one) for one in plans)

    def score(self, analysed: Analysed, plan: Plan) -> float:
        """Return how often the wanted words occur, weighted by field."""
        if isinstance(plan, Every | Either):
            return sum(self.score(analysed, one) for one in plan.plans)
        if isinstance(plan, Keys):
            weighed = [("title", plan.keys), ("names", plan.keys), ("exact", plan.exact)]
            weighed.append(("text", plan.keys))
            return sum(
                WEIGHTS[field] * sum(analysed.fields[field].count(key) for key in keys)
                for field, keys in weighed
            )
        return float(self.matches(analysed, plan))

    def _expand(self, plan: Prefixes) -> frozenset[str]:
        """Return the words that ``plan`` stands for: the most frequent, then by the alphabet."""
        if plan not in self._expanded:
            counts = Counter(
                key
                for analysed in self._entries.values()
                for key in set(analysed.fields[plan.field])
                if key.startswith(plan.prefixes)
            )
            ranked = sorted(counts, key=lambda key: (-counts[key], key))
            self.cut = self.cut or len(ranked) > MOST_EXPANSIONS
            self._expanded[plan] = frozenset(ranked[:MOST_EXPANSIONS])
        return self._expanded[plan]


def _holds_row(keys: tuple[str, ...], words: tuple[tuple[str, ...], ...]) -> bool:
    return any(
        all(keys[start + step] in wanted for step, wanted in enumerate(words))
        for start in range(len(keys) - len(words) + 1)
    )


def _hit(analysed: Analysed, score: float) -> Hit:
    entry = analysed.entry
    return Hit(
        entry.key,
        entry.kind,
        entry.document,
        entry.page,
        entry.record,
        entry.title,
        entry.date,
        score,
    )
