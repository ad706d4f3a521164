"""Permanent identifiers: seven betanumeric signs of a hash and one NOID check sign.

The alphabet has no vowels and no l, so no words arise and no sign is read as another. The check
sign (NOID Check Digit Algorithm) finds every single wrong sign and every swap of two neighbours.
"""

import hashlib

ALPHABET = "0123456789bcdfghjkmnpqrstvwxz"
_SIGNS = 7
_LENGTH = _SIGNS + 1
_BYTES = 5  # 40 bits a trial: the bias of taking it modulo 29 ** 7 is below one in sixty
_TRIALS_A_HASH = 6


def document_id(batch: str, name: str, first_master: str, attempt: int = 0) -> str:
    """Return the id of a document: batch, name of folder or file, SHA-256 of the first master.

    ``attempt`` is 0; on a collision 1, 2 … take the next bytes of the hash.
    """
    return short_id(batch, name, first_master, attempt=attempt)


def record_id(catalogue: str, key: str, attempt: int = 0) -> str:
    """Return the id of a record: ``key`` is its control number, else its first content's hash."""
    return short_id(catalogue, key, attempt=attempt)


def short_id(*parts: str, attempt: int = 0) -> str:
    """Return eight signs made of ``parts``; the same parts always give the same signs."""
    round_, trial = divmod(attempt, _TRIALS_A_HASH)
    text = "\0".join(parts) if not round_ else "\0".join((*parts, str(round_)))
    digest = hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()
    number = int.from_bytes(digest[trial * _BYTES : (trial + 1) * _BYTES])
    signs = []
    for _ in range(_SIGNS):
        number, rest = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[rest])
    body = "".join(signs)
    return body + _check_sign(body)


def is_valid(identifier: str) -> bool:
    """Return whether the text has eight signs of the alphabet and the right check sign."""
    return (
        len(identifier) == _LENGTH
        and all(sign in ALPHABET for sign in identifier)
        and identifier[-1] == _check_sign(identifier[:-1])
    )


def _check_sign(body: str) -> str:
    total = sum(place * ALPHABET.index(sign) for place, sign in enumerate(body, start=1))
    return ALPHABET[total % len(ALPHABET)]
