"""``quality eval``: recognised pages against the truth that the library has of some of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from olketanu.errors import InputError
from olketanu.progress import Progress
from pages import measure
from pages.alto import read_alto
from pages.measure import Errors
from pages.text import PageText
from store.digitised.pages import Page
from workflow.library import Library
from workflow.quality.limits import read_limits
from workflow.quality.matching import Matcher, Missed
from workflow.quality.scores import LineScore, PageScore, errors_json, score_page
from workflow.quality.truth import read_truth

CONFUSIONS = 30
"""Confusions that are told, the most frequent first."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Pages in the order of the truth, and the pages of it that could not be found."""

    pages: tuple[PageScore, ...]
    missed: tuple[Missed, ...]

    def worst_lines(self, limit: int) -> list[LineScore]:
        """Return the lines with errors, those with most edits first."""
        wrong = [line for page in self.pages for line in page.lines if line.characters.edits]
        wrong.sort(key=lambda line: (-line.characters.edits, -line.characters.rate))
        return wrong[:limit]

    def confusions(self) -> list[tuple[str, str, int]]:
        """Return (true, read, how often) over all lines that were found, most frequent first."""
        counts: Counter[tuple[str, str]] = Counter()
        for page in self.pages:
            for line in page.lines:
                if line.read:
                    counts.update(measure.confusions(line.true, line.read))
        return [(true, read, n) for (true, read), n in counts.most_common(CONFUSIONS)]

    def languages(self) -> dict[str, Errors]:
        """Return the errors by line for each language, as recognised; most text first."""
        found: dict[str, list[Errors]] = {}
        for page in self.pages:
            for line in page.lines:
                found.setdefault(line.language, []).append(line.characters)
        known = {code: measure.pooled(errors) for code, errors in found.items()}
        return dict(sorted(known.items(), key=lambda item: -item[1].length))

    def calibration(self) -> list[tuple[int, int, int]]:
        """Return (lowest confidence of the class, words, right words) from the best class down."""
        right: Counter[int] = Counter()
        seen: Counter[int] = Counter()
        for page in self.pages:
            for lowest, (good, count) in page.sure.items():
                right[lowest] += good
                seen[lowest] += count
        return [(c.lowest, seen[c.lowest], right[c.lowest]) for c in read_limits().classes]

    def as_json(self) -> dict[str, object]:
        """The ``sum`` line."""
        return {
            "pages": len(self.pages),
            "missed_pages": len(self.missed),
            "flow": pooled_json(page.flow for page in self.pages),
            "line": pooled_json(page.line for page in self.pages),
            "flow_words": pooled_json(page.flow_words for page in self.pages),
            "line_words": pooled_json(page.line_words for page in self.pages),
            "languages": {code: errors_json(e) for code, e in self.languages().items()},
            "confusions": [
                {"true": true, "read": read, "count": count}
                for true, read, count in self.confusions()
            ],
            "calibration": [
                {"from": lowest, "words": words, "right": right}
                for lowest, words, right in self.calibration()
            ],
            "extra_lines": sum(page.extra for page in self.pages),
        }


def pooled_json(errors: Iterable[Errors]) -> dict[str, object]:
    """Return the pooled errors with the bootstrap interval over the pages (None below two)."""
    known = list(errors)
    found = measure.interval(known)
    low, high = (None, None) if found is None else (round(found[0], 6), round(found[1], 6))
    return {**errors_json(measure.pooled(known)), "low": low, "high": high}


def evaluate(
    library: Library, truth: Path, progress: Progress, *, batch: str | None, current: bool
) -> Evaluation:
    """Measure every page of the truth; ``current`` takes the text as corrected by people.

    Raises:
        InputError: those of :func:`read_truth`; ``error.truth-unmatched``: not one page of it is in
            the library.
    """
    true = read_truth(truth)
    matcher = Matcher(library, batch)
    limits = read_limits()
    scores: list[PageScore] = []
    missed: list[Missed] = []
    for number, page in enumerate(true):
        progress.step("quality-eval", number, len(true), page.document)
        found = matcher.find(page)
        if isinstance(found, Missed):
            missed.append(found)
            continue
        read = read_page(library, found, current=current)
        scores.append(score_page(page, read, (found.document, found.key), limits))
    if not scores:
        raise InputError("error.truth-unmatched", path=str(truth), **_example(missed))
    return Evaluation(tuple(scores), tuple(missed))


def read_page(library: Library, page: Page, *, current: bool) -> PageText | None:
    """Return a page's text as recognised, or as it stands with people's corrections.

    None where the page has none.
    """
    if page.recognised_key is None or page.state != "text":
        return None
    path = library.home.recognised(page.document, page.key, page.recognised_key)
    if current:
        path = library.home.document(page.document) / "alto" / f"{page.key}.xml"
    return read_alto(path.read_bytes()) if path.is_file() else None


def _example(missed: Sequence[Missed]) -> dict[str, str]:
    return {"document": missed[0].document, "page": missed[0].page}
