"""Where an entry stands: filed titles, class marks in their order, orders of a list."""

import re
from functools import cache

from catalog.data import rows

_UNFILED = re.compile("\x98.*?\x9c|^[^\\w\x98]+", re.DOTALL)
_APOSTROPHES = ("'", "’")
_SIGNS = re.compile(r"::?|\(0|\(=|\(|\.0|[-+/=\"']|\.|.")
_FILED_AS = {
    **{"+": "a", "/": "b", ":": "d", "::": "d", "=": "e", "(0": "f0", "(": "g", "(=": "h"},
    **{'"': "i", "-": "j", ".0": "k0", "'": "l", ".": "", ")": "", " ": ""},
}
_PLAIN_END = "c"


def filed_title(title: str, language: str = "und", skipped: int = 0) -> str:
    """Return what of a title is filed: without first signs, and without an initial article.

    ``language`` (ISO 639-2) says which articles there may be; Kazakh and Russian have none.
    ``skipped`` characters are left out where the record counts them (MARC 21 245, second
    indicator); what stands between the signs of non-sorting (U+0098, U+009C) never counts. A title
    of an article alone stays.
    """
    bare = _UNFILED.sub("", title[skipped:]).strip()
    for article in _articles().get(language, ()):
        rest = _UNFILED.sub("", bare[len(article) :].lstrip())
        if rest and bare.lower().startswith(article):
            return rest
    return bare or title


def class_key(notation: str) -> str:
    """Return the key of a class mark (UDC, ББК) by which ``sorted`` gives the order of the tables.

    Figures count as decimal fractions. A number alone stands behind its sums and ranges (+ /) and
    before its relations and auxiliaries, which follow in the order : = (0…) (1/9) (=…) "…" - .0 '.
    """
    parts = (_FILED_AS.get(sign, f"m{sign}") for sign in _SIGNS.findall(notation))
    return "".join(parts) + _PLAIN_END


@cache
def _articles() -> dict[str, tuple[str, ...]]:
    """Language to its initial articles, each with the blank or apostrophe that ends it."""
    return {
        row["language"]: tuple(
            article if article.endswith(_APOSTROPHES) else f"{article} "
            for article in row["articles"].split()
        )
        for row in rows("lists/articles.tsv")
    }
