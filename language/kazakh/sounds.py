"""Sounds of Kazakh at the seam of stem and ending: rows of vowels, classes of last sounds.

A stem shows one of the classes of ``NOUN`` or ``VERB`` to the ending that follows, in the back row
(а, ы) or the front row (е, і) of vowels. A class and a row are one bit of a mask, so that whether
an ending may follow a stem is one ``&``.
"""

from functools import cache

BACK, FRONT = 0, 1
"""The two rows of vowels: қалалар, өлкелер."""

_BACK = frozenset("аоұыяё")
_FRONT = frozenset("әөүіеэ")
_EITHER = frozenset("уию")
_WAVERING = ("ь", "ев", "евич", "нк", "рк", "ск")
DECISIVE = _BACK | _FRONT
"""Vowels that say of which row the ending is."""

VOWELS = DECISIVE | _EITHER
LONGEST_WAVERING = max(map(len, _WAVERING))
"""Letters of the longest end of a stem that says so beside the vowels."""

# Last sound before an ending: vowel, sonorant, л, voiced sibilant, nasal, the rest.
_CLASSES = {
    sign: name
    for name, signs in {
        "v": "аәеэоөұүыіяё",
        "r": "рйуию",
        "l": "л",
        "z": "зж",
        "n": "мнң",
    }.items()
    for sign in signs
}

NOUN = ("v", "r", "u", "l", "z", "n", "t", "x")
"""Classes of noun stems.

u ends in у, и or ю; x is a stem as it stands before a vowel only (кітаб-, халқ-).
"""

VERB = ("a", "y", "k", "r", "j", "i", "l", "z", "n", "t", "g", "w")
"""Classes of verb stems.

a ends in а or е, y in ы or і; k has lost these (оқ- of оқиды), j has lost й (қо- of қояды); i ends
in и, g stands before a vowel only (таб-), w before -ып (тау- of тауып).
"""

_NUMBER = {("noun", name): number for number, name in enumerate(NOUN)}
_NUMBER |= {("verb", name): number + len(NOUN) for number, name in enumerate(VERB)}

GLIDED = ("йы", "йі")
"""Ends of verb stems of which ю is made with the у of the infinitive: байы, баю."""

VOICED = str.maketrans("пкқ", "бгғ")


def bit(kind: str, name: str, row: int) -> int:
    """Return the mask of one class (``kind`` is noun or verb) in one row of vowels."""
    return 1 << 2 * _NUMBER[kind, name] + row


@cache
def both(kind: str, names: str) -> int:
    """Return the mask of several classes, one letter each, in both rows."""
    return sum(bit(kind, name, row) for name in names for row in (BACK, FRONT))


def sound(text: str) -> str:
    """Return the class of the last sound of ``text``: v, r, l, z, n or t; signs ь ъ are silent."""
    last = text.rstrip("ьъ")[-1:]
    return _CLASSES.get(last, "t")


def noun_class(stem: str) -> str:
    """Return which of ``NOUN`` a noun stem is of, as it stands in the dictionary."""
    return "u" if stem[-1] in _EITHER else sound(stem)


def rows(text: str) -> tuple[int, ...]:
    """Return the rows of vowels that endings after ``text`` may have.

    The last vowel decides; у, и and ю are of both rows, and so are loans that end so, in ь or in
    -нк, and the surnames in -ев, which some write as they are spelt and some as they are spoken.
    """
    if text.endswith(_WAVERING):
        return (BACK, FRONT)
    last = True
    for sign in reversed(text):
        if sign in _EITHER:
            if last and sign != "у":
                return (BACK, FRONT)
            last = False
        elif sign in _BACK:
            return (BACK,)
        elif sign in _FRONT:
            return (FRONT,)
    return (BACK, FRONT)


def infinitive(stem: str) -> str:
    """Return the dictionary form of a verb stem: жаз → жазу, оқы → оқу, байы → баю, тап → табу."""
    if stem.endswith(GLIDED):
        return stem[:-2] + "ю"
    if stem[-1] in "ыі":
        return stem[:-1] + "у"
    if stem[-1] == "й":
        return stem[:-1] + "ю"
    if stem[-1] == "и":
        return stem + "ю"
    return voiced(stem) + "у"


def voiced(stem: str) -> str:
    """Return ``stem`` with п, к, қ after a vowel voiced, as they are before a vowel."""
    if stem[-2:-1] in VOWELS:
        return stem[:-1] + stem[-1].translate(VOICED)
    return stem
