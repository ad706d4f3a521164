"""Tokens of forms: what shows that a POST comes from a page that this visitor was given.

A token is HMAC-SHA256 (RFC 2104) over what it is for, the day and the session, under a key that
stays in the home. It holds for the rest of its day and for the next, so that a page left open over
night can still be sent; nothing has to be stored.
"""

import datetime
import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from stat import S_IMODE

from flask import current_app

from olketanu.home import Home
from portal.guard import sessions
from portal.visitor import library, today
from store.disk.files import alone_in, write_durably

FIELD = "token"
"""Name of the hidden field in every form."""
FORM = "form"
"""Purpose of a token that any form may carry."""

_KEY_BYTES = 32
_PRIVATE = 0o600


@dataclass(frozen=True, slots=True, repr=False)
class FormKey:
    """The key of one home's forms: at least 32 random bytes."""

    secret: bytes

    @classmethod
    def of(cls, home: Home) -> "FormKey":
        """Return the key of ``home``, made where there is none that is whole and private.

        Servers that begin at once make one key, not each its own: a form that one of them gave out
        is taken by the others, and by whoever comes after them.

        Raises:
            CannotWriteError: it had to be made and the home may not be written.
        """
        path = home.form_key
        if not _is_whole_and_private(path):
            with alone_in(home.root):
                if not _is_whole_and_private(path):  # nobody was faster
                    write_durably(path, secrets.token_bytes(_KEY_BYTES), mode=_PRIVATE)
        return cls(path.read_bytes())

    def sign(self, purpose: str, session: str, day: datetime.date) -> str:
        """Return the token of this purpose, session and day: 64 hexadecimal digits."""
        told = (purpose, session, day.isoformat())
        # The length before each part: ("ab", "c") must not sign like ("a", "bc").
        message = b"".join(b"%d:%s" % (len(part.encode()), part.encode()) for part in told)
        return hmac.new(self.secret, message, sha256).hexdigest()

    def holds(self, token: str, purpose: str, session: str, day: datetime.date) -> bool:
        """Return whether ``token`` was signed for this on ``day`` or the day before."""
        days = (day, day - datetime.timedelta(days=1))
        given = token.encode("utf-8", "surrogatepass")
        signed = (self.sign(purpose, session, one).encode() for one in days)
        return any(hmac.compare_digest(given, one) for one in signed)


def _is_whole_and_private(path: Path) -> bool:
    if not path.is_file():
        return False
    stat = path.stat()
    return stat.st_size >= _KEY_BYTES and S_IMODE(stat.st_mode) == _PRIVATE


def issue(purpose: str) -> str:
    """Return a token for the visitor in hand and a purpose."""
    return _key().sign(purpose, _session(), today())


def check(purpose: str, token: str) -> bool:
    """Return whether the visitor in hand was given ``token`` for this purpose, lately."""
    return _key().holds(token, purpose, _session(), today())


def form_token() -> str:
    """Return the value of the hidden field ``token`` of any form on the page in hand."""
    return issue(FORM)


def _session() -> str:
    return sessions.token(library().settings.portal)


def _key() -> FormKey:
    key: FormKey = current_app.extensions["olketanu.forms"]
    return key
