-- Keys that sign. `public_key` is a Multikey; `sealed` is the private key under the master key.
CREATE TABLE signing_keys (
    position BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
    id UUID PRIMARY KEY,
    issuer_id UUID NOT NULL REFERENCES issuers (id),
    algorithm TEXT NOT NULL CHECK (algorithm IN ('Ed25519', 'P-256')),
    public_key TEXT NOT NULL UNIQUE,
    sealed BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    retired_at TIMESTAMPTZ,
    compromised_from TIMESTAMPTZ
);

-- An issuer signs with one key of each algorithm.
CREATE UNIQUE INDEX signing_keys_one_active ON signing_keys (issuer_id, algorithm)
    WHERE retired_at IS NULL AND compromised_from IS NULL;
