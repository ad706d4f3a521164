"""What a page needs: to be scanned again, recognised again, or read by a person; and why."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workflow.quality.limits import Limits
from workflow.quality.page import PageQuality

MARKS = ("rescan", "retry", "proof-read")
NO_TEXT = "NO_TEXT"


@dataclass(frozen=True, slots=True)
class Mark:
    """One reason: ``mark`` is one of ``MARKS``; its sentence is ``quality.reason.<reason>``."""

    mark: str
    reason: str
    value: str = ""

    def to_dict(self) -> dict[str, object]:
        """As part of a page's line."""
        return {"mark": self.mark, "reason": self.reason, "value": self.value}

    def words(self, translate: Callable[[str, dict[str, object]], str]) -> str:
        """The reason as a sentence."""
        return translate(f"quality.reason.{self.reason}", {"value": self.value})


def marks_of(quality: PageQuality, limits: Limits) -> tuple[Mark, ...]:
    """Return every mark of the page, the scan's first; a page that waits has none."""
    if quality.page.state == "waiting":
        return ()
    return (*_scan(quality, limits), *_without_text(quality, limits), *_proof(quality, limits))


def _scan(quality: PageQuality, limits: Limits) -> Iterator[Mark]:
    """Marks that speak against the picture; they need text, or nobody knows that there is any."""
    told, text, page = limits.rescan, quality.text, quality.page
    if not text.words:
        return
    if page.frame.dpi < told.dpi:
        yield Mark("rescan", "dpi-low", str(page.frame.dpi))
    if 0 < text.letters < told.letters:
        yield Mark("rescan", "letters-small", str(text.letters))
    if abs(quality.skew or 0.0) > told.skew:
        yield Mark("rescan", "skewed", f"{abs(quality.skew or 0.0):.1f}")
    if text.cut >= told.edge_lines:
        yield Mark("rescan", "cut-off", f"{text.cut:.0%}")
    yield from _light(quality, limits)
    sure = page.confidence if page.confidence is not None else 1.0
    if sure < told.confidence and text.words >= told.many_words:
        yield Mark("rescan", "little-sure", f"{sure:.0%}")


def _light(quality: PageQuality, limits: Limits) -> Iterator[Mark]:
    light = quality.light
    if light is None:
        return
    if light.paper < limits.rescan.paper:
        yield Mark("rescan", "dark", str(light.paper))
    elif light.uneven > limits.rescan.uneven:
        yield Mark("rescan", "uneven", str(light.uneven))


def _without_text(quality: PageQuality, limits: Limits) -> Iterator[Mark]:
    """Marks of pages that the recogniser failed on, or read nothing from though much is printed."""
    page = quality.page
    if page.state == "text":
        return
    if page.code != NO_TEXT:
        yield Mark("retry", "failed", page.code or page.state)
    elif quality.light is not None and quality.light.ink > limits.ink:
        yield Mark("proof-read", "no-text", f"{quality.light.ink:.0%}")


def _proof(quality: PageQuality, limits: Limits) -> Iterator[Mark]:
    text = quality.text
    if not text.words:
        return
    if text.low >= limits.least and text.wrong / text.words >= limits.wrong:
        yield Mark("proof-read", "unsure", f"{text.low / text.words:.0%}")
    if text.garbage >= limits.least and text.garbage / text.words >= limits.garbage:
        yield Mark("proof-read", "garbage", f"{text.garbage / text.words:.0%}")
