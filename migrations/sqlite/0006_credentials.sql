-- Awards: reserved before anything is signed, then issued; an erased one stays as a tombstone that
-- names nobody. `award_key` is the keyed hash of who, what and which activity: one live award each.
-- `attempt` grows each time a reservation left over by a crash is taken up again.
CREATE TABLE credentials (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    issuer_id BLOB NOT NULL REFERENCES issuers (id),
    achievement_version_id BLOB NOT NULL REFERENCES achievement_versions (id),
    batch_id BLOB REFERENCES batches (id),
    award_key BLOB UNIQUE CHECK (length(award_key) = 32),
    state TEXT NOT NULL CHECK (state IN ('reserved', 'issued', 'erased')),
    attempt INTEGER NOT NULL CHECK (attempt > 0),
    reserved_at TEXT NOT NULL,
    revoked_at TEXT,
    suspended_at TEXT,
    erased_at TEXT,
    CHECK ((state = 'erased') = (erased_at IS NOT NULL)),
    CHECK (state <> 'erased' OR award_key IS NULL),
    CHECK (state <> 'reserved' OR (revoked_at IS NULL AND suspended_at IS NULL))
) STRICT;

CREATE INDEX credentials_version ON credentials (achievement_version_id);
CREATE INDEX credentials_batch ON credentials (batch_id);
CREATE INDEX credentials_issuer ON credentials (issuer_id);

-- What became of a badge's standing, and why: a person wrote the reason and may name somebody in it,
-- so it goes when the badge is erased.
CREATE TABLE standing_changes (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    credential_id BLOB NOT NULL REFERENCES credentials (id),
    at TEXT NOT NULL,
    change TEXT NOT NULL CHECK (change IN ('revoked', 'suspended', 'reinstated')),
    reason TEXT
) STRICT;

CREATE INDEX standing_changes_credential ON standing_changes (credential_id);

-- Personal data, apart, so that it can be erased. `lookup` is the keyed hash of the address or SIRET.
CREATE TABLE recipients (
    credential_id BLOB NOT NULL PRIMARY KEY REFERENCES credentials (id),
    kind TEXT NOT NULL CHECK (kind IN ('person', 'organisation')),
    lookup BLOB CHECK (length(lookup) = 32),
    name TEXT NOT NULL,
    email TEXT,
    organisation TEXT,
    siret TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX recipients_lookup ON recipients (lookup);

-- What was signed, byte for byte. Never changed; deleted only when the credential is erased.
CREATE TABLE signed_credentials (
    credential_id BLOB NOT NULL UNIQUE REFERENCES credentials (id),
    subject_id TEXT NOT NULL,
    awarded_at TEXT,
    valid_from TEXT NOT NULL,
    valid_until TEXT,
    issued_at TEXT NOT NULL,
    eddsa_key_id BLOB NOT NULL REFERENCES signing_keys (id),
    es256_key_id BLOB REFERENCES signing_keys (id),
    document BLOB NOT NULL,
    jwt_eddsa TEXT,
    jwt_es256 TEXT,
    CHECK ((jwt_es256 IS NULL) = (es256_key_id IS NULL))
) STRICT;

CREATE INDEX signed_credentials_eddsa_key ON signed_credentials (eddsa_key_id);
CREATE INDEX signed_credentials_es256_key ON signed_credentials (es256_key_id);

CREATE TRIGGER signed_credentials_no_update BEFORE UPDATE ON signed_credentials
BEGIN
    SELECT RAISE(ABORT, 'immutable: signed_credentials');
END;

CREATE TRIGGER signed_credentials_no_delete BEFORE DELETE ON signed_credentials
WHEN (SELECT state FROM credentials WHERE id = OLD.credential_id) <> 'erased'
BEGIN
    SELECT RAISE(ABORT, 'immutable: signed_credentials');
END;

CREATE TRIGGER credentials_no_delete BEFORE DELETE ON credentials
BEGIN
    SELECT RAISE(ABORT, 'immutable: credentials');
END;
