"""Accounts of staff: names, passwords, sessions, and what the journal says of them."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olketanu.errors import OlketanuError, UsageError
from store import changes
from workflow.library import Library, create_library, open_library
from workflow.staff import delay, login, passwords
from workflow.staff.delay import OF_ADDRESS, OF_NAME, Delay
from workflow.staff.login import begin_session, check_password, log_out, who_is
from workflow.staff.members import add_member, let_in, login_of, set_password, set_role
from workflow.staff.passwords import Cost, hash_password, matches, refuse_weak

GOOD = "төрт кездейсоқ сөз"
CHEAP = Cost(ln=2, r=1, p=1)


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    real = hash_password
    monkeypatch.setattr("workflow.staff.members.hash_password", lambda word: real(word, CHEAP))
    monkeypatch.setattr("workflow.staff.login.hash_password", lambda word: real(word, CHEAP))
    with open_library(create_library(tmp_path / "home", "kk")) as opened:
        yield opened


def log_in(library: Library, name: str, password: str) -> str | None:
    member = check_password(library.store, name, password)
    return begin_session(library, member) if member is not None else None


def events(library: Library) -> list[tuple[str, str, str]]:
    told = changes.events_since(library.store, 0)
    return [(e.kind, e.subject, e.actor) for e in told if e.kind.startswith("staff.")]


def test_every_change_of_an_account_is_an_event(library: Library) -> None:
    add_member(library, "Айгүл", "scanner", GOOD, "boss")
    set_role(library, "айгүл", "head", "boss")
    set_role(library, "Айгүл", "head", "boss")  # says nothing new
    set_password(library, "Айгүл", f"{GOOD}!", "Айгүл")
    let_in(library, "Айгүл", "boss", active=False)
    let_in(library, "Айгүл", "boss", active=True)
    assert events(library) == [
        ("staff.added", "Айгүл", "boss"),
        ("staff.role", "Айгүл", "boss"),
        ("staff.password", "Айгүл", "Айгүл"),
        ("staff.disabled", "Айгүл", "boss"),
        ("staff.enabled", "Айгүл", "boss"),
    ]


def test_no_event_holds_a_password_or_its_hash(library: Library) -> None:
    member = add_member(library, "Айгүл", "scanner", GOOD, "boss")
    told = " ".join(str(event) for event in changes.events_since(library.store, 0))
    assert GOOD not in told
    assert member.password not in told
    assert member.password not in repr(member)


def test_logging_in_and_out_says_nothing_of_the_library(library: Library) -> None:
    add_member(library, "Айгүл", "scanner", GOOD, "boss")
    before = changes.last_seq(library.store)
    token = log_in(library, "айгүл", GOOD)
    assert token is not None
    member = who_is(library.store, token)
    assert member is not None
    assert (member.name, member.role) == ("Айгүл", "scanner")
    log_out(library, token)
    assert who_is(library.store, token) is None
    assert changes.last_seq(library.store) == before


def test_an_ended_session_is_forgotten_at_the_next_login(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_member(library, "Айгүл", "scanner", GOOD, "boss")
    monkeypatch.setattr(login, "LASTS", -login.LASTS)
    assert log_in(library, "Айгүл", GOOD) is not None
    monkeypatch.undo()
    assert log_in(library, "Айгүл", GOOD) is not None
    assert len(library.store.rows("SELECT * FROM session")) == 1


def test_a_password_that_changes_while_it_is_checked_lets_nobody_in(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_member(library, "Айгүл", "scanner", GOOD, "boss")

    def slow(password: str, hashed: str) -> bool:
        right = matches(password, hashed)
        set_password(library, "Айгүл", f"{GOOD}!", "boss")
        return right

    monkeypatch.setattr(login, "matches", slow)
    assert log_in(library, "Айгүл", GOOD) is None


def test_an_unknown_name_costs_as_much_as_a_known_one(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    costs = []
    real = passwords._digest

    def counted(password: str, salt: bytes, cost: Cost) -> bytes:
        costs.append(cost)
        return real(password, salt, cost)

    add_member(library, "Айгүл", "scanner", GOOD, "boss")
    monkeypatch.setattr(passwords, "_digest", counted)
    assert check_password(library.store, "Айгүл", "wrong") is None
    assert check_password(library.store, "nobody", "wrong") is None
    let_in(library, "Айгүл", "boss", active=False)
    assert check_password(library.store, "Айгүл", GOOD) is None
    assert costs == [CHEAP] * 3


@pytest.mark.parametrize(
    "name", ["Айгүл", "АЙГҮЛ", " айгүл ", unicodedata.normalize("NFD", "Айгүл")]
)
def test_a_name_like_another_is_taken(library: Library, name: str) -> None:
    add_member(library, "Айгүл", "scanner", GOOD, "boss")
    with pytest.raises(UsageError, match=r"error\.member-exists"):
        add_member(library, name, "head", GOOD, "boss")


@pytest.mark.parametrize(
    "name",
    [
        *("", " ", "olketanu", "Staff", "reader", "a" * 61, "olketanu:link", "a/b", "a\nb"),
        *("<b>", "-a", ".", "a  b", "a\0", "\u202eabc", "a,b", '"a"'),
    ],
)
def test_what_cannot_be_a_name_is_refused(library: Library, name: str) -> None:
    with pytest.raises(UsageError, match=r"error\.member-name"):
        add_member(library, name, "head", GOOD, "boss")


@pytest.mark.parametrize("name", ["Айгүл", "O'Neil-Ким", "А. Б. Серікұлы", "zarina2", "Ким"])
def test_names_of_people_are_taken(library: Library, name: str) -> None:
    assert add_member(library, name, "head", GOOD, "boss").name == name


@pytest.mark.parametrize(
    ("password", "key"),
    [
        ("short", "short"),
        ("x" * 11, "short"),
        ("x" * 12, "simple"),
        ("abcabcabcabc", "simple"),
        ("serikbaeva99", "simple"),
        ("Serikbaeva99serikbaeva99", "simple"),
        ("x1y2z3" * 200, "long"),
    ],
)
def test_a_weak_password_is_refused(password: str, key: str) -> None:
    with pytest.raises(UsageError, match=rf"error\.password-{key}"):
        refuse_weak("serikbaeva99", password)


def test_words_by_chance_are_a_password() -> None:
    refuse_weak("serikbaeva99", GOOD)


@pytest.mark.parametrize("call", ["role", "password", "state"])
def test_nothing_can_be_changed_of_nobody(library: Library, call: str) -> None:
    with pytest.raises(OlketanuError, match=r"error\.unknown-member"):
        {
            "role": lambda: set_role(library, "nobody", "head", "boss"),
            "password": lambda: set_password(library, "nobody", GOOD, "boss"),
            "state": lambda: let_in(library, "nobody", "boss", active=False),
        }[call]()


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_hash_fits_its_own_password_alone(one: str, other: str) -> None:
    hashed = hash_password(one, CHEAP)
    assert matches(one, hashed)
    same = unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)
    assert matches(other, hashed) == same
    assert hash_password(one, CHEAP) != hashed


def test_the_cost_stands_in_the_hash() -> None:
    assert hash_password(GOOD).startswith("$scrypt$ln=15,r=8,p=3$")
    assert matches(GOOD, hash_password(GOOD, Cost(ln=3, r=2, p=5)))


def test_a_foreign_hash_is_an_error() -> None:
    with pytest.raises(ValueError, match="scrypt"):
        matches(GOOD, "$argon2id$v=19$c2FsdA==$c2FsdA==")


def test_failures_cost_more_and_more_and_are_forgotten() -> None:
    door, now, waits = Delay(), 0.0, []
    for _ in range(15):
        while wait := door.begin({"name a": OF_ADDRESS}, now):
            now += wait
            waits.append(wait)
    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]
    assert door.begin({"name a": OF_ADDRESS}, now) > 0
    assert door.begin({"name b": OF_ADDRESS}, now) == 0
    assert door.begin({"name a": OF_ADDRESS}, now + delay.FORGOTTEN) == 0
    assert door.begin({"name a": OF_ADDRESS}, now + delay.FORGOTTEN) == 0


def test_a_try_that_has_to_wait_makes_the_wait_no_longer() -> None:
    door = Delay()
    for _ in range(5):
        door.begin({"name a": OF_ADDRESS}, 0.0)
    assert {door.begin({"name a": OF_ADDRESS}, 1.0) for _ in range(10)} == {4.0}


def test_one_right_password_takes_back_its_own_try_alone() -> None:
    door = Delay()
    for _ in range(4):
        door.begin({"address a": OF_ADDRESS}, 0.0)
    door.begin({"address a": OF_ADDRESS}, 0.0)
    door.give_back("address a")
    assert door.begin({"address a": OF_ADDRESS}, 0.0) == 0
    assert door.begin({"address a": OF_ADDRESS}, 0.0) > 0


def test_an_address_that_goes_on_guessing_makes_the_owner_of_the_name_wait_a_minute_at_most() -> (
    None
):
    door, now, waits = Delay(), 0.0, []
    for _ in range(30):
        now += door.begin({"name a": OF_NAME, "address far": OF_ADDRESS}, now)
        assert door.begin({"name a": OF_NAME, "address far": OF_ADDRESS}, now) == 0
        waits.append(door.begin({"name a": OF_NAME, "address near": OF_ADDRESS}, now))
    assert max(waits) == OF_NAME
    assert door.begin({"name a": OF_NAME, "address near": OF_ADDRESS}, now + OF_NAME) == 0


@given(st.lists(st.integers(0, 200), max_size=300))
def test_what_is_remembered_is_bounded(keys: list[int]) -> None:
    door = Delay(most_keys=10)
    for key in keys:
        door.begin({f"name {key}": OF_NAME}, 0.0)
    assert len(door._tallies) <= 10


def test_a_name_is_folded_to_one_form() -> None:
    assert login_of(" АЙГҮЛ ") == login_of("айгүл") == "айгүл"
