"""What the how-to of the desk calls a button, a part or a key is called so on the screen."""

import gettext
import re
from functools import cache
from pathlib import Path

import pytest

from tests.house import ROOT

LANGUAGES = ("kk", "ru")
TEMPLATES = ROOT / "portal" / "templates" / "desk"
ROOMS = ("desk.", "login.", "batches.", "people.", "portal.")
WITHIN_A_FIELD = {"Ctrl", "Esc"}
"""Keys that scripts take beside those of buttons."""

BOLD = re.compile(r"\*\*(.+?)\*\*", re.S)
KEY = re.compile(r"<kbd>(.+?)</kbd>")
PRESSED = re.compile(r'(?:act\("\w+", |sends\("\w+", |data-key=)"(\w+|\?)"')
BUTTON = re.compile(r"\bact\(|\bsends\(|<kbd")
SAID = re.compile(r't\("([a-z.-]+)"')


def howto(language: str) -> str:
    return (ROOT / "docs" / "howto" / f"desk-{language}.md").read_text("utf-8")


@cache
def screen(language: str) -> dict[str, str]:
    path = ROOT / "olketanu" / "messages" / language / "LC_MESSAGES" / "olketanu.mo"
    with path.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    keys = (key for key in catalogue._catalog if isinstance(key, str))  # type: ignore[attr-defined]  # no public way to list them
    return {key: catalogue.gettext(key) for key in keys if key.startswith(ROOMS)}


@cache
def templates() -> str:
    pages: list[Path] = sorted(TEMPLATES.rglob("*.html"))
    return "\n".join(page.read_text("utf-8") for page in pages)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_in_bold_stands_on_the_screen(language: str) -> None:
    bold = {" ".join(text.split()) for text in BOLD.findall(howto(language))}
    assert len(bold) > 30
    first_of_page = {"жирным", "Қарайтылған"}
    assert not bold - set(screen(language).values()) - first_of_page


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_with_a_key_is_explained(language: str) -> None:
    lines = [line for line in templates().splitlines() if BUTTON.search(line)]
    known = screen(language)
    labels = {key: known[key] for line in lines for key in SAID.findall(line) if key in known}
    assert {"desk.link.accept", "desk.draft.keep", "desk.page.save", "desk.undo"} <= labels.keys()
    named = {label for key, label in labels.items() if not key.startswith("desk.key.")}
    bold = {" ".join(text.split()) for text in BOLD.findall(howto(language))}
    assert not {label for label in named if "{" not in label} - bold


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_keys_are_those_of_the_buttons(language: str) -> None:
    pressed = set(PRESSED.findall(templates()))
    assert {"Enter", "E", "X", "Z", "?"} <= pressed
    assert set(KEY.findall(howto(language))) == pressed | WITHIN_A_FIELD
