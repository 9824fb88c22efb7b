-- Which badges are revoked or suspended, for listing them. Not an index of `credentials`: in PostgreSQL that
-- would make every index of it be written, on pages from all over, when a badge is revoked. No reference
-- either: awards are never deleted.
CREATE TABLE withdrawn (
    issuer_id BLOB NOT NULL REFERENCES issuers (id),
    position INTEGER NOT NULL,
    revoked INTEGER NOT NULL CHECK (revoked IN (0, 1)),
    PRIMARY KEY (issuer_id, position)
) STRICT, WITHOUT ROWID;

INSERT INTO withdrawn (issuer_id, position, revoked)
    SELECT issuer_id, position, revoked_at IS NOT NULL FROM credentials
    WHERE revoked_at IS NOT NULL OR suspended_at IS NOT NULL;

DROP INDEX credentials_withdrawn;
