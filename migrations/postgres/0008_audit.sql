-- Who did what, on what, when, in which request. Append-only, and without personal data. Entries are
-- numbered without gaps; `hash` is the keyed hash of an entry and of the hash before it.
CREATE TABLE audit (
    number BIGINT PRIMARY KEY CHECK (number > 0),
    id UUID NOT NULL UNIQUE,
    at TIMESTAMPTZ NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id UUID,
    request TEXT,
    hash BYTEA NOT NULL CHECK (octet_length(hash) = 32)
);

CREATE INDEX audit_object ON audit (object_id);

CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- One row: the last entry. Whoever appends holds it, so that entries are chained one after the other;
-- `seal` is the keyed hash of the two before it, so that entries can't be cut off at the end.
CREATE TABLE audit_head (
    id SMALLINT PRIMARY KEY CHECK (id = 1),
    number BIGINT NOT NULL,
    hash BYTEA NOT NULL CHECK (octet_length(hash) = 32),
    seal BYTEA NOT NULL CHECK (octet_length(seal) = 32)
);

CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
