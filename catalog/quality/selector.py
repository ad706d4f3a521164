"""Which texts of a record a rule looks at: ``200$ae``, ``7XX$a``, ``461/200$a``, ``@text``.

``X`` stands for any figure of a tag, no codes for all of them. A name with ``@`` is a group of
``corpora/checks/fields.json``, by format. In ИРБИС codes stand in either case, and text without a
code is meant by ``$a``.
"""

import re
from collections.abc import Iterable
from functools import cache

from catalog.data import document

_SPEC = re.compile(r"(?:(?P<host>[0-9X]{3})/)?(?P<tag>[0-9X]{3,4}|LDR)(?:\$(?P<codes>.+))?")
_FIELDS = "checks/fields.json"
_UNCODED = r"\*?"  # text before the first code, or a field that has none


class Selector:
    """Tells whether a place is meant; what it was asked once it knows.

    ``embedded``: a specification without host means embedded fields too. ValueError for a bad one.
    """

    def __init__(self, specs: Iterable[str], form: str, *, embedded: bool = True) -> None:
        self._patterns = [_pattern(spec, form, embedded) for spec in _expanded(specs, form)]
        self._known: dict[tuple[str, str, str], bool] = {}

    def means(self, host: str, tag: str, code: str) -> bool:
        """Whether texts of this field and code are meant; ``host`` empty: not embedded."""
        asked = (host, tag, code)
        if (known := self._known.get(asked)) is None:
            text = f"{host}/{tag}${code}"
            known = self._known[asked] = any(p.fullmatch(text) for p in self._patterns)
        return known


@cache
def selector_of(specs: tuple[str, ...], form: str, *, embedded: bool = True) -> Selector:
    """Return one selector for the same specifications, so that a selection is made once."""
    return Selector(specs, form, embedded=embedded)


def _expanded(specs: Iterable[str], form: str) -> list[str]:
    found: list[str] = []
    for spec in specs:
        if not spec.startswith("@"):
            found.append(spec)
            continue
        groups = document(_FIELDS)
        if spec[1:] not in groups:
            raise ValueError(spec)
        found += groups[spec[1:]].get(form, [])
    return found


def _pattern(spec: str, form: str, embedded: bool) -> re.Pattern[str]:
    found = _SPEC.fullmatch(spec)
    if found is None:
        raise ValueError(spec)
    any_host = "[^/]*" if embedded else ""
    host = found["host"].replace("X", ".") if found["host"] else any_host
    codes, flags = f"[{re.escape(found['codes'])}]" if found["codes"] else ".?", 0
    if form == "irbis":
        flags = re.IGNORECASE
        codes = f"(?:{codes}|{_UNCODED})" if "a" in (found["codes"] or "") else codes
    return re.compile(rf"{host}/{found['tag'].replace('X', '.')}\${codes}", flags)
