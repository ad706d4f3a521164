"""What templates can say: messages, numbers, dates, marked texts, addresses.

Nothing here returns markup: Jinja escapes every value, and templates alone write tags.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from flask import Flask, request

from language.letters import KAZAKH_LETTERS
from olketanu.messages.translate import has_message, plural, translate
from olketanu.settings import LANGUAGES
from portal.assets import assets
from portal.desk.parts import desk_parts
from portal.guard.tokens import form_token
from portal.languages import in_language, permanent, spoken
from portal.visitor import library, visitor
from search.results.highlight import Snippet
from workflow.desk.roles import can

NARROW_SPACE = "\u202f"
_ISO_DATE = re.compile(r"\d{4}(-\d\d){0,2}")


def teach(app: Flask, library_name: str, own_language: str) -> None:
    """Give the templates of ``app`` their words; ``library_name`` is "" where nobody told it."""
    app.jinja_env.globals.update(
        t=say,
        n=count,
        number=number,
        day=day,
        size=size,
        named=named,
        pieces=pieces,
        asset=asset,
        desk_parts=desk_parts,
        permanent=permanent,
        in_language=in_language,
        canonical=canonical,
        own_language=own_language,
        spoken=spoken,
        languages=LANGUAGES,
        letters=KAZAKH_LETTERS,
        library_name=library_name,
        token=form_token,
        visitor=visitor,
        may_do=may_do,
    )


def say(key: str, facts: Mapping[str, object] | None = None, **more: object) -> str:
    """Return the sentence of a key, with facts filled in."""
    return translate(key, {**(facts or {}), **more})


def count(key: str, how_many: int, **facts: object) -> str:
    """Return the sentence of a key in the form that the count asks for."""
    return plural(key, how_many, {"count": number(how_many), **facts})


def may_do(task: str) -> bool:
    """Return whether the visitor is of the staff and may do this (``workflow.desk.roles``)."""
    return can(visitor().actor.role, task)


def number(value: int) -> str:
    """Return a number with its thousands apart, as Kazakh and Russian write it."""
    return f"{value:,}".replace(",", "," if spoken() == "en" else NARROW_SPACE)


def day(date: str) -> str:
    """Return a date (ISO 8601, possibly partial) as people write it; English keeps it.

    What is typed in another way stays as it is.
    """
    if spoken() == "en" or _ISO_DATE.fullmatch(date) is None:
        return date
    return ".".join(reversed(date.split("-")))


def size(length: int) -> str:
    """Return a number of bytes in the unit that fits, to a tenth."""
    unit, value = ("mb", length / 1e6) if length >= 1e6 else ("kb", max(length, 100) / 1e3)
    told = f"{value:.1f}"
    return translate(
        f"portal.size.{unit}", {"number": told if spoken() == "en" else told.replace(".", ",")}
    )


def named(kind: str, code: str) -> str:
    """Return the name of a code («language», «kaz»); a code without a name names itself."""
    key = f"{kind}.{code}"
    return translate(key) if has_message(key) else code


def pieces(snippet: Snippet) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a text in order, each with whether it is marked."""
    at = 0
    for start, end in snippet.marks:
        yield snippet.text[at:start], False
        yield snippet.text[start:end], True
        at = end
    yield snippet.text[at:], False


def asset(name: str) -> str:
    """Return the address of a file of ``static/``; it changes with the file, so it may be kept."""
    return permanent(f"/static/{name}") + f"?{assets()[name].print}"


def canonical(language: str = "") -> str:
    """Return the address by which machines shall know the page in hand, in one language.

    It is the language in hand where none is named. The library's own is that of the address
    without one.
    """
    held, code = library(), language or spoken()
    prefix = "" if code == held.settings.library.language else f"/{code}"
    return f"{held.site}{prefix}{quote(request.path)}"


def page_context() -> dict[str, Any]:
    """What every template is given without asking."""
    return {"language": spoken()}
