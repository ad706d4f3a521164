"""METS: valid by the official schema, and it says what the files are, page and article by page."""

from typing import Any

import pytest
from lxml import etree

from digitize.output.mets import NAMESPACE, MetsDocument, MetsFile, read_labels, write_mets
from pages.text import Article, ProcessingStep, RegionRef
from tests.schemas import official

XLINK = "{http://www.w3.org/1999/xlink}"
SCHEMA = official("mets")
NEEDS_SCHEMA = pytest.mark.skipif(
    SCHEMA is None, reason="the METS schema is not here: see tests/schemas.py"
)


def q(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def files() -> list[MetsFile]:
    found = [MetsFile("PDF", "document.pdf", "d" * 64, 999, "application/pdf")]
    for page in ("p0001", "p0002"):
        found += [
            MetsFile("MASTER", f"{page[-1] * 64}", f"{page[-1] * 64}", 5000, "", page),
            MetsFile("ALTO", f"alto/{page}.xml", "a" * 64, 10, "text/xml", page),
            MetsFile("WORDS", f"words/{page}.json", "b" * 64, 0, "application/json", page),
            MetsFile("WEB", f"web/{page}-200.jpg", "c" * 64, 7, "image/jpeg", page),
        ]
    found.append(MetsFile("MASTER", "3" * 64, "3" * 64, 5000, "", "p0003"))
    return found


ARTICLES = (
    Article("a0001", "Шахта №1", (RegionRef("p0001", "r2"),), "rus", 0.9),
    Article("a0002", "", (RegionRef("p0001", "r3"), RegionRef("p0002", "r1")), "kaz", 0.8),
    Article("a0003", "Сурет", (RegionRef("p0003", "r1"),), "und", 0.8),
)


def document(**told: Any) -> MetsDocument:
    values: dict[str, Any] = {
        "identifier": "bcd1234f",
        "title": "Орталық Қазақстан",
        "time": "2026-11-23T09:00:00Z",
        "languages": ("kaz", "rus"),
        "pages": (("p0001", "1"), ("p0002", "<2>"), ("p0003", None)),
        "kind": "newspaper_issue",
        "authors": ("Ә. Ұлы",),
        "date": "1962-05-01",
        "articles": ARTICLES,
        "steps": (ProcessingStep("join", "1"), ProcessingStep("pdf", "2", (("form", "access"),))),
    }
    return MetsDocument(**(values | told))


def root_of(**told: Any) -> etree._Element:
    return etree.fromstring(write_mets(document(**told), files()))


@NEEDS_SCHEMA
@pytest.mark.parametrize(
    "told",
    [
        {},
        {"articles": (), "steps": (), "authors": (), "date": "", "kind": "document"},
        {"title": "", "languages": ()},
        {"title": "a\x00b\x0b", "authors": ("c\x01",)},
    ],
)
def test_what_we_write_is_mets(told: dict[str, Any]) -> None:
    assert SCHEMA is not None
    assert SCHEMA.validate(root_of(**told)), SCHEMA.error_log


@NEEDS_SCHEMA
def test_a_document_without_pages_and_files_is_mets_too() -> None:
    assert SCHEMA is not None
    bare = MetsDocument("bcd1234f", "", "2026-11-23T09:00:00Z", (), ())
    assert SCHEMA.validate(etree.fromstring(write_mets(bare, []))), SCHEMA.error_log


@NEEDS_SCHEMA
def test_the_schema_is_the_official_one_and_refuses() -> None:
    assert SCHEMA is not None
    root = root_of()
    root.remove(root.findall(q("structMap"))[0])
    root.remove(root.findall(q("structMap"))[0])
    assert not SCHEMA.validate(root)
    root = root_of()
    next(root.iter(q("area"))).set("BETYPE", "PIXEL")
    assert not SCHEMA.validate(root)


def test_every_reference_leads_to_an_element() -> None:
    root = root_of()
    ids = [str(e.get("ID")) for e in root.iter() if e.get("ID")]
    assert len(ids) == len(set(ids))
    names = ("FILEID", "DMDID", "ADMID", f"{XLINK}from", f"{XLINK}to")
    refs = [str(e.get(name)) for e in root.iter() for name in names if e.get(name)]
    assert len(refs) > 20
    assert set(refs) <= set(ids)


def test_uses_carry_the_names_that_others_know() -> None:
    groups = {g.get("USE"): len(g) for g in root_of().iter(q("fileGrp"))}
    assert groups == {"ACCESS": 1, "ALTO": 2, "MASTER": 3, "TEXT": 2, "WEB": 2}


def test_every_file_has_hash_size_and_type_and_masters_go_by_hash() -> None:
    found = {}
    for file in root_of().iter(q("file")):
        (place,) = file
        found[place.get(f"{XLINK}href")] = (
            *(file.get("CHECKSUM"), file.get("CHECKSUMTYPE"), file.get("SIZE")),
            *(file.get("MIMETYPE"), place.get("LOCTYPE"), place.get("OTHERLOCTYPE")),
        )
    assert found["alto/p0002.xml"] == ("a" * 64, "SHA-256", "10", "text/xml", "URL", None)
    assert found["words/p0001.json"][2] is None
    assert found["1" * 64][4:] == ("OTHER", "SHA-256")


def test_pages_stand_in_order_with_their_printed_numbers() -> None:
    (physical, _) = root_of().iter(q("structMap"))
    pages = [d for d in physical.iter(q("div")) if d.get("TYPE") == "page"]
    assert [(p.get("ID"), p.get("ORDER"), p.get("ORDERLABEL")) for p in pages] == [
        ("p0001", "1", "1"),
        ("p0002", "2", "<2>"),
        ("p0003", "3", None),
    ]
    assert len(pages[0]) == 4


def test_articles_name_their_regions_in_reading_order_and_their_pages() -> None:
    root = root_of()
    (_, logical) = root.iter(q("structMap"))
    (issue,) = logical
    assert (issue.get("TYPE"), issue.get("LABEL")) == ("newspaper_issue", "Орталық Қазақстан")
    altos = {f.get("ID"): f[0].get(f"{XLINK}href") for f in root.iter(q("file"))}
    found = {
        div.get("ID"): [
            (altos[a.get("FILEID")], a.get("BEGIN"), a.get("BETYPE")) for a in div.iter(q("area"))
        ]
        for div in issue
    }
    assert [etree.QName(e).localname for e in issue[1].iter()][1:] == [
        *("fptr", "seq", "area", "area"),
    ]
    assert found == {
        "a0001": [("alto/p0001.xml", "r2", "IDREF")],
        "a0002": [("alto/p0001.xml", "r3", "IDREF"), ("alto/p0002.xml", "r1", "IDREF")],
        "a0003": [],
    }
    links = [(k.get(f"{XLINK}from"), k.get(f"{XLINK}to")) for k in root.iter(q("smLink"))]
    assert links[3:] == [
        ("a0001", "p0001"),
        ("a0002", "p0001"),
        ("a0002", "p0002"),
        ("a0003", "p0003"),
    ]


def test_document_and_articles_are_described() -> None:
    described = {
        section.get("ID"): [(etree.QName(e).localname, e.text) for e in section[0][0]]
        for section in root_of().iter(q("dmdSec"))
    }
    assert described["dc"] == [
        ("title", "Орталық Қазақстан"),
        ("creator", "Ә. Ұлы"),
        ("date", "1962-05-01"),
        ("type", "newspaper_issue"),
        ("identifier", "bcd1234f"),
        ("language", "kk"),
        ("language", "ru"),
    ]
    assert ("title", "Шахта №1") in described["dc-a0001"]
    assert "title" not in dict(described["dc-a0002"])


def test_steps_are_events_and_rights_are_where_they_change() -> None:
    root = root_of()
    details = [str(e.text) for e in root.iter("{http://www.loc.gov/premis/v3}eventDetail")]
    assert details == ["version=1", "version=2; form=access"]
    (place,) = root.iter(q("mdRef"))
    assert place.get(f"{XLINK}href") == "document.json"


def test_equal_input_gives_equal_bytes() -> None:
    assert write_mets(document(), files()) == write_mets(document(), files())


def test_the_printed_numbers_of_pages_are_read_back() -> None:
    written = write_mets(document(), files())
    assert read_labels(written) == {"p0001": "1", "p0002": "<2>"}
    assert read_labels(written[:-40]) == {}
