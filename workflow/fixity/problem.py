"""What a verify can find: problems with their states, and where they are remembered."""

from dataclasses import dataclass

from store.disk.fixity import DAMAGED, MISSING, UNEXPECTED, Promise

LEFTOVER = "leftover"
ROWS_DIFFER = "rows-differ"
RECORD_DAMAGED = "record-damaged"
CHAIN_BROKEN = "chain-broken"
JOURNAL_CUT = "journal-cut"
CATALOGUE_DAMAGED = "catalogue-damaged"
INDEX_DAMAGED = "index-damaged"

STATES = (
    *(DAMAGED, MISSING, UNEXPECTED, ROWS_DIFFER, RECORD_DAMAGED),
    *(CHAIN_BROKEN, JOURNAL_CUT, CATALOGUE_DAMAGED, INDEX_DAMAGED, LEFTOVER),
)
"""Every state that verify names; the last is no damage: the next run clears it up."""

_ON_DISK = frozenset({DAMAGED, MISSING, UNEXPECTED, INDEX_DAMAGED})
_CATALOGUE = "catalog.sqlite3"
UNREADABLE = "unreadable: "
"""Begins the reason where bytes could not be read, or rows not be understood."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it should be.

    ``path`` lies below the home (posix); of the catalogue's inside it is ``record/<id>/<version>``
    or ``event/<seq>``. ``expected`` and ``found`` are SHA-256 or a reason, None where there is
    nothing to tell. ``repair`` says what was done, or would be: backup, rows, run, rebuilt, none;
    None where nobody asked for a repair.
    """

    path: str
    state: str
    expected: str | None = None
    found: str | None = None
    promise: Promise | None = None
    repair: str | None = None

    @property
    def key(self) -> str:
        """Under which path the fixity table remembers it."""
        return self.path if self.state in _ON_DISK else f"{_CATALOGUE}#{self.path}"

    @property
    def remembered(self) -> str:
        """As which state the fixity table remembers it."""
        return self.state if self.state in (MISSING, UNEXPECTED) else DAMAGED

    @property
    def unreadable(self) -> bool:
        """Whether nothing could be compared."""
        return (self.found or "").startswith(UNREADABLE)

    def as_json(self) -> dict[str, object]:
        """As one JSON line."""
        return {
            "path": self.path,
            "state": self.state,
            "expected": self.expected,
            "found": self.found,
            "repair": self.repair,
        }


def readable(path: str) -> str:
    """Return a path that can be shown and stored whatever bytes its name has.

    Bytes that are no UTF-8 and signs that are not printable (control signs, marks that turn the
    direction of writing) stand as escapes.
    """
    text = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text
    )
