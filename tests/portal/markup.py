"""Pages as trees: what an XPath finds in an answer."""

from lxml import etree, html


def elements(text: str, path: str) -> list[etree._Element]:
    """The elements that ``path`` finds."""
    found = html.fromstring(text).xpath(path)
    assert isinstance(found, list)
    return [one for one in found if isinstance(one, etree._Element)]


def values(text: str, path: str) -> list[str]:
    """The attributes that ``path`` finds."""
    found = html.fromstring(text).xpath(path)
    assert isinstance(found, list)
    return [str(one) for one in found if isinstance(one, str)]


def texts(text: str, path: str) -> list[str]:
    """What the elements that ``path`` finds say."""
    return ["".join(str(part) for part in one.itertext()) for one in elements(text, path)]
