-- Members of staff, and which of them are logged in.

CREATE TABLE member (
    name     TEXT PRIMARY KEY,
    login    TEXT NOT NULL UNIQUE,
    role     TEXT NOT NULL CHECK (role IN ('scanner', 'cataloguer', 'head')),
    password TEXT NOT NULL,
    state    TEXT NOT NULL CHECK (state IN ('active', 'disabled')),
    created  TEXT NOT NULL
) STRICT;

CREATE TABLE session (
    token_sha256 TEXT PRIMARY KEY CHECK (length(token_sha256) = 64),
    member       TEXT NOT NULL REFERENCES member (name),
    created      TEXT NOT NULL,
    expires      TEXT NOT NULL
) STRICT;
CREATE INDEX session_member ON session (member);

CREATE TRIGGER member_is_never_deleted BEFORE DELETE ON member
BEGIN SELECT RAISE(ABORT, 'events name their members'); END;
CREATE TRIGGER member_keeps_its_name BEFORE UPDATE OF name ON member
BEGIN SELECT RAISE(ABORT, 'events name their members'); END;
