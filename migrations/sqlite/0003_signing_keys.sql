-- Keys that sign. `public_key` is a Multikey; `sealed` is the private key under the master key.
CREATE TABLE signing_keys (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    issuer_id BLOB NOT NULL REFERENCES issuers (id),
    algorithm TEXT NOT NULL CHECK (algorithm IN ('Ed25519', 'P-256')),
    public_key TEXT NOT NULL UNIQUE,
    sealed BLOB NOT NULL,
    created_at TEXT NOT NULL,
    retired_at TEXT,
    compromised_from TEXT
) STRICT;

-- An issuer signs with one key of each algorithm.
CREATE UNIQUE INDEX signing_keys_one_active ON signing_keys (issuer_id, algorithm)
    WHERE retired_at IS NULL AND compromised_from IS NULL;
