"""Which article every block of a page belongs to: by headlines, columns, rules and frames.

A block belongs to the headline under which it stands, else to the article of the block above it in
its column; at the top of a column, or under a rule, to the article with which the column to the
left ends.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from digitize.layout.boxes import below, beside, hull, share_inside
from pages.text import Box

_FLOWING = ("text", "illustration", "table")
_SEEN = ("text", "headline", "illustration", "table", "masthead")
_COLUMN = 0.4  # share of the narrower of two blocks that makes them one column
_UNDER = 0.5  # share of a block that must lie under a headline or a rule
_LEVEL = 0.25  # share of a headline's height that something beside it must reach
_BLANK = 1.2  # lines of blank between the articles of one column
_KICKER = 1.6  # gap between two headlines of one article, in heights of the larger


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of a page with its upright box."""

    kind: str
    box: Box


@dataclass(frozen=True, slots=True)
class PageCut:
    """The part of one article on one page: positions of its pieces in reading order.

    ``heads`` are those of its headline; ``guessed`` tells that some stand under no headline.
    """

    heads: tuple[int, ...]
    pieces: tuple[int, ...]
    guessed: bool


def cut_page(pieces: Sequence[Piece], line: float) -> list[PageCut]:
    """Return the articles of a page in the order of their first pieces.

    ``line`` is the height of a line of text. Mastheads, page numbers, separators and advertisements
    belong to none; what has no headline is an article without one.
    """
    sheet = _Sheet(pieces, line)
    groups: dict[int, list[int]] = {}
    for number, piece in enumerate(pieces):
        if piece.kind in _FLOWING or piece.kind == "headline":
            groups.setdefault(sheet.owner(number), []).append(number)
    return [_page_cut(sheet, owner, found) for owner, found in groups.items()]


def _page_cut(sheet: "_Sheet", owner: int, found: list[int]) -> PageCut:
    pieces = _in_columns(sheet, found)
    heads = [n for n in pieces if sheet.pieces[n].kind == "headline"]
    rest = [n for n in pieces if n not in heads]
    guessed = bool(sheet.guessed.intersection(found)) or owner not in heads
    return PageCut(tuple(heads), (*heads, *rest), guessed)


def _in_columns(sheet: "_Sheet", found: list[int]) -> list[int]:
    """Positions by column from left to right, each from top to bottom."""
    columns: list[tuple[Box, list[int]]] = []
    for number in sorted(found, key=lambda n: sheet.pieces[n].box.width):
        box = sheet.pieces[number].box
        for at, (column, members) in enumerate(columns):
            if below(column, box) >= _COLUMN * min(column.width, box.width):
                members.append(number)
                columns[at] = (column, members)
                break
        else:
            columns.append((box, [number]))
    ordered = sorted(columns, key=lambda column: column[0].left)
    tops = [sorted(members, key=lambda n: sheet.pieces[n].box.top) for _, members in ordered]
    return [number for members in tops for number in members]


