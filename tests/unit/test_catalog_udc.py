"""UDC notation: what is a number, what is repaired, what is refused and where."""

import csv
from pathlib import Path

import pytest

from catalog.data import rows
from catalog.udc.notation import UdcError, is_valid, parse
from catalog.udc.table import load_table

SUMMARY = Path(__file__).parents[2].parent / "shared/data/udc/udc_summary_en_ru_kk.tsv"
PLACEHOLDERS = {
    "--",
    "+",
    "/",
    ":",
    "::",
    "[]",
    "*",
    "A/Z",
    "---",
    "(0...)",
    "(=...)",
    '"..."',
    "-0...",
}

GOOD = [
    "0",
    "004",
    "02",
    "070",
    "7.01",
    "37.01",
    "78.071",
    "159.9",
    "811.512.122",
    "821.512.122",
    "821.512.122-1",
    "821.512.122-31",
    "821.512.122.09",
    "821.512.122-93",
    "908(574.31)",
    "94(574.31)",
    '94(574.31)"1941/1945"',
    '94(574)"19"',
    "929Ауэзов",
    "929(574.31)",
    "398(=512.122)",
    "373.5=512.122",
    "070(574.31)",
    "070(054)",
    "63/66",
    "629.734/.735",
    "622.33+669",
    "1:2::3",
    "[7+72](574)",
    "908(574.31)(091)",
    "37(075.8)",
    "912(084.3)",
    "62-1",
    "331-055.2",
    "811.512.122'36",
    "94(574-25)",
    "669.1(574.31)(063)",
    "338.45:622.33",
    "582*15",
    "(574.31)",
    "=512.122",
    '"1941/1945"',
    "908(47+574)",
    "355/359",
    '902(574.3)"637"',
    "63(574)=161.1",
    "016:908(574.31)",
    '94(100)"1914/1918"',
    "27-9",
]

BAD = [
    ("", "empty"),
    ("УДК", "sign"),
    ("тарих", "sign"),
    ("94(574", "bracket"),
    ("94574)", "digits"),
    ("94(574))", "bracket"),
    ("94()", "auxiliary"),
    ("94(abc)", "digits"),
    ("94+", "sign"),
    ("94:", "sign"),
    ("6225", "digits"),
    ("622.3345", "digits"),
    ("62.33", "digits"),
    ("821.51.122", "digits"),
    ("622..3", "sign"),
    ("622.", "sign"),
    ('94"1945/1941"', "range"),
    ("66/63", "range"),
    ("629.735/.734", "range"),
    ('94"', "time"),
    ('94"1941', "time"),
    ('94"abc"', "time"),
    ("94=", "digits"),
    ("94-", "digits"),
    ("[7+72(574)", "bracket"),
    ("7]", "bracket"),
    ("94;908", "sign"),
    ("ISBN 978-601", "sign"),
    ("63.3(5Каз)", "digits"),
]


@pytest.mark.parametrize("text", GOOD)
def test_numbers_of_local_history_parse_and_stay_as_they_are(text: str) -> None:
    found = parse(text)
    assert found.normal == text
    assert found.repairs == ()
    assert "".join(part.text for part in found.parts) == text


@pytest.mark.parametrize(("text", "reason"), BAD)
def test_what_is_no_number_is_refused_with_a_reason_and_a_place(text: str, reason: str) -> None:
    with pytest.raises(UdcError) as caught:
        parse(text)
    assert caught.value.reason == reason
    assert 0 <= caught.value.position <= len(text)
    assert caught.value.key == f"udc.{reason}"


@pytest.mark.parametrize(
    ("text", "normal", "repairs"),
    [
        ("УДК 908(574.31)", "908(574.31)", {"prefix"}),
        ("ӘОЖ 94(574.31)", "94(574.31)", {"prefix"}),
        ("ӘОЖ: 821.512.122", "821.512.122", {"prefix"}),
        ("94(574,31)", "94(574.31)", {"comma"}),
        ("94(574)«1941—1945»", '94(574)"1941-1945"', {"quotes", "dash"}),
        ("9О8(574.З1)", "908(574.31)", {"lookalike"}),
        ("94 (574) ", "94(574)", {"blank"}),
        ("929 Ауэзов М. О.", "929Ауэзов М. О.", {"blank"}),
        ("811.512.122’36", "811.512.122'36", {"apostrophe"}),
    ],
)
def test_safe_repairs_are_made_and_named(text: str, normal: str, repairs: set[str]) -> None:
    found = parse(text)
    assert (found.normal, set(found.repairs)) == (normal, repairs)


def test_a_number_is_taken_apart() -> None:
    parts = parse('[622.33+669](574.31)"1941/1945"(091)=512.122-055.2').parts
    assert [p.kind for p in parts] == [
        *("group", "main", "sign", "main", "group"),
        *("place", "time", "form", "language", "property"),
    ]


def test_auxiliaries_alone_are_no_class() -> None:
    assert is_valid("908(574.31)")
    assert not is_valid("(574.31)")
    assert not is_valid("тарих")


def test_the_place_of_an_error_counts_in_the_text_given() -> None:
    with pytest.raises(UdcError) as caught:
        parse("УДК  94 (574.З1")
    assert caught.value.position == len("УДК  94 (574.З1")


def test_every_notation_of_the_udc_summary_parses() -> None:
    if not SUMMARY.is_file():
        pytest.skip("the shared data are not here")
    with SUMMARY.open(encoding="utf-8") as file:
        notations = {row["notation"] for row in csv.DictReader(file, delimiter="\t")}
    refused = set()
    for notation in notations - PLACEHOLDERS:
        try:
            parse(notation)
        except UdcError:
            refused.add(notation)
    assert len(notations) > 2_600
    assert refused == set()


def test_the_local_table_is_whole_in_both_languages() -> None:
    table = load_table()
    assert len(table.rows) >= 150
    for row in table.rows.values():
        assert row.captions["kk"].strip()
        assert row.captions["ru"].strip()
        assert parse(row.notation).repairs == ()


def test_every_place_of_the_gazetteer_is_in_the_table() -> None:
    table = load_table()
    for row in rows("gazetteer/karaganda.tsv"):
        assert row["place"] in table.rows
        assert row["kk"]
        assert row["ru"]


@pytest.mark.parametrize(
    ("notation", "ancestor"),
    [("94(574.31)", "94(574.31)"), ("622.331", "622.33"), ("94(470)", "94"), ("908(4)", "908")],
)
def test_the_nearest_known_number_is_found(notation: str, ancestor: str) -> None:
    found = load_table().nearest(notation)
    assert found is not None
    assert found.notation == ancestor


def test_a_number_is_explained_in_words_part_by_part() -> None:
    parts = load_table().explain("908(574.31)")
    assert [(text, captions["ru"]) for text, captions in parts] == [
        ("908", "Краеведение"),
        ("(574.31)", "Карагандинская область"),
    ]
