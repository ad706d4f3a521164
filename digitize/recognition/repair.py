"""After recognition: look-alike letters set right, and a language for every line.

The engine's own reading stays in ``Word.raw``. No dictionary corrects anything here: tried, it made
pages worse.
"""

from dataclasses import replace

from language.identify import evidence, identify, variant
from language.letters import script_of
from language.lookalikes import repair, repair_numeral
from language.standard_numbers import repair_label
from pages.text import Box, Line, Region

CLEAR = 4.0  # evidence by which a short line speaks for itself: a word with two letters of Kazakh
LETTERS_OF_ITS_OWN = 25  # a line with fewer letters says less than the region it stands in


def repair_regions(regions: tuple[Region, ...]) -> tuple[Region, ...]:
    """Return the regions with every word's ``text`` repaired from its ``raw``; boxes unchanged."""
    return tuple(
        replace(region, lines=tuple(_repaired(line) for line in region.lines)) for region in regions
    )


def name_languages(regions: tuple[Region, ...]) -> tuple[Region, ...]:
    """Return the regions with language (ISO 639-2) and script (ISO 15924) of every line.

    A long line speaks for itself; a short one takes the language of its region, a region that does
    not tell (a name, a headline) that of the nearest one below or above it in its column, else that
    of the page; ``und`` where the whole page does not tell.
    """
    page = identify(_text(regions))
    own = [_own_language(_text((region,))) for region in regions]
    return tuple(
        _named(region, language if language != "und" else _beside(region, regions, own) or page)
        for region, language in zip(regions, own, strict=True)
    )


def _own_language(text: str) -> str:
    """The language that a text tells by itself; a short one must tell it clearly."""
    clear = _letters(text) >= LETTERS_OF_ITS_OWN or abs(evidence(text)) >= CLEAR
    return identify(text) if clear or script_of(text) != "Cyrl" else "und"


def _beside(region: Region, regions: tuple[Region, ...], languages: list[str]) -> str:
    """Language of the nearest region in the same column that tells its own; empty for none."""
    gaps = [
        (_gap(region.box, other.box), number)
        for number, other in enumerate(regions)
        if languages[number] != "und" and _in_column(region.box, other.box)
    ]
    return languages[min(gaps)[1]] if gaps else ""


def _in_column(box: Box, other: Box) -> bool:
    common = min(box.right, other.right) - max(box.left, other.left)
    return common * 2 > min(box.width, other.width)


def _gap(box: Box, other: Box) -> int:
    """Pixels between two regions; above counts double: a headline is of what follows."""
    return max(other.top - box.bottom, 2 * (box.top - other.bottom), 0)


def languages_of(regions: tuple[Region, ...]) -> tuple[str, ...]:
    """Languages of the lines, the one with most letters first; ``und`` is left out."""
    letters: dict[str, int] = {}
    for region in regions:
        for line in region.lines:
            letters[line.language] = letters.get(line.language, 0) + _letters(line.text)
    known = {language: count for language, count in letters.items() if language != "und"}
    return tuple(sorted(known, key=lambda language: (-known[language], language)))


def variants_of(regions: tuple[Region, ...]) -> tuple[str, ...]:
    """Spellings other than today's (:func:`language.identify.variant`) of the regions, sorted."""
    found = {variant(_text((region,))) for region in regions}
    return tuple(sorted(found - {""}))


def _repaired(line: Line) -> Line:
    """The line with every word repaired, what stands beside it taken into account."""
    texts = [repair(word.raw) or word.raw for word in line.words]
    following = [*texts[1:], ""]
    pairs = zip(texts, following, strict=True)
    readings = [repair_label(repair_numeral(text, after), after) for text, after in pairs]
    words = [
        word if word.text == text else replace(word, text=text)
        for word, text in zip(line.words, readings, strict=True)
    ]
    return replace(line, words=tuple(words))


def _named(region: Region, language: str) -> Region:
    script = script_of(_text((region,)))
    lines = tuple(_named_line(line, language, script) for line in region.lines)
    return replace(region, lines=lines)


def _named_line(line: Line, language: str, script: str) -> Line:
    own = script_of(line.text)
    if _letters(line.text) >= LETTERS_OF_ITS_OWN or abs(evidence(line.text)) >= CLEAR:
        language = identify(line.text, language)
    elif own not in ("und", script):
        language = identify(line.text)  # an ISBN or an address in Latin letters is not Kazakh
    return replace(line, language=language, script=script if own == "und" else own)


def _text(regions: tuple[Region, ...]) -> str:
    return "\n".join(line.text for region in regions for line in region.lines)


def _letters(text: str) -> int:
    return sum(1 for sign in text if sign.isalpha())
