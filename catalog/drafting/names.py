"""Personal names as pages print them, split into the elements of a heading.

Kazakh names in -ұлы and -қызы are entered under that form when it stands in place of a surname;
names in direct order (Абай, Төле би) stay whole (RUSMARC 700, indicator 2 = 0).
"""

import re
from dataclasses import dataclass

from catalog.drafting.lines import is_capitals, words_pattern

_INITIALS = re.compile(r"(?:[^\W\d_]{1,2}\.\s*){1,3}")
_WORD = r"[^\W\d_]+(?:[-’'][^\W\d_]+)*"
_SURNAME_FIRST = re.compile(rf"({_WORD}),?\s+((?:[^\W\d_]{{1,2}}\.\s*){{1,3}})")
_INITIALS_FIRST = re.compile(rf"((?:[^\W\d_]{{1,2}}\.\s*){{1,3}})({_WORD})")
_MOST_WORDS = 4


@dataclass(frozen=True, slots=True)
class PersonName:
    """``surname`` is the entry element; without ``initials`` the name is in direct order.

    ``forenames`` are the full names where they are known.
    """

    surname: str
    initials: str | None = None
    forenames: str | None = None

    @property
    def direct(self) -> bool:
        """Whether the name is entered as it stands."""
        return self.initials is None

    @property
    def heading(self) -> str:
        """«Әуезов, М. О.» or the direct name."""
        return self.surname if self.initials is None else f"{self.surname}, {self.initials}"

    @property
    def natural(self) -> str:
        """«М. О. Әуезов», as a statement of responsibility has it."""
        return self.surname if self.initials is None else f"{self.initials} {self.surname}"


def parse_name(text: str) -> PersonName:
    """Return the parts of one name; a form that is not understood is entered as it stands."""
    text = " ".join(text.split()).strip(" ,;")
    if match := _SURNAME_FIRST.fullmatch(text):
        return PersonName(_cased(match[1]), _spaced(match[2]))
    if match := _INITIALS_FIRST.fullmatch(text):
        return PersonName(_cased(match[2]), _spaced(match[1]))
    if "," in text:
        surname, _, given = text.partition(",")
        return _full(surname.strip(), given.split())
    return _by_words(text)


def split_names(text: str) -> list[PersonName]:
    """Return every name of «А. Иванов, Б. Петров»; a list of full names is parted by commas too."""
    parts = [part.strip() for part in re.split(r"[,;]", text) if part.strip()]
    if len(parts) == 2 and not _INITIALS.match(parts[0]) and " " not in parts[0]:
        return [parse_name(text)]
    return [parse_name(part) for part in parts]


def looks_like_name(text: str) -> bool:
    """Whether a short line is one name: initials and a surname, or names with one in capitals."""
    text = text.strip().strip(".,;") + ("." if text.strip().endswith(".") else "")
    if _SURNAME_FIRST.fullmatch(text) or _INITIALS_FIRST.fullmatch(text):
        return all(part[:1].isupper() for part in re.findall(_WORD, text))
    words = text.strip(".").split()
    if not 2 <= len(words) <= _MOST_WORDS or not all(w[:1].isupper() for w in words):
        return False
    return is_capitals(words[-1]) and not is_capitals(words[0])


def _by_words(text: str) -> PersonName:
    words = text.split()
    if not 2 <= len(words) <= _MOST_WORDS or _is_title(words[-1]):
        return PersonName(_cased(text) if len(words) == 1 else text)
    capitals = [i for i, word in enumerate(words) if is_capitals(word)]
    if len(capitals) == 1:
        at = capitals[0]
    elif _is_surname(words[-1]) and not (_is_surname(words[0]) and _is_patronymic(words[-1])):
        at = len(words) - 1
    elif _is_surname(words[0]):
        at = 0
    else:
        return PersonName(text)
    return _full(words[at], words[:at] + words[at + 1 :])


def _full(surname: str, given: list[str]) -> PersonName:
    if not given:
        return PersonName(_cased(surname))
    initials = " ".join(word if word.endswith(".") else f"{word[0].upper()}." for word in given)
    whole = None if all(word.endswith(".") for word in given) else " ".join(map(_cased, given))
    return PersonName(_cased(surname), _spaced(initials), whole)


def _is_surname(word: str) -> bool:
    return bool(words_pattern("surname").fullmatch(word))


def _is_patronymic(word: str) -> bool:
    return bool(words_pattern("patronymic").fullmatch(word))


def _is_title(word: str) -> bool:
    return bool(words_pattern("title_word").fullmatch(word))


def _cased(word: str) -> str:
    """Capitals become a name: ӨТЕГЕНОВ → Өтегенов; other spellings stay."""
    if not word.isupper() or len(word) < 2:
        return word
    return re.sub(r"[^\W\d_]+", lambda m: m[0].capitalize(), word)


def _spaced(initials: str) -> str:
    return " ".join(f"{part.strip()}." for part in initials.split(".") if part.strip())
