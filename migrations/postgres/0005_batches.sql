-- Rosters that were imported. `digest` is the SHA-256 of the file.
CREATE TABLE batches (
    position BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
    id UUID PRIMARY KEY,
    issuer_id UUID NOT NULL REFERENCES issuers (id),
    digest BYTEA NOT NULL CHECK (octet_length(digest) = 32),
    name TEXT NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ,
    issued BIGINT NOT NULL DEFAULT 0 CHECK (issued >= 0),
    already_issued BIGINT NOT NULL DEFAULT 0 CHECK (already_issued >= 0),
    to_correct BIGINT NOT NULL DEFAULT 0 CHECK (to_correct >= 0)
);

CREATE INDEX batches_issuer ON batches (issuer_id);
