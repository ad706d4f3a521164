"""Accounts at a real browser: by keyboard, without scripts, on a phone, for every reader of it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from olketanu.home import Home
from tests.portal.browser import Tab, browsing, serving
from tests.portal.members import STAFF, enter_members
from tests.portal.test_browser_axe import violations

OWN = "менің жаңа құпия сөзім"


@pytest.fixture
def address(made_home: Path, tmp_path: Path) -> Iterator[str]:
    home = Home(shutil.copytree(made_home, tmp_path / "home"))
    enter_members(home, *STAFF)
    with serving(home.root) as url:
        yield url


def log_in(tab: Tab, name: str, password: str) -> None:
    tab.open("/ru/desk/login")
    tab.page.get_by_label("Имя").fill(name)
    tab.page.get_by_label("Пароль").fill(password)
    tab.page.keyboard.press("Enter")


def press(tab: Tab, role: Literal["link", "button"], name: str) -> None:
    """Press something and wait for the page that comes after it."""
    with tab.page.expect_navigation():
        tab.page.get_by_role(role, name=name).click()


@pytest.mark.parametrize("width", [390, 1280])
def test_a_newcomer_is_let_in_by_keyboard_and_without_scripts(
    chromium: Browser, address: str, width: int
) -> None:
    with browsing(chromium, address, width=width, javascript=False) as head:
        head.log_in()
        head.open("/ru/desk/")
        head.page.get_by_role("link", name="Сотрудники", exact=True).press("Enter")
        head.page.wait_for_url("**/people/**")
        head.tabs_until("#name")
        head.page.keyboard.type("Дина")
        head.page.keyboard.press("Tab")
        head.page.keyboard.press("ArrowDown")
        head.page.keyboard.press("Tab")
        head.page.keyboard.press("Enter")
        expect(head.page.get_by_role("status")).to_contain_text("каталогизатор")
        first = head.page.locator(".slip").inner_text()
        head.page.get_by_role("link", name="Записано").press("Enter")
        row = head.page.get_by_role("row", name="Дина")
        expect(row).to_contain_text("ещё не сменён")
    with browsing(chromium, address, width=width, javascript=False) as hers:
        hers.expected.add(400)
        log_in(hers, "дина", first)
        expect(hers.page.get_by_role("heading", level=1)).to_have_text("Смена пароля")
        hers.page.get_by_label("Нынешний пароль").fill(first)
        hers.page.get_by_label("Новый пароль", exact=True).fill(OWN)
        hers.page.get_by_label("Новый пароль ещё раз").fill(OWN)
        hers.page.keyboard.press("Enter")
        hers.page.get_by_role("link", name="К очереди").press("Enter")
        expect(hers.page.get_by_role("heading", level=1)).to_have_text("Очередь")


def test_what_happens_to_accounts_shuts_nobody_out(chromium: Browser, address: str) -> None:
    with browsing(chromium, address) as tab:
        tab.log_in()
        tab.open("/kk/desk/people/")
        shown = violations(tab, "the list")
        tab.expected.add(400)
        tab.page.locator("#name").fill(STAFF["scanner"].name)
        press(tab, "button", "Қосу")
        shown += violations(tab, "a name that is taken")
        press(tab, "link", STAFF["scanner"].name)
        press(tab, "button", "Кіруін жабу")
        shown += violations(tab, "an account that was shut")
        press(tab, "button", "Жаңа алғашқы құпиясөз беру")
        shown += violations(tab, "a first password")
        assert not shown, "\n".join(shown)
