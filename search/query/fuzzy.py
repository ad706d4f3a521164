"""Words of a vocabulary that are near a word: a letter or two away, or one slip of recognition.

Works on folded words, as indexes hold them. What recognition confuses, and how easily, is
``corpora/lexicon/confusions.tsv``.
"""

import heapq
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from itertools import chain

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from language.fold import fold
from language.letters import RUSSIAN_ALPHABET
from language.lexicon import read_list
from search.analysis import query_keys
from search.engine.base import Vocabulary

MOST_NEAR = 20
"""Words that one fuzzy or doubtful word may stand for."""

_Find = Callable[[str, Vocabulary, str], list[str]]

_SHORTEST_NEAR = 5
_SHORTEST_STEM = 4  # letters of one that is taken without a look at its forms
_MOST_ALIKE = 2  # letters by which a form of a short stem differs from what was typed
_MOST_FORMS = 8
_MOST_COMPARED = 200
"""Candidates of a word whose distance is weighed letter by letter."""
FAR_MORE = 20
"""Times that another word must be more frequent to be meant by one that texts have."""
_LIKELY = 0.4  # most that a slip costs by which a word is often misread


def near(word: str, distance: int, vocabulary: Vocabulary, field: str) -> list[str]:
    """Return up to 20 words of ``field`` at most ``distance`` from ``word``, likeliest first.

    They begin with its first letter. The order is that of what recognition confuses, then of how
    often they occur, then of the alphabet. ``word`` itself is not among them.
    """
    held = vocabulary.words(field, word[:1])
    found = process.extract(
        word,
        [form for form, _ in held],  # lengths are looked at by the scorer, and faster
        scorer=Levenshtein.distance,
        score_cutoff=distance,
        limit=None,
    )
    nearest = heapq.nsmallest(
        _MOST_COMPARED, ((steps, -held[at][1], form) for form, steps, at in found if steps)
    )
    ranked = sorted((cost_between(word, form), count, form) for _, count, form in nearest)
    return [form for _, _, form in ranked[:MOST_NEAR]]


def misread(word: str, vocabulary: Vocabulary, field: str) -> list[str]:
    """Return up to 20 words of ``field`` that recognition makes of ``word``, or ``word`` of them.

    One slip away, the likeliest first; where none is held and the word has five letters, words one
    letter away, the first letter included.
    """
    return _slipped(word, vocabulary, field) or _a_letter_away(word, vocabulary, field)


def misread_keys(
    word: str, own: Sequence[str], vocabulary: Vocabulary, field: str, *, boldly: bool = False
) -> tuple[str, ...]:
    """Return up to 20 keys of ``field`` for what ``word`` was misread as, or misread from.

    ``own`` are the keys of ``word``, one or more, none of which is among them. A misread ending
    makes the stem of a word another, so the word as it stands is looked at beside its stems, in the
    forms that are written too. Of a word that no entry has every slip counts, and where none is
    held, a letter. A word that some have is right unless another is far more frequent; what a
    likely slip makes of it is no more frequent than it is. ``boldly``: it too is treated as one
    that no entry has.
    """
    counted = partial(count_of, vocabulary=vocabulary, field=field)
    plain = fold(word)
    bases = tuple(dict.fromkeys((*own, plain, *query_keys(plain))))
    ends = tuple(dict.fromkeys((own[0], own[-1])))  # the dear way is gone for two stems alone
    slips = partial(_keys_near, bases, plain, vocabulary, field)
    letters = partial(_keys_near, ends, plain, vocabulary, field, _a_letter_away)
    held = 0 if boldly else sum(map(counted, own))
    ways: tuple[Callable[[], Iterable[str]], ...]
    if held:
        meant = (key for key in (*slips(_slipped), *letters()) if counted(key) >= FAR_MORE * held)
        rarer = (key for key in slips(_likely_slips) if counted(key) <= held)
        ways = (partial(chain, meant, rarer),)
    else:
        ways = (partial(chain, bases, slips(_slipped)), letters)
    for way in ways:
        kept = [key for key in dict.fromkeys(way()) if key not in own and counted(key)]
        kept = [key for key in kept if len(key) >= _SHORTEST_STEM or _like(plain, key, vocabulary)]
        if kept:
            return tuple(kept[:MOST_NEAR])
    return ()


