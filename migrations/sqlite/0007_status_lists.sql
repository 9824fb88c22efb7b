-- Bitstring status lists (W3C Bitstring Status List 1.0). A list gives out places until `capacity`
-- of its `size` are taken, so that random free places stay easy to find; then the next list begins.
-- `revision` grows whenever a bit changes: a signed list of the same revision is still right.
CREATE TABLE status_lists (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    issuer_id BLOB NOT NULL REFERENCES issuers (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('revocation', 'suspension')),
    size INTEGER NOT NULL CHECK (size > 0),
    capacity INTEGER NOT NULL CHECK (capacity > 0 AND 4 * capacity <= 3 * size),
    taken INTEGER NOT NULL DEFAULT 0 CHECK (taken BETWEEN 0 AND capacity),
    revision INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL
) STRICT;

CREATE INDEX status_lists_issuer ON status_lists (issuer_id, purpose);

CREATE TABLE status_entries (
    list_id BLOB NOT NULL REFERENCES status_lists (id),
    list_index INTEGER NOT NULL CHECK (list_index >= 0),
    credential_id BLOB NOT NULL REFERENCES credentials (id),
    state INTEGER NOT NULL DEFAULT 0 CHECK (state IN (0, 1)),
    changed_at TEXT,
    PRIMARY KEY (list_id, list_index)
) STRICT, WITHOUT ROWID;

CREATE INDEX status_entries_credential ON status_entries (credential_id);
CREATE INDEX status_entries_set ON status_entries (list_id, list_index) WHERE state = 1;

-- A place once taken stays taken by the same credential.
CREATE TRIGGER status_entries_stay BEFORE UPDATE OF list_id, list_index, credential_id ON status_entries
BEGIN
    SELECT RAISE(ABORT, 'immutable: status_entries');
END;

CREATE TRIGGER status_entries_no_delete BEFORE DELETE ON status_entries
BEGIN
    SELECT RAISE(ABORT, 'immutable: status_entries');
END;
