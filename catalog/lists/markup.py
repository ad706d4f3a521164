"""A compiled list as plain text and as one HTML page."""

from collections.abc import Iterator
from html import escape

from catalog.isbd.block import Block, Run
from catalog.lists.compile import CompiledList

_CODES = {"kaz": "kk", "rus": "ru", "eng": "en"}
_TAGS = {"strong": "strong", "emphasis": "em"}
_LOWEST = 6
_WEB = ("http://", "https://")
_STYLE = (
    "body{max-width:42em;margin:2em auto;padding:0 1em;font:1em/1.4 serif}"
    "p.entry{margin:.5em 0;padding-left:2.5em;text-indent:-2.5em}"
    "p.note{margin:.2em 0;padding-left:2.5em;text-indent:-2.5em}"
    "h2,h3,h4{break-after:avoid}p{break-inside:avoid}"
)


def list_text(compiled: CompiledList) -> str:
    """Return the list as text: a line an entry, blank lines about headings."""
    lines = [compiled.title]
    for block in compiled.blocks:
        lines += ["", block.text, ""] if block.kind == "heading" else [block.text]
    return _joined(lines)


def list_html(compiled: CompiledList) -> str:
    """Return the list as a page that stands alone, every text with its language (``lang``)."""
    title = escape(compiled.title)
    head = f'<meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
    opening = f'<html lang="{_CODES.get(compiled.language, "und")}"><head>{head}</head><body>'
    body = [f"<h1>{title}</h1>", *map(_element, compiled.blocks), "</body></html>"]
    return "\n".join(["<!DOCTYPE html>", opening, *body]) + "\n"


def _element(block: Block) -> str:
    content = "".join(_runs(block.runs))
    if block.kind == "heading":
        tag = f"h{min(block.level, _LOWEST)}"
        return f"<{tag}>{content}</{tag}>"
    language = f' lang="{_CODES[block.language]}"' if block.language in _CODES else ""
    record = f' data-record="{escape(block.record)}"' if block.record else ""
    return f'<p class="{escape(block.kind)}"{language}{record}>{content}</p>'


def _runs(runs: tuple[Run, ...]) -> Iterator[str]:
    for run in runs:
        text = escape(run.text)
        if run.style == "link" and run.text.startswith(_WEB):
            yield f'<a href="{text}">{text}</a>'
        elif tag := _TAGS.get(run.style):
            yield f"<{tag}>{text}</{tag}>"
        else:
            yield text


def _joined(lines: list[str]) -> str:
    """Lines without two blank ones together."""
    kept = [line for before, line in zip(("", *lines[:-1]), lines, strict=True) if line or before]
    return "\n".join(kept) + "\n"
