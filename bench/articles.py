"""How truly articles are cut out of generated newspaper pages: F1 over printed lines.

    python -m bench.articles 11 12 13 14        true boxes of the issues of these seeds
    python -m bench.articles --read 11 12       read by Tesseract (slow)

Each truth article is paired with the found article that shares most lines with it, each found one
with one at most. A line counts as right when its article's partner holds it; lines of no article in
a found one count against it, lines in none against its own. Cells of tables do not count. "Jumps"
are lines that do not follow the line before them in the truth (same article), of all lines. Prints
a line an issue and writes ``bench/results/articles.json`` (``articles-read.json``).
"""

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from digitize.layout.articles import cut
from digitize.layout.mark import mark_regions
from pages.text import Article, Box, Line, PageFrame, PageText, Region, RegionRef, Word
from scans.generator.issue import CELL, NO_ARTICLE, IssuePage, issue_pages
from scans.generator.setting import DPI
from scans.generator.sheet import PrintedLine

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Score:
    """Lines in the right article, lines put into articles, lines of true articles."""

    right: int
    found: int
    true: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.right / (self.found + self.true)

    def __add__(self, other: "Score") -> "Score":
        return Score(self.right + other.right, self.found + other.found, self.true + other.true)


def true_page(made: IssuePage) -> PageText:
    """The page as a perfect engine would give it, its blocks in columns from left to right."""
    width, height = made.page.image.size
    blocks: list[list[PrintedLine]] = []
    for line in made.page.lines:
        if blocks and _one_block(blocks[-1][-1], line):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    blocks.sort(key=lambda block: (block[0].box.left // 100, block[0].box.top))
    regions = tuple(
        Region(f"r{number}", "text", _hull(block), tuple(_line(line) for line in block))
        for number, block in enumerate(blocks, start=1)
    )
    frame = PageFrame("0" * 64, 0, None, 0, width, height, DPI)
    return PageText(frame, regions, "truth", (), ())


def score(truth: Sequence[IssuePage], pages: Sequence[PageText], found: Sequence[Article]) -> Score:
    """Compare the articles cut out of ``pages`` with those that were printed."""
    article_of = {ref: number for number, one in enumerate(found) for ref in one.regions}
    shared: Counter[tuple[int, int]] = Counter()
    true, put = 0, 0
    seen: set[tuple[int, int, int]] = set()
    for number, (made, page) in enumerate(zip(truth, pages, strict=True), start=1):
        owners = {n: owner for n, owner in enumerate(made.owners) if owner != CELL}
        true += sum(owner != NO_ARTICLE for owner in owners.values())
        for region in page.regions:
            article = article_of.get(RegionRef(f"p{number:04d}", region.id))
            for line in region.lines:
                at = place_of(line.box, made.page.lines)
                if article is None or at is None or (number, at, article) in seen:
                    continue
                if at not in owners:
                    continue
                seen.add((number, at, article))
                put += 1
                shared[owners[at], article] += 1
    return Score(_paired(shared), put, true)


def place_of(box: Box, printed: Sequence[PrintedLine]) -> int | None:
    """The printed line that a read line lies on."""
    best, most = None, 0.4 * box.width * box.height
    for number, line in enumerate(printed):
        width = min(box.right, line.box.right) - max(box.left, line.box.left)
        height = min(box.bottom, line.box.bottom) - max(box.top, line.box.top)
        if width > 0 and height > 0 and width * height > most:
            best, most = number, width * height
    return best


def jumps(made: IssuePage, page: PageText) -> tuple[int, int]:
    """Lines that do not follow the right one, and all transitions, on one page."""
    lines = [place_of(line.box, made.page.lines) for line in page.lines()]
    places = [n for n in lines if n is not None and made.owners[n] > 0]
    pairs = [(a, b) for a, b in pairwise(places) if a != b]
    same = [(a, b) for a, b in pairs if made.owners[a] == made.owners[b]]
    # a run that leaves its article while lines of it are still to come is a jump, too
    seen = {n: i for i, n in enumerate(places)}
    left = [
        (a, b)
        for a, b in pairs
        if made.owners[a] != made.owners[b]
        and any(made.owners[n] == made.owners[a] for n in places[seen[a] + 1 :])
    ]
    return sum(b != a + 1 for a, b in same) + len(left), len(pairs)


def _paired(shared: Counter[tuple[int, int]]) -> int:
    right, owners, articles = 0, set[int](), set[int]()
    for (owner, article), lines in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        if owner > 0 and owner not in owners and article not in articles:
            right += lines
            owners.add(owner)
            articles.add(article)
    return right


def _one_block(upper: PrintedLine, lower: PrintedLine) -> bool:
    gap = lower.box.top - upper.box.bottom
    like = min(upper.box.height, lower.box.height) > 0.6 * max(upper.box.height, lower.box.height)
    over = min(upper.box.right, lower.box.right) > max(upper.box.left, lower.box.left)
    return like and over and 0 <= gap < upper.box.height and upper.kind == lower.kind


def _hull(block: Sequence[PrintedLine]) -> Box:
    lefts, tops, rights, bottoms = zip(*(line.box for line in block), strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


def _line(printed: PrintedLine) -> Line:
    box, text = printed.box, printed.text
    words, at = [], 0
    for part in text.split():
        left = box.left + at * box.width // len(text)
        right = box.left + (at + len(part)) * box.width // len(text)
        words.append(Word(part, part, Box(left, box.top, max(right, left + 1), box.bottom), 1.0))
        at += len(part) + 1
    baseline = (box.left, box.bottom, box.right, box.bottom)
    return Line(box, baseline, printed.language, "Cyrl", tuple(words))


def read_page(made: IssuePage) -> PageText:
    """The page as this machine's recogniser reads it."""
    from digitize.recognition import page_job
    from digitize.recognition.image import prepare
    from digitize.recognition.profiles import profile_for
    from digitize.recognition.recognise import for_this_machine, recogniser

    os.environ["OMP_THREAD_LIMIT"] = "1"
    profile = for_this_machine(profile_for("modern", "newspaper_issue", 0, 1))
    prepared = prepare(np.asarray(made.page.image), noise_limit=1.8, max_skew=5.0)
    found = recogniser(profile.engine).recognise(prepared.image, profile, DPI)
    page = true_page(made)
    regions = page_job._in_frame(found, prepared, page.frame)
    return replace(page, regions=regions, skew=prepared.skew)


def main() -> int:
    """Print a JSON line an issue and one for all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", type=int, nargs="+")
    parser.add_argument("--read", action="store_true", help="read the pages by Tesseract")
    told = parser.parse_args()
    total, before, after = Score(0, 0, 0), np.zeros(2, int), np.zeros(2, int)
    for seed in told.seeds:
        made = issue_pages(seed)
        read = [read_page(one) if told.read else true_page(one) for one in made]
        start = time.monotonic()
        marked = [
            mark_regions(np.asarray(one.page.image), page)
            for one, page in zip(made, read, strict=True)
        ]
        seconds = (time.monotonic() - start) / len(made)
        found = score(made, marked, cut(marked, "newspaper_issue"))
        total += found
        for one, old, new in zip(made, read, marked, strict=True):
            before += jumps(one, old)
            after += jumps(one, new)
        print(json.dumps({"seed": seed, "f1": round(found.f1, 4), "seconds": round(seconds, 3)}))
    shares = {"jumps_before": before.tolist(), "jumps_after": after.tolist()}
    pages = 2 * len(told.seeds)
    figures = {"pages": pages, "lines": total.true, "f1": round(total.f1, 4), **shares}
    print(json.dumps(figures))
    result = RESULTS / ("articles-read.json" if told.read else "articles.json")
    result.write_text(json.dumps({"seeds": told.seeds, **figures}, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
