-- Organisations that issue. `public_id` is what credentials name: a DID or an https address.
CREATE TABLE issuers (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    slug TEXT NOT NULL UNIQUE,
    public_id TEXT NOT NULL UNIQUE,
    profile TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
