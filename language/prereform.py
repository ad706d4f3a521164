"""Russian of before the reform of 1918 in today's spelling: a copy for search and for readers.

The decree of 1918 took away ѣ, і, ѳ, ѵ and the final ъ, and set new endings and prefixes. Rules do
most of it; words that they do not reach are ``corpora/lexicon/prereform.tsv``. ё is not restored.
"""

import re
from functools import cache

from language.letters import has_kazakh, is_cyrillic
from language.lexicon import read_list

_LETTERS = str.maketrans("ѣіѳѵѢІѲѴ", "еифиЕИФИ")
_WORD = re.compile(r"[^\W\d_]+")
_OLD_LETTERS = frozenset("ѣѳѵъі")
_OLD_SIGN = re.compile(r"[ѣѳѵ]|[бвгджзйклмнпрстфхцчшщ]ъ\b|і[аеийоуыэюя]")
_FINAL = re.compile("ъ$")
_INNER = re.compile("ъ(?![еёюяѣ])")
# Before с all of them; без-, чрез-, через- before every voiceless consonant.
_PREFIX_S = re.compile("(?<![^\\W\\d_])(в?з|воз|из|низ|раз|роз)(?=с)")
_PREFIX_ALL = re.compile("^(бе|чре|чере)з(?=[пткфхцчшщс])")
_PREFIXES = ("без", "чрез", "через")
_HUSHES = "жчшщ"
_HARD_ENDING = re.compile("^(больш|чуж)")


def is_old(word: str) -> bool:
    """Tell whether ``word`` shows a sign of the old spelling: ѣ, ѳ, ѵ, a final ъ, і before a vowel.

    Case does not matter; a word with a letter that only Kazakh has is none; one without a sign may
    be old all the same (новаго).
    """
    lowered = word.lower()
    if _OLD_LETTERS.isdisjoint(lowered):
        return False
    return not has_kazakh(lowered.replace("і", "")) and _OLD_SIGN.search(lowered) is not None


def modern(text: str) -> str:
    """Return Russian ``text`` in the spelling of 1918; what is no old word stays as it is.

    Capitals, punctuation and blanks stay. Endings (-аго, -ыя) are exchanged in every word, so give
    it old texts only. Modern text without such endings comes back unchanged; doing it twice changes
    nothing more.
    """
    return _WORD.sub(lambda match: _in_case(match[0]), text)


def modern_word(word: str) -> str:
    """Return one small-lettered word as written today."""
    if word in _table("keep"):
        return word
    found = word
    if "ъ" in word:
        found = _FINAL.sub("", found)
        found = found.replace("ъи", "ы")
        found = _INNER.sub("", found)
    if found.startswith(_starts()):
        for start, new in _table("start").items():
            if found.startswith(start):
                found = new + found[len(start) :]
    found = _ending(found, old_i="і" in word)
    found = found.translate(_LETTERS)
    return _table("word").get(found) or _prefix(found)


def _in_case(word: str) -> str:
    lowered = word.lower()
    found = modern_word(lowered)
    if found == lowered or not all(map(is_cyrillic, word)):
        return word
    if word.isupper() and len(found) > 1:
        return found.upper()
    return found[:1].upper() + found[1:] if word[0].isupper() else found


def _prefix(word: str) -> str:
    found = word
    if word.startswith(_PREFIXES):
        found = _PREFIX_ALL.sub(lambda match: match[1] + "с", word)
    if "зс" not in found:
        return found
    return _PREFIX_S.sub(lambda match: match[1][:-1] + "с", found)


def _ending(word: str, *, old_i: bool) -> str:
    """The word with the endings of adjectives as they are today; its letters still old."""
    tail = word[-3:]
    stem = word[:-3]
    if tail == "аго" and len(stem) > 1:
        soft = stem[-1] in _HUSHES and not _HARD_ENDING.match(stem)
        return stem + ("его" if soft else "ого")
    if tail == "яго" and len(stem) > 1:
        return stem + "его"
    if word.endswith("ыя") and len(word) > len("выя"):
        return word[:-2] + "ые"
    if old_i and word.endswith("ія") and _is_adjective(word[:-2].translate(_LETTERS)):
        return word[:-2] + "ие"
    return word


def _is_adjective(stem: str) -> bool:
    return stem[-1:] in _HUSHES or stem[-1:] == "к" or stem in _table("adjective")


@cache
def _starts() -> tuple[str, ...]:
    return tuple(_table("start"))


@cache
def _table(kind: str) -> dict[str, str]:
    rows = (line.split("\t") for line in read_list("prereform.tsv"))
    return {row[1]: row[-1] for row in rows if row[0] == kind}
