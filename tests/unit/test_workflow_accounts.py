"""What the head does to accounts, and that a head is always left."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olketanu.errors import UsageError
from olketanu.home import Home
from store import changes
from workflow.library import Library, create_library, open_library
from workflow.staff import accounts
from workflow.staff.accounts import Account, changes_of, get_account, list_accounts
from workflow.staff.login import begin_session, check_password, who_is
from workflow.staff.members import add_member, get_member, set_password
from workflow.staff.passwords import (
    Cost,
    hash_password,
    is_first,
    matches,
    new_password,
    refuse_weak,
)

GOOD = "төрт кездейсоқ сөз"
CHEAP = Cost(ln=2, r=1, p=1)
HEADS = ("Айгүл", "Бекзат")
Act = Callable[[Library, str, str], object]

ACTS: dict[str, Act] = {
    "role": lambda library, name, head: accounts.give_role(library, name, "scanner", head),
    "password": accounts.give_password,
    "disable": lambda library, name, head: accounts.let_in(library, name, head, active=False),
    "enable": lambda library, name, head: accounts.let_in(library, name, head, active=True),
}


def cheap(password: str, *, first: bool = False) -> str:
    return hash_password(password, CHEAP, first=first)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with two heads and a scanner."""
    with pytest.MonkeyPatch.context() as patch:
        for module in ("accounts", "members", "login"):
            patch.setattr(f"workflow.staff.{module}.hash_password", cheap)
        home = create_library(tmp_path_factory.mktemp("staff") / "home", "kk")
        with open_library(home) as library:
            for name in HEADS:
                add_member(library, name, "head", GOOD, "staff")
            add_member(library, "Дина", "scanner", GOOD, "staff")
    return home.root


@pytest.fixture
def library(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    for module in ("accounts", "members", "login"):
        monkeypatch.setattr(f"workflow.staff.{module}.hash_password", cheap)
    with open_library(Home(shutil.copytree(made, tmp_path / "home"))) as opened:
        yield opened


def refused(act: Act, library: Library, name: str, head: str) -> str:
    """The key of the error of an act that changes nothing; "" where it is done."""
    before = changes.last_seq(library.store)
    try:
        act(library, name, head)
    except UsageError as error:
        assert changes.last_seq(library.store) == before
        return error.key
    return ""


def test_a_new_member_comes_in_with_the_password_that_was_shown(library: Library) -> None:
    given_ = accounts.open_account(library, " Ерлан ", "scanner", HEADS[0])
    assert (given_.name, given_.role) == ("Ерлан", "scanner")
    assert given_.password not in repr(given_)
    member = check_password(library.store, "ерлан", given_.password)
    assert member is not None
    assert is_first(member.password)
    told = changes.events_since(library.store, 0)[-1]
    assert (told.kind, told.subject, told.actor) == ("staff.added", "Ерлан", HEADS[0])
    assert given_.password not in str(told)


def test_a_password_of_ones_own_is_no_first_one_any_more(library: Library) -> None:
    given_ = accounts.give_password(library, "Дина", HEADS[0])
    assert check_password(library.store, "Дина", GOOD) is None
    assert get_account(library.store, "Дина").has_first
    set_password(library, "Дина", f"{GOOD}!", "Дина")
    assert check_password(library.store, "Дина", given_.password) is None
    assert not get_account(library.store, "дина").has_first


def test_a_change_by_the_head_ends_the_sessions_of_the_member(library: Library) -> None:
    for act in (ACTS["password"], ACTS["role"], ACTS["disable"]):
        accounts.give_role(library, "Дина", "cataloguer", HEADS[0])
        token = begin_session(library, get_member(library.store, "Дина"))
        assert token is not None
        act(library, "Дина", HEADS[0])
        assert who_is(library.store, token) is None


@pytest.mark.parametrize("act", ACTS)
def test_nobody_changes_their_own_account(library: Library, act: str) -> None:
    assert refused(ACTS[act], library, HEADS[0].upper(), HEADS[0]) == "error.own-account"


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("actor", ["Дина", "nobody", "staff", "olketanu", ""])
def test_who_is_no_head_changes_no_account(library: Library, act: str, actor: str) -> None:
    assert refused(ACTS[act], library, HEADS[1], actor) == "error.not-head"
    with pytest.raises(UsageError, match="not-head"):
        accounts.open_account(library, "Ерлан", "head", actor)


@pytest.mark.parametrize("act", ACTS)
def test_who_was_a_head_until_just_now_changes_no_account(library: Library, act: str) -> None:
    accounts.let_in(library, HEADS[1], HEADS[0], active=False)
    assert refused(ACTS[act], library, HEADS[0], HEADS[1]) == "error.not-head"


@pytest.mark.parametrize("act", ACTS)
def test_an_account_that_is_none_is_told(library: Library, act: str) -> None:
    assert refused(ACTS[act], library, "nobody", HEADS[0]) == "error.unknown-member"


STEPS = st.tuples(
    st.sampled_from(sorted(ACTS)), st.sampled_from((*HEADS, "Дина")), st.sampled_from(HEADS)
)


@given(st.lists(STEPS, max_size=12))
def test_whatever_heads_do_to_one_another_one_is_left(
    made: Path, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, str]]
) -> None:
    root = shutil.copytree(made, tmp_path_factory.mktemp("left") / "home")
    with pytest.MonkeyPatch.context() as patch, open_library(Home(root)) as library:
        patch.setattr("workflow.staff.accounts.hash_password", cheap)
        for act, name, head in steps:
            refused(ACTS[act], library, name, head)
            assert any(one.role == "head" and one.is_active for one in list_accounts(library.store))


