"""Citations: BibTeX, RIS and CSL-JSON of books, volumes and articles."""

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings

from catalog.citation.bibtex import to_bibtex
from catalog.citation.csl import csl_item, to_csl_json
from catalog.citation.ris import to_ris
from catalog.citation.work import Work, cited_work
from catalog.record import Record
from tests.property.test_catalog_isbd_properties import RECORDS
from tests.unit.described import cases, record

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs/reference/json/csl-item.json").read_text(encoding="utf-8")
)

ARTICLE = record(
    "rusmarc",
    "a",
    "a",
    [
        "101 $akaz",
        "200 $aКөмірлі өлкенің көші$eочерк & сын$fӨ. Саржанұлы",
        "330 $aКөшпелі 100% {кеніш}",
        "461 $1200$aСарыарқа таңы",
        "463 $1200$a№ 41 (10 қазан)$vБ. 3-4$1210$d1998",
        "606 $aКөмір",
        "700 $aСаржанұлы$bӨ.$gӨмірбек$4070",
        "856 $uhttps://kray.example.kz/d/0123456b?a=1&b_c",
    ],
)
VOLUME = record(
    "rusmarc",
    "a",
    "m",
    [
        "010 $a978-5-02-013850-6",
        "101 $arus",
        "200 $aПовести$fС. Мукатов$gпер. Л. Н. Сой",
        "205 $a2-е изд.",
        "210 $aМ.$cХудож. лит.$d1980",
        "225 $aБиблиотека",
        "461 $1200$aСобрание сочинений$eв 5 т.$vТ. 4",
        "700 $aМукатов$bС.$4070",
        "702 $aСой$bЛ. Н.$4730",
        "702 $aОрлов$bК.$4340",
    ],
)


def work(of: Record) -> Work:
    return cited_work(of, "0123456b")


def test_an_article_in_bibtex() -> None:
    assert to_bibtex([work(ARTICLE)]) == (
        "@article{0123456b,\n"
        "  author = {Саржанұлы, Өмірбек},\n"
        "  title = {Көмірлі өлкенің көші: очерк \\& сын},\n"
        "  journal = {Сарыарқа таңы},\n"
        "  year = {1998},\n"
        "  date = {1998-10-10},\n"
        "  number = {41},\n"
        "  pages = {3--4},\n"
        "  language = {kk},\n"
        "  keywords = {Көмір},\n"
        "  abstract = {Көшпелі 100\\% \\{кеніш\\}},\n"
        "  url = {https://kray.example.kz/d/0123456b?a=1&b_c},\n"
        "}\n"
    )


def test_a_volume_in_bibtex() -> None:
    assert to_bibtex([work(VOLUME)]) == (
        "@book{0123456b,\n"
        "  author = {Мукатов, С.},\n"
        "  editor = {Орлов, К.},\n"
        "  translator = {Сой, Л. Н.},\n"
        "  title = {Собрание сочинений. В 5 т. Т. 4. Повести},\n"
        "  year = {1980},\n"
        "  volume = {4},\n"
        "  address = {М.},\n"
        "  publisher = {Худож. лит.},\n"
        "  edition = {2-е изд.},\n"
        "  series = {Библиотека},\n"
        "  isbn = {9785020138506},\n"
        "  language = {ru},\n"
        "}\n"
    )


def test_an_article_in_ris() -> None:
    assert to_ris([work(ARTICLE)]) == (
        "TY  - NEWS\r\n"
        "ID  - 0123456b\r\n"
        "AU  - Саржанұлы, Өмірбек\r\n"
        "TI  - Көмірлі өлкенің көші: очерк & сын\r\n"
        "T2  - Сарыарқа таңы\r\n"
        "PY  - 1998\r\n"
        "DA  - 1998/10/10/\r\n"
        "IS  - 41\r\n"
        "SP  - 3\r\n"
        "EP  - 4\r\n"
        "UR  - https://kray.example.kz/d/0123456b?a=1&b_c\r\n"
        "LA  - kk\r\n"
        "AB  - Көшпелі 100% {кеніш}\r\n"
        "KW  - Көмір\r\n"
        "ER  - \r\n"
    )


