-- What the holder of a badge decided about it. Without a row: its page is for whoever has the link, in
-- the language of whoever opens it, and the holder's own link is the first one.
CREATE TABLE holders (
    credential_id BLOB NOT NULL PRIMARY KEY REFERENCES credentials (id),
    visibility TEXT NOT NULL CHECK (visibility IN ('private', 'link', 'anonymous', 'public')),
    language TEXT CHECK (language IN ('br', 'en', 'fr')),
    -- How often the holder's own link was replaced; those before it open nothing.
    link_number INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What the holder asks the issuer for. Personal data; goes when it is answered, or the badge erased.
CREATE TABLE holder_requests (
    credential_id BLOB NOT NULL REFERENCES credentials (id),
    kind TEXT NOT NULL CHECK (kind IN ('name', 'erasure')),
    text TEXT,
    made_at TEXT NOT NULL,
    PRIMARY KEY (credential_id, kind)
) STRICT, WITHOUT ROWID;

-- The number under which an issuer is known at LinkedIn, so that a badge added there carries its logo.
ALTER TABLE issuer_details ADD COLUMN linkedin TEXT;
