"""What the reading room knows of a document: for staff and readers, whole or in portions."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.citation.work import cited_work
from catalog.holdings import Holding, holdings
from catalog.isbd.html import is_web_address
from catalog.record import DataField, Record
from catalog.rights import READER, Actor, Rights
from olketanu.errors import UsageError
from pages.text import Article, PageFrame, RegionRef
from search.session import Session
from store import changes
from store.catalogue import links, records
from store.catalogue.links import NewLink
from store.catalogue.records import NewRecord
from store.digitised import articles, documents
from store.digitised.pages import Page
from tests.unit.found_library import make_home
from tests.unit.made_entries import LEADER, field
from workflow.library import Library, open_library
from workflow.reading.access import Access, Visit, open_document
from workflow.reading.description import description_of
from workflow.reading.document import DocumentPage, document_page, record_of
from workflow.reading.files import Download
from workflow.reading.metadata import Place, metadata_of
from workflow.reading.strip import PORTION, strip_of

TODAY = datetime.date(2026, 11, 29)
VISITOR, CATALOGUER = Visit(READER, TODAY), Visit(Actor("cataloguer"), TODAY)
FRAME = PageFrame("0" * 64, 0, None, 0, 2000, 3000, 300)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(make_home(tmp_path / "home")) as found:
        yield found


def named(library: Library, name: str) -> str:
    return next(one.id for one in documents.list_documents(library.store) if one.name == name)


def document_of(library: Library, identifier: str, visit: Visit) -> DocumentPage:
    with Session(library.home) as session:
        return document_page(library, session, identifier, visit)


def test_staff_sees_what_readers_do_not_know(library: Library) -> None:
    secret = named(library, "secret")
    with pytest.raises(UsageError, match="unknown-document"):
        open_document(library, secret, VISITOR)
    shown = document_of(library, secret, CATALOGUER)
    assert (shown.access.line, shown.access.public) == ("closed", False)
    assert shown.inside is not None
    assert shown.inside.strip.total == 1
    assert shown.metadata.tags
    assert not [value for name, value in shown.metadata.tags if name == "citation_pdf_url"]


def test_staff_is_told_what_lies_beside(library: Library) -> None:
    book, issue = named(library, "tarih"), named(library, "issue")
    record = links.list_links(library.store, document=book, status="accepted")[0].record
    with library.store.transaction("staff") as tx:
        links.accept(tx, links.propose(tx, NewLink(issue, record, evidence=(), score=1.0)).id)
    shown = document_of(library, book, CATALOGUER)
    assert shown.beside is not None
    assert shown.beside.same_record == (issue,)
    assert document_of(library, book, VISITOR).beside is None


def test_the_issue_comes_before_the_articles_that_are_described_apart(library: Library) -> None:
    issue = named(library, "issue")
    whole = record_of(library, open_document(library, issue, VISITOR))
    part = next(one for one in records.list_records(library.store) if one.format == "marc21")
    with library.store.transaction("staff") as tx:
        change = changes.new_change_set(tx, "test")
        made = records.create_record(
            tx, NewRecord(whole, "periodicals", issue, "newspaper_issue", "active"), change
        )
        for record, score in ((part.id, 1.0), (made.id, 0.5)):
            new = NewLink(issue, record, evidence=(), score=score)
            links.accept(tx, links.propose(tx, new).id)
    shown = document_of(library, issue, VISITOR)
    assert shown.record == made.id
    assert [(one.record, one.pages) for one in shown.parts] == [(part.id, "3-5")]


def test_contents_name_the_page_where_an_article_begins(library: Library) -> None:
    issue = named(library, "issue")
    found = [
        Article("a0001", "Жаңа мектеп", (RegionRef("p0002", "r1"),), "kaz", 0.9),
        Article("a0002", "Не из этих страниц", (RegionRef("p0009", "r1"),), "rus", 0.9),
    ]
    with library.store.transaction("staff") as tx:
        articles.set_articles(tx, issue, found)
    inside = document_of(library, issue, VISITOR).inside
    assert inside is not None
    assert [(one.title, one.language, one.page, one.position) for one in inside.contents] == [
        ("Жаңа мектеп", "kk", "p0002", 2)
    ]


def test_a_quarantined_document_is_nothing_to_readers(library: Library) -> None:
    issue = named(library, "issue")
    with library.store.transaction("staff") as tx:
        documents.update_document(tx, issue, state="quarantined")
    with pytest.raises(UsageError):
        open_document(library, issue, VISITOR)
    assert document_of(library, issue, CATALOGUER).state == "quarantined"


@pytest.mark.parametrize(
    ("access", "line"),
    [
        (Access(Rights("open"), True, True, True, True), "open"),
        (Access(Rights("until", TODAY), True, True, True, True), "until"),
        (Access(Rights("until", TODAY), False, False, False, False), "closed"),
        (Access(Rights("on_site"), False, True, True, False), "here"),
        (Access(Rights("on_site"), False, False, False, False), "on_site"),
        (Access(Rights("on_site"), False, True, True, True), "on_site"),
        (Access(Rights(), False, True, True, True), "closed"),
    ],
)
def test_rights_are_said_in_one_line(access: Access, line: str) -> None:
    assert access.line == line


def a_page(number: int) -> Page:
    read = ("text", None, None, None, None, ())
    return Page("d", f"p{number:04}", number, None, FRAME, "image", False, *read, 0)


@given(st.integers(0, 400), st.integers(-(10**12), 10**12))
def test_every_page_stands_in_exactly_one_portion(total: int, start: int) -> None:
    pages = [a_page(number) for number in range(1, total + 1)]
    shown = strip_of(pages, frozenset(), start)
    assert (shown.total, len(shown.pages) <= PORTION) == (total, True)
    assert not total or shown.first <= min(max(start, 1), total) <= shown.last
    seen, at = [], 1
    while at:
        part = strip_of(pages, frozenset(), at)
        seen += [page.key for page in part.pages]
        assert not part.later or strip_of(pages, frozenset(), part.later).earlier == part.first
        at = part.later
    assert seen == [page.key for page in pages]


def test_a_thumbnail_is_shown_where_the_visitor_may_see_it() -> None:
    pages = [a_page(1), a_page(2)]
    shown = strip_of(pages, frozenset({"web/p0002-200.jpg"}), 1)
    assert [page.height for page in shown.pages] == [0, 300]


@given(st.text(max_size=300))
def test_a_file_can_be_saved_under_any_title(title: str) -> None:
    made = Download(
        "0abc123d", "rusmarc.xml", title, "t", datetime.datetime.now(datetime.UTC), True
    )
    assert made.name.endswith("0abc123d).rusmarc.xml") or made.name == "0abc123d.rusmarc.xml"
    assert len(made.name.encode()) < 255 * 2
    assert not set(made.name) & set('\\/:*?"<>|\r\n\0\u202e')
    assert not made.name.startswith((".", " "))


@pytest.mark.parametrize(
    ("form", "found", "said"),
    [
        ("rusmarc", field("899", "aЦГБ", "jШ1", "pИ1"), Holding("ЦГБ", "Ш1", "И1")),
        ("unimarc", field("899", "jШ1"), Holding("", "Ш1", "")),
        ("marc21", field("852", "aЦГБ", "hШ2", "pИ1", "pИ2"), Holding("ЦГБ", "Ш2", "И1, И2")),
        ("irbis", field("910", "A0", "BИ3", "DАБ"), Holding("АБ", "", "И3")),
    ],
)
def test_copies_are_read_in_every_format(form: str, found: DataField, said: Holding) -> None:
    assert holdings(Record(form, LEADER, (found, found, field("200", "aЖ")))) == (said,)


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://kitap.example/d/1", True),
        ("HTTP://kitap.example", True),
        ("javascript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("http://[", False),
        ("kitap.example", False),
    ],
)
def test_only_addresses_of_the_web_are_links(address: str, safe: bool) -> None:
    assert is_web_address(address) is safe


@pytest.mark.parametrize(
    ("address", "style"), [("javascript:alert(1)", "plain"), ("https://kitap.example", "link")]
)
def test_a_description_links_to_the_web_only(library: Library, address: str, style: str) -> None:
    link = field("856", f"u{address}", indicators="4 ")
    record = Record("rusmarc", "00000nlm0 2200000   450 ", (field("200", "aХат"), link))
    runs = description_of(library, record, "r").block.runs
    assert [run.style for run in runs if run.text == address] == [style]


def test_the_meaning_of_a_class_is_told_in_both_languages(library: Library) -> None:
    record = Record("rusmarc", LEADER, (field("200", "aХ"), field("675", "a94(574.31)"), ODD))
    known, odd = description_of(library, record, "r").classes
    assert set(known.captions) == {"kk", "ru"}
    assert (odd.number, odd.captions) == ("не число", {})


ODD = field("675", "aне число")


def test_machines_are_told_of_files_that_everybody_may_have(library: Library) -> None:
    part = next(one for one in records.list_records(library.store) if one.format == "marc21")
    told = description_of(library, part.record, part.id)
    address = "https://kitap.example/d/1"
    tags = dict(metadata_of(told, Place(address)).tags)
    assert tags["citation_publication_date"] == "1998/10/10"
    assert tags["citation_journal_title"] == "Индустриальная Караганда"
    assert (tags["citation_firstpage"], tags["citation_lastpage"]) == ("3", "5")
    assert "citation_pdf_url" not in tags
    linked = metadata_of(told, Place(address, f"{address}.pdf", "")).linked
    assert linked["@type"] == "NewsArticle"
    assert linked["isPartOf"] == {"@type": "Newspaper", "name": "Индустриальная Караганда"}
    assert linked["encoding"]
    assert linked["name"] == cited_work(part.record).title
