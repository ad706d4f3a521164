-- Articles of a document, as they were cut out of its pages.

CREATE TABLE article (
    document   TEXT NOT NULL REFERENCES document (id),
    id         TEXT NOT NULL,
    position   INTEGER NOT NULL,
    title      TEXT NOT NULL,
    language   TEXT NOT NULL,
    confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    regions    TEXT NOT NULL,
    PRIMARY KEY (document, id),
    UNIQUE (document, position)
) STRICT;
