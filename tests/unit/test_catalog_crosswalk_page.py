"""The page of the crosswalk says what the table does.

After a change of the table, ``python -m tests.unit.test_catalog_crosswalk_page`` writes the rows.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "crosswalk.md"
TABLE = ROOT / "corpora" / "crosswalk" / "rusmarc_marc21.json"
HEAD = "| RUSMARC | | MARC 21 | subfields | rule | loss |\n| --- | --- | --- | --- | --- | --- |\n"
SIGNS = {">": "→", "<": "←"}
CONDITIONS = {"i1": "indicator 1", "i2": "indicator 2", "type": "leader/6", "level": "leader/7"}


def table() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = json.loads(TABLE.read_text(encoding="utf-8"))
    return loaded


def cell(row: Mapping[str, Any], form: str) -> str:
    conditions = [
        f"{CONDITIONS.get(name, '$' + name)} `{pattern}`".replace("|", "\\|")
        for name, pattern in row.get(f"if_{form}", {}).items()
    ]
    return ", ".join([row[form], *conditions])


def line(row: Mapping[str, Any]) -> str:
    pairs = row.get("subfields", {}).items()
    subfields = " ".join(f"{a}" if a == b else f"{a}:{b}" for a, b in pairs)
    cells = (
        cell(row, "rusmarc"),
        SIGNS.get(row.get("way", ""), "↔"),
        cell(row, "marc21"),
        subfields,
        row.get("rule", ""),
        row["loss"],
    )
    return "| " + " | ".join(cells) + " |"


def rendered() -> str:
    return HEAD + "\n".join(line(row) for row in table()["fields"]) + "\n"


def test_the_page_lists_every_row_of_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8").endswith(rendered())


def test_rows_are_whole() -> None:
    allowed = {"none", "merged", "coded-lost"}
    rules = {"name", "link", "host", "coded", "source", "same", ""}
    for row in table()["fields"]:
        assert row["loss"] in allowed
        assert row.get("rule", "") in rules
        assert all(re.fullmatch(r"\d{3}", row[form]) for form in ("rusmarc", "marc21"))
        assert all(len(code) == 1 for pair in row.get("subfields", {}).items() for code in pair)
        assert all(len(i) == 2 for pair in row.get("indicators", {}).items() for i in pair)
        assert row.get("subfields") or row.get("rule") or row["rusmarc"].startswith("00")


def test_countries_and_relators_are_pairs() -> None:
    for name, shape in (("countries", "[A-Z]{2} [a-z]{2,3}"), ("relators", r"\d{3} [a-z]{3}")):
        listed = table()[name]
        assert len(listed) >= 90
        assert len(set(listed.values())) == len(listed)
        assert all(re.fullmatch(shape, f"{a} {b}") for a, b in listed.items())


if __name__ == "__main__":
    before = PAGE.read_text(encoding="utf-8").split(HEAD)[0]
    PAGE.write_text(before + rendered(), encoding="utf-8")
