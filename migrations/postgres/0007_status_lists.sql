-- Bitstring status lists (W3C Bitstring Status List 1.0). A list gives out places until `capacity`
-- of its `size` are taken, so that random free places stay easy to find; then the next list begins.
-- `revision` grows whenever a bit changes: a signed list of the same revision is still right.
CREATE TABLE status_lists (
    position BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
    id UUID PRIMARY KEY,
    issuer_id UUID NOT NULL REFERENCES issuers (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('revocation', 'suspension')),
    size BIGINT NOT NULL CHECK (size > 0),
    capacity BIGINT NOT NULL CHECK (capacity > 0 AND 4 * capacity <= 3 * size),
    taken BIGINT NOT NULL DEFAULT 0 CHECK (taken BETWEEN 0 AND capacity),
    revision BIGINT NOT NULL DEFAULT 0,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE INDEX status_lists_issuer ON status_lists (issuer_id, purpose);

CREATE TABLE status_entries (
    list_id UUID NOT NULL REFERENCES status_lists (id),
    list_index BIGINT NOT NULL CHECK (list_index >= 0),
    credential_id UUID NOT NULL REFERENCES credentials (id),
    state BOOLEAN NOT NULL DEFAULT FALSE,
    changed_at TIMESTAMPTZ,
    PRIMARY KEY (list_id, list_index)
);

CREATE INDEX status_entries_credential ON status_entries (credential_id);
CREATE INDEX status_entries_set ON status_entries (list_id, list_index) WHERE state;

-- A place once taken stays taken by the same credential.
CREATE TRIGGER status_entries_stay BEFORE UPDATE OF list_id, list_index, credential_id ON status_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER status_entries_no_delete BEFORE DELETE ON status_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
