"""Passwords: hashed with scrypt (RFC 7914), checked in a time that tells nothing.

A hash is written as ``$scrypt$ln=15,r=8,p=3$<salt>$<digest>``, so that it can be checked after the
cost has been raised; with ``,first=1`` behind the cost where its owner has to choose another.
docs/decisions says how the cost was chosen.
"""

import base64
import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass

from olketanu.errors import UsageError

LEAST = 12
"""Characters of a password."""

_MOST = 1024  # beyond it only time would be lost
_FIRST = "first"
_GROUPS, _GROUP = 4, 4
_CLEAR = "abcdefghjkmnpqrstuvwxyz23456789"  # no two of them look alike: 79 bits in 16 signs
_FEWEST_SIGNS = 5  # different ones: "aaaaaaaaaaaa" is no password
_SALT_BYTES = 16
_DIGEST_BYTES = 32


@dataclass(frozen=True, slots=True)
class Cost:
    """What a guess costs: 2**``ln`` rounds over blocks of 128 ``r`` bytes, ``p`` times."""

    ln: int = 15
    r: int = 8
    p: int = 3

    @property
    def memory(self) -> int:
        """Bytes that scrypt may take, with some room: its table, and a block for each of ``p``."""
        return 128 * self.r * ((1 << self.ln) + self.p + 64) + (1 << 20)


COST = Cost()


def hash_password(password: str, cost: Cost = COST, *, first: bool = False) -> str:
    """Return a new hash of a password, with a salt of its own.

    ``first``: somebody else has chosen it.
    """
    salt = secrets.token_bytes(_SALT_BYTES)
    head = f"$scrypt$ln={cost.ln},r={cost.r},p={cost.p}" + (f",{_FIRST}=1" if first else "")
    return f"{head}${_encoded(salt)}${_encoded(_digest(password, salt, cost))}"


def matches(password: str, hashed: str) -> bool:
    """Return whether a password has this hash; ValueError where it is none of ours."""
    told, salt, digest = _parts(hashed)
    cost = Cost(ln=told["ln"], r=told["r"], p=told["p"])
    found = _digest(password, _decoded(salt), cost)
    return hmac.compare_digest(found, _decoded(digest))


def is_first(hashed: str) -> bool:
    """Return whether the password of this hash was chosen by somebody else than its owner."""
    return _FIRST in _parts(hashed)[0]


def new_password() -> str:
    """Return a password by chance, that can be read aloud and typed on any keyboard."""
    groups = ("".join(secrets.choice(_CLEAR) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def refuse_weak(name: str, password: str) -> None:
    """Raise UsageError for a password that is easily guessed.

    ``error.password-short``: fewer than ``LEAST`` characters; ``error.password-simple``: the name
    alone, also repeated, or a few signs again and again; ``error.password-long``.
    """
    if len(password) < LEAST:
        raise UsageError("error.password-short", least=LEAST)
    if len(password) > _MOST:
        raise UsageError("error.password-long", most=_MOST)
    folded = password.casefold()
    if len(set(folded)) < _FEWEST_SIGNS or not folded.replace(name.casefold(), "").strip():
        raise UsageError("error.password-simple", least=LEAST)


def _parts(hashed: str) -> tuple[dict[str, int], str, str]:
    """The numbers, the salt and the digest of a hash; ValueError where it is none of ours."""
    empty, name, told, salt, digest = hashed.split("$")
    if (empty, name) != ("", "scrypt"):
        raise ValueError("no hash of scrypt")
    numbers = (part.partition("=") for part in told.split(","))
    return {key: int(number) for key, _, number in numbers}, salt, digest


def _digest(password: str, salt: bytes, cost: Cost) -> bytes:
    # The same letter can be typed in two ways (RFC 8265, 4.2: normal form C).
    typed = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(
        typed,
        salt=salt,
        n=1 << cost.ln,
        r=cost.r,
        p=cost.p,
        maxmem=cost.memory,
        dklen=_DIGEST_BYTES,
    )


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _decoded(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
