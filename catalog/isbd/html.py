"""Blocks as HTML: a fragment of paragraphs whose elements carry their names as classes."""

from collections.abc import Iterable
from html import escape
from urllib.parse import urlsplit

from catalog.isbd.block import Block, Run
from catalog.isbd.words import html_language

_TAGS = {"strong": "strong", "emphasis": "em", "plain": "span"}
_SCHEMES = ("http", "https", "ftp")
_LAST_LEVEL = 6


def to_html(blocks: Iterable[Block]) -> str:
    """Return the blocks as HTML, one a line; every text and attribute is escaped.

    An element becomes ``<span class="title">``, an address a link where its scheme is http, https
    or ftp. Headings begin at ``h2``.
    """
    return "".join(f"{_block(block)}\n" for block in blocks)


def is_web_address(address: str) -> bool:
    """Return whether a text may become a link: its scheme is http, https or ftp."""
    try:
        return urlsplit(address).scheme.lower() in _SCHEMES
    except ValueError:
        return False


def _block(block: Block) -> str:
    tag = f"h{min(block.level + 1, _LAST_LEVEL)}" if block.kind == "heading" else "p"
    attributes = f' class="{escape(block.kind)}"'
    if block.language != "und":
        attributes += f' lang="{escape(html_language(block.language))}"'
    if block.record:
        attributes += f' data-record="{escape(block.record)}"'
    return f"<{tag}{attributes}>{''.join(map(_run, block.runs))}</{tag}>"


def _run(run: Run) -> str:
    text = escape(run.text)
    if run.style == "link" and is_web_address(run.text):
        return f'<a href="{text}">{text}</a>'
    if run.style == "plain" and not run.element:
        return text
    name = f' class="{escape(run.element)}"' if run.element else ""
    tag = _TAGS.get(run.style, "span")
    return f"<{tag}{name}>{text}</{tag}>"
