-- Rosters that were imported. `digest` is the SHA-256 of the file.
CREATE TABLE batches (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    issuer_id BLOB NOT NULL REFERENCES issuers (id),
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    name TEXT NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    issued INTEGER NOT NULL DEFAULT 0 CHECK (issued >= 0),
    already_issued INTEGER NOT NULL DEFAULT 0 CHECK (already_issued >= 0),
    to_correct INTEGER NOT NULL DEFAULT 0 CHECK (to_correct >= 0)
) STRICT;

CREATE INDEX batches_issuer ON batches (issuer_id);
