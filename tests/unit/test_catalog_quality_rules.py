"""Rules of checking: their examples are their tests; a library changes them without code."""

import re
from typing import Any

import pytest

from catalog.quality.checks.registry import CHECKS
from catalog.quality.example import example_record, failures, found_in
from catalog.quality.finding import LEVELS
from catalog.quality.rule import LANGUAGES, Rule, RuleError, rule_from_dict
from catalog.quality.rules import FAILED, WHOLE, Ruleset, changed, own_rules
from catalog.quality.subject import Surroundings
from catalog.quality.validate import Context, validate
from catalog.record import DataField, Subfield

RULES = own_rules().rules


def entry(**changes: Any) -> dict[str, Any]:
    """A rule of a library's own: no abbreviation of the town's name."""
    return {
        "id": "town",
        "check": "pattern",
        "with": {"in": ["210$a"], "find": r"^А\.-А\.$", "becomes": "Алматы"},
        "repair": "proposed",
        "message": {"ru": "{place}: {value}"},
    } | changes


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_finds_what_it_must_and_nothing_else(rule: Rule) -> None:
    assert list(failures(rule)) == []
    if rule.check not in (WHOLE, FAILED):
        assert rule.passes
        assert rule.fails


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_repair_heals_the_example(rule: Rule) -> None:
    for example in rule.fails:
        record = example_record(example, rule.formats[0])
        found = [f for f in validate(record, one_rule(rule)) if f.proposal]
        if not found:
            continue
        edits = tuple(edit for f in found if f.proposal for edit in f.proposal.edits)
        done = found[0].proposal and type(found[0].proposal)(edits).apply(record)
        assert done
        assert not done.missed
        assert done.record != record
        assert not validate(done.record, one_rule(rule))


def one_rule(rule: Rule) -> Context:
    return Context(Ruleset((rule,)), Surroundings(2026))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_speaks_three_languages_with_the_same_facts(rule: Rule) -> None:
    told = {
        language: set(re.findall(r"{(\w+)}", rule.messages[language])) for language in LANGUAGES
    }
    assert told["kk"] == told["ru"] == told["en"]
    assert "place" in told["en"]
    assert "{" not in rule.about("en") + rule.about("kk")
    assert len({rule.messages[language] for language in LANGUAGES}) == 3


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_finding_fills_its_message(rule: Rule) -> None:
    for example in rule.fails:
        if isinstance(example, dict) and "ours" in example:
            continue
        for one in validate(example_record(example, rule.formats[0]), one_rule(rule)):
            for language in LANGUAGES:
                assert "?: " not in rule.message(language, one.facts)
            assert {*re.findall(r"{(\w+)}", rule.messages["en"])} <= one.facts.keys()


def test_every_check_is_used_by_a_rule() -> None:
    assert {rule.check for rule in RULES} == {*CHECKS, WHOLE, FAILED}


def test_errors_come_first_and_the_surest_of_them() -> None:
    record = example_record(["200 1_ $aКөмір  шахта", "200 1_ $aИcтория"], "rusmarc")
    found = validate(record, Context(own_rules(), Surroundings(2026)))
    assert [LEVELS.index(f.level) for f in found] == sorted(LEVELS.index(f.level) for f in found)
    assert found[0].rule == "field-repeated"


def test_a_library_switches_off_re_levels_and_adds() -> None:
    rules = changed(
        own_rules(),
        {
            "off": ["class-missing"],
            "level": {"isbn-wrong": "error"},
            "rule": [entry()],
            "local": ["28X"],
        },
    )
    assert rules.get("class-missing") is None
    assert (
        rules.get(
            "isbn-wrong",
        )
        is not None
    )
    assert [r.level for r in rules.rules if r.id == "isbn-wrong"] == ["error"]
    assert rules.local == ("28X",)
    town = rules.get("town")
    assert town is not None
    assert found_in(town, "210 __ $aА.-А.")
    assert not found_in(town, "210 __ $aАлматы")
    assert town.message("kk", {"place": "210$a", "value": "А.-А."}) == "210$a: А.-А."


@pytest.mark.parametrize(
    ("change", "identifier", "what"),
    [
        ({"of": []}, "-", "of"),
        ({"off": ["no-such"]}, "no-such", "off"),
        ({"level": {"no-such": "hint"}}, "no-such", "level"),
        ({"level": {"isbn-wrong": "grave"}}, "isbn-wrong", "grave"),
        ({"rule": [entry(id="isbn-wrong")]}, "isbn-wrong", "id"),
        ({"rule": [entry(check="no-such")]}, "town", "no-such"),
        ({"rule": [entry(colour="red")]}, "town", "colour"),
        ({"rule": [entry(level="grave")]}, "town", "grave"),
        ({"rule": [entry(formats=["ibis"])]}, "town", "ibis"),
        ({"rule": [entry(**{"with": {"in": ["21$a"]}})]}, "town", "21$a"),
        ({"rule": [entry(**{"with": {"in": ["@nothing"]}})]}, "town", "@nothing"),
        ({"rule": [entry(when={"weather": 1})]}, "town", "weather"),
        ({"rule": [entry(certainty=3)]}, "town", "certainty"),
        ({"rule": [{"id": "town"}]}, "town", "check"),
        ({"local": ["28"]}, "local", "28"),
    ],
)
def test_an_error_in_the_library_s_rules_is_named(
    change: dict[str, Any], identifier: str, what: str
) -> None:
    with pytest.raises(RuleError) as caught:
        changed(own_rules(), change)
    assert caught.value.facts == {"id": identifier, "what": what}