def _keys_near(
    bases: Sequence[str], plain: str, vocabulary: Vocabulary, field: str, find: _Find
) -> list[str]:
    """Return the keys that ``find`` gives for stems, and for the word ``plain`` as it stands."""
    keys = [key for base in bases for key in find(base, vocabulary, field)]
    if field == "text":
        forms = find(plain, vocabulary, "exact")
        keys += [key for form in forms for key in query_keys(form)]
    return keys


def _like(word: str, stem: str, vocabulary: Vocabulary) -> bool:
    """Whether a form of ``stem`` is like ``word``: a short stem is a slip away from many others."""
    forms = [form for form, _ in vocabulary.words("exact", stem)]
    scorer, most = Levenshtein.distance, _MOST_ALIKE
    return process.extractOne(word, forms, scorer=scorer, score_cutoff=most) is not None


def _slipped(word: str, vocabulary: Vocabulary, field: str, most: float = 1.0) -> list[str]:
    held: list[tuple[float, int, str]] = []
    for form, cost in _slips(word).items():
        count = count_of(form, vocabulary, field) if cost <= most else 0
        if count:
            held.append((cost, -count, form))
    return [form for _, _, form in sorted(held)[:MOST_NEAR]]


def _likely_slips(word: str, vocabulary: Vocabulary, field: str) -> list[str]:
    if len(word) < _SHORTEST_NEAR:
        return []
    return _slipped(word, vocabulary, field, _LIKELY)


def _a_letter_away(word: str, vocabulary: Vocabulary, field: str) -> list[str]:
    if len(word) < _SHORTEST_NEAR:
        return []
    begun = [word[1:], *(letter + rest for letter in _letters() for rest in (word[1:], word))]
    held = [form for form in begun if form != word and count_of(form, vocabulary, field)]
    return (near(word, 1, vocabulary, field) + held)[:MOST_NEAR]


def count_of(form: str, vocabulary: Vocabulary, field: str) -> int:
    """Return how many entries have ``form`` in ``field``: it stands first of what begins so."""
    first = next(iter(vocabulary.words(field, form)), None)
    return first[1] if first is not None and first[0] == form else 0


def form_of(stem: str, vocabulary: Vocabulary) -> str:
    """Return a frequent form of ``stem``, to be shown; the stem itself where none is found."""
    held = vocabulary.words("exact", stem)
    often = heapq.nsmallest(_MOST_FORMS, ((-count, len(form), form) for form, count in held))
    return next((form for *_, form in often if stem in query_keys(form)), stem)


def _slips(word: str) -> dict[str, float]:
    """Every form of ``word`` with one confusion in it, and its least cost."""
    forms: dict[str, float] = {}
    for (read, meant), cost in _confusions().items():
        for at in _places(word, meant):
            form = word[:at] + read + word[at + len(meant) :]
            forms[form] = min(cost, forms.get(form, cost))
    return forms


def _places(word: str, part: str) -> Iterable[int]:
    at = word.find(part)
    while at >= 0:
        yield at
        at = word.find(part, at + 1)


def cost_between(word: str, form: str) -> float:
    """Return the steps from one word to the other; letters often confused count lightly."""
    confusions = _confusions()
    cost = 0.0
    for step in Levenshtein.editops(word, form):
        pair = (form[step.dest_pos : step.dest_pos + 1], word[step.src_pos : step.src_pos + 1])
        cost += confusions.get(pair, 1.0) if step.tag == "replace" else 1.0
    return round(cost, 6)


@cache
def _confusions() -> dict[tuple[str, str], float]:
    """Cost by (read, meant) in folded letters, both ways; what folds to the same is no slip."""
    costs: dict[tuple[str, str], float] = {}
    for line in read_list("confusions.tsv"):
        read, meant, cost = line.split("\t")
        one, two = fold(read), fold(meant)
        if one != two and one and two:
            for pair in ((one, two), (two, one)):
                costs[pair] = min(float(cost), costs.get(pair, 1.0))
    return costs


@cache
def _letters() -> tuple[str, ...]:
    """The letters of folded words."""
    return tuple(sorted(set(filter(None, map(fold, RUSSIAN_ALPHABET)))))
