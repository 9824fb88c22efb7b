-- Which badges are revoked or suspended, for listing them. Not an index of `credentials`: that would make
-- every index of it be written, on pages from all over, when a badge is revoked. No reference either: awards
-- are never deleted.
CREATE TABLE withdrawn (
    issuer_id UUID NOT NULL REFERENCES issuers (id),
    position BIGINT NOT NULL,
    revoked BOOLEAN NOT NULL,
    PRIMARY KEY (issuer_id, position)
);

INSERT INTO withdrawn (issuer_id, position, revoked)
    SELECT issuer_id, position, revoked_at IS NOT NULL FROM credentials
    WHERE revoked_at IS NOT NULL OR suspended_at IS NOT NULL;

DROP INDEX credentials_withdrawn;

-- Room on each page for what is revoked there to stay there (a heap-only tuple).
ALTER TABLE credentials SET (fillfactor = 95);
