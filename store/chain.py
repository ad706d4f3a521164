"""The chain of the journal: every event carries a hash over itself and over all before it.

So an event that was changed, taken out or put in shows at its place. A journal that was cut at its
end is a whole chain; only a head that was noted elsewhere (a backup's manifest) tells.
"""

import hashlib
import json

START = "0" * 64
"""What stands for the event before the first."""


def chain_hash(  # noqa: PLR0913 - the columns of one row, as SQLite hands them over
    previous: str, seq: int, time: str, actor: str, kind: str, subject: str, data: str
) -> str:
    """Return the chain value of an event: 64 hexadecimal digits of SHA-256.

    ``previous`` is the chain value of the event before, ``data`` the JSON text as it is stored.
    """
    row = [seq, time, actor, kind, subject, data]
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()
