"""What a person typed into the fields of a page becomes amendments."""

import unicodedata
from collections.abc import Iterable, Mapping

from olketanu.errors import UsageError
from pages.amend import Amendment, replay
from pages.retype import Place, line_at, retype
from pages.text import REGION_KINDS, PageText
from pages.xml import clean
from workflow.document.amend import LANGUAGES

LONGEST = 1000
"""Characters of a line; the longest printed line of the sample newspapers has 120."""

_DIGITS = 6

LINE, KIND, LANGUAGE = "line", "kind", "language"


def line_field(place: Place) -> str:
    """Return the name of the field that holds the text of a line."""
    return f"{LINE}-{place.region}-{place.line}"


def region_field(what: str, region: int) -> str:
    """Return the name of the field for ``what`` (KIND, LANGUAGE) of a region."""
    return f"{what}-{region}"


def typed_amendments(page: PageText, key: str, form: Mapping[str, str]) -> tuple[Amendment, ...]:
    """Return what makes the page read as typed; () where every field says what stands there.

    Fields that are not there leave their lines as they are; an empty one takes its line away.

    Raises:
        UsageError: ``error.unknown-line``: no such line or region; ``error.line-long``;
            ``error.line-stuck``: print lies so much over other print that the words cannot be told
            apart; ``error.amend-kind``: no such kind or language.
    """
    made: list[Amendment] = []
    # From the end: a line that goes leaves the numbers of those before it as they are.
    for place in sorted(_places(form), reverse=True):
        found = _of_line(page, key, place, form[line_field(place)])
        page, _ = replay(page, found)
        made += found
    return (*made, *_of_regions(page, key, form))


def typed_text(text: str) -> str:
    """Return a typed text as pages hold it: NFC, single blanks, nothing that XML cannot hold."""
    plain = " ".join(clean(unicodedata.normalize("NFC", text)).split())
    if len(plain) > LONGEST:
        raise UsageError("error.line-long", longest=LONGEST)
    return plain


def line_amendments(page: PageText, key: str, place: Place, text: str) -> tuple[Amendment, ...]:
    """Return the amendments of one line; errors as of :func:`typed_amendments`."""
    return _of_line(page, key, place, text)


def _of_line(page: PageText, key: str, place: Place, text: str) -> tuple[Amendment, ...]:
    try:
        line = line_at(page, place)
    except IndexError as error:
        raise UsageError("error.unknown-line", line=line_field(place)) from error
    found = retype(page, key, place, typed_text(text))
    if found is None:
        raise UsageError("error.line-stuck", line=line.text)
    return found


def _places(form: Mapping[str, str]) -> Iterable[Place]:
    for name in form:
        what, _, numbers = name.partition("-")
        if what == LINE:
            region, _, line = numbers.partition("-")
            yield Place(_number(region), _number(line))


def _of_regions(page: PageText, key: str, form: Mapping[str, str]) -> Iterable[Amendment]:
    for name, value in form.items():
        what, _, number = name.partition("-")
        if what not in (KIND, LANGUAGE) or not value:
            continue
        values = REGION_KINDS if what == KIND else LANGUAGES
        if value not in values:
            raise UsageError("error.amend-kind", kind=value, kinds=", ".join(values))
        if _number(number) >= len(page.regions):
            raise UsageError("error.unknown-line", line=name)
        region = page.regions[_number(number)]
        languages = [line.language for line in region.lines]
        if what == KIND and value != region.kind:
            yield Amendment(key, "region_kind", region.box, region.kind, value)
        elif what == LANGUAGE and set(languages) - {value}:
            yield Amendment(key, "language", region.box, languages[0], value)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise UsageError("error.unknown-line", line=text)
    return int(text)
