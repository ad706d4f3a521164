"""What matching compares of a record or a draft, folded so that spelling does not count."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from stdnum import isbn as isbn_numbers

from catalog.data import rows
from catalog.drafting.draft import Draft
from catalog.drafting.names import parse_name, split_names
from catalog.issue import Issue, page_range, parse_issue, year_of
from catalog.view import BibliographicView
from language.fold import fold

ISSUES = frozenset({"newspaper_issue", "journal_issue"})
PARTS = frozenset({"newspaper_article", "journal_article", "analytic", "book_part"})

_WORDS = re.compile(r"[^\W_]+")
_ROMAN = re.compile(r"(?<!\w)(?=[IVX])(X{0,3})(IX|IV|V?I{0,3})(?!\w)")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}
_UNIT = "(?:том|т|китап|кн|книга|болим|бол|част|ч|вып|выпуск|шыгару)"
_VOLUME_BEFORE = re.compile(rf"(?<!\w)(\d{{1,3}})[\s.-]*(?:и|ши|шы|я|а)?[\s.-]*{_UNIT}(?!\w)")
_VOLUME_AFTER = re.compile(rf"(?<!\w){_UNIT}[\s.]*(\d{{1,3}})(?!\d)")
_FIRST_NUMBER = re.compile(r"\d+")
_NO_LANGUAGE = frozenset({"und", "mul", "zxx"})
_KEY_LETTERS = 40
_SHORT_TITLE = 2


@dataclass(frozen=True, slots=True)
class Description:
    """What is compared; empty or None where the source is silent.

    ``title``, ``subtitle``, ``authors`` (surnames), ``host`` and ``publisher`` are folded, without
    punctuation; ``written`` is the title as it stands. ``isbn`` holds numbers of 13 figures.
    ``number`` is as «41 (3027)», ``date`` ISO 8601, possibly partial; ``volume`` and ``edition``
    are plain figures. An issue has its paper's title in both ``title`` and ``host``. ``spelling``
    pairs folded names with how they were written, for people's eyes only.
    """

    kind: str
    title: str
    written: str
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    isbn: frozenset[str] = frozenset()
    host: str = ""
    number: str | None = None
    date: str | None = None
    pages: str | None = None
    volume: str | None = None
    edition: str | None = None
    languages: frozenset[str] = frozenset()
    publisher: str = ""
    spelling: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    def as_written(self, folded: str) -> str:
        """How a folded surname, host or publisher stood in the source."""
        return dict(self.spelling).get(folded, folded)

    @property
    def is_issue(self) -> bool:
        """Whether this is a whole issue of a paper or journal."""
        return self.kind in ISSUES

    @property
    def is_part(self) -> bool:
        """Whether this stands in something else: an article or a part of a book."""
        return self.kind in PARTS


def describe(source: BibliographicView | Draft) -> Description:
    """Return what matching compares of ``source``; unreadable numbers are left out."""
    return _of_draft(source) if isinstance(source, Draft) else _of_view(source)


def block_keys(description: Description) -> tuple[tuple[str, str], ...]:
    """Return (scheme, value) keys, sorted; two records without a common key need no comparing.

    Schemes: ``isbn``; ``title``: the first 40 letters without blanks, and coarse keys of two words
    (the first two, the last two, the first and the last; of a title of two words also each with
    the year), so that a wrong letter in one word loses nothing; ``host``: ``host|number|date`` and
    the same with number and year, and with the date alone. Issues have no title keys: all issues
    of a paper would share them. Recurring titles have none either.
    """
    keys = {("isbn", number) for number in description.isbn}
    if not description.is_issue and not is_recurring(description):
        keys |= {("title", value) for value in _title_keys(description)}
    if description.host:
        keys |= {("host", value) for value in _host_keys(description)}
    return tuple(sorted(keys))


def is_recurring(description: Description) -> bool:
    """Whether the title is the heading of a column or a greeting, which says nothing by itself."""
    return description.title in _recurring()


def plain(text: str | None) -> str:
    """Return the folded words of ``text``, one blank between them, no punctuation."""
    return " ".join(_WORDS.findall(fold(text or "")))


def _of_draft(draft: Draft) -> Description:
    surnames = [name.surname for text in draft.all("author") for name in split_names(text)]
    host, date = draft.first("host_title") or "", draft.first("host_date")
    title = draft.first("title") or ""
    if draft.kind in ISSUES:
        title = host = host or title
    parts = (title, draft.first("subtitle"))
    return Description(
        kind=draft.kind,
        title=plain(title),
        written=title,
        subtitle=plain(parts[1]),
        authors=_surnames(surnames),
        year=year_of(draft.first("year")) or year_of(date),
        isbn=_isbn(draft.all("isbn")),
        host=plain(host),
        number=_number(draft.first("host_number")),
        date=date,
        pages=page_range(draft.first("pages")),
        volume=_volume(parts),
        edition=_edition(draft.first("edition")),
        languages=frozenset(draft.all("language")) - _NO_LANGUAGE,
        publisher=plain(draft.first("publisher")),
        spelling=_spelling(*surnames, host, draft.first("publisher")),
    )


def _of_view(view: BibliographicView) -> Description:
    title, host = view.title, view.host_title or ""
    issue = Issue(view.host_number, view.host_date)
    if view.kind in ISSUES:
        title = host = host or title
        own = parse_issue(view.volume or "", view.year)
        issue = Issue(issue.number or own.number, issue.date or own.date)
    surnames = [_entry(name.surname, name.forenames) for name in view.names]
    return Description(
        kind=view.kind,
        title=plain(title),
        written=title,
        subtitle=plain(view.other_title),
        authors=_surnames(surnames),
        year=view.year,
        isbn=_isbn(view.isbn),
        host=plain(host),
        number=_number(issue.number),
        date=issue.date,
        pages=page_range(view.pages),
        volume=None if view.kind in ISSUES else _volume((title, view.other_title), view.volume),
        edition=_edition(view.edition),
        languages=frozenset(view.languages) - _NO_LANGUAGE,
        publisher=plain(view.publisher),
        spelling=_spelling(*surnames, host, view.publisher),
    )


def _entry(surname: str, forenames: str | None) -> str:
    """A heading in direct order may hide a whole name in its entry element."""
    return surname if forenames else parse_name(surname).surname


def _spelling(*texts: str | None) -> tuple[tuple[str, str], ...]:
    return tuple((plain(text), text) for text in texts if text)


def _surnames(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(plain, names))))


def _isbn(values: Iterable[str]) -> frozenset[str]:
    good = (isbn_numbers.to_isbn13(value) for value in values if isbn_numbers.is_valid(value))
    return frozenset(isbn_numbers.compact(value) for value in good)


def _number(text: str | None) -> str | None:
    """Figures only: «№ 41 (3027)» and «41(3027)» are one."""
    found = _FIRST_NUMBER.findall(text or "")
    if not found:
        return None
    head = found[0].lstrip("0") or "0"
    gross = re.search(r"\((\d+)\)", text or "")
    joined = re.match(r"\D*\d+\s*[-–/]\s*(\d+)", text or "")
    head += f"-{joined[1]}" if joined else ""
    return f"{head} ({gross[1]})" if gross else head


def _volume(titles: Iterable[str | None], named: str | None = None) -> str | None:
    """Figure of the volume, from its own element first, then from the words of the title."""
    if named:
        figure = _FIRST_NUMBER.search(_arabic(named))
        return figure[0].lstrip("0") or "0" if figure else plain(named) or None
    for text in titles:
        folded = fold(_arabic(text or ""))
        match = _VOLUME_BEFORE.search(folded) or _VOLUME_AFTER.search(folded)
        if match:
            return match[1].lstrip("0") or "0"
    return None


def _edition(text: str | None) -> str | None:
    figure = _FIRST_NUMBER.search(_arabic(text or ""))
    return figure[0] if figure else None


def _arabic(text: str) -> str:
    """Return ``text`` with Roman numbers up to 39 in figures."""
    return _ROMAN.sub(lambda match: str(_roman(match[0])), text)


def _roman(signs: str) -> int:
    values = [_ROMAN_VALUES[sign] for sign in signs]
    following = [*values[1:], 0]
    return sum(-v if v < after else v for v, after in zip(values, following, strict=True))


def _title_keys(description: Description) -> set[str]:
    """One wrong word of three leaves a key; of a short title one word and the year are enough."""
    words = description.title.split()
    keys = {"".join(words)[:_KEY_LETTERS]} - {""}
    if len(words) > _SHORT_TITLE:
        return keys | {" ".join(words[:2]), " ".join(words[-2:]), f"{words[0]} {words[-1]}"}
    if len(words) == _SHORT_TITLE:
        keys |= {" ".join(words)}
        keys |= {f"{word} {description.year}" for word in words if description.year}
    return keys


def _host_keys(description: Description) -> set[str]:
    number, date = description.number, description.date
    short = number.split(" ")[0] if number else ""
    year = (date or "")[:4] or (str(description.year) if description.year else "")
    keys = set()
    if short and date:
        keys.add(f"{description.host}|{short}|{date}")
    if short and year:
        keys.add(f"{description.host}|{short}|{year}")
    if date and len(date) > len("2000"):
        keys.add(f"{description.host}||{date}")
    return keys


@cache
def _recurring() -> frozenset[str]:
    lists = (row["pattern"] for row in rows("rules/words.tsv") if row["list"] == "recurring")
    return frozenset(plain(title) for titles in lists for title in titles.split("|"))
