-- The journal becomes a chain of hashes (store/chain.py), and every file gets its last check.
-- chain_hash() is given to the connection by store/migrate.py.

CREATE TABLE chained_event (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    time    TEXT NOT NULL,
    actor   TEXT NOT NULL,
    kind    TEXT NOT NULL,
    subject TEXT NOT NULL,
    data    TEXT NOT NULL,
    chain   TEXT NOT NULL CHECK (length(chain) = 64)
) STRICT;

INSERT INTO chained_event
WITH RECURSIVE walk (seq, time, actor, kind, subject, data, chain) AS (
    SELECT seq, time, actor, kind, subject, data, chain_hash(
        '0000000000000000000000000000000000000000000000000000000000000000',
        seq, time, actor, kind, subject, data)
    FROM event WHERE seq = (SELECT min(seq) FROM event)
    UNION ALL
    SELECT next.seq, next.time, next.actor, next.kind, next.subject, next.data, chain_hash(
        walk.chain, next.seq, next.time, next.actor, next.kind, next.subject, next.data)
    FROM walk JOIN event AS next
        ON next.seq = (SELECT min(later.seq) FROM event AS later WHERE later.seq > walk.seq)
)
SELECT * FROM walk;

DROP TABLE event;
ALTER TABLE chained_event RENAME TO event;
CREATE INDEX event_kind ON event (kind, seq);
CREATE INDEX event_subject ON event (subject, seq);
CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'event is append-only'); END;
CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'event is append-only'); END;

CREATE TABLE fixity (
    path    TEXT PRIMARY KEY,
    state   TEXT NOT NULL CHECK (state IN ('ok', 'damaged', 'missing', 'unexpected')),
    checked TEXT NOT NULL
) STRICT;
CREATE INDEX fixity_checked ON fixity (checked);
CREATE INDEX fixity_state ON fixity (state) WHERE state <> 'ok';
