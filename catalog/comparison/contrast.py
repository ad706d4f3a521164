"""Two texts side by side: which words changed, and which letters of the other script."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from language.letters import is_cyrillic, is_latin

_WORDS = re.compile(r"\s+|[$^].|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text; ``changed``: the other text has something else here."""

    text: str
    changed: bool


def contrast(was: str, now: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Return both texts in parts, word by word, that say where they differ.

    The parts of each joined are the text again. A text against an empty one has no changed parts:
    all of it is new or gone.
    """
    if not was or not now:
        return _whole(was), _whole(now)
    left, right = _WORDS.findall(was), _WORDS.findall(now)
    steps = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    return (
        _joined((step != "equal", left[a:b]) for step, a, b, _, _ in steps),
        _joined((step != "equal", right[a:b]) for step, _, _, a, b in steps),
    )


def letters_of_other_script(was: str, now: str) -> tuple[tuple[str, str], ...]:
    """Return each letter that was replaced by one of the other script: ("y", "ұ"), once.

    Latin letters in Cyrillic words, and Cyrillic ones in Latin words, look right on paper.
    """
    left, right = _WORDS.findall(was), _WORDS.findall(now)
    found: dict[tuple[str, str], None] = {}
    for step, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if step == "replace":
            old, new = "".join(left[a:b]), "".join(right[c:d])
            found |= dict.fromkeys(_swapped(old, new))
    return tuple(found)


def _swapped(old: str, new: str) -> Iterator[tuple[str, str]]:
    if len(old) != len(new):
        return
    for one, other in zip(old, new, strict=True):
        if (is_latin(one) and is_cyrillic(other)) or (is_cyrillic(one) and is_latin(other)):
            yield one, other


def _whole(text: str) -> tuple[Part, ...]:
    return (Part(text, changed=False),) if text else ()


def _joined(pieces: Iterator[tuple[bool, Sequence[str]]]) -> tuple[Part, ...]:
    return tuple(Part("".join(words), changed) for changed, words in pieces if words)
