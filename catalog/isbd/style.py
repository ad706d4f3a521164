"""How a description is set: the edition of the standard and what a library chooses within it."""

import datetime
from dataclasses import dataclass

GOST_2003 = "7.1-2003"
GOST_R_2018 = "r-7.0.100-2018"
EDITIONS = (GOST_2003, GOST_R_2018)


@dataclass(frozen=True, slots=True)
class Style:
    """``edition`` is one of ``EDITIONS``: GOST 7.1-2003 or GOST R 7.0.100-2018.

    ``dashes``: ". – " between the areas, else ". ". ``medium``: material designation ([Текст]) or
    content area. ``pages_after``: Kazakh pages as «3-б.», else «Б. 3». ``price``: price beside the
    ISBN. ``accessed``: the day on which an address was looked at; none is ever made up.
    """

    edition: str = GOST_2003
    dashes: bool = True
    medium: bool = True
    pages_after: bool = False
    price: bool = False
    accessed: datetime.date | None = None
