"""Builds the text of a page as recognition would give it, for tests of drafting."""

from pages.text import Box, Line, PageFrame, PageText, Region, Word

Printed = str | tuple[str, int, str]


def printed_page(lines: list[Printed], *, language: str = "und", height: int = 3300) -> PageText:
    """A page of lines from the top: text, or (text, letter height in pixels, region kind)."""
    frame = PageFrame("0" * 64, 0, None, 0, 2400, height, 300)
    regions: list[Region] = []
    top = 100
    for entry in lines:
        text, size, kind = (entry, 40, "text") if isinstance(entry, str) else entry
        line = _line(text, size, top, language)
        top = line.box.bottom + 15
        if regions and regions[-1].kind == kind:
            regions[-1] = _with(regions[-1], line)
        else:
            regions.append(Region(f"r{len(regions) + 1}", kind, line.box, (line,)))
    return PageText(frame, tuple(regions), "test", (), ())


def _line(text: str, size: int, top: int, language: str) -> Line:
    words, left = [], 100
    for word in text.split():
        right = left + len(word) * size // 2 + 1
        words.append(Word(word, word, Box(left, top, right, top + size), 0.9))
        left = right + size // 3
    box = Box(100, top, max(left, 101), top + size)
    baseline = (box.left, box.bottom, box.right, box.bottom)
    return Line(box, baseline, language, "Cyrl", tuple(words))


def _with(region: Region, line: Line) -> Region:
    old = region.box
    right = max(old.right, line.box.right)
    box = Box(old.left, old.top, right, line.box.bottom)
    return Region(region.id, region.kind, box, (*region.lines, line))
