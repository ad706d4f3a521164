"""The stylesheets: legible in light and in dark, small, and fetching nothing."""

import gzip
import re

import pytest

from portal.assets import STATIC

CSS = (STATIC / "olketanu.css").read_text(encoding="utf-8")
COLOUR = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")
TEXT_ON = [
    *((ink, ground) for ink in ("ink", "soft", "accent") for ground in ("ground", "paper", "sunk")),
    *(("accent-deep", ground) for ground in ("ground", "paper", "tint")),
    *(("ink", ground) for ground in ("tint", "mark", "warn-tint", "good-tint", "bad-tint")),
    *(("on-accent", "accent"), ("on-accent", "accent-deep"), ("accent", "tint")),
    *(("bad", "paper"), ("bad", "bad-tint"), ("warn", "warn-tint"), ("good", "good-tint")),
]
EDGES = [(edge, ground) for edge in ("edge", "accent") for ground in ("ground", "paper")]


def tokens(scheme: str) -> dict[str, str]:
    light, _, rest = CSS.partition("@media (prefers-color-scheme: dark)")
    found = dict(COLOUR.findall(light))
    return found if scheme == "light" else found | dict(COLOUR.findall(rest.partition("}\n}")[0]))


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_edges_stand_out(scheme: str) -> None:
    colours = tokens(scheme)
    pale = [(pair, 4.5) for pair in TEXT_ON] + [(pair, 3.0) for pair in EDGES]
    found = [(pair, contrast(*(colours[name] for name in pair)), least) for pair, least in pale]
    assert not [case for case in found if case[1] < case[2]]


def test_dark_changes_every_colour_that_light_names() -> None:
    light, dark = tokens("light"), tokens("dark")
    assert len(light) > 15
    assert not [name for name in light if light[name] == dark[name]]


@pytest.mark.parametrize("path", sorted(STATIC.glob("*.css")), ids=lambda path: path.name)
def test_a_stylesheet_fetches_nothing(path: object) -> None:
    text = (STATIC / str(path)).read_text(encoding="utf-8")
    assert not re.findall(r"url\(|@import|https?:", text)


def test_the_stylesheet_is_small() -> None:
    assert len(gzip.compress(CSS.encode())) <= 12 * 1024