def test_a_volume_in_csl_json() -> None:
    assert csl_item(work(VOLUME)) == {
        "id": "0123456b",
        "type": "book",
        "title": "Собрание сочинений. В 5 т. Т. 4. Повести",
        "author": [{"family": "Мукатов", "given": "С."}],
        "editor": [{"family": "Орлов", "given": "К."}],
        "translator": [{"family": "Сой", "given": "Л. Н."}],
        "issued": {"date-parts": [[1980]]},
        "volume": "4",
        "publisher-place": "М.",
        "publisher": "Худож. лит.",
        "edition": "2-е изд.",
        "collection-title": "Библиотека",
        "ISBN": "9785020138506",
        "language": "ru",
    }


@pytest.mark.parametrize(
    ("kind", "level", "lines", "types"),
    [
        ("a", "a", ["463 $1200$aКнига$vС. 5$1210$d2001"], ("incollection", "CHAP", "chapter")),
        ("a", "a", ["461 $tПростор$v№ 3$d1985"], ("article", "JOUR", "article-journal")),
        ("a", "m", [], ("book", "BOOK", "book")),
        ("e", "m", [], ("misc", "MAP", "map")),
        ("a", "s", [], ("misc", "SER", "periodical")),
        ("l", "m", ["856 $uhttps://kray.example.kz/"], ("misc", "ELEC", "webpage")),
    ],
)
def test_each_kind_has_its_type(
    kind: str, level: str, lines: list[str], types: tuple[str, str, str]
) -> None:
    made = work(record("rusmarc", kind, level, ["200 $aЗаглавие", *lines]))
    assert tuple(made.type_in(form) for form in ("bibtex", "ris", "csl")) == types


def test_bodies_and_direct_names_are_names_of_one_piece() -> None:
    body = work(record("rusmarc", "a", "m", ["200 $aУказ", "710 $aАкимат & К"]))
    assert csl_item(body)["author"] == [{"literal": "Акимат & К"}]
    assert "  author = {{Акимат \\& К}},\n" in to_bibtex([body])
    direct = work(record("rusmarc", "a", "m", ["200 $aСлова", "700 $aТөле би$4070"]))
    assert csl_item(direct)["author"] == [{"literal": "Төле би"}]
    assert "  author = {{Төле би}},\n" in to_bibtex([direct])


def entries(text: str) -> list[dict[str, str]]:
    """Entries of BibTeX as name to value, read sign by sign with escapes and braces."""
    found = []
    for piece in filter(None, text.split("\n}\n")):
        fields = {}
        for line in piece.split("\n")[1:]:
            name, _, value = line.strip().partition(" = ")
            fields[name] = value.removesuffix(",")
        found.append(fields)
    return found


def depth(value: str) -> list[int]:
    """How deep in braces each sign stands, escaped braces left out."""
    level, levels, escaped = 0, [], False
    for sign in value:
        level += (sign == "{") - (sign == "}") if not escaped else 0
        escaped = sign == "\\" and not escaped
        levels.append(level)
    return levels


@settings(max_examples=150, deadline=None)
@given(RECORDS)
def test_whatever_a_record_holds_its_citations_can_be_read(r: Record) -> None:
    cited = work(r)
    for fields in entries(to_bibtex([cited])):
        for name, value in fields.items():
            levels = depth(value)
            assert levels[-1] == 0, (name, value)
            assert min(levels[:-1]) > 0, (name, value)
    lines = to_ris([cited]).split("\r\n")
    assert (lines[0][:6], lines[-2:]) == ("TY  - ", ["ER  - ", ""])
    assert all(line[2:6] == "  - " for line in lines[:-1])
    jsonschema.validate(json.loads(to_csl_json([cited]))[0], SCHEMA)


def test_the_examples_of_descriptions_can_be_cited() -> None:
    made = [cited_work(case.record) for case in (*cases("rus"), *cases("kaz"))]
    items = json.loads(to_csl_json(made))
    for item in items:
        jsonschema.validate(item, SCHEMA)
    assert {item["type"] for item in items} > {"article-newspaper", "article-journal", "chapter"}
    assert all(item.get("title") for item in items)
