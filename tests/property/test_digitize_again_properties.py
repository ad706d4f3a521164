"""Whatever happened to a document: assembled out of its former files it is as assembled anew."""

import hashlib
import random
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from digitize.output.assemble import task
from digitize.output.pictures import PICTURES
from digitize.output.texts import TEXTS
from pages.alto import write_alto
from pages.codec import frame_to_dict
from pages.text import Box, Line, PageFrame, PageText, Region, Word

TIME = "2026-11-23T09:00:00Z"
SIZE = (320, 448)
WORDS = (("қала", 0.9), ("тарихы", 0.3), ("шахта-", None))
PLACES = tuple(Box(20 + 90 * n, 20, 100 + 90 * n, 40) for n in range(3))
ON_PICTURE = Box(60, 200, 280, 390)


@dataclass
class Document:
    """What the catalogue says of a document, and its files as the home has them."""

    home: Path
    pages: list[dict[str, Any]]
    title: str = "Өлке"
    pdf: dict[str, Any] = field(default_factory=lambda: {"output": "access", "master": True})
    files: dict[str, str] = field(default_factory=dict)

    def assembled(self, output: Path, *, anew: bool) -> dict[str, Any]:
        output.mkdir()
        former = {"folder": str(self.home), "files": self.files}
        payload = {
            **{"document": "bcd1234f", "title": self.title, "time": TIME, "languages": ["kaz"]},
            **{"pages": self.pages, "output": str(output), "pdf": self.pdf, "kind": "book"},
        }
        result = task(payload if anew else {**payload, "former": former})
        del result["seconds"]
        return result

    def placed(self, output: Path, files: dict[str, str]) -> None:
        """The files get into the home as the parent puts them there: renamed, the rest removed."""
        for name in files:
            target = self.home / name
            target.parent.mkdir(parents=True, exist_ok=True)
            (output / name).replace(target)
        for name in self.files.keys() - files.keys():
            (self.home / name).unlink(missing_ok=True)
        self.files = files


Change = Callable[[Document, random.Random], None]


def correct(document: Document, dice: random.Random) -> None:
    """A word read rightly, in as many words or in more, or struck out."""
    page, at = dice.choice(document.pages), dice.randrange(len(WORDS))
    new = dice.choice(("сөз", "екі сөз", "", "Қарағанды"))
    box = list(PLACES[at])
    page["amendments"] = [
        *page["amendments"],
        {
            **{"id": len(page["amendments"]) + 1, "page": page["key"], "kind": "text"},
            **{"box": box, "old": WORDS[at][0], "new": new},
        },
    ]


def write_over_a_picture(document: Document, dice: random.Random) -> None:
    """Words where a picture was seen: it may be none."""
    page = dice.choice(document.pages)
    told = {"id": 99, "page": page["key"], "kind": "text", "box": list(ON_PICTURE)}
    page["amendments"] = [*page["amendments"], {**told, "old": "", "new": "сөз"}]


def take_back(document: Document, dice: random.Random) -> None:
    page = dice.choice(document.pages)
    page["amendments"] = page["amendments"][:-1]


def name_anew(document: Document, dice: random.Random) -> None:
    document.title = dice.choice(("Өлке", "Тарих", "Шахта"))


def number_anew(document: Document, dice: random.Random) -> None:
    dice.choice(document.pages)["label"] = dice.choice((None, "7", "IX"))


def order_anew(document: Document, dice: random.Random) -> None:
    document.pages = dice.sample(document.pages, len(document.pages))


def choose_forms(document: Document, dice: random.Random) -> None:
    form = dice.choice(("access", "master", "mono"))
    document.pdf = {"output": form, "master": dice.random() < 0.7}


def lose_text(document: Document, dice: random.Random) -> None:
    """A page is recognised anew, and nothing is found; the next time something is."""
    page = dice.choice(document.pages)
    page["recognised"], page["spare"] = page["spare"], page["recognised"]