def test_the_opposite_act_takes_an_act_back(library: Library) -> None:
    before = get_account(library.store, "Дина")
    accounts.let_in(library, "Дина", HEADS[0], active=False)
    accounts.let_in(library, "Дина", HEADS[1], active=True)
    accounts.give_role(library, "Дина", "head", HEADS[0])
    accounts.give_role(library, "Дина", "scanner", HEADS[0])
    assert get_account(library.store, "Дина") == before
    told = [(one.kind, one.role, one.actor) for one in changes_of(library.store, before)]
    assert told == [
        ("staff.role", "scanner", HEADS[0]),
        ("staff.role", "head", HEADS[0]),
        ("staff.enabled", "", HEADS[1]),
        ("staff.disabled", "", HEADS[0]),
        ("staff.added", "scanner", "staff"),
    ]


def test_accounts_stand_by_name_with_their_last_act_those_that_are_shut_last(
    library: Library,
) -> None:
    accounts.let_in(library, HEADS[0], HEADS[1], active=False)
    with library.store.transaction("Дина") as tx:
        tx.note("desk.later", "doc", {"card": "link", "act": "later"})
        now = tx.now
    assert list_accounts(library.store) == [
        Account("Бекзат", "head", is_active=True, has_first=False, last=""),
        Account("Дина", "scanner", is_active=True, has_first=False, last=now),
        Account("Айгүл", "head", is_active=False, has_first=False, last=""),
    ]


@given(st.text(max_size=20), st.booleans())
def test_a_hash_says_whether_its_owner_has_chosen_the_password(password: str, first: bool) -> None:
    hashed = hash_password(password, CHEAP, first=first)
    assert is_first(hashed) is first
    assert matches(password, hashed)
    assert not matches(f"{password}!", hashed)


def test_a_password_by_chance_is_strong_and_easily_typed() -> None:
    made = {new_password() for _ in range(200)}
    assert len(made) == 200
    for one in made:
        refuse_weak("Айгүл", one)
        assert set(one) <= set("abcdefghjkmnpqrstuvwxyz23456789-")
        assert [len(group) for group in one.split("-")] == [4, 4, 4, 4]
