"""The hosts of articles: a newspaper's title as it stands, and its key for all spellings."""

import re
from functools import cache, lru_cache

from catalog.data import rows
from catalog.place import Cell
from catalog.quality.subject import Subject
from language.fold import fold

_TITLES = (("461", "200", "a"), ("", "461", "t"), ("463", "200", "a"), ("", "463", "t"))
_TITLES_OF = {"marc21": (("", "773", "t"),), "irbis": (("", "463", "c"),)}
_LETTERS = re.compile(r"[^\W_]+")
_KEPT_TITLES = 10_000  # a catalogue names few newspapers often
_END = re.compile(r"[\s/:;,=]+$")


def host_title(subject: Subject) -> Cell | None:
    """Return the text that names the host, without punctuation at its end; None without a host.

    The title as a whole (461) before the issue (463).
    """
    wanted = _TITLES_OF.get(subject.form, _TITLES)
    for host, tag, code in wanted:
        for cell in subject.cells:
            place = cell.place
            if (place.host, place.tag, place.code.lower()) == (host, tag, code):
                title = _END.sub("", cell.value)
                return Cell(place, title) if title else None
    return None


@lru_cache(maxsize=_KEPT_TITLES)
def host_key(title: str) -> str:
    """Return one key for every spelling: case, marks, ё, Kazakh letters, «газета» do not count."""
    words = [word for word in _LETTERS.findall(fold(title)) if word not in _kinds()]
    return " ".join(words) or fold(title)


@cache
def _kinds() -> frozenset[str]:
    return frozenset(
        fold(row["pattern"]) for row in rows("checks/words.tsv") if row["list"] == "host_kind"
    )
