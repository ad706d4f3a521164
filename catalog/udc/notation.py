"""UDC numbers: a strict parser of the notation, with the repairs that are safe.

    number   = term { ("+" | "/" | ":" | "::") term }
    term     = ( main | "[" number "]" | auxiliary ) { auxiliary }
    main     = digits, a point after every three, except before a special ".0"
    auxiliary= "=" digits | "(0…)" | "(1/9…)" | "(=…)" | '"time"' | "-" digits | ".0…" | "'" digits
             | "*" code | letters (A/Z)

The order of auxiliaries is not judged: it is a matter of filing, not of syntax.
"""

import re
from dataclasses import dataclass

from catalog.data import rows
from olketanu.errors import InputError

_PLAIN = {
    "–": "-",
    "—": "-",
    "−": "-",
    "‑": "-",
    "«": '"',
    "»": '"',
    "“": '"',
    "”": '"',
    "„": '"',
    "`": "'",
    "’": "'",
    "‘": "'",
    "О": "0",
    "O": "0",
    "о": "0",
    "o": "0",
    "З": "3",
    "з": "3",
}
_REPAIR_NAMES = {"-": "dash", '"': "quotes", "'": "apostrophe", "0": "lookalike", "3": "lookalike"}
_GROUP = 3
_ANY = "..."  # stands for any figures in tables: =..., (0...)
_TIME = re.compile(r"[-+]?[\d…?][\d.…/?+:'-]*-?")
_STAR = re.compile(r"\*[A-Za-z0-9.:/-]+")
_LETTERS = re.compile(r"[^\W\d_][^\W\d_. -]*(?:[. -]+[^\W\d_]+)*\.?")
_COMMON_PROPERTY = re.compile(r"-0[2-5]")
_LONGEST, _MOST_BRACKETS = 1000, 40  # ten times what numbers of catalogues have
_RANGE = re.compile(r"(\d[\d.]*)/(\.?\d[\d.]*)")


