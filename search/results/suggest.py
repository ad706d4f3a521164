"""Did you mean: other words for those of a query that find little.

They come from the words that the index holds and from names of the authority file, by what hands
and recognition confuse. Keys are folded and no form for people, so a form is shown as some text
writes it: with its Kazakh letters.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from language.fold import fold, spellings
from search.analysis import Token, query_keys, tokens, words
from search.engine.base import Vocabulary
from search.query.authority import names
from search.query.expand import Expansion
from search.query.fuzzy import MOST_NEAR, cost_between, count_of, misread, near
from search.query.parse import parse
from search.query.tree import All, Any, Node, Phrase, Span, Word

MOST = 3
"""Suggestions to one query."""

SPELLED_BY = 3
"""Entries whose texts are looked at for the way a word is written."""

_SHORTEST = 4  # letters of a word that may be mistyped
_LONG = 6  # from so many letters on two may be wrong
_MOST_WORDS = 4  # of a query, for which others are looked for
_MOST_SPELLED = 8  # misreadings of one word that are told
_TRIED = 4  # other words tried for one word of a query
_KNOWN = 10  # entries with a word from which on it is right
_FAR_MORE = 20  # times
_OFTEN = 0.15  # what a tenfold frequency is worth against one letter's difference


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another query that finds more.

    ``query`` is the whole of it; ``changes`` are the characters of the old query that differ, each
    with what stands there now; ``total`` counts what it finds.
    """

    query: str
    changes: tuple[tuple[Span, str], ...]
    total: int


@dataclass(frozen=True, slots=True)
class Sources:
    """What suggestions are made of.

    ``vocabulary`` is that of the indexes the reader may search, ``spell`` gives the way a folded
    word is written in their texts (None: in none of those looked at), ``count`` what a query finds.
    """

    vocabulary: Vocabulary
    spell: Callable[[str], str | None]
    count: Callable[[str], int]


def suggestions(text: str, sources: Sources) -> tuple[Suggestion, ...]:
    """Return up to three queries like ``text`` that find more than it does, likeliest first.

    One word is another; where that helps nowhere, all words that may be wrong are.
    """
    tree = parse(text).tree
    typed = [] if tree is None else [*islice(_words(tree, text), _MOST_WORDS)]
    others = {word.span: several for word in typed if (several := _others(word, sources))}
    if not others:
        return ()
    found = sources.count(text)
    ranks = range(max(map(len, others.values())))
    single = [
        ((s, several[n]),) for n in ranks for s, several in others.items() if n < len(several)
    ]
    together = tuple((span, several[0]) for span, several in others.items())
    for tried in (single, [together] if len(others) > 1 else []):
        made = (_suggestion(text, changes, sources) for changes in tried)
        better = tuple(islice((one for one in made if one.total > found), MOST))
        if better:
            return better
    return ()


def written(form: str, texts: Iterable[Iterable[Token]]) -> str | None:
    """Return how the folded word ``form`` is most often written in these texts, None if in none.

    In small letters wherever some text has it so; a name keeps its capital.
    """
    seen = Counter(token.text for text in texts for token in text if token.exact == form)
    if not seen:
        return None
    lowered = Counter({word: n for word, n in seen.items() if word == word.lower()})
    ranked = sorted((lowered or seen).items(), key=lambda pair: (-pair[1], pair[0]))
    best = ranked[0][0]
    return best.capitalize() if best.isupper() and len(best) > 1 else best


def spelled(
    expansions: Iterable[Expansion], spell: Callable[[str], str | None]
) -> tuple[Expansion, ...]:
    """Return ``expansions`` with the words of misreadings as ``spell`` says that texts write them.

    Eight of each at most; words that it does not know are left out.
    """
    done: list[Expansion] = []
    for one in expansions:
        if one.kind != "ocr":
            done.append(one)
            continue
        found = tuple(dict.fromkeys(filter(None, map(spell, one.to[:_MOST_SPELLED]))))
        if found:
            done.append(replace(one, to=found))
    return tuple(done)


