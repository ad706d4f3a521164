"""Nobody finds at any address what they may not see: every route, every document, every visitor."""

import io
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image, ImageStat

from catalog.rights import Rights
from olketanu.home import Home
from portal.app import make_app
from store.catalogue import records
from tests.portal.addresses import UNKNOWN, Address, addresses, samples_of
from tests.portal.guarded_home import (
    CLOSED,
    DESCRIBED,
    HIDDEN,
    ON_SITE,
    OTHER_CLOSED,
    OTHER_ON_SITE,
    Secrets,
    make_guarded_home,
)
from tests.portal.made_portal import ids_of
from tests.portal.shelves import set_rights, sit_in_the_library
from tests.portal.visitors import READERS, STAFF, Answer, visitor
from workflow.index import rebuild_index
from workflow.library import open_library

ALIKE = 12
"""How far a channel of a mean colour may be off after JPEG."""
SECRETS = {
    "outside": (CLOSED, ON_SITE),
    "claims-inside": (CLOSED, ON_SITE),
    "inside": (CLOSED,),
}
"""What must be kept from each reader."""
TELLS_THE_MACHINE = {"health.health"}
"""Endpoints that tell of disk and journal, which go on while the tests run."""


@dataclass(frozen=True)
class Portal:
    """A library whose shut documents say certain things, with its application and addresses."""

    app: Flask
    home: Home
    addresses: tuple[Address, ...]

    def answers(self, kind: str) -> list[Answer]:
        return list(visitor(self.app, kind).walk(self.addresses))


@pytest.fixture(scope="module")
def portals(
    made_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Portal]]:
    """One library, and two that differ from it in what readers may not see."""
    root = tmp_path_factory.mktemp("guarded")
    said = {
        "one": (CLOSED, ON_SITE),
        "other": (OTHER_CLOSED, OTHER_ON_SITE),
        "inside": (OTHER_CLOSED, ON_SITE),
    }
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setenv("SOURCE_DATE_EPOCH", "1790000000")
        homes = {
            name: make_guarded_home(made_home, root / name, *secrets)
            for name, secrets in said.items()
        }
        patch.delenv("SOURCE_DATE_EPOCH")
        yield {name: _opened(stack, home, homes["one"]) for name, home in homes.items()}


def _opened(stack: ExitStack, home: Home, first: Home) -> Portal:
    sit_in_the_library(home)
    if home != first:
        shutil.copy(first.form_key, home.form_key)  # or the tokens of their forms would differ
    app = make_app(home)
    stack.callback(app.extensions["olketanu"].close)
    return Portal(app, home, tuple(addresses(app, samples_of(home))))


@pytest.fixture(scope="module")
def walked(portals: dict[str, Portal]) -> dict[str, list[Answer]]:
    """What everybody is answered everywhere in the first library."""
    return {kind: portals["one"].answers(kind) for kind in (*READERS, *STAFF)}


def tells(answer: Answer, secrets: Secrets) -> list[str]:
    """What of the secrets an answer gives away."""
    body = answer.body.decode("utf-8", "replace").lower()
    utf16 = answer.body.decode("utf-16-le", "replace").lower()
    told = [text for text in secrets.texts if text in body or text in utf16]
    if str(secrets.colour) in body:
        told.append("the PDF")
    if answer.media == "image/jpeg" and _is_of(answer.body, secrets):
        told.append("the picture")
    return told


def _is_of(data: bytes, secrets: Secrets) -> bool:
    mean = ImageStat.Stat(Image.open(io.BytesIO(data)).convert("RGB")).mean
    return all(abs(a - b) < ALIKE for a, b in zip(mean, secrets.colour, strict=True))


def hidden_ids(home: Home) -> set[str]:
    """Ids of documents and drafts of which no reader outside may know."""
    ids = ids_of(home)
    with open_library(home) as library:
        drafts = {
            one.id
            for one in records.iterate_records(library.store)
            if one.record.control_number in (CLOSED.number, ON_SITE.number)
        }
    assert len(drafts) == 2
    return {ids[name] for name in HIDDEN} | drafts


def test_every_route_is_walked(portals: dict[str, Portal]) -> None:
    app = portals["one"].app
    get = {r.endpoint for r in app.url_map.iter_rules() if "GET" in (r.methods or ())}
    assert {one.endpoint for one in portals["one"].addresses} == get


@pytest.mark.parametrize("kind", READERS)
def test_no_reader_finds_what_they_may_not_see(walked: dict[str, list[Answer]], kind: str) -> None:
    told = [
        f"{answer} tells {found}"
        for answer in walked[kind]
        for secrets in SECRETS[kind]
        if (found := tells(answer, secrets))
    ]
    assert not told


