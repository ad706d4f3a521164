"""A compiled list as plain text and as one HTML page that stands alone."""

from html import escape

from catalog.isbd.block import Block, Run
from catalog.isbd.html import to_html
from catalog.isbd.text import to_text
from catalog.isbd.words import html_language
from catalog.lists.compile import CompiledList

_STYLE = (
    "body{max-width:42em;margin:2em auto;padding:0 1em;font:1em/1.4 serif}"
    "p{margin:.4em 0;padding-left:2.5em;text-indent:-2.5em;break-inside:avoid}"
    "h1,h2,h3,h4{break-after:avoid}"
)


def list_text(compiled: CompiledList) -> str:
    """Return the list as text: a line an entry, blank lines about headings."""
    title = Block("heading", (Run(compiled.title),), compiled.language)
    return to_text((title, *compiled.blocks))


def list_html(compiled: CompiledList) -> str:
    """Return the list as a page; elements carry their names, texts their languages."""
    title = escape(compiled.title)
    head = f'<meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
    opening = f'<html lang="{escape(html_language(compiled.language))}"><head>{head}</head><body>'
    body = f"<h1>{title}</h1>\n{to_html(compiled.blocks)}"
    return f"<!DOCTYPE html>\n{opening}\n{body}</body></html>\n"
