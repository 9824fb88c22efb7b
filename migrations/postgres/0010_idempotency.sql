-- Requests that were sent with an Idempotency-Key, for a day. `key` is the keyed hash of the key,
-- `fingerprint` that of the request. Without `status` it is under way since `begun_at`; `attempt`
-- grows when it is taken up again after a crash. Without `body` the answer is not told twice.
CREATE TABLE idempotency (
    token_id UUID NOT NULL REFERENCES access_tokens (id),
    key BYTEA NOT NULL CHECK (octet_length(key) = 32),
    fingerprint BYTEA NOT NULL CHECK (octet_length(fingerprint) = 32),
    attempt BIGINT NOT NULL CHECK (attempt > 0),
    begun_at TIMESTAMPTZ NOT NULL,
    status BIGINT,
    media_type TEXT,
    location TEXT,
    body BYTEA,
    PRIMARY KEY (token_id, key)
);

CREATE INDEX idempotency_begun ON idempotency (begun_at);
