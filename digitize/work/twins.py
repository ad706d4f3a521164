"""The same picture under other bytes: found by likeness, told as a finding, never dropped.

Pages of every document are compared with those of all the others when its files are made. Where
half of the smaller document's pages have a twin, the document taken in later gets the finding
``SAME_PICTURE``, which names the earlier one. Each pair is compared when the second of the two is
there, so what is found does not depend on which came first. Forms and cards, which all look the
same, are not told of.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from digitize.work.document_job import smallest_images
from digitize.work.workshop import Workshop
from store.catalogue import findings
from store.database import Reader, Transaction
from store.digitised import pictures
from store.digitised.pictures import Picture

SAME_PICTURE = "SAME_PICTURE"
LOOK, LOOK_SECONDS = "look", 600.0
ALIKE = 20
"""Bits of 256 in which likenesses of one picture may differ (``digitize.scan.likeness``)."""
ALIKE_SHARE = 0.3
"""And that many of the bits set in either: on a page with little print 20 bits are a lot."""
_SHARE = 0.5
_MOST = 10  # twins of one document: more are forms or cards, not scans made twice


@dataclass(frozen=True, slots=True)
class Twins:
    """Two documents, and how many pages of the later one are pictures of the earlier one, too."""

    later: str
    earlier: str
    pages: int


@dataclass(slots=True)
class Album:
    """Every known picture, read once a run and kept up to date; about 200 bytes a page."""

    _last: int = 0
    _pages: dict[str, tuple[int, ...]] = field(default_factory=dict)
    _order: dict[str, int] = field(default_factory=dict)

    def read(self, reader: Reader) -> None:
        """Take over what this or another run has written since."""
        fresh: dict[str, list[Picture]] = {}
        for picture in pictures.pictures_after(reader, self._last):
            fresh.setdefault(picture.document, []).append(picture)
            self._last = picture.id
        for document, found in fresh.items():
            shown = (picture.likeness for picture in found)
            self._pages[document] = tuple(one for one in shown if one is not None)
            self._order[document] = found[0].seq

    def twins(self, document: str) -> Iterator[Twins]:
        """The documents that show the same pictures as this one."""
        mine = self._pages.get(document, ())
        for other in self._pages:
            if other != document and mine and self._pages[other]:
                later, earlier = sorted(
                    (document, other), key=self._order.__getitem__, reverse=True
                )
                pages = self._pages[later], self._pages[earlier]
                count = sum(any(_alike(a, b) for b in pages[1]) for a in pages[0])
                if count and count >= _SHARE * min(map(len, pages)):
                    yield Twins(later, earlier, count)


def remember(shop: Workshop, album: Album, document: str, told: Mapping[str, str | None]) -> None:
    """Write what a document's pages look like, and the findings that follow from it.

    ``told`` is the ``likeness`` of the child's result. The same once more changes nothing.
    """
    seen = {page: None if text is None else int(text, 16) for page, text in told.items()}
    with shop.store.transaction() as tx:
        pictures.set_pictures(tx, document, seen)
    # Only now: of two runs that finish at once, the later one sees what the earlier has written.
    album.read(shop.store)
    found = list(islice(album.twins(document), _MOST + 1))
    if 0 < len(found) <= _MOST:
        with shop.store.transaction() as tx:
            for twins in found:
                _tell(tx, twins)


def _tell(tx: Transaction, twins: Twins) -> None:
    """Leave the finding, unless the pair was spoken of before (and perhaps settled)."""
    told = findings.list_findings(tx, twins.later, SAME_PICTURE, None)
    if not any(finding.facts.get("document") == twins.earlier for finding in told):
        facts = {"document": twins.earlier, "pages": twins.pages}
        findings.add_finding(tx, twins.later, SAME_PICTURE, facts)


def look_again(shop: Workshop, album: Album) -> None:
    """Look at the web images of documents whose pictures are not known; the pool is idle.

    They were made by an older version, or the catalogue was rebuilt from its sidecars.
    """
    for document in pictures.documents_without(shop.store):
        images = smallest_images(shop.store.home.document(document) / "web")
        if images:
            shop.pool.submit(LOOK, {"images": images}, LOOK_SECONDS)
            done = shop.pool.wait()
            if done.result is not None:
                remember(shop, album, document, done.result["likeness"])


def _alike(first: int, second: int) -> bool:
    apart = (first ^ second).bit_count()
    return apart <= ALIKE and apart <= ALIKE_SHARE * (first | second).bit_count()
