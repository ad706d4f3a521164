"""After recognition: look-alike letters set right, and a language for every line.

The engine's own reading stays in ``Word.raw``. No dictionary corrects anything here: tried, it made
pages worse.
"""

from dataclasses import replace

from language.identify import identify
from language.letters import script_of
from language.lookalikes import repair
from pages.text import Line, Region, Word

LETTERS_OF_ITS_OWN = 25  # a line with fewer letters says less than the region it stands in


def repair_regions(regions: tuple[Region, ...]) -> tuple[Region, ...]:
    """Return the regions with every word's ``text`` repaired from its ``raw``; boxes unchanged."""
    return tuple(
        replace(region, lines=tuple(_repaired(line) for line in region.lines)) for region in regions
    )


def name_languages(regions: tuple[Region, ...]) -> tuple[Region, ...]:
    """Return the regions with language (ISO 639-2) and script (ISO 15924) of every line.

    A long line speaks for itself; a short one takes the language of its region, and a region that
    does not tell that of the page; ``und`` where the whole page does not tell.
    """
    page = identify(_text(regions))
    return tuple(_named(region, page) for region in regions)


def languages_of(regions: tuple[Region, ...]) -> tuple[str, ...]:
    """Languages of the lines, the one with most letters first; ``und`` is left out."""
    letters: dict[str, int] = {}
    for region in regions:
        for line in region.lines:
            letters[line.language] = letters.get(line.language, 0) + _letters(line.text)
    known = {language: count for language, count in letters.items() if language != "und"}
    return tuple(sorted(known, key=lambda language: (-known[language], language)))


def _repaired(line: Line) -> Line:
    return replace(line, words=tuple(_repaired_word(word) for word in line.words))


def _repaired_word(word: Word) -> Word:
    return replace(word, text=repair(word.raw) or word.raw)


def _named(region: Region, page: str) -> Region:
    text = _text((region,))
    language = identify(text, page)
    script = script_of(text)
    lines = tuple(_named_line(line, language, script) for line in region.lines)
    return replace(region, lines=lines)


def _named_line(line: Line, language: str, script: str) -> Line:
    own = script_of(line.text)
    if _letters(line.text) >= LETTERS_OF_ITS_OWN:
        language = identify(line.text, language)
    elif own not in ("und", script):
        language = identify(line.text)  # an ISBN or an address in Latin letters is not Kazakh
    return replace(line, language=language, script=script if own == "und" else own)


def _text(regions: tuple[Region, ...]) -> str:
    return "\n".join(line.text for region in regions for line in region.lines)


def _letters(text: str) -> int:
    return sum(1 for sign in text if sign.isalpha())
