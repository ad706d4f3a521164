"""Message keys to sentences, by gettext (``<language>/LC_MESSAGES/olketanu.mo``).

A key such as ``error.no-home`` is the message id in all three catalogues, English included, so that
no language is the master of another. Facts fill ``{name}`` places.
"""

import errno
import gettext
import locale
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from olketanu.errors import OlketanuError
from olketanu.settings import LANGUAGES

_FOLDER = Path(__file__).parent
_state = {"language": "en"}
_spoken: ContextVar[str] = ContextVar("spoken", default="")
"""What one thread speaks while it answers somebody; "" for what the process speaks."""


def choose_language(wanted: str | None) -> str:
    """Set and return the messages' language: ``wanted``, OLKETANU_LANG, the system's."""
    system = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    system = system or locale.getlocale()[0]
    candidates = [wanted, os.environ.get("OLKETANU_LANG"), system, "en"]
    found = [c[:2].lower() for c in candidates if c]
    _state["language"] = next(c for c in found if c in LANGUAGES)
    return _state["language"]


def language() -> str:
    """The language of messages now in force (kk, ru or en)."""
    return _spoken.get() or _state["language"]


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Let this thread speak ``code`` (kk, ru or en) for a while, whatever others speak."""
    token = _spoken.set(code)
    try:
        yield
    finally:
        _spoken.reset(token)


@cache
def _catalogue(code: str) -> gettext.NullTranslations:
    return gettext.translation("olketanu", _FOLDER, [code])


def translate(key: str, facts: Mapping[str, object] | None = None) -> str:
    """Return the sentence of ``key`` with ``facts`` filled in; the key itself where none exists."""
    text = _catalogue(language()).gettext(key)
    return _fill(text, facts or {})


def plural(key: str, count: int, facts: Mapping[str, object] | None = None) -> str:
    """Return the sentence of ``key`` in the form that ``count`` asks for; ``{count}`` is filled."""
    text = _catalogue(language()).ngettext(key, key, count)
    return _fill(text, {"count": count, **(facts or {})})


def has_message(key: str) -> bool:
    """Whether the catalogue in force knows the key."""
    # The message of the empty key is the header of the file.
    return bool(key) and _catalogue(language()).gettext(key) != key


def explain(error: OlketanuError) -> tuple[str, str]:
    """Return (what happened, what to do) of an error; the second is empty where no hint exists."""
    hint = f"{error.key}.hint"
    facts = {name: _told(fact) for name, fact in error.facts.items()}
    return translate(error.key, facts), translate(hint, facts) if has_message(hint) else ""


def _told(fact: object) -> object:
    """The system tells what went wrong in English alone; what is usual is said in our words."""
    if not isinstance(fact, OSError):
        return fact
    key = f"os-error.{errno.errorcode.get(fact.errno or 0, '')}"
    return translate(key) if has_message(key) else fact.strerror or str(fact)


def _fill(text: str, facts: Mapping[str, object]) -> str:
    # A fact that the caller forgot must not hide the message itself.
    return text.format_map(_Facts(facts))


class _Facts(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"