def _suggestion(text: str, changes: Sequence[tuple[Span, str]], sources: Sources) -> Suggestion:
    new = text
    for (start, end), word in sorted(changes, reverse=True):
        new = new[:start] + word + new[end:]
    return Suggestion(new, tuple(changes), sources.count(new))


def _words(tree: Node, text: str) -> Iterator[Word]:
    """Yield the words that were typed to be found; what is refused is no matter of spelling."""
    match tree:
        case All(nodes) | Any(nodes):
            for node in nodes:
                yield from _words(node, text)
        case Word() if not tree.quoted:
            yield from _long(tree)
        case Phrase(_, field, span=(start, end)):
            for token in tokens(text[start:end], "und"):
                place = (start + token.start, start + token.end)
                yield from _long(Word(token.text, field, span=place))
        case _:
            pass


def _long(word: Word) -> Iterator[Word]:
    if len(word.text) >= _SHORTEST:
        yield word


def _others(word: Word, sources: Sources) -> list[str]:
    """Return words near ``word`` as people write them, likeliest first.

    A word that texts hold is right, unless another is far more frequent: what is rare may have been
    misread there just so.
    """
    forms = tuple(form for form in spellings(word.text) if form)
    keys = query_keys(word.text)
    held = max((count_of(key, sources.vocabulary, "text") for key in keys), default=0)
    if held > _KNOWN:
        return []
    costs: dict[str, float] = {}
    for form in forms:
        for other in _near(form, sources.vocabulary):
            count = count_of(other, sources.vocabulary, "exact")
            if count > _FAR_MORE * held or (not held and other in _names()):
                cost = cost_between(form, other) - _OFTEN * math.log10(count + 1)
                costs[other] = min(cost, costs.get(other, cost))
    ranked = sorted(costs, key=lambda other: (costs[other], other))
    written_so = (sources.spell(other) or _names().get(other) for other in ranked)
    texts = (text for text in islice(written_so, 2 * _TRIED) if text is not None)
    agreeing = (_agreeing(word.text, text, sources.vocabulary) for text in texts)
    return list(islice(_of_other_roots(agreeing), _TRIED))


def _agreeing(typed: str, other: str, vocabulary: Vocabulary) -> str:
    """Return ``other`` with the ending and the capital of ``typed``, so that words agree as before.

    Only where some text has it so, and where that ending leaves the keys alone.
    """
    if typed[:1].isupper():
        other = other[:1].upper() + other[1:]
    old, new = fold(typed), fold(other)
    last = Levenshtein.opcodes(old, new)[-1]
    kept = other[: last.dest_start] + typed[last.src_start :]
    if last.tag == "equal" or (len(typed), len(other)) != (len(old), len(new)):
        return other  # where folding leaves out letters, places are not the same
    held = fold(kept) != old and count_of(fold(kept), vocabulary, "exact")
    return kept if held and not set(query_keys(kept)).isdisjoint(query_keys(other)) else other


def _of_other_roots(texts: Iterable[str]) -> Iterator[str]:
    """Yield the words without those that find the same as one before them."""
    seen: set[str] = set()
    for text in texts:
        keys = query_keys(text)
        if seen.isdisjoint(keys):
            yield text
        seen.update(keys)


def _near(form: str, vocabulary: Vocabulary) -> set[str]:
    """Return the words of texts and of names within a letter or two, or one slip."""
    steps = 2 if len(form) >= _LONG else 1
    found = process.extract(
        form, _names().keys(), scorer=Levenshtein.distance, score_cutoff=steps, limit=MOST_NEAR
    )
    return {
        *(name for name, _, _ in found),
        *near(form, steps, vocabulary, "exact"),
        *misread(form, vocabulary, "exact"),
    }


@cache
def _names() -> dict[str, str]:
    """The words of names in the authority files, as they are written there, by folded form.

    Of one form in two languages the Kazakh one.
    """
    ordered = sorted(names(), key=lambda name: name.language == "kk")
    written_so = (word for name in ordered for word in words(name.full))
    return {fold(word): word for word in written_so if len(word) >= _SHORTEST}
