"""The page for the library's IT: what it has people type is what the program takes."""

import re
import shlex
import tomllib
from textwrap import dedent

import click
import pytest

from commands.group import root
from olketanu.settings import parse_settings
from tests.house import ROOT

PAGES = ("server.md", "server-ru.md")


def text_of(page: str) -> str:
    return (ROOT / "docs" / "howto" / page).read_text(encoding="utf-8")


def blocks(page: str) -> list[str]:
    found = re.findall(r"(?:^    .*\n|^\n(?=    ))+", text_of(page), re.M)
    return [dedent(block).strip() for block in found]


@pytest.mark.parametrize("page", PAGES)
def test_the_settings_of_the_page_are_settings(page: str) -> None:
    told = next(block for block in blocks(page) if block.startswith("[library]"))
    settings = parse_settings(tomllib.loads(told))
    assert settings.portal.on_site == ("192.168.1.0/24",)
    assert settings.portal.inbox == "/srv/olketanu/inbox"


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_the_page_exists(page: str) -> None:
    lines = re.findall(r"^.*bin/(olketanu .*)$", text_of(page), re.M)
    assert len(lines) >= 8
    for line in lines:
        words = shlex.split(line)[1:]
        command: click.Command = root
        path = [word for word in words if not word.startswith(("-", "/"))]
        for name in path[:2]:
            if isinstance(command, click.Group):
                found = command.get_command(click.Context(command), name)
                assert found is not None, line
                command = found


def test_both_pages_give_the_same_service_and_proxy() -> None:
    plain = [[re.sub(r"#.*", "", block) for block in blocks(page)] for page in PAGES]
    assert plain[0] == plain[1]