@dataclass(slots=True)
class _Sheet:
    """A page while it is being cut; ``owners`` fills up, ``guessed`` names what was inferred."""

    pieces: Sequence[Piece]
    line: float
    owners: dict[int, int] = field(default_factory=dict)
    guessed: set[int] = field(default_factory=set)
    grounds: dict[int, Box] = field(default_factory=dict)
    page: Box = field(init=False)

    def __post_init__(self) -> None:
        self.page = hull(piece.box for piece in self.pieces) if self.pieces else Box(0, 0, 1, 1)
        for number, piece in self.of("headline"):
            self.grounds[number] = self._ground(piece.box)

    def of(self, *kinds: str) -> Iterator[tuple[int, Piece]]:
        """Positions and pieces of these kinds."""
        return ((n, piece) for n, piece in enumerate(self.pieces) if piece.kind in kinds)

    def owner(self, number: int) -> int:
        """The position of the piece that stands for the article: its headline, else its first."""
        if number not in self.owners:
            self.owners[number] = number  # what comes back here in a circle ends with itself
            self.owners[number] = self._find(number)
        return self.owners[number]

    def reach(self, number: int) -> Box:
        """The box of a piece; of a headline with all the width that it stands over."""
        return self.grounds.get(number, self.pieces[number].box)

    def _find(self, number: int) -> int:
        piece = self.pieces[number]
        above = self._above(number)
        if piece.kind == "headline":
            kicker = above is not None and self._is_kicker(above, number)
            return self.owner(above) if above is not None and kicker else number
        if above is None or self.pieces[above].kind in ("separator", "masthead"):
            return self._from_left(number, above)
        if self._starts_band(number, above):
            found = self._from_left(number, above)
            return self.owner(above) if found == number else found
        return self.owner(above)

    def _above(self, number: int) -> int | None:
        """The nearest piece over this one; rules count where they run over most of it."""
        box = self.pieces[number].box
        found = []
        for other, piece in self.of(*_SEEN, "separator"):
            reach = self.reach(other)
            if other == number or reach.bottom > box.top + self.line / 2:
                continue
            share = _UNDER * box.width
            if piece.kind not in ("headline", "separator"):
                share = min(share, _COLUMN * reach.width)
            if below(reach, box) >= share and not self._of_advertisement(piece):
                found.append((reach.bottom, other))
        return max(found)[1] if found else None

    def _of_advertisement(self, piece: Piece) -> bool:
        """Whether a rule is the frame of an advertisement, which may stand within an article."""
        if piece.kind != "separator":
            return False
        grown = (self._grown(ad.box, 2 * self.line) for _, ad in self.of("advertisement"))
        return any(share_inside(piece.box, box) > _UNDER for box in grown)

    def _is_kicker(self, above: int, number: int) -> bool:
        """Whether the piece above a headline is the first part of the same headline."""
        if self.pieces[above].kind != "headline":
            return False
        upper, lower = self.pieces[above].box, self.pieces[number].box
        one, other = self.grounds[above], self.grounds[number]
        near = lower.top - upper.bottom <= _KICKER * max(upper.height, lower.height)
        return near and below(one, other) >= 0.7 * max(one.width, other.width)

    def _starts_band(self, number: int, above: int) -> bool:
        """Whether a block without headline begins a column: a blank runs from it to a headline."""
        blank = self.pieces[number].box.top - self.pieces[above].box.bottom
        far = self.pieces[above].kind == "text" and blank >= _BLANK * self.line
        return far and self._is_level(number, self.page)

    def _is_level(self, number: int, column: Box) -> bool:
        """Whether a blank runs over this piece and over a headline that stands in ``column``."""
        box = self.pieces[number].box
        for other, head in self.of("headline"):
            level = abs(head.box.top - box.top) <= 2.5 * self.line
            if other == number or not level or below(head.box, column) <= 0:
                continue
            way = hull((head.box, box))
            y = way.top - self.line / 3
            across = (p.box for _, p in self.of(*_SEEN) if below(p.box, way) > 0)
            if not any(b.top < y < b.bottom for b in across):
                return True
        return False

    def _from_left(self, number: int, above: int | None) -> int:
        """The article with which the column to the left ends; the piece itself without one."""
        box = self.pieces[number].box
        top = box.top if above is None else min(box.top, self.pieces[above].box.bottom)
        if above is not None and self.pieces[above].kind == "text":
            top = box.top
        frame = self._frame(box)
        found = []
        for other, piece in self.of("text", "headline", "illustration", "table"):
            left = piece.box
            gap = box.left - left.right
            beside_it = -self.line <= gap <= 0.6 * box.width and left.bottom > box.top
            if not beside_it or left.top < top - 2.5 * self.line or self._frame(left) != frame:
                continue
            if left.bottom <= self._floor(left, box) + self.line / 2:
                found.append((left.bottom, other))
        if not found:
            return number
        self.guessed.add(number)
        return self.owner(max(found)[1])

    def _floor(self, left: Box, box: Box) -> int:
        """Where the cell of two neighbouring columns ends: at what runs under both of them."""
        tops = [self.page.bottom]
        for other, piece in self.of("headline", "separator", "advertisement"):
            reach = self.reach(other)
            both = min(below(reach, b) / max(1, b.width) for b in (left, box)) >= _UNDER
            if both and reach.top >= box.top + self.line:
                tops.append(piece.box.top)
        for other, piece in self.of("text", "headline"):
            lower = piece.box
            if lower.top > box.bottom - self.line and below(lower, box) >= _UNDER * lower.width:
                tops += [lower.top] if self._begins_band(other, left) else []
        return min(tops)

    def _begins_band(self, number: int, left: Box) -> bool:
        """Whether with this piece a new band of articles begins, also in the column ``left``."""
        if self.pieces[number].kind == "headline":
            return self._is_level(number, left)
        over = self._above(number)
        return over is not None and self._starts_band(number, over)

    def _ground(self, head: Box) -> Box:
        """The box of a headline, widened to what stands beside it or to the edge of the page."""
        left, right = self.page.left, self.page.right
        for _, piece in self.of(*_SEEN, "advertisement", "separator"):
            box = piece.box
            if beside(box, head) < _LEVEL * head.height:
                continue
            if box.right <= head.left + self.line / 2:
                left = max(left, box.right)
            elif box.left >= head.right - self.line / 2:
                right = min(right, box.left)
        # Headlines stand at the left edge of their columns or in the middle, never at the right.
        left = max(left, head.left - max(0, right - head.right) - round(2 * self.line))
        return Box(min(left, head.left), head.top, max(right, head.right), head.bottom)

    def _frame(self, box: Box) -> tuple[int, ...]:
        """The vertical rules of the frame around a box, as positions; empty without a frame."""
        rules = [(n, p.box) for n, p in self.of("separator") if p.box.height > p.box.width]
        left = [(r.right, n) for n, r in rules if r.right <= box.left + self.line]
        right = [(r.left, n) for n, r in rules if r.left >= box.right - self.line]
        held: tuple[int, ...] = ()
        for (x, first), (end, second) in ((a, b) for a in left for b in right):
            one, other = self.pieces[first].box, self.pieces[second].box
            level = abs(one.top - other.top) + abs(one.bottom - other.bottom) <= self.line
            around = one.top <= box.top + self.line and one.bottom >= box.bottom - self.line
            if level and around and self._closed(Box(x, one.top, end, one.bottom)):
                held = (first, second)
        return held

    def _closed(self, frame: Box) -> bool:
        """Whether rules run along the top and the bottom of two vertical ones."""
        flat = [p.box for _, p in self.of("separator") if p.box.width > p.box.height]
        wide = [r for r in flat if below(r, frame) >= 0.9 * frame.width]
        ends = (frame.top, frame.bottom)
        return all(any(abs(r.top - y) <= self.line for r in wide) for y in ends)

    def _grown(self, box: Box, by: float) -> Box:
        reach = round(by)
        return Box(box.left - reach, box.top - reach, box.right + reach, box.bottom + reach)
