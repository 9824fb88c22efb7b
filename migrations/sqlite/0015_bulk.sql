-- Issuing in bulk.

-- A place in a status list is the number of the award in its list, shuffled by the list's own `seed`: a
-- place is taken by counting, before anything is signed, and tells nothing of the order. Lists without a
-- seed gave out places at random; they give out no more.
ALTER TABLE status_lists ADD COLUMN seed BLOB CHECK (length(seed) = 32);

-- What was recorded and never signed is nothing that anybody has.
DELETE FROM recipients WHERE credential_id IN (SELECT id FROM credentials WHERE state = 'reserved');
UPDATE credentials SET state = 'erased', erased_at = reserved_at, award_key = NULL, batch_id = NULL,
    activity = NULL, activity_folded = NULL WHERE state = 'reserved';

-- JWTs are signed when somebody first asks for one. Deleted only when the credential is erased.
CREATE TABLE credential_jwts (
    credential_id BLOB NOT NULL REFERENCES credentials (id),
    algorithm TEXT NOT NULL CHECK (algorithm IN ('EdDSA', 'ES256')),
    key_id BLOB NOT NULL REFERENCES signing_keys (id),
    jwt TEXT NOT NULL,
    PRIMARY KEY (credential_id, algorithm)
) STRICT, WITHOUT ROWID;

CREATE INDEX credential_jwts_key ON credential_jwts (key_id);

INSERT INTO credential_jwts SELECT credential_id, 'EdDSA', eddsa_key_id, jwt_eddsa
    FROM signed_credentials WHERE jwt_eddsa IS NOT NULL;
INSERT INTO credential_jwts SELECT credential_id, 'ES256', es256_key_id, jwt_es256
    FROM signed_credentials WHERE jwt_es256 IS NOT NULL;

CREATE TRIGGER credential_jwts_no_update BEFORE UPDATE ON credential_jwts
BEGIN
    SELECT RAISE(ABORT, 'immutable: credential_jwts');
END;

CREATE TRIGGER credential_jwts_no_delete BEFORE DELETE ON credential_jwts
WHEN (SELECT state FROM credentials WHERE id = OLD.credential_id) <> 'erased'
BEGIN
    SELECT RAISE(ABORT, 'immutable: credential_jwts');
END;

-- What was signed, byte for byte: `packing` says how the bytes are kept (src/store/packing.rs).
CREATE TABLE signed (
    credential_id BLOB NOT NULL UNIQUE REFERENCES credentials (id),
    subject_id TEXT NOT NULL,
    awarded_at TEXT,
    valid_from TEXT NOT NULL,
    valid_until TEXT,
    issued_at TEXT NOT NULL,
    key_id BLOB NOT NULL REFERENCES signing_keys (id),
    packing INTEGER NOT NULL,
    document BLOB NOT NULL
) STRICT;

INSERT INTO signed SELECT credential_id, subject_id, awarded_at, valid_from, valid_until, issued_at,
    eddsa_key_id, 0, document FROM signed_credentials ORDER BY rowid;
DROP TABLE signed_credentials;
ALTER TABLE signed RENAME TO signed_credentials;

CREATE INDEX signed_credentials_key ON signed_credentials (key_id);

CREATE TRIGGER signed_credentials_no_update BEFORE UPDATE ON signed_credentials
BEGIN
    SELECT RAISE(ABORT, 'immutable: signed_credentials');
END;

CREATE TRIGGER signed_credentials_no_delete BEFORE DELETE ON signed_credentials
WHEN (SELECT state FROM credentials WHERE id = OLD.credential_id) <> 'erased'
BEGIN
    SELECT RAISE(ABORT, 'immutable: signed_credentials');
END;

-- Most awards were earned at nothing that has a name.
DROP INDEX credentials_activity;
CREATE INDEX credentials_activity ON credentials (activity_folded) WHERE activity_folded IS NOT NULL;

-- A listing is read along its index, however many rows there are.
DROP INDEX credentials_batch;
CREATE INDEX credentials_batch ON credentials (batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX credentials_withdrawn ON credentials (position)
    WHERE revoked_at IS NOT NULL OR suspended_at IS NOT NULL;

-- A batch is a roster on its way: `asked` says what is to be made of its rows, `reading` how they are
-- understood (JSON). It runs until every part is done, unless somebody pauses or cancels it.
ALTER TABLE batches ADD COLUMN state TEXT NOT NULL DEFAULT 'done'
    CHECK (state IN ('receiving', 'running', 'paused', 'cancelled', 'done'));
ALTER TABLE batches ADD COLUMN dry_run INTEGER NOT NULL DEFAULT 0 CHECK (dry_run IN (0, 1));
ALTER TABLE batches ADD COLUMN asked TEXT;
ALTER TABLE batches ADD COLUMN reading TEXT;
ALTER TABLE batches ADD COLUMN actor TEXT;
ALTER TABLE batches ADD COLUMN request TEXT;
ALTER TABLE batches ADD COLUMN trouble TEXT;

CREATE INDEX batches_open ON batches (state) WHERE state IN ('receiving', 'running', 'paused');

-- Some hundred rows of a batch, which are issued together: `rows` as the organiser wrote them, `report`
-- what became of them (both packed; personal data). Whoever works on a part holds it until `held_until`;
-- after that anybody may take it up again, and `attempt` tells the two apart. What is large stands last: the
-- rest is read without it.
CREATE TABLE batch_parts (
    batch_id BLOB NOT NULL REFERENCES batches (id),
    number INTEGER NOT NULL CHECK (number >= 0),
    first_row INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    done INTEGER NOT NULL DEFAULT 0 CHECK (done IN (0, 1)),
    held_until TEXT,
    attempt INTEGER NOT NULL DEFAULT 0,
    issued INTEGER NOT NULL DEFAULT 0,
    already_issued INTEGER NOT NULL DEFAULT 0,
    rows_issued INTEGER NOT NULL DEFAULT 0,
    rows_already INTEGER NOT NULL DEFAULT 0,
    rows_to_correct INTEGER NOT NULL DEFAULT 0,
    rows_set_aside INTEGER NOT NULL DEFAULT 0,
    rows_refused INTEGER NOT NULL DEFAULT 0,
    rows BLOB NOT NULL,
    report BLOB,
    PRIMARY KEY (batch_id, number),
    CHECK ((done = 1) = (report IS NOT NULL))
) STRICT;

CREATE INDEX batch_parts_open ON batch_parts (batch_id, number) WHERE done = 0;

-- What becomes of an award that was made before.
ALTER TABLE achievements ADD COLUMN duplicates TEXT NOT NULL DEFAULT 'skip'
    CHECK (duplicates IN ('skip', 'refuse', 'allow'));
