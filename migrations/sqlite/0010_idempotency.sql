-- Requests that were sent with an Idempotency-Key, for a day. `key` is the keyed hash of the key,
-- `fingerprint` that of the request. Without `status` it is under way since `begun_at`; `attempt`
-- grows when it is taken up again after a crash. Without `body` the answer is not told twice.
CREATE TABLE idempotency (
    token_id BLOB NOT NULL REFERENCES access_tokens (id),
    key BLOB NOT NULL CHECK (length(key) = 32),
    fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
    attempt INTEGER NOT NULL CHECK (attempt > 0),
    begun_at TEXT NOT NULL,
    status INTEGER,
    media_type TEXT,
    location TEXT,
    body BLOB,
    PRIMARY KEY (token_id, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_begun ON idempotency (begun_at);
