"""Every page that people can come to, found as they find them: by following links.

A new room is checked and shown by itself as soon as any page links to it.
"""

import re
from collections import deque
from collections.abc import Mapping
from itertools import pairwise
from urllib.parse import urljoin, urlsplit

from lxml import html

from tests.portal.browser import Tab

STARTS = {
    "": "/",
    "search": "/search?q=қара тас",
    "search-empty": "/search",
    "search-catalogue": "/search?q=көмір&in=catalogue",
    "search-nothing": "/search?q=ыыыыы",
    "search-filtered": "/search?q=терриконы&lang=rus",
    "no-such-page": "/no-such-page",
}
"""Where a reader's walk begins, by name; pages that no link names are here."""
DESK_STARTS = {"desk": "/desk/"}
"""Where the walk of a member of staff begins."""
_NAMED_BY_ID = ("d", "r", "record", "document", "draft", "link", "people")
_LANGUAGE = re.compile(r"^/(kk|ru|en)(?=/|$)")
_MOST = 200


def find_pages(tab: Tab, starts: Mapping[str, str] = STARTS) -> dict[str, str]:
    """Return the starts, and the first address met of each shape of page, without its language.

    Shapes are paths whose identifiers and numbers are "-": ``d/-/p/-``. Only pages count: pictures
    and files are looked at by their type and left.
    """
    found: dict[str, str] = {}
    waiting, known = deque(starts.items()), set(starts)
    while waiting and len(known) < _MOST:
        shape, address = waiting.popleft()
        answer = tab.page.request.get(tab.url + address)
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        found[shape] = address
        for link in _links(answer.text(), address):
            if (name := _shape(link)) not in known:
                known.add(name)
                waiting.append((name, link))
    return found


def _links(page: str, address: str) -> list[str]:
    """Addresses of ours that a page links to, in order, without language and fragment."""
    hrefs = [str(link.get("href", "")) for link in html.fromstring(page).iter("a")]
    parts = [urlsplit(urljoin(address, href)) for href in hrefs]
    ours = [part for part in parts if not part.netloc and not part.scheme]
    return [
        _LANGUAGE.sub("", part.path) + (f"?{part.query}" if part.query else "") for part in ours
    ]


def _shape(address: str) -> str:
    """What kind of page an address names."""
    segments = urlsplit(address).path.strip("/").split("/")
    return "/".join(_segment(*pair) for pair in pairwise(["", *segments]))


def _segment(before: str, here: str) -> str:
    return "-" if before in _NAMED_BY_ID or re.search(r"\d", here) else here
