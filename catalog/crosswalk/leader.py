"""The leader in the other format. Lengths and addresses pass: they are the container's to write."""

from catalog.crosswalk.table import LEADER_LENGTH, codes

_PARTS = "ab"
_LEVELS = {"1": "a", "2": "b"}
_SET, _SET_PARTS = "a", "bc"


def leader_to_marc21(leader: str) -> str:
    """Return a MARC 21 leader: 6, 17, 18 by code lists; 19 tells the levels of RUSMARC 8."""
    given = leader.ljust(LEADER_LENGTH)
    kind, level, form = (
        _code(given[at], name, "marc21")
        for at, name in ((6, "record_types"), (17, "levels"), (18, "forms"))
    )
    multipart = " " if given[7] in _PARTS else _LEVELS.get(given[8], " ")
    return f"{given[:6]}{kind}{given[7]} a{given[10:17]}{level}{form}{multipart}4500"


def leader_to_rusmarc(leader: str) -> str:
    """Return a RUSMARC leader; hierarchy (8) is 1 for a set, 2 for a part, else 0."""
    given = leader.ljust(LEADER_LENGTH)
    kind, level, form = (
        _code(given[at], name, "rusmarc")
        for at, name in ((6, "record_types"), (17, "levels"), (18, "forms"))
    )
    below = given[7] in _PARTS or given[19] in _SET_PARTS
    hierarchy = "2" if below else "1" if given[19] == _SET else "0"
    return f"{given[:6]}{kind}{given[7]}{hierarchy} {given[10:17]}{level}{form} 450 "


def _code(given: str, name: str, target: str) -> str:
    usual = " " if name == "forms" and target == "rusmarc" else given
    if name == "forms" and target == "marc21":
        usual = "c"
    return codes(name, target).get(given, usual)
