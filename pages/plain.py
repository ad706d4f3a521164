"""Plain text of a page as printed: one text line a printed line, an empty line between regions."""

from pages.text import PageText


def plain_text(page: PageText) -> str:
    """Return the words as printed (hyphens at line ends stay), regions in reading order.

    Ends with a line break unless the page has no text.
    """
    blocks = (
        "\n".join(line.text for line in region.lines if line.words) for region in page.regions
    )
    text = "\n\n".join(block for block in blocks if block)
    return f"{text}\n" if text else ""
