"""A cataloguer takes the correction sheet away, brings it back ticked, and thinks again."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from olketanu.home import Home
from tests.portal.browser import Tab, browsing, serving
from tests.portal.corrected_home import correct_records, states, tick
from tests.portal.members import enter_members
from tests.portal.test_browser_axe import violations


@pytest.fixture
def home(made_home: Path, tmp_path: Path) -> Home:
    made = Home(shutil.copytree(made_home, tmp_path / "home"))
    correct_records(made)
    enter_members(made, "cataloguer")
    return made


@pytest.fixture
def desk(home: Home) -> Iterator[str]:
    with serving(home.root) as url:
        yield url


def take_away(tab: Tab, folder: Path) -> bytes:
    with tab.page.expect_download() as found:
        tab.page.locator("a[href$='sheet.xlsx']").click()
    path = folder / "sheet.xlsx"
    found.value.save_as(path)
    return path.read_bytes()


def bring(tab: Tab, sheet: Path) -> None:
    tab.page.locator("input[type=file]").set_input_files(sheet)
    with tab.page.expect_navigation():
        tab.page.locator("form[enctype] button").click()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_sheet_is_ticked_brought_back_and_taken_back(
    chromium: Browser, desk: str, home: Home, tmp_path: Path, *, javascript: bool
) -> None:
    with browsing(chromium, desk, javascript=javascript) as tab:
        tab.log_in("cataloguer")
        tab.open("/ru/desk/corrections/")
        ticked = tick(take_away(tab, tmp_path), {2: ("✓", ""), 3: ("", "✓")}, "запись закрыта")
        sheet = tmp_path / "отмечено.xlsx"
        sheet.write_bytes(ticked)
        bring(tab, sheet)
        expect(tab.page.get_by_text("запись закрыта")).to_be_visible()
        assert states(home) == ["open"] * 3
        with tab.page.expect_navigation():
            tab.page.get_by_role("button", name="Принять 2 отметки").click()
        expect(tab.page.get_by_text("Лист «отмечено.xlsx» принят.")).to_be_visible()
        assert states(home) == ["waiting", "refused", "open"]
        with tab.page.expect_navigation():
            tab.page.get_by_role("button", name="Отменить").click()
        expect(tab.page.get_by_text("Лист «отмечено.xlsx» отменён")).to_be_visible()
        assert states(home) == ["open"] * 3


def test_looking_at_a_sheet_shuts_nobody_out(chromium: Browser, desk: str, tmp_path: Path) -> None:
    with browsing(chromium, desk) as tab:
        tab.log_in("cataloguer")
        tab.open("/kk/desk/corrections/")
        found = violations(tab, "the sheet")
        sheet = tmp_path / "sheet.xlsx"
        sheet.write_bytes(tick(take_away(tab, tmp_path), {2: ("✓", ""), 3: ("??", "")}))
        bring(tab, sheet)
        found += violations(tab, "what is ticked")
        with tab.page.expect_navigation():
            tab.page.locator("button.primary").click()
        found += violations(tab, "what was taken")
        assert not found, "\n".join(found)
