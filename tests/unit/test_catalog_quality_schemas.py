"""The schemas of formats against the facts of the formats."""

import csv
from pathlib import Path

import pytest

from catalog.quality.schema import FieldSchema, schema_of

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "marc"
Facts = dict[str, dict[str, bool]]


def facts(form: str) -> Facts:
    """Tag to subfield code (empty: the field itself) to whether it repeats."""
    path = DATA / f"{form}_fields.tsv"
    if not path.is_file():
        pytest.skip("the facts of the formats are not on this machine")
    found: Facts = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["part"] in ("field", "subfield"):
                code = row["code"] if row["part"] == "subfield" else ""
                found.setdefault(row["tag"], {})[code] = row["repeatable"] in ("y", "True")
    return found


def flags(field: FieldSchema) -> dict[str, bool]:
    return {"": field.repeatable} | {code: s.repeatable for code, s in field.subfields.items()}


@pytest.mark.parametrize("form", ["rusmarc", "marc21"])
def test_a_schema_allows_all_that_the_format_allows(form: str) -> None:
    schema = schema_of(form)
    missing = []
    for tag, known in facts(form).items():
        ours = flags(schema.fields[tag]) if tag in schema.fields else {}
        for code, repeats in known.items():
            if code not in ours or (repeats and not ours[code]):
                missing.append(f"{tag}${code}")
    assert not missing


@pytest.mark.parametrize("form", ["rusmarc", "marc21"])
def test_a_schema_is_little_wider_than_the_format(form: str) -> None:
    known = facts(form)
    total = wider = 0
    for tag, field in schema_of(form).fields.items():
        for code, repeats in flags(field).items():
            total += 1
            if field.embedded:  # the facts leave out $1 of most link fields
                continue
            allowed = known.get(tag, {})
            wider += code not in allowed or (repeats and not allowed[code])
    assert wider < total * 0.02


@pytest.mark.parametrize(
    ("form", "tag", "repeatable"),
    [
        ("rusmarc", "200", False),
        ("rusmarc", "606", True),
        ("rusmarc", "700", False),
        ("rusmarc", "701", True),
        ("rusmarc", "463", True),
        ("marc21", "245", False),
        ("marc21", "100", False),
        ("marc21", "700", True),
        ("marc21", "773", True),
    ],
)
def test_well_known_fields_repeat_or_do_not(form: str, tag: str, repeatable: bool) -> None:
    assert schema_of(form).fields[tag].repeatable is repeatable


@pytest.mark.parametrize("form", ["rusmarc", "marc21"])
def test_every_field_has_a_label_in_russian_and_english(form: str) -> None:
    for tag, field in schema_of(form).fields.items():
        assert field.labels["ru"], tag
        assert field.labels["en"], tag


@pytest.mark.parametrize(
    ("tag", "local"), [("998", True), ("690", True), ("919", True), ("200", False), ("288", False)]
)
def test_fields_with_a_nine_belong_to_the_library(tag: str, local: bool) -> None:
    assert schema_of("rusmarc").is_local(tag) is local


def test_code_lists_hold_the_codes_of_the_region() -> None:
    lists = schema_of("rusmarc").lists
    assert {"kaz", "rus", "uzb", "kir", "tat", "uig", "ger", "mul", "und"} <= lists["language"]
    assert {"KZ", "RU", "SU", "UZ", "KG"} <= lists["country"]
    assert "kz" not in lists["language"]
