"""Files by suffix: each is what its name says, kept by browsers as long as it holds."""

import io
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pymarc
import pytest
from flask.testing import FlaskClient
from lxml import etree

from olketanu.home import Home
from store import changes
from store.catalogue import links, records
from store.disk.files import write_durably
from tests.portal.made_portal import ids_of
from tests.unit.made_entries import field
from workflow.library import open_library
from workflow.reading.files import DOCUMENT_SUFFIXES

TITLE = "Қарағанды тарихы"


@pytest.fixture
def book(home: Home) -> str:
    return ids_of(home)["tarih"]


def taken(client: FlaskClient, book: str, suffix: str) -> bytes:
    with client.get(f"/d/{book}.{suffix}") as answer:
        assert answer.status_code == 200
        data: bytes = answer.data
        return data


def test_mrc_is_marc_21(reader: FlaskClient, book: str) -> None:
    (record,) = pymarc.MARCReader(taken(reader, book, "mrc"))
    assert record is not None
    assert record.leader[9] == "a"
    assert record["245"]["a"].rstrip(" /") == TITLE


def test_marcxml_is_marc_21(reader: FlaskClient, book: str) -> None:
    read: Any = pymarc.parse_xml_to_array  # untyped in pymarc
    (record,) = read(io.BytesIO(taken(reader, book, "marcxml")))
    assert record is not None
    assert record["245"]["a"].rstrip(" /") == TITLE


def test_rusmarc_xml_is_marcxchange(reader: FlaskClient, book: str) -> None:
    root = etree.fromstring(taken(reader, book, "rusmarc.xml"))
    names = {"m": "info:lc/xmlns/marcxchange-v2"}
    path = "//m:record//m:datafield[@tag='200']/m:subfield[@code='a']/text()"
    assert root.xpath(path, namespaces=names) == [TITLE]


def test_citations_name_the_work(reader: FlaskClient, book: str) -> None:
    assert taken(reader, book, "gost.txt").decode().startswith(f"Сатыбалдин, Ә. {TITLE}")
    bibtex = taken(reader, book, "bib").decode()
    assert bibtex.startswith(f"@book{{{book},\n")
    assert f"title = {{{TITLE}}}" in bibtex
    lines = taken(reader, book, "ris").decode().split("\r\n")
    assert lines[0] == "TY  - BOOK"
    assert f"TI  - {TITLE}" in lines
    assert lines[-2] == "ER  - "


def test_the_text_is_that_of_all_pages(reader: FlaskClient, book: str) -> None:
    first, second = taken(reader, book, "txt").decode().split("\f")
    assert "шахтерлер жаңа мектеп салды" in first
    assert "открылась новая школа" in second


def test_a_page_whose_words_are_gone_by_now_leaves_the_others(
    reader: FlaskClient, home: Home, book: str
) -> None:
    home.words(book, "p0001").unlink()
    first, second = taken(reader, book, "txt").decode().split("\f")
    assert (first, "открылась новая школа" in second) == ("", True)


@pytest.mark.parametrize("suffix", DOCUMENT_SUFFIXES)
def test_a_file_has_its_name_and_is_not_sent_twice(
    reader: FlaskClient, book: str, suffix: str
) -> None:
    with reader.get(f"/ru/d/{book}.{suffix}") as answer:
        head, tag = answer.headers["Content-Disposition"], answer.headers["ETag"]
        assert answer.headers["Cache-Control"] == "no-cache"
        since = answer.headers["Last-Modified"]
    assert unquote(head.partition("UTF-8''")[2]) == f"{TITLE} ({book}).{suffix}"
    for known in ({"If-None-Match": tag}, {"If-Modified-Since": since}):
        again = reader.get(f"/ru/d/{book}.{suffix}", headers=known)
        assert (again.status_code, again.data) == (304, b"")


def test_a_pdf_comes_in_ranges(reader: FlaskClient, book: str) -> None:
    whole = taken(reader, book, "pdf")
    with reader.get(f"/d/{book}.pdf", headers={"Range": "bytes=5-8"}) as part:
        assert (part.status_code, part.data) == (206, whole[5:9])
        assert part.headers["Content-Range"] == f"bytes 5-8/{len(whole)}"
    with reader.get(f"/d/{book}.pdf", headers={"Range": "bytes=999999-"}) as beyond:
        assert beyond.status_code == 416


def test_no_pdf_is_put_together_of_an_old_and_a_new_one(
    reader: FlaskClient, home: Home, book: str
) -> None:
    """A document is made anew: its PDF is replaced, and its row still tells of the old one."""
    with reader.get(f"/d/{book}.pdf", headers={"Range": "bytes=0-8"}) as first:
        known, begun = first.headers["ETag"], first.data
    new = b"%PDF-1.7\n%made anew, and longer\n%%EOF\n"
    write_durably(home.pdf(book), new)
    rest = {"Range": f"bytes={len(begun)}-", "If-Range": known}
    with reader.get(f"/d/{book}.pdf", headers=rest) as second:
        assert (second.status_code, second.data) == (200, new)
    with reader.get(f"/d/{book}.pdf", headers={"If-None-Match": known}) as third:
        assert (third.status_code, third.data) == (200, new)


@pytest.mark.parametrize("asked", ["bytes=0-1,5-8", "bytes=x", "bytes=8-5", "lines=1-2", "5-8", ""])
def test_a_range_that_is_not_understood_is_ignored(
    reader: FlaskClient, book: str, asked: str
) -> None:
    with reader.get(f"/d/{book}.pdf", headers={"Range": asked}) as answer:
        assert (answer.status_code, answer.data) == (200, taken(reader, book, "pdf"))


def test_the_head_of_a_pdf_tells_its_size(reader: FlaskClient, book: str) -> None:
    whole = taken(reader, book, "pdf")
    answer = reader.head(f"/d/{book}.pdf", headers={"Range": "bytes=0-1"})
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(whole))
    assert answer.headers["Accept-Ranges"] == "bytes"


def test_a_changed_record_is_sent_anew(reader: FlaskClient, home: Home, book: str) -> None:
    before = reader.get(f"/d/{book}.bib").headers["ETag"]
    with open_library(home) as library, library.store.transaction("staff") as tx:
        link = links.list_links(tx, document=book)[0]
        stored = records.get_record(tx, link.record)
        series = field("225", "aӨлкетану")
        other = replace(stored.record, fields=(*stored.record.fields, series))
        change = changes.new_change_set(tx, "test")
        records.save_version(tx, stored.id, other, parent=stored.version, change_set=change)
    answer = reader.get(f"/d/{book}.bib", headers={"If-None-Match": before})
    assert answer.status_code == 200
    assert "series = {Өлкетану}" in answer.text


def test_a_file_that_no_row_promises_is_not_sent(
    reader: FlaskClient, home: Home, book: str
) -> None:
    home.pdf(book).unlink()
    assert reader.get(f"/d/{book}.pdf").status_code == 404
    assert "PDF" not in reader.get(f"/ru/d/{book}").text


def test_a_suffix_that_a_record_has_not_is_unknown(reader: FlaskClient, book: str) -> None:
    for address in (f"/r/{book}.pdf", f"/d/{book}.mets.xml", f"/d/{book}.", f"/d/{book}.PDF"):
        assert reader.get(address).status_code == 404
