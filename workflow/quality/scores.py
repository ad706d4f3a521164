"""One page measured against its truth: characters and words, by flow and by line."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pages import measure
from pages.measure import Errors, LinePair
from pages.text import Line, PageText
from workflow.quality.limits import Limits
from workflow.quality.truth import TruePage


@dataclass(frozen=True, slots=True)
class LineScore:
    """A true line and what was read there (empty: nothing); ``language`` as recognised, or und."""

    document: str
    page: str
    true: str
    read: str
    language: str
    characters: Errors
    words: Errors

    def as_json(self) -> dict[str, object]:
        """The ``line`` line."""
        return {
            "document": self.document,
            "page": self.page,
            "true": self.true,
            "read": self.read,
            "language": self.language,
            "edits": self.characters.edits,
            "length": self.characters.length,
        }


@dataclass(frozen=True, slots=True)
class PageScore:
    """Errors of one page.

    ``flow`` and ``flow_words`` compare the whole text in its order, ``lines`` each line where it
    stands; ``extra`` counts lines that were read and are no true line. ``sure`` maps the lowest
    confidence of a class to (right words, all words).
    """

    document: str
    page: str
    name: str
    flow: Errors
    flow_words: Errors
    lines: tuple[LineScore, ...]
    extra: int
    sure: dict[int, tuple[int, int]]

    @property
    def line(self) -> Errors:
        """Edits in characters over all lines."""
        return measure.pooled(line.characters for line in self.lines)

    @property
    def line_words(self) -> Errors:
        """Edits in words over all lines."""
        return measure.pooled(line.words for line in self.lines)

    def as_json(self) -> dict[str, object]:
        """The ``page`` line."""
        return {
            "document": self.document,
            "name": self.name,
            "page": self.page,
            "flow": errors_json(self.flow),
            "line": errors_json(self.line),
            "flow_words": errors_json(self.flow_words),
            "line_words": errors_json(self.line_words),
            "lines": len(self.lines),
            "extra_lines": self.extra,
        }


def errors_json(errors: Errors) -> dict[str, object]:
    """Return edits, length and their rate."""
    return {"edits": errors.edits, "length": errors.length, "rate": round(errors.rate, 6)}


def score_page(
    true: TruePage, read: PageText | None, key: tuple[str, str], limits: Limits
) -> PageScore:
    """Measure what was read of a page; None, nothing was, makes all of it errors.

    ``key`` is the document's id and the page's key.
    """
    found = [line for line in read.lines() if line.words] if read is not None else []
    texts = [line.text for line in found]
    pairs = measure.pair_lines(true.lines, texts)
    used = {number for pair in pairs for number in pair.read}
    whole = "\n".join(texts)
    return PageScore(
        document=key[0],
        page=key[1],
        name=true.document,
        flow=measure.characters(true.text, whole),
        flow_words=measure.words(true.text, whole),
        lines=tuple(_line(_print(true, pair), pair, found, key) for pair in pairs),
        extra=len(found) - len(used),
        sure=_sure(true, pairs, found, limits),
    )


def _print(true: TruePage, pair: LinePair) -> str:
    return " ".join(true.lines[number] for number in pair.true)


def _line(true: str, pair: LinePair, found: Sequence[Line], key: tuple[str, str]) -> LineScore:
    pieces = [found[number] for number in pair.read]
    read = " ".join(line.text for line in pieces)
    language = pieces[0].language if pieces else "und"
    words = measure.words(true, read)
    return LineScore(*key, true, read, language, pair.errors, words)


def _sure(
    true: TruePage, pairs: Sequence[LinePair], found: Sequence[Line], limits: Limits
) -> dict[int, tuple[int, int]]:
    """Right and all words by class of confidence; words of lines that are none are wrong."""
    right: Counter[int] = Counter()
    seen: Counter[int] = Counter()
    spare = set(range(len(found))) - {number for pair in pairs for number in pair.read}
    rows: list[tuple[str, tuple[int, ...]]] = [("", (number,)) for number in sorted(spare)]
    rows += [(_print(true, pair), pair.read) for pair in pairs]
    for text, numbers in rows:
        words = [word for number in numbers for word in found[number].words]
        marks = measure.right_words(text, [word.text for word in words])
        for word, is_right in zip(words, marks, strict=True):
            if word.confidence is not None:
                lowest = limits.class_of(round(100 * word.confidence)).lowest
                seen[lowest] += 1
                right[lowest] += is_right
    return {lowest: (right[lowest], seen[lowest]) for lowest in seen}
