"""Bytes to text and back in every character set that exchange files are met in.

Names are those of ``--charset``: ``CHARSETS``, the other names Python knows for the same ones, and
``font:NAME`` for a code page whose letters a font has redrawn (corpora/charset/fonts/NAME.tsv).
"""

import codecs
import re
import unicodedata
from functools import cache

from catalog.charset import marc8
from catalog.data import rows
from olketanu.errors import UsageError

SINGLE_BYTE = ("cp1251", "kz1048", "ptcp154", "cp866", "koi8-r")
"""The Cyrillic code pages, the commonest first: of those that read alike the first is taken."""

CHARSETS = ("utf-8", *SINGLE_BYTE, "cp1252", "marc-8", "iso5426", "iso5427")
_ALIASES = {"marc8": "marc-8", "ansel": "marc-8", "iso-5426": "iso5426", "iso-5427": "iso5427"}
_PLAIN = frozenset(CHARSETS[:-3])
_FONT = "font:"
_MISSING = "\ufffe"  # what codecs.charmap_decode takes for "no such byte"
_MARK = "\u0300-\u036f\ufe20-\ufe2f"
_MARKS_FIRST = re.compile(f"(?<![{_MARK}])([{_MARK}]+)([^{_MARK}\x1d-\x1f])")


def named(name: str) -> str:
    """Return the name of ``CHARSETS`` (or ``font:…``) for a name as people write it.

    UsageError ``error.charset`` where there is no such character set, or no such font table.
    """
    wanted = name.strip().lower()
    if wanted.startswith(_FONT):
        _font_table(wanted)
        return wanted
    wanted = wanted.replace("_", "-")
    found = _ALIASES.get(wanted, wanted)
    if found in CHARSETS:
        return found
    try:
        canonical = codecs.lookup(wanted).name
    except (LookupError, ValueError):
        canonical = ""
    known = {codecs.lookup(one).name: one for one in _PLAIN}
    if canonical not in known:
        raise UsageError("error.charset", name=name, known=", ".join(CHARSETS))
    return known[canonical]


def decode(data: bytes, charset: str, errors: str = "strict") -> str:
    """Return the text of ``data``; separators of ISO 2709 in it stay where they are.

    ``errors`` is ``strict`` (UnicodeDecodeError at the first byte that means nothing) or
    ``replace`` (U+FFFD in its place).
    """
    if charset in _PLAIN:
        return data.decode(charset, errors)
    if charset == "marc-8":
        return marc8.decode(data, errors)
    text, _ = codecs.charmap_decode(data, errors, _table(charset))
    if charset == "iso5426":
        return unicodedata.normalize("NFC", _MARKS_FIRST.sub(r"\2\1", text))
    return text


@cache
def letters(charset: str) -> str:
    """Return the 256 characters of a code page by byte, U+FFFD where a byte means nothing."""
    if charset in _PLAIN:
        return "".join(bytes([byte]).decode(charset, "replace") for byte in range(256))
    return _table(charset).replace(_MISSING, "\ufffd")


@cache
def _table(charset: str) -> str:
    if charset.startswith(_FONT):
        return _font_table(charset)
    table = [chr(byte) for byte in range(128)] + [_MISSING] * 128
    for row in rows(f"charset/{charset}.tsv"):
        table[int(row["byte"], 16)] = chr(int(row["code"], 16))
    return "".join(table)


@cache
def _font_table(charset: str) -> str:
    """The base page of the table with the letters that the font draws in place of some."""
    name = charset.removeprefix(_FONT)
    try:
        drawn = rows(f"charset/fonts/{name}.tsv") if re.fullmatch("[a-z0-9_]+", name) else ()
    except FileNotFoundError:
        drawn = ()
    if not drawn:
        raise UsageError("error.charset-font", name=name)
    table = [sign.replace("\ufffd", _MISSING) for sign in letters("cp1251")]
    for row in drawn:
        table[int(row["byte"], 16)] = row["letter"]
    return "".join(table)


def encode(text: str, charset: str) -> bytes:
    """Return the bytes; UnicodeEncodeError where the character set lacks a character."""
    return text.encode(charset)
