"""Who is logged in: books, not history. Only the hash of a session's token is kept."""

from store.database import Reader, Transaction
from store.staff.members import Member, member_of


def begin_session(tx: Transaction, token_sha256: str, member: Member, expires: str) -> None:
    """Enter a session that ends at ``expires``; sessions that have ended by now are forgotten."""
    tx.keep_books("DELETE FROM session WHERE expires <= ?", (tx.now,))
    tx.keep_books(
        "INSERT INTO session (token_sha256, member, created, expires) VALUES (?, ?, ?, ?)",
        (token_sha256, member.name, tx.now, expires),
    )


def end_session(tx: Transaction, token_sha256: str) -> None:
    """Forget a session; one that is unknown has ended already."""
    tx.keep_books("DELETE FROM session WHERE token_sha256 = ?", (token_sha256,))


def member_in(reader: Reader, token_sha256: str, now: str) -> Member | None:
    """Return who is logged in by this token at ``now``; None: nobody, or nobody any more."""
    rows = reader.rows(
        "SELECT member.* FROM session JOIN member ON member.name = session.member "
        "WHERE token_sha256 = ? AND expires > ? AND state = 'active'",
        (token_sha256, now),
    )
    return member_of(rows[0]) if rows else None
