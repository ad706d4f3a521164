"""What a part stands in, by its host: a newspaper, a journal or a book; where nothing tells, none.

A catalogue often says no more of a source than its title and a year. An article of a newspaper must
not be called a part of a book for that: then it is ``analytic``.
"""

import re
from functools import cache

from catalog.data import rows
from catalog.host import Host
from catalog.issue import Issue
from catalog.locate import Fields
from catalog.record import Record
from language.fold import fold

ANALYTIC = "analytic"
"""The part of what may be a newspaper, a journal or a collection."""
NEWSPAPER, JOURNAL, BOOK = "newspaper_article", "journal_article", "book_part"

_WHOLE_DATE = 10
_WORD = re.compile(r"[^\W\d_]+")
_ISBN = {"marc21": "773$z"}
_ISBN_OF_LINKS = "463/010$a|461/010$a"
_KIND_OF_HOST, _AT = "773$7", 3  # MARC 21 773 $7/3: bibliographic level of the host
_LEVEL_IN_MARC21 = {"a": BOOK}  # leader/07: a monographic component part, b of a serial


def part_kind(record: Record, fields: Fields, host: Host, issue: Issue) -> str:
    """Return the kind of a part: newspaper_article, journal_article, book_part or analytic.

    A day tells a newspaper, an ISBN a book, a number a journal; then words of the source, its level
    where the record names it (MARC 21), its ISSN; its imprint; RUSMARC 463 alone is a volume.
    """
    if len(issue.date or "") == _WHOLE_DATE:
        return NEWSPAPER
    if fields.values(_ISBN.get(record.format, _ISBN_OF_LINKS)):
        return BOOK
    if issue.number:
        return JOURNAL
    return _by_words(host) or _by_level(record, fields, host)


def _by_level(record: Record, fields: Fields, host: Host) -> str:
    told = _level_of_host(fields) if record.format == "marc21" else ""
    if told == "s" or host.issn:
        return ANALYTIC
    if told == "m" or host.publisher or (host.place and host.unit.year):
        return BOOK
    if record.format == "marc21":
        return _LEVEL_IN_MARC21.get(record.leader[7:8], ANALYTIC) if host.title else ANALYTIC
    is_volume = fields.links("463") and not fields.links("461")
    return BOOK if is_volume and record.format != "irbis" and not host.text else ANALYTIC


def _level_of_host(fields: Fields) -> str:
    coded = next(iter(fields.values(_KIND_OF_HOST)), None)
    return coded.value[_AT : _AT + 1] if coded else ""


def _by_words(host: Host) -> str | None:
    said = {fold(word) for word in _WORD.findall(f"{host.title or ''} {host.other or ''}")}
    return next((kind for kind, words in _words() if words & said), None)


@cache
def _words() -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple(
        (row["kind"], frozenset(map(fold, row["words"].split())))
        for row in rows("isbd/host_words.tsv")
    )
