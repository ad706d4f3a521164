"""Texts and settings made to stall, to crash, or to claim what is not theirs."""

import json

import pytest

from catalog.charset.decoding import named
from catalog.crosswalk.convert import convert
from catalog.isbd.describe import describe
from catalog.marc.profile import parse_profile
from catalog.quality.rule import RuleError
from catalog.quality.rules import changed, own_rules
from catalog.quality.subject import Surroundings
from catalog.quality.validate import Context, validate
from catalog.record import ControlField, DataField, Record, Subfield, from_json
from catalog.source_text import is_source, split_source
from catalog.udc.notation import UdcError, parse
from catalog.view import clean, view
from olketanu.errors import InputError, UsageError

_LEADER = "00000nam a2200000 i 4500"
_SIGNS = ("а", " ", "\n", ",", " : ", " / ", ". – ", "1,", "(", "[", "\x00", "т. 1 ", "и др. ")


def _marc21(*fields: DataField | ControlField) -> Record:
    return Record("marc21", _LEADER, (ControlField("001", "1"), *fields))


def _carrier(mark: str, *content: tuple[str, str], kind: str = "2") -> DataField:
    subfields = [("2", "rusmarc"), ("9", mark), *content]
    return DataField("886", f"{kind} ", tuple(Subfield(code, text) for code, text in subfields))


@pytest.mark.parametrize("sign", _SIGNS)
def test_a_record_of_one_sign_is_seen_described_and_converted(sign: str) -> None:
    text = f"а{sign * (10_000 // len(sign))}!"
    tags = ("100", "245", "260", "300", "500", "700", "773")
    record = _marc21(
        *(DataField(tag, "  ", tuple(Subfield(code, text) for code in "abcdgt")) for tag in tags)
    )
    assert view(record).title
    assert describe(record).runs
    assert convert(record, "rusmarc").record.format == "rusmarc"


def test_marks_are_taken_off_the_end_alone() -> None:
    blanks = " " * 100_000
    assert clean(f"а{blanks}б : ") == f"а{blanks}б"
    assert clean(" :") is None
    assert split_source(f"А.{blanks}– 1998") == ["А", "1998"]
    assert not is_source(f"а{blanks}!")


@pytest.mark.parametrize("text", ["[" * 1000, "1(" * 500, "(1" * 500, "а" + " " * 100_000 + "!"])
def test_no_class_number_exhausts_the_parser(text: str) -> None:
    with pytest.raises(UdcError):
        parse(text)


@pytest.mark.parametrize(
    "mark",
    [
        "olketanu 1/2 245:0/1:00000000",
        "olketanu 1/2 245:9/1:00000000",
        "olketanu 1/2 - 1/999999999999",
        "olketanu 1/2 - 1/2",
        "olketanu " + "9" * 5000 + "/2 -",
        "olketanu 1/2 - 1/1",
    ],
)
@pytest.mark.parametrize(
    "content",
    [
        (("a", "200"), ("b", "x"), ("a", "y")),
        (("a", "200"), ("b", '{"format":"","leader":"","fields":[{"tag":5,"data":[]}]}')),
        (("a", "200"), ("b", '{"format":"","leader":"","fields":{"x":1}}')),
        (("a", "200"), ("b", "[" * 100_000)),
        (("a", "200"), ("b", '{"format":"","leader":"","fields":[{"tag":"200","data":"x"}]}')),
        (
            ("a", "001"),
            ("b", '{"format":"","leader":"","fields":[{"tag":"001","data":"\\ud800"}]}'),
        ),
    ],
)
def test_a_forged_carrier_stays_a_field_and_costs_no_other(
    mark: str, content: tuple[tuple[str, str], ...]
) -> None:
    forged = _carrier(mark, *content)
    record = _marc21(DataField("245", "00", (Subfield("a", "Қарағанды"),)), forged)
    made = convert(record, "rusmarc").record
    assert made.first("200", "a") == "Қарағанды"
    assert json.dumps([str(field) for field in made.fields], ensure_ascii=False).encode()


def test_a_carrier_cannot_bring_in_what_no_file_can_hold() -> None:
    forged = _carrier("olketanu 1/3 -", ("a", "200"), ("b", "x"), kind="1")
    made = convert(_marc21(forged), "rusmarc").record
    assert [field.tag for field in made.fields if isinstance(field, ControlField)] == ["001"]


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "5", "[" * 100_000, '{"format":"rusmarc","leader":"","fields":5}',
        '{"format":"rusmarc","leader":"","fields":[5]}',
        '{"format":5,"leader":"","fields":[]}',
        '{"format":"rusmarc","leader":"","fields":[{"tag":1,"data":"x"}]}',
        '{"format":"","leader":"","fields":[{"tag":"200","ind":"  ","subfields":[[1,""]]}]}',
        '{"format":"","leader":"","fields":[{"tag":"200","ind":"  ","subfields":[["a"]]}]}',
        '{"format":"rusmarc","leader":"","fields":[{"tag":"461","ind":"  ","embedded":[1]}]}',
        '{"format":"rusmarc","leader":"","fields":[{"tag":"001","data":"\\ud800"}]}',
    ],
)  # fmt: skip
def test_what_is_no_record_in_json_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the message is for no one
        from_json(text)


@pytest.mark.parametrize("key", ["off", "level", "local", "rule"])
@pytest.mark.parametrize("value", [5, True, "x", [1], [[1]], [{"a": 1}], {"a": 1}])
def test_rules_of_a_wrong_shape_are_refused_by_name(key: str, value: object) -> None:
    with pytest.raises(RuleError):
        changed(own_rules(), {key: value})


def test_a_rule_without_a_message_in_any_language_is_refused() -> None:
    with pytest.raises(RuleError):
        changed(own_rules(), {"rule": [{"id": "own", "check": "pattern", "message": {}}]})


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, "a = " + "9" * 5000, "a = \0"])
def test_a_profile_that_is_no_toml_is_refused_with_its_name(text: str) -> None:
    with pytest.raises(InputError, match="profile-syntax"):
        parse_profile(text, "own.toml")


def test_a_character_set_of_control_characters_is_unknown() -> None:
    with pytest.raises(UsageError, match=r"error\.charset"):
        named("\0")


def test_what_is_wrong_throughout_a_text_is_not_found_at_each_sign() -> None:
    record = Record(
        "rusmarc",
        _LEADER,
        (DataField("300", "  ", (Subfield("a", "\x01" * 10_000),)),),
    )
    found = validate(record, Context(own_rules(), Surroundings(2026)))
    assert 0 < sum(one.rule == "control-character" for one in found) <= 50
