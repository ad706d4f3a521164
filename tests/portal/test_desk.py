"""The desk in a browser: the queue, a card, what is done with it, and taking it back."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from olketanu.home import Home
from store.catalogue import links
from tests.portal.desk_home import Staff, hidden
from tests.unit.proposed_links import add_proposals
from workflow.library import open_library


@pytest.fixture
def proposals(home: Home) -> list[str]:
    return add_proposals(home, 3)


@pytest.fixture
def staff(app: Flask, proposals: list[str]) -> Staff:
    return Staff(app)


def status(home: Home, link: str) -> str:
    with open_library(home) as library:
        return links.get_link(library.store, link).status


def test_the_queue_counts_what_waits_and_leads_to_the_best_proposal(
    staff: Staff, proposals: list[str]
) -> None:
    page = staff.get("/en/desk/?only=link")
    assert page.status_code == 200
    assert "3 left" in page.text
    first = staff.client.get("/en/desk/next", headers=staff.headers)
    assert first.location == f"/en/desk/card/link/{proposals[0]}"


@pytest.mark.parametrize("path", ["/desk/", "/desk/next", "/desk/acts", "/desk/card/link/x"])
def test_readers_do_not_see_the_desk(reader: FlaskClient, path: str) -> None:
    assert reader.get(path).status_code in (303, 403)


def test_a_card_shows_scan_and_record_side_by_side(staff: Staff, proposals: list[str]) -> None:
    page = staff.get(f"/ru/desk/card/link/{proposals[0]}").text
    assert page.count("Шахтёрский посёлок 0") >= 3
    assert "Совпадает заглавие" in page
    assert re.search(r'<rect class="box" x="100" y="100" width="800" height="60"', page)
    assert "Запись № x0" in page


def test_what_a_card_leads_to_is_in_the_language_of_the_desk(
    staff: Staff, proposals: list[str]
) -> None:
    page = staff.get(f"/ru/desk/card/link/{proposals[0]}").text
    leads = re.findall(r'<a href="([^"]*/[dr]/[^"]*)"', page)
    assert len(leads) >= 2
    assert [one for one in leads if not one.startswith("/ru/")] == []


def test_accepting_leads_to_the_next_card_and_offers_to_undo(
    staff: Staff, home: Home, proposals: list[str]
) -> None:
    answer = staff.act("link", proposals[0], "accept")
    assert answer.status_code == 303
    assert answer.location.startswith(f"/en/desk/card/link/{proposals[1]}?done=")
    assert status(home, proposals[0]) == "accepted"
    assert "accepted" in staff.get(answer.location).text
    number = int(answer.location.partition("done=")[2])
    undone = staff.undo(number)
    assert undone.location == f"/en/desk/card/link/{proposals[0]}?undone={number}"
    assert "Undone: accepted" in staff.get(undone.location).text
    assert status(home, proposals[0]) == "proposed"
    assert "3 left" in staff.get("/en/desk/?only=link").text


def test_acts_are_listed_by_the_titles_of_their_cards(staff: Staff, proposals: list[str]) -> None:
    staff.act("link", proposals[0], "accept")
    page = staff.get("/en/desk/acts").text
    assert re.search(rf'{proposals[0]}">Шахтёрский посёлок 0</a>', page)


def test_an_act_is_undone_once(staff: Staff, proposals: list[str]) -> None:
    answer = staff.act("link", proposals[0], "reject")
    number = int(answer.location.partition("done=")[2])
    assert staff.undo(number).status_code == 303
    assert staff.undo(number).status_code == 409


def test_a_card_that_somebody_else_decided_is_shown_as_it_is_now(
    app: Flask, staff: Staff, proposals: list[str], home: Home
) -> None:
    seen = hidden(staff.get(f"/en/desk/card/link/{proposals[0]}").text)
    Staff(app, "bolat").act("link", proposals[0], "reject")
    answer = staff.act("link", proposals[0], "accept", **seen)
    assert answer.status_code == 409
    assert "bolat" in answer.text
    assert status(home, proposals[0]) == "rejected"


def test_a_card_put_off_waits_behind_the_others(staff: Staff, proposals: list[str]) -> None:
    staff.act("link", proposals[0], "later")
    page = staff.get("/en/desk/?only=link").text
    assert page.count('<span class="chip">put off</span>') == 1
    assert page.index(proposals[1]) < page.index(proposals[2]) < page.index(proposals[0])


def test_what_is_decided_is_not_put_off(staff: Staff, proposals: list[str]) -> None:
    later = 'name="act" value="later"'
    staff.act("link", proposals[0], "later")
    assert later in staff.get(f"/en/desk/card/link/{proposals[0]}").text
    staff.act("link", proposals[0], "accept")
    assert later not in staff.get(f"/en/desk/card/link/{proposals[0]}").text


def test_who_is_at_a_card_is_told_to_others(app: Flask, staff: Staff, proposals: list[str]) -> None:
    staff.get(f"/en/desk/card/link/{proposals[0]}")
    other = Staff(app, "bolat")
    assert "aigul is at this card" in other.get(f"/en/desk/card/link/{proposals[0]}").text
    first = other.client.get("/en/desk/next", headers=other.headers)
    assert first.location == f"/en/desk/card/link/{proposals[1]}"


def test_the_queue_is_narrowed_by_what_is_asked(staff: Staff) -> None:
    assert "3 left" in staff.get("/en/desk/?only=link&language=rus").text
    assert "0 left" in staff.get("/en/desk/?only=link&language=kaz").text
    page = staff.get("/en/desk/?only=nothing").text
    assert "0 left" in page
    assert "The queue is empty" not in page
    assert "Show the whole queue" in page


def test_what_was_typed_is_not_lost_when_an_act_is_refused(
    staff: Staff, proposals: list[str]
) -> None:
    answer = staff.act("link", proposals[0], "other", record="no <such> number")
    assert answer.status_code == 400
    assert 'value="no &lt;such&gt; number"' in answer.text
    assert staff.act("link", proposals[0], "no-such-act").status_code == 400
    assert staff.act("link", proposals[0], "").status_code == 400


@pytest.mark.parametrize(
    "path",
    ["card/link/zzzzzzzz", "card/nothing/x", "acts?before=x"]
    + [f"{page}={'9' * digits}" for page in ("acts?before", "?done") for digits in (18, 19, 5000)],
)
def test_what_is_unknown_is_no_defect(staff: Staff, path: str) -> None:
    assert staff.get(f"/en/desk/{path}").status_code in (200, 404)


def test_a_scanner_sees_pages_alone(app: Flask, staff: Staff, proposals: list[str]) -> None:
    scanner = Staff(app, "marat", "scanner")
    assert "Links" not in scanner.get("/en/desk/").text
    assert scanner.get(f"/en/desk/card/link/{proposals[0]}").status_code == 403
    assert scanner.act("link", proposals[0], "accept").status_code == 403


def test_acts_of_others_are_for_the_head(
    app: Flask, staff: Staff, proposals: list[str], home: Home
) -> None:
    answer = staff.act("link", proposals[0], "accept")
    number = int(answer.location.partition("done=")[2])
    other, head = Staff(app, "bolat"), Staff(app, "dana", "head")
    assert other.get("/en/desk/acts?who=all").status_code == 403
    assert other.undo(number).status_code == 403
    assert "aigul" in head.get("/en/desk/acts?who=all").text
    assert head.undo(number).status_code == 303
    assert status(home, proposals[0]) == "proposed"


def test_what_somebody_else_did_is_not_told_by_its_number(
    app: Flask, staff: Staff, proposals: list[str]
) -> None:
    number = staff.act("link", proposals[0], "accept").location.partition("done=")[2]
    assert proposals[0] in staff.get(f"/en/desk/?done={number}&only=page").text
    scanner = Staff(app, "marat", "scanner")
    assert proposals[0] not in scanner.get(f"/en/desk/?done={number}").text