@pytest.mark.parametrize("kind", ["outside", "claims-inside"])
def test_no_reader_learns_that_a_hidden_document_is_there(
    walked: dict[str, list[Answer]], portals: dict[str, Portal], kind: str
) -> None:
    told = [
        f"{answer} names {one}"
        for answer in walked[kind]
        for one in hidden_ids(portals["one"].home)
        if one not in answer.address.path and one.encode() in answer.body
    ]
    assert not told


def test_a_hidden_document_answers_like_one_that_is_not_there(
    walked: dict[str, list[Answer]], portals: dict[str, Portal]
) -> None:
    by_place = {(one.address.path, *one.address.question.items()): one for one in walked["outside"]}
    hidden = hidden_ids(portals["one"].home)
    compared = 0
    for answer in walked["outside"]:
        for one in hidden:
            if one in answer.address.path and "/desk/" not in answer.address.path:
                path = answer.address.path.replace(one, UNKNOWN)
                unknown = by_place[path, *answer.address.question.items()]
                assert answer.status == unknown.status == 404, str(answer)
                assert answer.body.replace(one.encode(), UNKNOWN.encode()) == unknown.body
                compared += 1
    assert compared > 50


@pytest.mark.parametrize("kind", STAFF)
def test_staff_find_it_all(walked: dict[str, list[Answer]], kind: str) -> None:
    """The walk meets every secret: readers do not miss them because it never came by."""
    for secrets in (CLOSED, ON_SITE):
        found = {one for answer in walked[kind] for one in tells(answer, secrets)}
        assert found >= {secrets.word, "the picture", "the PDF"}, kind
        assert found >= {text for text in secrets.texts if text != secrets.title.lower()}, kind


def test_inside_the_library_on_site_documents_are_read_but_not_taken_away(
    walked: dict[str, list[Answer]],
) -> None:
    found = {one for answer in walked["inside"] for one in tells(answer, ON_SITE)}
    assert ON_SITE.word in found
    assert "the picture" in found
    assert "the PDF" not in found


@pytest.mark.parametrize("kind", ["inside", *STAFF])
def test_no_browser_keeps_what_is_not_for_all(walked: dict[str, list[Answer]], kind: str) -> None:
    telling = [one for one in walked[kind] if tells(one, ON_SITE) or tells(one, CLOSED)]
    assert telling
    kept = [str(one) for one in telling if "no-store" not in one.headers["Cache-Control"]]
    assert not kept


def test_the_description_of_a_closed_document_is_public(walked: dict[str, list[Answer]]) -> None:
    assert any(DESCRIBED in answer.text for answer in walked["outside"] if answer.status == 200)


@pytest.mark.parametrize(("kind", "name"), [("outside", "other"), ("inside", "inside")])
def test_libraries_that_differ_in_what_is_shut_look_alike(
    walked: dict[str, list[Answer]], portals: dict[str, Portal], kind: str, name: str
) -> None:
    """Counts, facets, order of hits, proposals, sizes: nothing depends on what is shut."""
    mine = {(one.address.path, *one.address.question.items()): one for one in walked[kind]}
    theirs = portals[name].answers(kind)
    compared = 0
    for other in theirs:
        if other.address.endpoint in TELLS_THE_MACHINE:
            continue
        one = mine.get((other.address.path, *other.address.question.items()))
        if one is not None:
            compared += 1
            assert one.status == other.status, str(one)
            assert one.body == other.body, str(one)
            assert one.headers.get("ETag") == other.headers.get("ETag"), str(one)
    assert compared > 0.9 * len(theirs)


def test_what_is_closed_is_gone_at_once(guarded: Flask) -> None:
    """While the portal is open and before the index follows: words, hits, proposals, pictures."""
    home = guarded.extensions["olketanu"].home
    hall, reader = ids_of(home)["hall"], visitor(guarded, "outside")
    everywhere = addresses(guarded, samples_of(home))
    set_rights(home, hall, Rights("open"))
    with open_library(home) as library:
        rebuild_index(library)
    found = {one for answer in reader.walk(everywhere) for one in tells(answer, ON_SITE)}
    assert found >= {ON_SITE.word, ON_SITE.draft.lower(), "the picture", "the PDF"}
    set_rights(home, hall, Rights("closed"))
    told = [str(answer) for answer in reader.walk(everywhere) if tells(answer, ON_SITE)]
    assert not told


@pytest.mark.parametrize("kind", READERS)
def test_the_desk_is_shut_to_readers(walked: dict[str, list[Answer]], kind: str) -> None:
    at_desk = [one for one in walked[kind] if one.address.path.startswith("/desk")]
    inside = [one for one in at_desk if one.address.endpoint != "login.form"]
    assert len(inside) > 10
    assert not [str(one) for one in inside if one.status != 303 or "login" not in one.text]


@pytest.mark.parametrize("kind", [*READERS, *STAFF])
def test_no_address_finds_a_defect(walked: dict[str, list[Answer]], kind: str) -> None:
    assert not [str(one) for one in walked[kind] if one.status >= 500]
