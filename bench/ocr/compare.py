"""From outputs to figures: errors of each page, medians of ratios, paired bootstrap intervals."""

import random
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.ocr.measure import Cost
from bench.ocr.sheets import Scan
from pages.measure import Errors, characters, fold, pair_lines, pooled

ROUNDS = 2000
SEED = 7
OURS, FAST = "ours", "ours-fast"
DEFAULT, TUNED = "ocrmypdf", "ocrmypdf-tuned"
TARGETS = {
    (OURS, DEFAULT): 1.1,
    (OURS, TUNED): 1.4,
    (FAST, DEFAULT): 1.4,
    (FAST, TUNED): 1.9,
}
"""Pages a minute, as ratios (issue 4)."""
CER_TARGETS = {DEFAULT: 0.25, TUNED: 0.9}
"""Flow CER on degraded pages, ours to theirs (issue 4)."""
LINE_TARGET = 0.005


@dataclass(frozen=True, slots=True)
class Score:
    """Errors of one page as a system read it: in output order, and line by line."""

    page: str
    degraded: bool
    flow: Errors
    line: Errors


@dataclass(frozen=True, slots=True)
class Turn:
    """One system over the pages of one round; ``wall`` and ``cpu`` (s) without what is apart."""

    system: str
    pages: int
    wall: float
    cpu: float
    memory: float
    bytes: int
    scores: tuple[Score, ...]
    cost: Cost

    @property
    def pace(self) -> float:
        """Pages a minute."""
        return self.pages * 60 / self.wall


def page_texts(pdf: Path, count: int) -> list[str]:
    """Text of every page in the order of its content stream."""
    command = ["pdftotext", "-raw", "-enc", "UTF-8", str(pdf), "-"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=120)
    texts = done.stdout.decode("utf-8").split("\f")
    return (texts + [""] * count)[:count]


def score(scan: Scan, read: str) -> Score:
    """Compare what was read of a page with what was printed."""
    flow = characters(scan.text, read)
    lines = [line for line in read.splitlines() if line.strip()]
    edits = length = 0
    for pair in pair_lines(scan.lines, lines):
        true = " ".join(scan.lines[number] for number in pair.true)
        found = " ".join(lines[number] for number in pair.read)
        errors = characters(true, found)
        edits, length = edits + errors.edits, length + errors.length
    return Score(scan.name, scan.degraded, flow, Errors(edits, length))


def rate(scores: Sequence[Score], kind: str) -> float:
    """CER over all pages given; ``kind`` is flow or line."""
    errors = pooled(getattr(one, kind) for one in scores)
    return errors.edits / max(1, errors.length)


def paired(ours: Sequence[Score], theirs: Sequence[Score]) -> tuple[float, float]:
    """95 % interval of the ratio of flow CER (ours to theirs), pages drawn anew as pairs."""
    other = {one.page: one for one in theirs}
    pairs = [(one, other[one.page]) for one in ours]
    dice = random.Random(SEED)
    ratios = []
    for _ in range(ROUNDS):
        drawn = dice.choices(pairs, k=len(pairs))
        mine, yours = (rate([pair[n] for pair in drawn], "flow") for n in (0, 1))
        ratios.append(mine / yours if yours else float("inf"))
    ratios.sort()
    return ratios[int(0.025 * ROUNDS)], ratios[int(0.975 * ROUNDS) - 1]


def pace_ratio(turns: Sequence[Turn], ours: str, theirs: str) -> float:
    """Median over the rounds of pages a minute, ours to theirs."""
    return median_ratio(turns, ours, theirs, lambda turn: turn.pace)


def median_ratio(
    turns: Sequence[Turn], ours: str, theirs: str, value: Callable[[Turn], float]
) -> float:
    """Median over the rounds of a value, ours to theirs."""
    pairs = zip(of(turns, ours), of(turns, theirs), strict=True)
    return median(value(mine) / value(yours) for mine, yours in pairs)


def of(turns: Sequence[Turn], system: str) -> list[Turn]:
    """The turns of one system, in order of the rounds."""
    return [turn for turn in turns if turn.system == system]


def scores_of(turns: Sequence[Turn], system: str, *, degraded: bool) -> list[Score]:
    """Scores of a system over degraded or clean pages, a page once."""
    found = {one.page: one for turn in of(turns, system) for one in turn.scores}
    return [one for one in found.values() if one.degraded is degraded]


def misses(turns: Sequence[Turn]) -> list[str]:
    """Figures of issue 4 that were missed, in words; what was not run is not judged."""
    ran = {turn.system for turn in turns}
    found = []
    for (ours, theirs), wanted in TARGETS.items():
        if {ours, theirs} <= ran and (got := pace_ratio(turns, ours, theirs)) < wanted:
            found.append(f"pages/min {ours} to {theirs}: {got:.2f} < {wanted}")
    for ours in ran & {OURS, FAST}:
        found += _misread(turns, ours, ran)
    return found


def _misread(turns: Sequence[Turn], ours: str, ran: set[str]) -> list[str]:
    found = []
    worn, clean = (scores_of(turns, ours, degraded=degraded) for degraded in (True, False))
    for theirs, wanted in CER_TARGETS.items():
        if theirs in ran:
            got = rate(worn, "flow") / rate(scores_of(turns, theirs, degraded=True), "flow")
            if got > wanted:
                found.append(f"flow CER {ours} to {theirs}, degraded: {got:.2f} > {wanted}")
            other = rate(scores_of(turns, theirs, degraded=False), "flow")
            if clean and rate(clean, "flow") > other:
                found.append(f"flow CER clean: {ours} {rate(clean, 'flow'):.3%} > {other:.3%}")
    lines = rate(worn + clean, "line")
    if lines > LINE_TARGET:
        found.append(f"line CER {ours}: {lines:.2%} > {LINE_TARGET:.1%}")
    return found


def length(scans: Sequence[Scan]) -> int:
    """True characters after folding."""
    return sum(len(fold(scan.text)) for scan in scans)
