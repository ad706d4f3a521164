-- Files of records that were imported, what came in them, and what could not be read.

CREATE TABLE import_file (
    id         TEXT PRIMARY KEY,
    sha256     TEXT NOT NULL CHECK (length(sha256) = 64),
    size       INTEGER NOT NULL,
    name       TEXT NOT NULL,
    catalogue  TEXT NOT NULL,
    told       TEXT NOT NULL,
    container  TEXT NOT NULL,
    format     TEXT NOT NULL,
    charset    TEXT NOT NULL,
    margin     REAL NOT NULL,
    evidence   TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('begun', 'done', 'undone')),
    counts     TEXT NOT NULL,
    change_set INTEGER NOT NULL REFERENCES change_set (id)
) STRICT;
CREATE INDEX import_file_sha256 ON import_file (sha256, catalogue);

CREATE TABLE arrival (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    file       TEXT NOT NULL REFERENCES import_file (id),
    place      INTEGER NOT NULL,
    catalogue  TEXT NOT NULL,
    key        TEXT NOT NULL,
    record     TEXT NOT NULL REFERENCES record (id),
    outcome    TEXT NOT NULL CHECK (outcome IN ('new', 'updated', 'same', 'member', 'kept', 'conflict')),
    state      TEXT NOT NULL CHECK (state IN ('latest', 'past', 'withdrawn')),
    version    INTEGER,
    sha256     TEXT NOT NULL,
    raw_sha256 TEXT NOT NULL,
    content    TEXT,
    raw        BLOB,
    charset    TEXT NOT NULL,
    notes      TEXT NOT NULL,
    UNIQUE (file, place),
    FOREIGN KEY (record, version) REFERENCES version (record, n),
    CHECK (version IS NOT NULL OR (content IS NOT NULL AND raw IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX arrival_latest ON arrival (key, catalogue) WHERE state = 'latest';
CREATE INDEX arrival_record ON arrival (record, version);

CREATE TABLE conflict (
    id         TEXT PRIMARY KEY,
    record     TEXT NOT NULL REFERENCES record (id),
    theirs     INTEGER NOT NULL UNIQUE REFERENCES arrival (id),
    base       INTEGER REFERENCES arrival (id),
    ours       INTEGER NOT NULL,
    status     TEXT NOT NULL CHECK (status IN ('open', 'resolved', 'withdrawn')),
    decision   TEXT,
    decided_by TEXT,
    FOREIGN KEY (record, ours) REFERENCES version (record, n)
) STRICT;
CREATE INDEX conflict_record ON conflict (record);
CREATE INDEX conflict_open ON conflict (id) WHERE status = 'open';

CREATE TABLE bad_record (
    file   TEXT NOT NULL REFERENCES import_file (id),
    place  INTEGER NOT NULL,
    reason TEXT NOT NULL,
    raw    BLOB NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'done')),
    PRIMARY KEY (file, place)
) STRICT;
CREATE INDEX bad_record_open ON bad_record (file, place) WHERE status = 'open';

CREATE INDEX version_change_set ON version (change_set);

CREATE TRIGGER arrival_is_never_deleted BEFORE DELETE ON arrival
BEGIN SELECT RAISE(ABORT, 'what came is never forgotten'); END;
CREATE TRIGGER bad_record_is_never_deleted BEFORE DELETE ON bad_record
BEGIN SELECT RAISE(ABORT, 'what came is never forgotten'); END;
CREATE TRIGGER bad_record_keeps_its_bytes BEFORE UPDATE OF raw ON bad_record
BEGIN SELECT RAISE(ABORT, 'what came is never changed'); END;
