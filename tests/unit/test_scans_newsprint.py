"""Lines of real Soviet newsprint: figures that hold where the lines and their truth are at hand.

They are no part of the project: the folder is named by OLKETANU_NEWSPRINT and holds, by year, one
image (``.tif``) and one text (``.gt.txt``) a line.
"""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from digitize.recognition.image import Grey, prepare
from digitize.recognition.profiles import Profile, profile_for
from digitize.recognition.recognise import for_this_machine, recogniser
from digitize.recognition.second_look import Reader, look_again
from olketanu.errors import MissingToolError
from pages.measure import Errors, characters, pooled

pytestmark = [pytest.mark.tesseract, pytest.mark.slow]

FOLDER = Path(os.environ.get("OLKETANU_NEWSPRINT", "soviet-newsprint"))
DPI = 400
FOLDED = str.maketrans("ӧӦ", "оО")  # a letter that neither Kazakh nor Russian has


def lines(year: str) -> list[tuple[Grey, str]]:
    paths = sorted((FOLDER / year).glob("*.tif"))
    if not paths:
        pytest.skip("the lines of real newsprint are not at hand (OLKETANU_NEWSPRINT)")
    return [
        (
            np.asarray(Image.open(path).convert("L"), dtype=np.uint8),
            path.with_suffix(".gt.txt").read_text("utf-8").strip(),
        )
        for path in paths
    ]


def read(image: Grey, profile: Profile) -> str:
    """As the page job reads a page."""
    engine = recogniser(profile.engine)
    prepared = prepare(image, noise_limit=profile.noise_limit, max_skew=profile.max_skew, dpi=DPI)
    regions = engine.recognise(prepared.image, profile, prepared.dpi)
    regions, _ = look_again(prepared.image, regions, Reader(engine, profile, prepared.dpi))
    return " ".join(line.text for region in regions for line in region.lines)


def measured(year: str, name: str) -> Errors:
    profile = profile_for(name, "newspaper_issue", 0, 1)
    try:
        profile = for_this_machine(profile)
    except MissingToolError as error:
        pytest.skip(str(error))
    if not profile.languages:
        pytest.skip(f"no model for {name} is installed")
    pairs = [(read(image, profile), truth) for image, truth in lines(year)]
    return pooled(characters(t.translate(FOLDED), r.translate(FOLDED)) for r, t in pairs)


def test_cyrillic_newsprint_of_1939_is_read_with_at_most_5_errors_in_100() -> None:
    assert measured("1939_09", "old-soviet").rate <= 0.05


def test_latin_print_of_1933_is_read_with_at_most_20_errors_in_100() -> None:
    assert measured("1933_12", "latin-kk-1929").rate <= 0.20
