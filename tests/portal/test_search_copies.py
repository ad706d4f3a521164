"""Several scans of one work among the results: whose pages are shown is told."""

from urllib.parse import urlsplit

from flask.testing import FlaskClient

from bench.made_shelf import enter, link, record
from catalog.rights import Rights
from olketanu.home import Home
from store.digitised import rights
from store.digitised.documents import NewDocument
from tests.portal.test_search_room import links_in, tree
from tests.unit.found_library import add_document
from workflow.index import update_index
from workflow.library import open_library


def test_pages_of_other_copies_are_told_apart_from_those_of_the_scan_in_hand(
    reader: FlaskClient, home: Home
) -> None:
    line = (("rus", "осокорь у переправы"),)
    with open_library(home) as library:
        with library.store.transaction("staff") as tx:
            made = enter(tx, record("osokor", "Осокорь"))
            for name in ("first", "second"):
                told = NewDocument("b", name, "0" * 64, "book", "rus", None, "Осокорь")
                copy = add_document(tx, told, (line, line))
                rights.set_rights(tx, copy, Rights("open"))
                link(tx, copy, made)
        update_index(library)
    (hit,) = tree(reader, "/ru/search?q=осокорь").xpath("//article")
    (here,) = {urlsplit(one).path.split("/")[3] for one in links_in(hit, "./h2")}
    rows = [links_in(row, ".") for row in hit.xpath(".//p[contains(@class, 'others')]")]
    of = [{urlsplit(one).path.split("/")[3] for one in row} for row in rows]
    assert [len(row) for row in rows] == [1, 1]
    assert (of[0] == {here}, here in of[1]) == (True, False)
