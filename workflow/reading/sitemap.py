"""What machines may list: the addresses of what anybody may open, from anywhere."""

import datetime
from typing import Literal

from catalog.rights import READER
from store.catalogue import records
from store.digitised.holdings import list_holdings
from workflow.library import Library
from workflow.reading.access import Visit

PORTION = 10_000
"""Addresses in one file; the protocol allows 50,000 (sitemaps.org)."""
Listed = Literal["documents", "records"]
LISTED: tuple[Listed, ...] = ("documents", "records")


def portions_of(library: Library, today: datetime.date) -> tuple[tuple[Listed, int], ...]:
    """Return the files that list everything, in order: of what, and the number from 1."""
    counts: dict[Listed, int] = {
        "documents": len(_open_documents(library, today)),
        "records": records.count_active(library.store),
    }
    return tuple(
        (listed, number)
        for listed, count in counts.items()
        for number in range(1, -(-count // PORTION) + 1)
    )


def portion_of(
    library: Library, today: datetime.date, listed: Listed, number: int
) -> tuple[str, ...]:
    """Return the permanent addresses of one of these files; none where there is no such file."""
    begin = (number - 1) * PORTION
    if listed == "documents":
        held = _open_documents(library, today)[begin : begin + PORTION]
        return tuple(map(library.address, held))
    return tuple(map(library.record_address, records.list_active(library.store, PORTION, begin)))


def _open_documents(library: Library, today: datetime.date) -> list[str]:
    """Those whose text anybody may read; of others the records speak, where they may."""
    anybody = Visit(READER, today)
    held = list_holdings(library.store)
    return sorted({one.document for one in held if anybody.may("view_text", one.rights)})
