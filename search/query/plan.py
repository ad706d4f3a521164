"""From the reader's words to keys of the index: what engines are asked.

Prefixes and ranges of years are spelled out here against the keys that an index holds, within fixed
limits, so that every engine finds the same.
"""

from language.fold import spellings
from search.analysis import query_keys
from search.engine.base import Vocabulary
from search.engine.wanted import NOTHING, Either, Every, Keys, Row, Wanted
from search.query.tree import AUTHOR, TITLE, All, Any, Node, Notice, Phrase, Word, Years

MOST_EXPANSIONS = 200
"""Words that one prefix may stand for; the most frequent are taken."""

_FIELD = {"": "text", TITLE: "title", AUTHOR: "names"}
_LIFTS = ("title", "names", "subjects", "notes")


class Planner:
    """Plans queries against one vocabulary; ``notices`` tell what was cut short.

    ``language`` is that of the query where it is known (ISO 639-2).
    """

    def __init__(self, vocabulary: Vocabulary, language: str | None = None) -> None:
        self.notices: tuple[Notice, ...] = ()
        self._vocabulary = vocabulary
        self._language = language

    def plan(self, tree: Node) -> Wanted:
        """Return ``tree`` with every word replaced by the keys it may have in the index."""
        match tree:
            case Years(first, last):
                return Keys("date", tuple(self._years(first, last)))
            case All(nodes, without):
                return Every(tuple(map(self.plan, nodes)), tuple(map(self.plan, without)))
            case Any(nodes):
                return Either(tuple(map(self.plan, nodes)))
            case Word():
                return self._word(tree)
            case Phrase(words, field):
                sets = (query_keys(word, self._language) for word in words)
                kept = tuple(filter(None, sets))
                return Row(_FIELD[field], kept) if kept else NOTHING

    def _word(self, word: Word) -> Wanted:
        field = _FIELD[word.field]
        forms = tuple(form for form in spellings(word.text) if form)
        if word.prefix:
            return self._prefix("exact" if field == "text" else field, forms)
        keys = query_keys(word.text, self._language)
        if not keys:
            return NOTHING
        if field != "text":
            return Keys(field, keys)
        lifts = (Keys("exact", forms), *(Keys(name, keys) for name in _LIFTS))
        return Keys(field, keys, lifts)

    def _prefix(self, field: str, forms: tuple[str, ...]) -> Wanted:
        """The words that begin so: the most frequent, then by the alphabet."""
        counts = {key: n for form in forms for key, n in self._vocabulary.words(field, form)}
        ranked = sorted(counts, key=lambda key: (-counts[key], key))
        if len(ranked) > MOST_EXPANSIONS:
            self.notices = (Notice("query.prefix-cut", {"limit": MOST_EXPANSIONS}),)
        return Keys(field, tuple(ranked[:MOST_EXPANSIONS]))

    def _years(self, first: int, last: int) -> list[str]:
        held = (key for key, _ in self._vocabulary.words("date") if len(key) == len("1954"))
        return [key for key in held if key.isdigit() and first <= int(key) <= last]