def cut_anew(document: Document, dice: random.Random) -> None:
    page = dice.choice(document.pages)
    by = dice.choice((0, 8))
    page["frame"] = {**page["frame"], "height": SIZE[1] - by}
    page["frame"]["crop"] = [0, 0, SIZE[0], SIZE[1] - by] if by else None


def damage(document: Document, dice: random.Random) -> None:
    """A former file is lost, cut short or has a bit that is another one."""
    path = document.home / dice.choice(sorted(document.files))
    if not path.exists():
        return
    data = bytearray(path.read_bytes())
    path.unlink()
    if dice.random() < 0.7:
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        path.write_bytes(data[: dice.choice((len(data), len(data) // 2))])


def forget(document: Document, dice: random.Random) -> None:
    """The files were made by a program that did not write down what they are made of."""
    document.files.pop(PICTURES, None)
    document.files.pop(TEXTS, None)


CHANGES: tuple[Change, ...] = (
    *(correct, write_over_a_picture, take_back, name_anew, number_anew, order_anew),
    *(choose_forms, lose_text, cut_anew, damage, forget),
)


def drawn(number: int) -> Image.Image:
    """A page with some print and a picture below it."""
    image = Image.new("RGB", SIZE, (236, 230, 210))
    draw = ImageDraw.Draw(image)
    for row in range(8):
        draw.text((20, 20 + 20 * row), f"text {number} {row}", fill=(30, 30, 40), font_size=16)
    ramp = np.add.outer(np.arange(200), np.arange(240)) * 120 // 440 + 20
    image.paste(Image.fromarray(ramp.astype(np.uint8)), (50, 200))
    return image


@cache
def masters() -> dict[str, bytes]:
    """A colour JPEG, a grey PNG, bits and a picture without text, by name."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        drawn(1).save(folder / "1.jpg", quality=80, dpi=(150, 150))
        drawn(2).convert("L").save(folder / "2.png", dpi=(150, 150))
        bits = drawn(3).convert("1", dither=Image.Dither.NONE)
        bits.save(folder / "3.tif", compression="group4", dpi=(150, 150))
        drawn(4).convert("L").save(folder / "4.jp2")
        return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def read(frame: PageFrame) -> PageText:
    words = tuple(
        Word(text, text, box, sure) for (text, sure), box in zip(WORDS, PLACES, strict=True)
    )
    line = Line(Box(20, 20, 280, 40), (20, 38, 280, 38), "kaz", "Cyrl", words)
    regions = (Region("r1", "text", line.box, (line,)),)
    return PageText(frame, regions, "made", (), (), 0.4)


def taken_in(folder: Path) -> Document:
    pages: list[dict[str, Any]] = []
    for number, (name, data) in enumerate(masters().items(), 1):
        master = folder / name
        master.write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        frame = PageFrame(digest, 0, None, 0, *SIZE, 150)
        key = f"p000{number}"
        recognised = folder / f"{key}.xml"
        recognised.write_bytes(write_alto(read(frame), page_id=key, source=digest, time=TIME))
        page: dict[str, Any] = {
            **{"key": key, "master": str(master), "frame": frame_to_dict(frame), "label": None},
            **{"recognised": str(recognised), "spare": None, "amendments": []},
        }
        pages.append(page)
    return Document(folder / "home", pages)


def bytes_of(folder: Path, files: dict[str, str]) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in files}


@settings(max_examples=12)
@given(steps=st.lists(st.sampled_from(CHANGES), min_size=1, max_size=4), seed=st.integers(0, 999))
def test_out_of_former_files_it_is_as_if_assembled_anew(steps: list[Change], seed: int) -> None:
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        document = taken_in(folder)
        first = document.assembled(folder / "out", anew=True)
        document.placed(folder / "out", first["files"])
        for step in steps:
            step(document, dice)
            anew = document.assembled(folder / "anew", anew=True)
            again = document.assembled(folder / "again", anew=False)
            assert again == anew
            assert bytes_of(folder / "again", again["files"]) == bytes_of(
                folder / "anew", anew["files"]
            )
            document.placed(folder / "again", again["files"])
            for made in ("anew", "again"):
                shutil.rmtree(folder / made)
