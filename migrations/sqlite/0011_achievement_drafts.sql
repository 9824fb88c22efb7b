-- What the next version of a badge class is to say. Changes as often as one likes, and goes when it is
-- published.
CREATE TABLE achievement_drafts (
    achievement_id BLOB NOT NULL PRIMARY KEY REFERENCES achievements (id),
    document TEXT NOT NULL,
    image BLOB,
    image_media_type TEXT,
    level TEXT NOT NULL,
    recipient_kind TEXT NOT NULL CHECK (recipient_kind IN ('person', 'organisation')),
    validity TEXT,
    edition INTEGER NOT NULL CHECK (edition > 0),
    updated_at TEXT NOT NULL,
    CHECK ((image IS NULL) = (image_media_type IS NULL))
) STRICT, WITHOUT ROWID;
