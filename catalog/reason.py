"""Why the program proposes something: a code for a message, and the facts that fill it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reason:
    """``code`` names the message ``reason.<code>``; ``facts`` fill its placeholders."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


def to_dict(reason: Reason) -> dict[str, object]:
    """Return the reason as plain JSON values: ``code`` and ``facts``."""
    return {"code": reason.code, "facts": dict(reason.facts)}
