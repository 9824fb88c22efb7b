-- Who may call the API. The secret part of a token is never kept, only its SHA-256 hash; `prefix` is
-- the part it is found by. Without an issuer a token reaches every issuer. A token with a parent was
-- given for a short time in exchange for that one, and ends with it.
CREATE TABLE access_tokens (
    position BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
    id UUID PRIMARY KEY,
    parent_id UUID REFERENCES access_tokens (id),
    issuer_id UUID REFERENCES issuers (id),
    prefix TEXT NOT NULL UNIQUE,
    hash BYTEA NOT NULL CHECK (octet_length(hash) = 32),
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ,
    last_used_at TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ
);

CREATE INDEX access_tokens_issuer ON access_tokens (issuer_id);
CREATE INDEX access_tokens_parent ON access_tokens (parent_id);