def test_a_rule_without_conditions_is_for_both_formats() -> None:
    assert rule_from_dict(entry()).formats == ("rusmarc", "marc21")


def test_a_library_s_own_fields_and_subfields_are_nothing_unknown() -> None:
    record = example_record(
        ["288 __ $aбөлім", "278 __ $aбөлім", "700 _1 $aАбай$yK1$wK2", "461 _0 $1700_1$yK1"],
        "rusmarc",
    )
    context = Context(own_rules(), Surroundings(2026, local=("28X", "70X$y")))
    named = {str(f.place) for f in validate(record, context) if f.rule.endswith("-unknown")}
    assert named == {"278", "700$w"}


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ({"languages": ["kaz"]}, True),
        ({"languages": ["rus"]}, False),
        ({"kinds": ["book"]}, True),
        ({"kinds": ["newspaper_article"]}, False),
        ({"has": ["200$a"]}, True),
        ({"has": ["675"]}, False),
        ({"lacks": ["675"]}, True),
        ({"lacks": ["200$a"]}, False),
        ({"leader": {"7": "ms"}}, True),
        ({"leader": {"7": "ab"}}, False),
    ],
)
def test_a_condition_narrows_a_rule(when: dict[str, Any], found: bool) -> None:
    rule = rule_from_dict(entry(when=when))
    example = ["101 0_ $akaz", "200 1_ $aКөмір", "210 __ $aА.-А."]
    assert found_in(rule, example) is found


def irbis(*lines: str) -> list[tuple[str, str, str]]:
    """Rule, place and what it should be, of a record of ИРБИС."""
    record = example_record({"format": "irbis", "fields": list(lines)}, "irbis")
    found = validate(record, Context(own_rules(), Surroundings(2026)))
    return [(f.rule, str(f.place), f.facts.get("meant", "")) for f in found]


BOOK = ("920 PAZK", "903 622-1", "101 kaz", "210 __ $AАлматы$CЖазушы$D1985", "215 __ $A320")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("200 __ $AКөмір", []),
        ("200 __ $aКөмір", []),
        ("200 __ $AКөмiр", [("mixed-script", "200$A", "Көмір")]),
        ("200 __ $aКөмiр", [("mixed-script", "200$a", "Көмір")]),
        ("200 __ $*Көмiр", [("mixed-script", "200$*", "Көмір")]),
        ("610 көмiр", [("mixed-script", "610", "көмір")]),
        ("010 __ $A0-8044-2957-х", [("isbn-spelling", "010$A", "0-8044-2957-X")]),
        ("6629 ШАХТА\u0007", [("control-character", "6629", "")]),
        ("675 УДК 622.33", [("udc-spelling", "675", "622.33")]),
        ("888 __ $Яkey", []),
    ],
)
def test_records_of_irbis_are_checked_where_their_texts_stand(
    line: str, found: list[tuple[str, str, str]]
) -> None:
    lines = [*BOOK, "621 26.3", line]
    if not line.startswith("200"):
        lines.append("200 __ $AКөмір")
    assert irbis(*lines) == found


def test_a_repair_of_irbis_keeps_the_case_of_its_codes() -> None:
    record = example_record(
        {"format": "irbis", "fields": ["010 __ $A5-595-03091-1", "010 5-595-03091-1"]}, "irbis"
    )
    found = validate(record, Context(own_rules(), Surroundings(2026)))
    wrong = [f for f in found if f.rule == "isbn-wrong"]
    assert [str(f.place) for f in wrong] == ["010$A", "010[2]"]
    assert wrong[1].proposal is None  # there is no code that could become ^Z
    assert wrong[0].proposal is not None
    moved = wrong[0].proposal.apply(record).record
    assert moved.fields[0] == DataField("010", "  ", (Subfield("Z", "5-595-03091-1"),))


def test_records_of_irbis_know_nothing_of_structure() -> None:
    assert irbis(*BOOK, "621 26.3", "200 __ $AКөмір$Qшахта", "200 __ $AКөмір", "077 __ $x1") == []


def test_a_rule_that_breaks_down_says_so_and_keeps_back_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> Any:
        raise ZeroDivisionError("of no use")

    monkeypatch.setattr("catalog.quality.validate.CHECKS", {**CHECKS, "udc": broken})
    record = example_record(["200 1_ $aИcтория", "675 __ $a622"], "rusmarc")
    found = validate(record, Context(own_rules(), Surroundings(2026)))
    failed = [f for f in found if f.rule == "rule-failed"]
    assert [f.facts["value"] for f in failed] == ["udc-spelling", "udc-syntax"]
    assert failed[0].facts["problem"] == "ZeroDivisionError: of no use"
    assert "mixed-script" in {f.rule for f in found}
    only = Context(Ruleset(tuple(r for r in RULES if r.check == "udc")), Surroundings(2026))
    with pytest.raises(ZeroDivisionError):
        validate(record, only)


@pytest.mark.parametrize("figures", ["²²²²", "①②③④", "१९८५", "+198", "1_98"])
def test_figures_of_other_scripts_break_no_rule(figures: str) -> None:
    record = example_record(
        [
            f"100 __ $a20200101d{figures}    k  y0rusy50      ca",
            f"210 __ $d{figures}",
            "200 1_ $aА",
        ],
        "rusmarc",
    )
    rules = {f.rule for f in validate(record, Context(own_rules(), Surroundings(2026)))}
    assert "title-missing" not in rules
    assert "rule-failed" not in rules
