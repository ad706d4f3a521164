"""A vocabulary out of plain words, for tests of planning."""

from collections.abc import Iterable, Mapping

from language.fold import fold


class Words:
    """The keys of fields, as an engine tells them; ``asked`` counts the keys handed out."""

    def __init__(self, **fields: Mapping[str, int] | Iterable[str]) -> None:
        self.asked = 0
        self._fields = {
            name: sorted(
                held.items() if isinstance(held, Mapping) else dict.fromkeys(held, 1).items()
            )
            for name, held in fields.items()
        }

    def words(self, field: str, prefix: str = "") -> list[tuple[str, int]]:
        """Return the keys of ``field`` that begin with ``prefix``."""
        found = [one for one in self._fields.get(field, []) if one[0].startswith(prefix)]
        self.asked += len(found)
        return found


def forms(text: str) -> Words:
    """The words of ``text`` as forms of pages."""
    return Words(exact=map(fold, text.split()))
