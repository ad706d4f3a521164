import json

import jsonschema

from search.query.explain import Matched, explain_hit, explain_query
from search.schema import Entry, analyse
from tests.house import ROOT
from tests.unit.search_vocabulary import Words


def test_a_word_is_told_with_its_readings_in_every_language_it_may_be() -> None:
    (one,) = explain_query("облыста", Words()).understood
    assert (one.sort, one.typed, one.field, one.span) == ("word", "облыста", "text", (0, 7))
    assert {(r.language, r.key) for r in one.readings} == {("kaz", "облыс"), ("rus", "облыст")}
    (sure,) = explain_query("қалада", Words()).understood
    assert [(r.language, r.stem, r.key) for r in sure.readings] == [("kaz", "қала", "кала")]


def test_every_sort_of_leaf_is_told() -> None:
    query = 'автор:Майлин "алтын бесік" кар* шахта~ год:1941- тіл:қаз -облыс'
    told = explain_query(query, Words()).understood
    assert [(one.sort, one.typed, one.field, one.excluded) for one in told] == [
        ("word", "Майлин", "names", False),
        ("phrase", "алтын", "text", False),
        ("phrase", "бесік", "text", False),
        ("pattern", "кар*", "text", False),
        ("fuzzy", "шахта", "text", False),
        ("date", "1941..", "date", False),
        ("value", "kaz", "language", False),
        ("word", "облыс", "text", True),
    ]
    assert all(query[slice(*one.span)] for one in told)


def test_expansions_and_notices_are_told_as_plain_values() -> None:
    told = explain_query("Алматы кен~", Words()).as_json()
    schema = json.loads((ROOT / "docs/reference/json/search-explanation.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(told)
    assert json.loads(json.dumps(told)) == told
    assert [one["kind"] for one in told["expansions"]] == ["name", "former"]  # type: ignore[attr-defined]
    assert told["notices"] == [{"key": "query.fuzzy", "facts": {"limit": 4}, "span": [7, 11]}]


def test_nothing_to_search_for_is_told_by_its_notice() -> None:
    told = explain_query("", Words())
    assert (told.wanted, told.understood) == (None, ())
    assert [one.key for one in told.notices] == ["query.empty"]


def test_a_hit_is_told_by_the_keys_that_matched_in_every_field() -> None:
    entry = Entry(
        key="record/r1",
        kind="record",
        document="",
        page="",
        record="r1",
        title="Қарағанды тарихы",
        text="Қарағанды мен Қарағандыда болған",
        languages=("kaz",),
    )
    wanted = explain_query('караганды "мен қарағанды" жоқсөз', Words()).wanted
    assert wanted is not None
    matched = explain_hit(wanted, analyse(entry).fields)
    assert Matched("text", "караганды", 3, 1.0) in matched
    assert Matched("title", "караганды", 1, 1.0) in matched
    assert [(one.key, one.times) for one in matched if one.row] == [("мен", 1), ("караганды", 1)]
    assert not [one for one in matched if one.key.startswith("жок")]
