-- What a page looks like, to find the same picture under other bytes. NULL: it shows nothing.

CREATE TABLE picture (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    document TEXT NOT NULL,
    page     TEXT NOT NULL,
    likeness TEXT CHECK (length(likeness) = 64),
    UNIQUE (document, page),
    FOREIGN KEY (document, page) REFERENCES page (document, key)
) STRICT;