class UdcError(InputError):
    """The text is no UDC number: ``position`` counts characters of the text given, from 0."""

    def __init__(self, position: int, reason: str, text: str) -> None:
        super().__init__(f"udc.{reason}", text=text, position=position)
        self.position = position
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a number as it stands.

    Kinds: main, special, property, place, form, ethnic, time, language, letters, star, sign, group.
    """

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Notation:
    """A number that parses: ``normal`` spelling, its parts in order, names of the repairs made."""

    normal: str
    parts: tuple[Part, ...]
    repairs: tuple[str, ...]

    @property
    def has_main(self) -> bool:
        """Whether a main number stands in it, not auxiliaries alone."""
        return any(part.kind == "main" for part in self.parts)

    @property
    def main(self) -> str:
        """The first main number, or the empty string."""
        return next((part.text for part in self.parts if part.kind == "main"), "")


def parse(text: str) -> Notation:
    """Return the number that ``text`` holds; UdcError with position and reason when it holds none.

    Repaired with a notice: prefix УДК or its like (``prefix``), letters for figures
    (``lookalike``), long dashes (``dash``), quotes (``quotes``), apostrophes, blanks (``blank``),
    comma for point (``comma``). Reasons: empty, sign, digits, bracket, auxiliary, range, time.
    """
    if len(text) > _LONGEST:
        raise UdcError(_LONGEST, "sign", text)
    if text.count("[") + text.count("(") > _MOST_BRACKETS:
        raise UdcError(len(text), "bracket", text)
    signs, repairs = _prepare(text)
    parser = _Parser("".join(s for s, _ in signs), [i for _, i in signs], text)
    parts = parser.parse()
    _check_ranges(parser.text, text)
    return Notation(parser.text, tuple(parts), tuple(dict.fromkeys(repairs)))


def is_valid(text: str) -> bool:
    """Return whether ``text`` parses as a UDC number with a main number in it."""
    try:
        return parse(text).has_main
    except UdcError:
        return False


def _prefix() -> re.Pattern[str]:
    labels = "|".join(row["pattern"] for row in rows("rules/labels.tsv") if row["element"] == "udc")
    return re.compile(rf"\s*(?:{labels})[\s:.]*(?=[\d(\[\"=ОOЗ])")


def _prepare(text: str) -> tuple[list[tuple[str, int]], list[str]]:
    """Characters of the repaired text, each with its index in the text given, and the repairs."""
    repairs: list[str] = []
    start = 0
    if match := _prefix().match(text):
        start = match.end()
        repairs.append("prefix")
    end = len(text.rstrip())
    signs: list[tuple[str, int]] = []
    for index in range(start, end):
        sign = text[index]
        if sign.isspace():
            if signs and not _between_letters(text, index):
                repairs.append("blank")
            elif signs:
                signs.append((" ", index))
            continue
        plain = _repair(text, index)
        if plain != sign:
            repairs.append("comma" if sign == "," else _REPAIR_NAMES[plain])
        signs.append((plain, index))
    return signs, repairs


def _between_letters(text: str, index: int) -> bool:
    """Blanks are kept only inside names of an A/Z extension."""
    before, after = text[:index].rstrip()[-1:], text[index:].lstrip()[:1]
    return (before.isalpha() or before == ".") and after.isalpha() and not _is_zero(text, index + 1)


def _repair(text: str, index: int) -> str:
    sign = text[index]
    if sign == ",":
        return "." if text[index + 1 : index + 2].isdigit() else sign
    if sign.isalpha() and not _is_zero(text, index):
        return sign
    return _PLAIN.get(sign, sign)


def _is_zero(text: str, index: int) -> bool:
    """A letter is taken for a figure only beside a figure and with no letter beside it."""
    around = text[max(0, index - 1) : index] + text[index + 1 : index + 2]
    lone = not any(sign.isalpha() for sign in around) and any(sign.isdigit() for sign in around)
    return text[index : index + 1] in _PLAIN and lone


class _Parser:
    """Recursive descent over ``text``; ``origin`` maps its characters to the text given."""

    def __init__(self, text: str, origin: list[int], given: str) -> None:
        self.text = text
        self.at = 0
        self._origin = origin
        self._given = given

    def parse(self) -> list[Part]:
        if not self.text:
            raise UdcError(0, "empty", self._given)
        parts = self._number()
        if self.at < len(self.text):
            raise self._error("bracket" if self._peek() in ")]" else "sign")
        return parts

    def _error(self, reason: str) -> UdcError:
        inside = self.at < len(self._origin)
        return UdcError(self._origin[self.at] if inside else len(self._given), reason, self._given)

    def _peek(self, ahead: int = 0) -> str:
        return self.text[self.at + ahead : self.at + ahead + 1]

    def _take(self, length: int = 1) -> str:
        taken = self.text[self.at : self.at + length]
        self.at += length
        return taken

    def _number(self) -> list[Part]:
        parts = self._term(first=True)
        while self._peek() and self._peek() in "+/:":
            sign = self._take(2 if self.text.startswith("::", self.at) else 1)
            parts.append(Part("sign", sign))
            parts += self._term(first=False)
        return parts

    def _term(self, *, first: bool) -> list[Part]:
        parts: list[Part] = []
        if self._peek() == "[":
            parts += self._group()
        elif self._peek().isdigit():
            parts.append(Part("main", self._digits()))
        elif self._peek() == "." and not first:
            parts.append(Part("main", self._take() + self._digits()))
        parts += self._auxiliaries(after=bool(parts))
        if not parts:
            raise self._error("sign")
        return parts

    def _group(self) -> list[Part]:
        opening = Part("group", self._take())
        inner = self._number()
        if self._peek() != "]":
            raise self._error("bracket")
        return [opening, *inner, Part("group", self._take())]

    def _auxiliaries(self, *, after: bool = True) -> list[Part]:
        found: list[Part] = []
        while (part := self._auxiliary(after or bool(found))) is not None:
            found.append(part)
        return found

    def _auxiliary(self, after: bool) -> Part | None:
        sign = self._peek()
        if sign == "(":
            return self._bracket()
        if sign == '"':
            return self._time()
        if sign == "=":
            return Part("language", self._take() + self._digits())
        if sign == "-":
            return self._hyphen()
        if sign == "'" and self._peek(1).isdigit():
            return Part("special", self._take() + self._digits())
        if sign == "." and self._peek(1) == "0":
            return Part("special", self._take() + self._digits())
        return self._free(after)

    def _free(self, after: bool) -> Part | None:
        """Codes after an asterisk and names (A/Z), which may only follow a number."""
        for kind, pattern in (("star", _STAR), ("letters", _LETTERS)):
            match = pattern.match(self.text, self.at)
            if match and after:
                self.at = match.end()
                return Part(kind, match[0])
        return None

    def _hyphen(self) -> Part:
        start = self.at
        self._take()
        self._digits()
        text = self.text[start : self.at]
        return Part("property" if _COMMON_PROPERTY.match(text) else "special", text)

    def _bracket(self) -> Part:
        start = self.at
        self._take()
        kind = {"0": "form", "=": "ethnic"}.get(self._peek(), "place")
        if kind == "ethnic":
            self._take()
        self._inside()
        if self._peek() != ")":
            raise self._error("bracket" if not self._peek() else "auxiliary")
        self._take()
        return Part(kind, self.text[start : self.at])

    def _inside(self) -> None:
        """Figures inside round brackets, with their signs and names: 574-25, 4/9, 574Balqash."""
        if self._peek() == ")":
            raise self._error("auxiliary")
        while True:
            if self._peek() == "=":
                self._take()
            if self._peek() == ".":
                self._take()
            if self._peek() not in ("-", "'"):
                self._digits()
            self._auxiliaries()
            if not self._peek() or self._peek() not in "+/:":
                return
            self._take()

    def _time(self) -> Part:
        start = self.at
        self._take()
        match = _TIME.match(self.text, self.at)
        if match is None or self.text[match.end() : match.end() + 1] != '"':
            raise self._error("time")
        self.at = match.end() + 1
        return Part("time", self.text[start : self.at])

    def _digits(self) -> str:
        """Figures with a point after each group of three; a group that begins with 0 is special."""
        start = self.at
        if self.text.startswith(_ANY, start):
            return self._take(len(_ANY))
        size = self._run()
        while self._peek() == "." and self._peek(1).isdigit():
            if size != _GROUP and self._peek(1) != "0":
                raise self._error("digits")
            self._take()
            size = self._run()
        return self.text[start : self.at]

    def _run(self) -> int:
        start = self.at
        while self._peek().isdigit() and self._peek().isascii():
            self.at += 1
        size = self.at - start
        if not size or size > _GROUP:
            raise self._error("digits")
        return size


def _check_ranges(text: str, given: str) -> None:
    """A range must ascend: 1941/1945, 63/66, 629.734/.735."""
    for match in _RANGE.finditer(text):
        left, right = match[1], match[2]
        if right.startswith("."):
            right = left[: left.rfind(".")] + right
        low, high = left.replace(".", ""), right.replace(".", "")
        if low >= high:
            raise UdcError(match.start(2), "range", given)
