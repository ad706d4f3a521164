"""The report as one HTML file: bars as inline SVG, small pictures inside, nothing from outside."""

import base64
from collections.abc import Mapping, Sequence
from html import escape

from digitize.output.webimage import WIDTHS
from olketanu.home import Home
from olketanu.messages.translate import has_message, language, translate
from workflow.quality.limits import read_limits
from workflow.quality.sheet import mark_words, reason_words
from workflow.quality.survey import DocumentQuality, PageLine, Survey, Totals

PICTURES = 12
"""Worst pages that are shown with their picture: each adds some 15 kB to the file."""

_BAR = 320
_ROW = 22
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;"
    "color:#1a1a1a;background:#fff}h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;"
    "padding:.35rem .6rem;border-bottom:1px solid #ccc}td.n,th.n{text-align:right;"
    "font-variant-numeric:tabular-nums}img{border:1px solid #999;max-width:200px}"
    ".p{display:flex;flex-wrap:wrap;gap:1rem}figure{width:200px;margin:1rem 0}"
    "figcaption{font-size:.85rem}svg{max-width:100%;height:auto}@media print{body{margin:0}}"
)


def page(survey: Survey, home: Home, *, limit: int, time: str) -> str:
    """Return the whole file; ``limit`` is how many documents and pages the tables name."""
    totals = survey.totals
    title = translate("quality.title")
    worst = survey.worst_pages[:limit]
    pictures = "".join(_figure(line, home) for line in worst[:PICTURES])
    parts = [
        f"<h1>{escape(title)}</h1><p>{escape(summary(survey))} {escape(time)}</p>",
        _section("quality.states", bars(named(totals.states, "state"))),
        _section("quality.marks", bars(named(totals.marks, "mark"))),
        _section("quality.classes", bars(class_rows(totals))),
        _section("quality.languages", bars(language_rows(totals))),
        _section("quality.worst-documents", _documents(survey.documents[:limit])),
        _section("quality.worst-pages", _pages(worst) + f'<div class="p">{pictures}</div>'),
        f"<p>{escape(formula())}</p>",
    ]
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
    body = "\n".join(parts)
    text = f'<!DOCTYPE html>\n<html lang="{language()}"><head>{head}</head><body>\n{body}\n'
    return text + "</body></html>\n"


def summary(survey: Survey) -> str:
    """Return the counts of documents, pages and words in one sentence."""
    totals = survey.totals
    facts = {
        "documents": len(survey.documents),
        "pages": sum(totals.states.values()),
        "words": totals.words,
        "low": totals.low,
        "confidence": "–" if totals.confidence is None else f"{totals.confidence:.1%}",
    }
    return translate("quality.sum", facts)


def formula() -> str:
    """Return how the need is reckoned, in words."""
    weights = read_limits().rights
    return translate("quality.formula", {code: f"{weight:g}" for code, weight in weights.items()})


def bars(rows: Sequence[tuple[str, int]]) -> str:
    """Return a bar chart as SVG: labels left, bars in proportion, counts right of them."""
    most = max((count for _, count in rows), default=0) or 1
    lines = []
    for number, (label, count) in enumerate(rows):
        top = number * _ROW
        width = round(_BAR * count / most)
        lines.append(
            f'<text x="0" y="{top + 16}">{escape(label)}</text>'
            f'<rect x="220" y="{top + 4}" width="{width}" height="14" fill="#2f6f8f"/>'
            f'<text x="{228 + width}" y="{top + 16}">{count}</text>'
        )
    size = f'width="640" height="{max(1, len(rows)) * _ROW}"'
    box = f'viewBox="0 0 640 {max(1, len(rows)) * _ROW}"'
    told = escape("; ".join(f"{label}: {count}" for label, count in rows), quote=True)
    return f'<svg {size} {box} font-size="14" role="img" aria-label="{told}">{"".join(lines)}</svg>'


def class_rows(totals: Totals) -> list[tuple[str, int]]:
    """Return the counts of words by confidence, each class named by its lowest and highest."""
    lowest = sorted((int(known) for known in totals.classes), reverse=True)
    tops = [100, *lowest]
    return [
        (f"{low}–{top - (low != lowest[0])} %", totals.classes[str(low)])
        for low, top in zip(lowest, tops, strict=False)
    ]


def language_rows(totals: Totals) -> list[tuple[str, int]]:
    """Return the counts of words by language, named where the language has a name."""
    return [(language_name(code), count) for code, count in totals.languages.items()]


def language_name(code: str) -> str:
    """Return the name of an ISO 639-2 code in the messages' language, else the code."""
    key = f"language.{code}"
    return translate(key) if has_message(key) else code


def named(counts: Mapping[str, int], kind: str) -> list[tuple[str, int]]:
    """Return counts of codes with the words for the codes (messages ``<kind>.<code>``)."""
    return [(translate(f"{kind}.{code}"), count) for code, count in counts.items()]


def _section(key: str, inside: str) -> str:
    return f"<h2>{escape(translate(key))}</h2>\n{inside}"


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]], numbers: set[int]) -> str:
    """A table of cells that are escaped here; ``numbers`` are columns set to the right."""
    kinds = [' class="n"' if column in numbers else "" for column in range(len(headings))]
    lines = [
        "".join(f"<td{kind}>{escape(cell)}</td>" for kind, cell in zip(kinds, row, strict=True))
        for row in rows
    ]
    head = "".join(
        f"<th{kind}>{escape(translate(f'column.{name}'))}</th>"
        for kind, name in zip(kinds, headings, strict=True)
    )
    return f"<table><tr>{head}</tr>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"


def _documents(documents: Sequence[DocumentQuality]) -> str:
    rows = [
        (
            *(known.document.id, known.document.name, str(len(known.pages)), f"{known.need:.1f}"),
            ", ".join(f"{name}: {n}" for name, n in named(known.totals.marks, "mark") if n),
        )
        for known in documents
        if known.need
    ]
    return _table(("document", "name", "pages", "need", "marks"), rows, {2, 3})


def _pages(lines: Sequence[PageLine]) -> str:
    rows = [
        (
            *(line.quality.page.document, line.name, line.quality.page.key),
            *(f"{line.need:.1f}", mark_words(line), reason_words(line)),
        )
        for line in lines
    ]
    return _table(("document", "name", "page", "need", "marks", "reasons"), rows, {3})


def _figure(line: PageLine, home: Home) -> str:
    known = line.quality.page
    path = home.web_image(known.document, known.key, min(WIDTHS))
    if not path.is_file():
        return ""
    data = base64.b64encode(path.read_bytes()).decode("ascii")
    told = escape(f"{line.name}, {known.key}: {reason_words(line)}", quote=True)
    return (
        f'<figure><img src="data:image/jpeg;base64,{data}" alt="{told}">'
        f"<figcaption>{told}</figcaption></figure>"
    )
