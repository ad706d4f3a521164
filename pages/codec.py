"""Frames, boxes, articles, amendments as plain dicts (JSON between processes, rows); languages.

Every ``*_from_dict`` is the exact inverse of its ``*_to_dict``; KeyError, TypeError or ValueError
on dicts of another shape.
"""

from typing import Any

from pages.amend import Amendment
from pages.text import Article, Box, PageFrame, RegionRef

# ISO 639-2 in our data, BCP 47 (xsd:language) in ALTO, PDF and METS.
_TAGS = {"kaz": "kk", "rus": "ru", "eng": "en"}
_CODES = {tag: code for code, tag in _TAGS.items()}
# Suppress-Script of the IANA subtag registry: the script that the language alone implies.
_SCRIPTS = {"kk": "Cyrl", "ru": "Cyrl", "en": "Latn"}
_FRAME_NUMBERS = ("frame", "quarter_turn", "width", "height", "dpi")


def box_to_list(box: Box) -> list[int]:
    """Return [left, top, right, bottom] in frame pixels."""
    return list(box)


def box_from_list(values: list[int]) -> Box:
    """Return the box of four numbers [left, top, right, bottom]."""
    left, top, right, bottom = values
    return Box(int(left), int(top), int(right), int(bottom))


def frame_to_dict(frame: PageFrame) -> dict[str, Any]:
    """Return the frame as a dict of JSON values; ``crop`` is a list of four or None."""
    return {
        "master": frame.master,
        "frame": frame.frame,
        "crop": None if frame.crop is None else box_to_list(frame.crop),
        "quarter_turn": frame.quarter_turn,
        "width": frame.width,
        "height": frame.height,
        "dpi": frame.dpi,
    }


def frame_from_dict(data: dict[str, Any]) -> PageFrame:
    """Return the frame that :func:`frame_to_dict` wrote; further keys are ignored."""
    crop = None if data["crop"] is None else box_from_list(data["crop"])
    frame, quarter_turn, width, height, dpi = (int(data[name]) for name in _FRAME_NUMBERS)
    return PageFrame(str(data["master"]), frame, crop, quarter_turn, width, height, dpi)


def article_to_dict(article: Article) -> dict[str, Any]:
    """Return the article as a dict of JSON values; ``regions`` are [page key, region id] pairs."""
    return {
        "id": article.id,
        "title": article.title,
        "regions": [list(ref) for ref in article.regions],
        "language": article.language,
        "confidence": article.confidence,
    }


def article_from_dict(data: dict[str, Any]) -> Article:
    """Return the article that :func:`article_to_dict` wrote; further keys are ignored."""
    refs = tuple(RegionRef(str(page), str(region)) for page, region in data["regions"])
    identifier, title, language = (str(data[name]) for name in ("id", "title", "language"))
    return Article(identifier, title, refs, language, float(data["confidence"]))


def amendment_to_dict(amendment: Amendment) -> dict[str, Any]:
    """Return the amendment as a dict of JSON values."""
    return {
        "page": amendment.page,
        "kind": amendment.kind,
        "box": box_to_list(amendment.box),
        "old": amendment.old,
        "new": amendment.new,
    }


def amendment_from_dict(data: dict[str, Any]) -> Amendment:
    """Return the amendment that :func:`amendment_to_dict` wrote; further keys are ignored."""
    page, kind, old, new = (str(data[name]) for name in ("page", "kind", "old", "new"))
    return Amendment(page, kind, box_from_list(data["box"]), old, new)


def language_tag(language: str, script: str = "") -> str:
    """Return the BCP 47 tag of an ISO 639-2 code and an ISO 15924 script.

    The script is written only where the language does not imply it: (kaz, Cyrl) is ``kk``,
    (kaz, Latn) is ``kk-Latn``, (und, Cyrl) is ``und-Cyrl``. Codes without a two-letter form stay.
    """
    tag = _TAGS.get(language, language)
    return tag if not script or _SCRIPTS.get(tag) == script else f"{tag}-{script}"


def language_code(tag: str) -> tuple[str, str]:
    """Return (ISO 639-2 code, ISO 15924 script) of a tag that :func:`language_tag` made."""
    short, _, script = tag.partition("-")
    return _CODES.get(short, short), script or _SCRIPTS.get(short, "")
