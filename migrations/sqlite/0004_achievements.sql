-- Badge classes. What they say is in their versions; the one in force has the highest number.
CREATE TABLE achievements (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    issuer_id BLOB NOT NULL REFERENCES issuers (id),
    slug TEXT NOT NULL,
    created_at TEXT NOT NULL,
    archived_at TEXT,
    UNIQUE (issuer_id, slug)
) STRICT;

CREATE TABLE achievement_versions (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    achievement_id BLOB NOT NULL REFERENCES achievements (id),
    number INTEGER NOT NULL CHECK (number > 0),
    document TEXT NOT NULL,
    image BLOB,
    image_media_type TEXT,
    level TEXT NOT NULL,
    recipient_kind TEXT NOT NULL CHECK (recipient_kind IN ('person', 'organisation')),
    validity TEXT,
    created_at TEXT NOT NULL,
    UNIQUE (achievement_id, number),
    CHECK ((image IS NULL) = (image_media_type IS NULL))
) STRICT;

CREATE TRIGGER achievement_versions_no_update BEFORE UPDATE ON achievement_versions
BEGIN
    SELECT RAISE(ABORT, 'immutable: achievement_versions');
END;

CREATE TRIGGER achievement_versions_no_delete BEFORE DELETE ON achievement_versions
BEGIN
    SELECT RAISE(ABORT, 'immutable: achievement_versions');
END;
