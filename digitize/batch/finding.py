"""A finding: what a check has to say about one place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """``code`` names the message ``check.CODE``, which ``facts`` fill.

    ``severity`` is ``error`` (the batch cannot be taken so) or ``warning`` (worth a look);
    ``place`` is where: a document, a file below the batch, or the number of a line of the sheet;
    empty for the whole batch.
    """

    code: str
    severity: str
    place: str
    facts: tuple[tuple[str, str], ...] = ()

    def to_dict(self) -> dict[str, object]:
        """As plain values for JSON and for the filling of the message."""
        facts = dict(self.facts)
        return {"code": self.code, "severity": self.severity, "place": self.place, "facts": facts}


def finding(code: str, severity: str, place: str, **facts: object) -> Finding:
    """Return a finding whose facts are turned to text and kept in the order given."""
    return Finding(code, severity, place, tuple((k, str(v)) for k, v in facts.items()))
