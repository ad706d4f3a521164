"""The truth of a scan, written beside the code as one compact JSON a page."""

import json
from dataclasses import dataclass

from scans.generator.setting import DPI
from scans.generator.sheet import Page
from scans.generator.wear import turned_box


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page lies: document, page key, file below the batch folder, frame of that file."""

    document: str
    page: str
    file: str
    frame: int


def truth_json(page: Page, place: Place, skew: float, *, degraded: bool) -> str:
    """JSON with one text line a row: text, box (frame pixels), language, kind, in reading order.

    ``joins`` lists split words as [line, line, logical word], null standing for the page before or
    after. ``skew`` is degrees counter-clockwise.
    """
    width, height = page.image.size
    head = {
        "document": place.document,
        "page": place.page,
        "file": place.file,
        "frame": place.frame,
        "width": width,
        "height": height,
        "dpi": DPI,
        "skew": skew,
        "degraded": degraded,
    }
    rows = [
        {
            "text": line.text,
            "box": turned_box(line.box, skew, (width, height)) if skew else line.box,
            "language": line.language,
            "kind": line.kind,
        }
        for line in page.lines
    ]
    parts = [f'"{key}":{_dump(value)}' for key, value in head.items()]
    parts.append('"lines":[\n' + ",\n".join(_dump(row) for row in rows) + "\n]")
    parts.append('"joins":[\n' + ",\n".join(_dump(join) for join in page.joins) + "\n]")
    return "{" + ",\n".join(parts) + "}\n"


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
