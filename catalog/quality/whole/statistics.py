"""What the catalogue as a whole says: counted in one pass, then asked for each record."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from catalog.quality.selector import selector_of
from catalog.quality.subject import Subject, Surroundings
from catalog.quality.whole.headings import headings, surname_length
from catalog.quality.whole.hosts import host_key, host_title
from catalog.quality.whole.spelling import Spelled, misspelled, words_of
from catalog.quality.whole.spellings import Spellings, Usual
from catalog.record import Record

_FULL_DATE = 10
_AGREE = 2  # records that must agree on an issue before another one is doubted
_NOWHERE = Surroundings(0)


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue of a newspaper, by the key of its title: either by ``number`` or by ``date``."""

    host: str
    by: str
    value: str


@dataclass(frozen=True)
class Statistics:
    """``words`` by language (``kaz``, ``rus``) in small letters; ``issues``: what records say.

    ``hosts`` and ``headings`` tell the usual spelling of what is spelled unusually.
    """

    words: Mapping[str, Mapping[str, int]]
    hosts: Mapping[tuple[str, str], Usual]
    headings: Mapping[tuple[str, str], Usual]
    issues: Mapping[Issue, Mapping[str, int]]

    @cached_property
    def all_words(self) -> Mapping[str, int]:
        """Words of every language that occur more than once: they decide between readings."""
        total: Counter[str] = Counter()
        for words in self.words.values():
            total.update(words)
        return {word: count for word, count in total.items() if count > 1}

    @cached_property
    def misspelled(self) -> Mapping[str, Mapping[str, Spelled]]:
        """By language, the words that are probably meant otherwise."""
        return {
            language: misspelled(words, kazakh=language == "kaz")
            for language, words in self.words.items()
        }

    def usual(self, issue: Issue) -> tuple[str, int] | None:
        """Return what most records say of an issue and how many; None where too few agree."""
        said = self.issues.get(issue, {})
        if not said:
            return None
        best, most = min(said.items(), key=lambda pair: (-pair[1], pair[0]))
        return (best, most) if most >= _AGREE and most > sum(said.values()) / 2 else None


def gather(records: Iterable[Record]) -> Statistics:
    """Return the statistics of the records, which are looked at once and not kept."""
    words: dict[str, Counter[str]] = {"kaz": Counter(), "rus": Counter()}
    hosts, persons = Spellings(len), Spellings(surname_length)
    issues: dict[Issue, Counter[str]] = {}
    for record in records:
        subject = Subject(record, _NOWHERE)
        text = selector_of(("@text",), subject.form)
        counted = words[language_of(subject)]
        for cell in subject.select(text):
            counted.update(word.lower() for _, word in words_of(cell))
        if (title := host_title(subject)) is not None:
            hosts.add(host_key(title.value), title.value)
        for heading in headings(subject):
            persons.add(heading.key, heading.text)
        for issue, value in issue_facts(subject):
            issues.setdefault(issue, Counter())[value] += 1
    return Statistics(words, hosts.settle(), persons.settle(), issues)


def language_of(subject: Subject) -> str:
    """Return whose words those of a record are: ``kaz`` or ``rus``."""
    return "kaz" if subject.kazakh else "rus"


def issue_facts(subject: Subject) -> list[tuple[Issue, str]]:
    """Return what the record says of its issue: the date of the number, the number of the date."""
    seen, title = subject.view, host_title(subject)
    number, date = seen.host_number, seen.host_date or ""
    if title is None or not number or len(date) != _FULL_DATE:
        return []
    key = host_key(title.value)
    return [
        (Issue(key, "number", f"{date[:4]} {number}"), date),
        (Issue(key, "date", date), number),
    ]
