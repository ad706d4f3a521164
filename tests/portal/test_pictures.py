"""Images of pages: the right one, for those who may see it, and sent again only when it changed."""

import io
from functools import partial
from hashlib import sha256
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from catalog.rights import Rights
from olketanu.home import Home
from portal.app import make_app
from store.digitised import rights
from tests.portal.made_portal import ids_of, make_portal_home
from workflow.library import open_library
from workflow.reading.page.kept import KeptBytes

LINE = "100-100-900-140"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Flask:

    return make_app(make_portal_home(tmp_path_factory.mktemp("pictures") / "home"))


def size_of(data: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(data)).size


@pytest.mark.parametrize(
    ("asked", "width"),
    [("", 800), ("?w=200", 200), ("?w=1600", 1600), ("?w=1000", 800), ("?w=1", 200), ("?w=x", 800)],
)
def test_an_image_comes_in_the_width_asked_for_or_the_next_narrower(
    reader: FlaskClient, home: Home, asked: str, width: int
) -> None:
    answer = reader.get(f"/d/{ids_of(home)['tarih']}/p/p0001.jpg{asked}")
    assert answer.content_type == "image/jpeg"
    assert size_of(answer.data) == (width, width * 3 // 2)


def test_an_image_is_sent_again_only_when_it_changed(reader: FlaskClient, home: Home) -> None:
    path = f"/d/{ids_of(home)['tarih']}/p/p0001.jpg"
    first = reader.get(path)
    assert first.get_etag() == (sha256(first.data).hexdigest(), False)
    assert first.headers["Cache-Control"] == "no-cache"
    again = reader.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert reader.get(path, headers={"If-None-Match": '"older"'}).status_code == 200


def test_a_document_that_is_closed_hides_its_images_at_once(
    reader: FlaskClient, home: Home
) -> None:
    document = ids_of(home)["issue"]
    paths = [f"/d/{document}/p/p0001.jpg", f"/d/{document}/p/p0001/line/{LINE}.jpg"]
    known = {path: reader.get(path).headers["ETag"] for path in paths}
    with open_library(home) as library, library.store.transaction("staff") as tx:
        rights.set_rights(tx, document, Rights("closed"))
    for path in paths:
        answer = reader.get(path, headers={"If-None-Match": known[path]})
        assert answer.status_code == 404
        assert not answer.content_type.startswith("image/")


@pytest.mark.parametrize("path", ["p0001.jpg", "p0099.jpg", f"p0001/line/{LINE}.jpg"])
def test_images_of_closed_documents_are_unknown_to_readers(
    reader: FlaskClient, home: Home, path: str
) -> None:
    assert reader.get(f"/d/{ids_of(home)['secret']}/p/{path}").status_code == 404
    assert reader.get(f"/d/{ids_of(home)['onsite']}/p/{path}").status_code == 404


def test_a_line_is_cut_from_the_page(reader: FlaskClient, home: Home) -> None:
    path = f"/d/{ids_of(home)['tarih']}/p/p0001/line/{LINE}.jpg"
    first = reader.get(path)
    assert size_of(first.data) == (640, 32)
    assert reader.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    beside = reader.get(f"/d/{ids_of(home)['tarih']}/p/p0001/line/2000-0-2100-50.jpg")
    assert beside.status_code == 404


SIGNS = st.text(st.characters(codec="utf-8"), max_size=30)
SIDES = st.integers(-5, 10**7)
BOXES = st.tuples(SIDES, SIDES, SIDES, SIDES).map(lambda box: "-".join(map(str, box)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    page=st.one_of(st.sampled_from(["p0001", "p0002", "..", "%2e%2e", "p1"]), SIGNS),
    box=st.one_of(BOXES, SIGNS),
    width=SIGNS,
)
def test_whatever_is_asked_for_there_is_an_image_or_none(
    shared: Flask, page: str, box: str, width: str
) -> None:
    document = ids_of(shared.extensions["olketanu"].home)["tarih"]
    client = shared.test_client()
    for path in (f"{page}.jpg", f"{page}/line/{box}.jpg", f"p0001/line/{box}.jpg"):
        answer = client.get(quote(f"/d/{document}/p/{path}"), query_string={"w": width})
        assert answer.status_code in (200, 304, 308, 404)
        if answer.status_code == 200 and answer.content_type == "image/jpeg":
            assert answer.data.startswith(b"\xff\xd8")


def test_what_is_kept_stays_within_its_bytes_and_is_made_once() -> None:
    made: list[int] = []
    kept = KeptBytes(100)

    def make(number: int) -> bytes:
        made.append(number)
        return bytes(40)

    for number in (1, 2, 1, 3, 1, 2):
        assert len(kept.get(number, partial(make, number))) == 40
    assert made == [1, 2, 3, 2]
    assert kept.size == 80
