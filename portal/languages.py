"""The language of an address: /kk, /ru and /en before the same paths.

The prefix is moved into SCRIPT_NAME (PEP 3333), so routes are written once and ``url_for`` keeps
the language by itself. An address without a prefix is the permanent form; it speaks the library's
own language.
"""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from flask import request

from olketanu.messages.translate import speaking
from olketanu.settings import LANGUAGES

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_LANGUAGE, _ROOT = "olketanu.language", "olketanu.root"


class Languages:
    """WSGI middleware: takes the prefix off the path and speaks that language in the answer."""

    def __init__(self, application: Application, default: str) -> None:
        self._application = application
        self._default = default

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request; what is streamed later must not speak."""
        root, path = environ.get("SCRIPT_NAME", ""), environ.get("PATH_INFO", "")
        first, slash, rest = path.removeprefix("/").partition("/")
        environ[_ROOT], environ[_LANGUAGE] = root, self._default
        if first in LANGUAGES:
            environ[_LANGUAGE] = first
            environ["SCRIPT_NAME"], environ["PATH_INFO"] = f"{root}/{first}", slash + rest
        with speaking(environ[_LANGUAGE]):
            return self._application(environ, start_response)


def spoken() -> str:
    """The language of the request in hand."""
    return str(request.environ[_LANGUAGE])


def permanent(path: str) -> str:
    """Return the address of ``path`` (it begins with "/") without a language."""
    return f"{request.environ[_ROOT]}{quote(path)}"


def in_language(code: str) -> str:
    """Return the address of the page in hand in another language, its query kept."""
    query = request.query_string.decode("ascii", "ignore")
    path = f"{request.environ[_ROOT]}/{code}{quote(request.path)}"
    return f"{path}?{query}" if query else path
