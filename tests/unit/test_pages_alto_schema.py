"""ALTO as we write it against our own grammar, and against the official schema where it is."""

import pytest
from hypothesis import given
from lxml import etree

from pages.alto import NAMESPACE, read_alto, write_alto
from pages.text import (
    Article,
    Box,
    Hyphen,
    Line,
    PageFrame,
    PageText,
    ProcessingStep,
    Region,
    RegionRef,
    Word,
)
from pages.xml import parse
from tests.house import ROOT
from tests.property.test_pages_forms import pages
from tests.schemas import official

GRAMMAR = etree.RelaxNG(etree.parse(ROOT / "docs" / "reference" / "alto.rng"))
OFFICIAL = official("alto")
TIME = "2026-11-23T09:00:00Z"


def q(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _line(text: str, top: int, language: str = "kaz") -> Line:
    words = tuple(
        Word(t, t, Box(100 + 200 * i, top, 280 + 200 * i, top + 40), 0.9)
        for i, t in enumerate(text.split())
    )
    return Line(
        Box(100, top, 900, top + 40), (100, top + 30, 900, top + 30), language, "Cyrl", words
    )


def newspaper() -> PageText:
    """A page with every kind of region, a repaired word and a split one."""
    split = Word("шах-", "wax-", Box(500, 300, 600, 340), 0.5, Hyphen(1, "шахта"))
    broken = Line(Box(100, 300, 600, 340), (100, 330, 600, 330), "rus", "Cyrl", (split,))
    told = [
        ("masthead", (_line("Орталық Қазақстан", 20),)),
        ("headline", (_line("Көмір өлкесі", 100),)),
        ("text", (_line("Қара тас", 200), _line("жанды", 250), broken)),
        ("illustration", ()),
        ("table", (_line("1962 14", 500),)),
        ("table", ()),
        ("advertisement", (_line("Сатылады", 600),)),
        ("separator", ()),
        ("page_number", (_line("7", 1900, "und"),)),
    ]
    regions = tuple(
        Region(f"r{n}", kind, Box(100, 20 + n, 900, 80 + n), lines)
        for n, (kind, lines) in enumerate(told, 1)
    )
    steps = (
        ProcessingStep("prepare", "3", (("skew", "0.4"), ("median", "no"))),
        ProcessingStep("repair", "1"),
    )
    frame = PageFrame("a" * 64, 0, None, 0, 1000, 2000, 300)
    return PageText(frame, regions, "tesseract 5.3.0", (("kaz", "0" * 64),), steps, 0.4)


ARTICLES = (
    Article(
        "a0001", "Көмір «өлкесі»", (RegionRef("p0001", "r2"), RegionRef("p0001", "r3")), "kaz", 1
    ),
    Article("a0002", "", (RegionRef("p0002", "r1"),), "kaz", 0.5),
)


def written() -> etree._Element:
    data = write_alto(newspaper(), page_id="p0001", source="1.tif", time=TIME, articles=ARTICLES)
    return parse(data)


def faults(root: etree._Element) -> list[str]:
    GRAMMAR.validate(root)
    return [str(entry) for entry in GRAMMAR.error_log]


@given(pages())
def test_every_page_follows_our_grammar(page: PageText) -> None:
    data = write_alto(page, page_id="p0001", source="scan.tif", time=TIME)
    assert not faults(parse(data))


def test_every_kind_of_region_follows_our_grammar_with_articles() -> None:
    assert not faults(written())


@pytest.mark.parametrize(
    ("path", "attribute", "value"),
    [
        (".//{*}String", "WC", "1.5"),
        (".//{*}String", "CONTENT", ""),
        (".//{*}String", "HPOS", "1.5"),
        (".//{*}TextBlock", "TAGREFS", None),
        (".//{*}TextLine", "BASELINE", "120"),
        (".//{*}LayoutTag", "LABEL", "photo"),
        (".//{*}Page", "PROCESSINGREFS", None),
        (".//{*}ComposedBlock", "TYPE", "text"),
    ],
)
def test_the_grammar_refuses_what_we_never_write(
    path: str, attribute: str, value: str | None
) -> None:
    root = written()
    (element, *_) = root.findall(path)
    if value is None:
        del element.attrib[attribute]
    else:
        element.set(attribute, value)
    assert faults(root)


def test_every_reference_leads_to_an_element() -> None:
    root = written()
    ids = [str(e.get("ID")) for e in root.iter() if e.get("ID")]
    assert len(ids) == len(set(ids))
    for name in ("TAGREFS", "STYLEREFS", "PROCESSINGREFS"):
        refs = {ref for e in root.iter() for ref in (e.get(name) or "").split()}
        assert refs
        assert refs <= set(ids)


def test_articles_tag_their_own_regions_on_this_page_only() -> None:
    root = written()
    tags = {str(t.get("ID")): t.get("LABEL") for t in root.iter(q("StructureTag"))}
    assert tags == {"article-a0001": "Көмір «өлкесі»"}
    tagged = [e.get("ID") for e in root.iter() if "article-a0001" in (e.get("TAGREFS") or "")]
    assert tagged == ["r2", "r3"]
    data = etree.tostring(root)
    assert read_alto(data) == newspaper()


def test_regions_stand_as_the_blocks_that_other_readers_expect() -> None:
    root = written()
    (space,) = root.iter(q("PrintSpace"))
    found = [(etree.QName(e).localname, e.get("TYPE")) for e in space]
    assert found == [
        *[("TextBlock", None)] * 3,
        ("Illustration", None),
        *[("ComposedBlock", "table")] * 2,
        ("ComposedBlock", "advertisement"),
        ("GraphicalElement", None),
        ("TextBlock", None),
    ]


def test_language_size_number_and_confidence_stand_for_other_readers() -> None:
    root = written()
    (page,) = root.iter(q("Page"))
    assert (page.get("LANG"), page.get("PRINTED_IMG_NR")) == ("kk", "7")
    assert float(str(page.get("PC"))) == pytest.approx(newspaper().confidence, abs=1e-4)
    text = root.find(".//*[@ID='r3']")
    assert text is not None
    assert (text.get("LANG"), text.get("STYLEREFS")) == ("kk", "size-9.5")
    last = text[-1]
    assert last.get("LANG") == "ru"
    assert [e.get("CONTENT") for e in last] == ["шах", "-"]
    assert last[0].get("SUBS_CONTENT") == "шахта"
    assert last[0][0].text == "wax-"


def test_every_step_is_named_with_version_and_decisions() -> None:
    root = written()
    found = {
        str(step.get("ID")): (
            step.findtext("{*}processingCategory"),
            step.findtext("{*}processingStepDescription"),
            step.findtext("{*}processingStepSettings"),
            step.findtext("{*}processingSoftware/{*}softwareName"),
            step.findtext("{*}processingSoftware/{*}softwareVersion"),
        )
        for step in root.iter(q("Processing"))
    }
    assert found["step-1"] == (
        "preOperation",
        "prepare",
        '[["skew","0.4"],["median","no"]]',
        "Olketanu",
        "3",
    )
    assert found["engine"][3] == "tesseract 5.3.0"
    assert found["step-2"][:2] == ("contentModification", "repair")


@pytest.mark.skipif(OFFICIAL is None, reason="OLKETANU_ALTO_XSD does not name the schema")
def test_the_official_schema_accepts_what_we_write() -> None:
    assert OFFICIAL is not None
    assert OFFICIAL.validate(written()), OFFICIAL.error_log
