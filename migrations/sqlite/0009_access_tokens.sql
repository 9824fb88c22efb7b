-- Who may call the API. The secret part of a token is never kept, only its SHA-256 hash; `prefix` is
-- the part it is found by. Without an issuer a token reaches every issuer. A token with a parent was
-- given for a short time in exchange for that one, and ends with it.
CREATE TABLE access_tokens (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    parent_id BLOB REFERENCES access_tokens (id),
    issuer_id BLOB REFERENCES issuers (id),
    prefix TEXT NOT NULL UNIQUE,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT,
    last_used_at TEXT,
    revoked_at TEXT
) STRICT;

CREATE INDEX access_tokens_issuer ON access_tokens (issuer_id);
CREATE INDEX access_tokens_parent ON access_tokens (parent_id);
