"""What a check found in a record, and the repair that it proposes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from catalog.place import Place
from catalog.quality.repair import Edit, Repaired, apply
from catalog.record import Record

LEVELS = ("error", "warning", "hint")
REPAIRS = ("none", "proposed", "safe")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A repair as a pure edit; one finding may need several places to change together."""

    edits: tuple[Edit, ...]

    def apply(self, record: Record) -> Repaired:
        """Return the record anew, with what no longer fitted."""
        return apply(record, self.edits)


@dataclass(frozen=True, slots=True)
class Hit:
    """What a check yields; ``certainty`` None: as sure as its rule."""

    place: Place
    facts: Mapping[str, str] = field(default_factory=dict)
    edits: tuple[Edit, ...] = ()
    certainty: float | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """``facts`` fill the placeholders of the rule's message; ``certainty`` is 0 to 1."""

    rule: str
    level: str
    place: Place
    facts: Mapping[str, str]
    proposal: Proposal | None
    certainty: float

    @property
    def rank(self) -> tuple[int, float, str, str]:
        """Errors first, then the surest."""
        return LEVELS.index(self.level), -self.certainty, self.rule, str(self.place)
