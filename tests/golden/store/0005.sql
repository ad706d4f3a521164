-- A catalogue as migration 0005 left it: that of 0004 brought up to date, with an import.
PRAGMA application_id = 1332505445;
PRAGMA user_version = 5;
BEGIN TRANSACTION;
CREATE TABLE amendment (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    document   TEXT NOT NULL,
    page       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    box        TEXT NOT NULL,
    old        TEXT NOT NULL,
    new        TEXT NOT NULL,
    applied    INTEGER NOT NULL,
    change_set INTEGER NOT NULL REFERENCES change_set (id),
    FOREIGN KEY (document, page) REFERENCES page (document, key)
) STRICT;
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
INSERT INTO "article" VALUES('m1vxzknx','a1',1,'Құрылыс','kaz',0.9,'[]');
CREATE TABLE bad_record (
    file   TEXT NOT NULL REFERENCES import_file (id),
    place  INTEGER NOT NULL,
    reason TEXT NOT NULL,
    raw    BLOB NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'done')),
    PRIMARY KEY (file, place)
) STRICT;
INSERT INTO "bad_record" VALUES('bcdfghjk',60,'no-leader',X'00FF','open');
CREATE TABLE batch (
    name    TEXT PRIMARY KEY,
    path    TEXT NOT NULL,
    created TEXT NOT NULL
) STRICT;
INSERT INTO "batch" VALUES('2026-01_golden','/scans/2026-01_golden','2026-01-01T00:00:00Z');
CREATE TABLE change_set (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    time   TEXT NOT NULL,
    actor  TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;
INSERT INTO "change_set" VALUES(1,'2026-11-23T09:00:00Z','aigul','import');
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
CREATE TABLE cursor (
    name TEXT PRIMARY KEY,
    seq  INTEGER NOT NULL
) STRICT;
CREATE TABLE document (
    seq           INTEGER PRIMARY KEY AUTOINCREMENT,
    id            TEXT NOT NULL UNIQUE,
    batch         TEXT NOT NULL REFERENCES batch (name),
    position      INTEGER NOT NULL,
    name          TEXT NOT NULL,
    first_master  TEXT NOT NULL,
    kind          TEXT NOT NULL,
    language      TEXT,
    script        TEXT,
    title         TEXT,
    state         TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'done-with-gaps', 'quarantined')),
    code          TEXT,
    manifest      TEXT,
    profile       TEXT NOT NULL,
    created       TEXT NOT NULL,
    assembled_key TEXT,
    files         TEXT NOT NULL,
    settled_as    TEXT,
    UNIQUE (batch, position),
    UNIQUE (batch, name, first_master)
) STRICT;
INSERT INTO "document" VALUES(1,'m1vxzknx','2026-01_golden',1,'Қарқаралы','abababababababababababababababababababababababababababababababab','other',NULL,NULL,'«Қарқаралы»
екінші жол "тырнақша" \','waiting',NULL,NULL,'{}','2026-01-01T00:00:00Z',NULL,'{}',NULL);
CREATE TABLE "event" (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    time    TEXT NOT NULL,
    actor   TEXT NOT NULL,
    kind    TEXT NOT NULL,
    subject TEXT NOT NULL,
    data    TEXT NOT NULL,
    chain   TEXT NOT NULL CHECK (length(chain) = 64)
) STRICT;
INSERT INTO "event" VALUES(1,'2026-01-01T00:00:00Z','olketanu','batch.added','2026-01_golden','{}','48130c5330aaad8e717600101425395ba400be821f2051e58e8933d8c28d2d5b');
INSERT INTO "event" VALUES(2,'2026-01-01T00:00:00Z','olketanu','master.added','abababababababababababababababababababababababababababababababab','{"size":10,"type":"tiff"}','b0e1ef0fab65ffba429d757d84ea3522b18af296240c438a0902e902bfb2c8c2');
INSERT INTO "event" VALUES(3,'2026-01-01T00:00:00Z','olketanu','document.added','m1vxzknx','{"batch":"2026-01_golden","code":null,"name":"Қарқаралы","state":"waiting"}','f73b14098785de569977f950419120c76177b04fc32d8ea5e1244ff8724d2f7c');
INSERT INTO "event" VALUES(4,'2026-01-01T00:00:00Z','olketanu','page.added','m1vxzknx/p0001','{"frame":0,"master":"abababababababababababababababababababababababababababababababab"}','77618ac88884914a11b186d913ae02522969d89a7ad207d73f90dc5121dc4c8d');
INSERT INTO "event" VALUES(5,'2026-01-01T00:00:00Z','olketanu','rights.set','m1vxzknx','{"code":"open"}','51f41934a23e80fbca699443ba45ae33429fee81fd90827d71c5f0e5f9116ea0');
INSERT INTO "event" VALUES(6,'2026-01-01T00:00:00Z','olketanu','source.done','2026-01_golden','{"code":null,"document":"m1vxzknx","name":"Қарқаралы/1.tif","state":"done"}','e728f3b10fa68456f8ae821e0e8be1039527005c4ac476c08145f32e9bfd5dce');
INSERT INTO "event" VALUES(7,'2026-01-01T00:00:00Z','olketanu','source.quarantined','2026-01_golden','{"code":"EMPTY","document":null,"name":"bad.tif","state":"quarantined"}','a58fc4ada1631cbf892adeab73098f7e65b3cfaba6add73fc4fa6eca85e84592');
INSERT INTO "event" VALUES(8,'2026-01-01T00:00:00Z','aigul','document.updated','m1vxzknx','{"title":"«Қарқаралы»\nекінші жол \"тырнақша\" \\"}','dc70b577a62b0421c6ae333940100615200f831fb8bfbda6026ef20be444ff00');
CREATE TABLE finding (
    id      TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    code    TEXT NOT NULL,
    facts   TEXT NOT NULL,
    status  TEXT NOT NULL CHECK (status IN ('open', 'done')),
    time    TEXT NOT NULL
) STRICT;
CREATE TABLE fixity (
    path    TEXT PRIMARY KEY,
    state   TEXT NOT NULL CHECK (state IN ('ok', 'damaged', 'missing', 'unexpected')),
    checked TEXT NOT NULL
) STRICT;
INSERT INTO "fixity" VALUES('masters/ab/ab/abababababababababababababababababababababababababababababababab','ok','2026-01-02T00:00:00Z');
CREATE TABLE identifier (
    scheme TEXT NOT NULL,
    value  TEXT NOT NULL,
    record TEXT NOT NULL REFERENCES record (id),
    PRIMARY KEY (scheme, value, record)
) STRICT;
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
INSERT INTO "import_file" VALUES('bcdfghjk','abababababababababababababababababababababababababababababababab',120,'қор.mrc','books','{}','iso2709','rusmarc','utf-8',1.0,'declared','done','{}',1);
CREATE TABLE job (
    key          TEXT PRIMARY KEY,
    kind         TEXT NOT NULL,
    document     TEXT NOT NULL REFERENCES document (id),
    page         TEXT,
    document_seq INTEGER NOT NULL,
    position     INTEGER NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('new', 'running', 'done', 'failed')),
    attempt      INTEGER NOT NULL,
    claims       INTEGER NOT NULL,
    owner        TEXT,
    lease_until  REAL,
    lease_boot   TEXT,
    code         TEXT,
    payload      TEXT NOT NULL,
    result       TEXT,
    CHECK ((state = 'running') = (owner IS NOT NULL))
) STRICT;
CREATE TABLE link (
    id         TEXT PRIMARY KEY,
    document   TEXT NOT NULL REFERENCES document (id),
    record     TEXT NOT NULL REFERENCES record (id),
    kind       TEXT NOT NULL,
    evidence   TEXT NOT NULL,
    score      REAL NOT NULL,
    status     TEXT NOT NULL CHECK (status IN ('proposed', 'accepted', 'rejected')),
    made_by    TEXT NOT NULL,
    decided_by TEXT,
    created    TEXT NOT NULL,
    UNIQUE (document, record, kind)
) STRICT;
CREATE TABLE master (
    sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
    size   INTEGER NOT NULL,
    type   TEXT NOT NULL,
    added  TEXT NOT NULL
) STRICT;
INSERT INTO "master" VALUES('abababababababababababababababababababababababababababababababab',10,'tiff','2026-01-01T00:00:00Z');
CREATE TABLE membership (
    record    TEXT NOT NULL REFERENCES record (id),
    catalogue TEXT NOT NULL,
    PRIMARY KEY (record, catalogue)
) STRICT;
CREATE TABLE page (
    document       TEXT NOT NULL REFERENCES document (id),
    key            TEXT NOT NULL,
    position       INTEGER NOT NULL,
    label          TEXT,
    state          TEXT NOT NULL CHECK (state IN ('waiting', 'text', 'image-only', 'failed')),
    code           TEXT,
    recognised_key TEXT,
    alto_sha256    TEXT,
    confidence     REAL,
    languages      TEXT NOT NULL,
    words          INTEGER NOT NULL,
    PRIMARY KEY (document, key)
) STRICT;
INSERT INTO "page" VALUES('m1vxzknx','p0001',1,NULL,'waiting',NULL,NULL,NULL,NULL,'[]',0);
CREATE TABLE page_frame (
    document     TEXT NOT NULL,
    page         TEXT NOT NULL,
    master       TEXT NOT NULL REFERENCES master (sha256),
    frame        INTEGER NOT NULL,
    crop         TEXT,
    quarter_turn INTEGER NOT NULL,
    width        INTEGER NOT NULL,
    height       INTEGER NOT NULL,
    dpi          INTEGER NOT NULL,
    source       TEXT NOT NULL,
    text_layer   INTEGER NOT NULL,
    PRIMARY KEY (document, page),
    FOREIGN KEY (document, page) REFERENCES page (document, key)
) STRICT;
INSERT INTO "page_frame" VALUES('m1vxzknx','p0001','abababababababababababababababababababababababababababababababab',0,NULL,0,10,10,300,'image',0);
CREATE TABLE picture (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    document TEXT NOT NULL,
    page     TEXT NOT NULL,
    likeness TEXT CHECK (length(likeness) = 64),
    UNIQUE (document, page),
    FOREIGN KEY (document, page) REFERENCES page (document, key)
) STRICT;
INSERT INTO "picture" VALUES(1,'m1vxzknx','p0001','0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f');
CREATE TABLE record (
    id          TEXT PRIMARY KEY,
    format      TEXT NOT NULL CHECK (format IN ('rusmarc', 'marc21', 'unimarc', 'irbis')),
    kind        TEXT NOT NULL,
    status      TEXT NOT NULL CHECK (status IN ('draft', 'active', 'deleted', 'merged')),
    owner       TEXT NOT NULL CHECK (owner IN ('here', 'external')),
    catalogue   TEXT NOT NULL,
    source_key  TEXT NOT NULL,
    version     INTEGER NOT NULL,
    merged_into TEXT REFERENCES record (id),
    created     TEXT NOT NULL,
    UNIQUE (catalogue, source_key)
) STRICT;
CREATE TABLE rights (
    document TEXT PRIMARY KEY REFERENCES document (id),
    code     TEXT NOT NULL CHECK (code IN ('open', 'on_site', 'closed', 'until')),
    until    TEXT,
    contract TEXT
) STRICT;
INSERT INTO "rights" VALUES('m1vxzknx','open',NULL,NULL);
CREATE TABLE source_file (
    batch    TEXT NOT NULL REFERENCES batch (name),
    raw_name BLOB NOT NULL,
    name     TEXT NOT NULL,
    sha256   TEXT,
    size     INTEGER NOT NULL,
    state    TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'duplicate-of', 'quarantined')),
    code     TEXT,
    document TEXT REFERENCES document (id),
    PRIMARY KEY (batch, raw_name),
    CHECK (state <> 'quarantined' OR code IS NOT NULL)
) STRICT;
INSERT INTO "source_file" VALUES('2026-01_golden',X'D29AD0B0D180D29BD0B0D180D0B0D0BBD18B2F312E746966','Қарқаралы/1.tif','abababababababababababababababababababababababababababababababab',10,'done',NULL,'m1vxzknx');
INSERT INTO "source_file" VALUES('2026-01_golden',X'6261642E746966','bad.tif',NULL,0,'quarantined','EMPTY',NULL);
CREATE TABLE version (
    record     TEXT NOT NULL REFERENCES record (id),
    n          INTEGER NOT NULL,
    parent     INTEGER,
    sha256     TEXT NOT NULL,
    content    TEXT NOT NULL,
    raw        BLOB,
    change_set INTEGER NOT NULL REFERENCES change_set (id),
    time       TEXT NOT NULL,
    PRIMARY KEY (record, n)
) STRICT;
CREATE INDEX batch_path ON batch (path);
CREATE INDEX source_file_sha256 ON source_file (sha256);
CREATE INDEX page_frame_master ON page_frame (master);
CREATE INDEX amendment_page ON amendment (document, page, id);
CREATE INDEX record_status ON record (status, id);
CREATE INDEX membership_catalogue ON membership (catalogue, record);
CREATE INDEX identifier_record ON identifier (record);
CREATE INDEX link_record ON link (record);
CREATE INDEX link_status ON link (status);
CREATE INDEX finding_subject ON finding (subject);
CREATE INDEX finding_status ON finding (status, code);
CREATE INDEX job_queue ON job (state, document_seq, position);
CREATE INDEX job_document ON job (document, kind, page);
CREATE INDEX job_owner ON job (owner) WHERE owner IS NOT NULL;
CREATE TRIGGER version_is_never_changed BEFORE UPDATE ON version
BEGIN SELECT RAISE(ABORT, 'version is append-only'); END;
CREATE TRIGGER version_is_never_deleted BEFORE DELETE ON version
BEGIN SELECT RAISE(ABORT, 'version is append-only'); END;
CREATE TRIGGER change_set_is_never_changed BEFORE UPDATE ON change_set
BEGIN SELECT RAISE(ABORT, 'change_set is append-only'); END;
CREATE TRIGGER change_set_is_never_deleted BEFORE DELETE ON change_set
BEGIN SELECT RAISE(ABORT, 'change_set is append-only'); END;
CREATE TRIGGER document_is_never_deleted BEFORE DELETE ON document
BEGIN SELECT RAISE(ABORT, 'identifiers are never reused'); END;
CREATE TRIGGER document_id_never_changes BEFORE UPDATE OF id ON document
BEGIN SELECT RAISE(ABORT, 'identifiers never change'); END;
CREATE TRIGGER record_is_never_deleted BEFORE DELETE ON record
BEGIN SELECT RAISE(ABORT, 'identifiers are never reused'); END;
CREATE TRIGGER record_id_never_changes BEFORE UPDATE OF id ON record
BEGIN SELECT RAISE(ABORT, 'identifiers never change'); END;
CREATE TRIGGER master_is_never_changed BEFORE UPDATE ON master
BEGIN SELECT RAISE(ABORT, 'master is immutable'); END;
CREATE TRIGGER master_is_never_deleted BEFORE DELETE ON master
BEGIN SELECT RAISE(ABORT, 'master is immutable'); END;
CREATE INDEX event_kind ON event (kind, seq);
CREATE INDEX event_subject ON event (subject, seq);
CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'event is append-only'); END;
CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'event is append-only'); END;
CREATE INDEX fixity_checked ON fixity (checked);
CREATE INDEX fixity_state ON fixity (state) WHERE state <> 'ok';
CREATE INDEX import_file_sha256 ON import_file (sha256, catalogue);
CREATE UNIQUE INDEX arrival_latest ON arrival (key, catalogue) WHERE state = 'latest';
CREATE INDEX arrival_record ON arrival (record, version);
CREATE INDEX conflict_record ON conflict (record);
CREATE INDEX conflict_open ON conflict (id) WHERE status = 'open';
CREATE INDEX bad_record_open ON bad_record (file, place) WHERE status = 'open';
CREATE INDEX version_change_set ON version (change_set);
CREATE TRIGGER arrival_is_never_deleted BEFORE DELETE ON arrival
BEGIN SELECT RAISE(ABORT, 'what came is never forgotten'); END;
CREATE TRIGGER bad_record_is_never_deleted BEFORE DELETE ON bad_record
BEGIN SELECT RAISE(ABORT, 'what came is never forgotten'); END;
CREATE TRIGGER bad_record_keeps_its_bytes BEFORE UPDATE OF raw ON bad_record
BEGIN SELECT RAISE(ABORT, 'what came is never changed'); END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('document',1);
INSERT INTO "sqlite_sequence" VALUES('event',8);
INSERT INTO "sqlite_sequence" VALUES('picture',1);
INSERT INTO "sqlite_sequence" VALUES('change_set',1);
COMMIT;
