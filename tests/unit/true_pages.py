"""The sample documents as perfect recognition would read them, for tests of drafting."""

import json
from pathlib import Path
from typing import Any

from pages.logical import join_page
from pages.text import Box, Line, PageFrame, PageText, Region, Word

TRUTH = Path(__file__).parents[2] / "scans" / "truth"


def true_pages(document: str) -> list[tuple[str, PageText]]:
    """(Key, text) of every page of a sample document, from its exact truth."""
    paths = sorted((TRUTH / document).glob("p*.json"))
    return [(path.stem, _page(json.loads(path.read_text("utf-8")))) for path in paths]


def _page(truth: dict[str, Any]) -> PageText:
    frame = PageFrame("0" * 64, 0, None, 0, truth["width"], truth["height"], truth["dpi"])
    regions: list[Region] = []
    for entry in truth["lines"]:
        line = _line(entry["text"], Box(*entry["box"]), entry["language"])
        if regions and regions[-1].kind == entry["kind"]:
            old = regions[-1]
            regions[-1] = Region(old.id, old.kind, old.box, (*old.lines, line))
        else:
            regions.append(Region(f"r{len(regions) + 1}", entry["kind"], line.box, (line,)))
    return join_page(PageText(frame, tuple(regions), "truth", (), ()))


def _line(text: str, box: Box, language: str) -> Line:
    words, at = [], 0
    for part in text.split():
        left = box.left + at * box.width // len(text)
        right = box.left + (at + len(part)) * box.width // len(text)
        words.append(Word(part, part, Box(left, box.top, max(right, left + 1), box.bottom), 1.0))
        at += len(part) + 1
    baseline = (box.left, box.bottom, box.right, box.bottom)
    return Line(box, baseline, language, "Cyrl", tuple(words))
