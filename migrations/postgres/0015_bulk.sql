-- Issuing in bulk.

-- A place in a status list is the number of the award in its list, shuffled by the list's own `seed`: a
-- place is taken by counting, before anything is signed, and tells nothing of the order. Lists without a
-- seed gave out places at random; they give out no more.
ALTER TABLE status_lists ADD COLUMN seed BYTEA CHECK (octet_length(seed) = 32);

-- What was recorded and never signed is nothing that anybody has.
DELETE FROM recipients WHERE credential_id IN (SELECT id FROM credentials WHERE state = 'reserved');
UPDATE credentials SET state = 'erased', erased_at = reserved_at, award_key = NULL, batch_id = NULL,
    activity = NULL, activity_folded = NULL WHERE state = 'reserved';

-- JWTs are signed when somebody first asks for one. Deleted only when the credential is erased.
CREATE TABLE credential_jwts (
    credential_id UUID NOT NULL REFERENCES credentials (id),
    algorithm TEXT NOT NULL CHECK (algorithm IN ('EdDSA', 'ES256')),
    key_id UUID NOT NULL REFERENCES signing_keys (id),
    jwt TEXT NOT NULL,
    PRIMARY KEY (credential_id, algorithm)
);

CREATE INDEX credential_jwts_key ON credential_jwts (key_id);

INSERT INTO credential_jwts SELECT credential_id, 'EdDSA', eddsa_key_id, jwt_eddsa
    FROM signed_credentials WHERE jwt_eddsa IS NOT NULL;
INSERT INTO credential_jwts SELECT credential_id, 'ES256', es256_key_id, jwt_es256
    FROM signed_credentials WHERE jwt_es256 IS NOT NULL;

CREATE TRIGGER credential_jwts_no_update BEFORE UPDATE ON credential_jwts
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER credential_jwts_no_delete BEFORE DELETE ON credential_jwts
    FOR EACH ROW EXECUTE FUNCTION keep_unless_erased();

-- What was signed, byte for byte: `packing` says how the bytes are kept (src/store/packing.rs).
ALTER TABLE signed_credentials DROP COLUMN jwt_eddsa;
ALTER TABLE signed_credentials DROP COLUMN jwt_es256;
ALTER TABLE signed_credentials DROP COLUMN es256_key_id;
ALTER TABLE signed_credentials RENAME COLUMN eddsa_key_id TO key_id;
ALTER INDEX signed_credentials_eddsa_key RENAME TO signed_credentials_key;
ALTER TABLE signed_credentials ADD COLUMN packing BIGINT NOT NULL DEFAULT 0;
ALTER TABLE signed_credentials ALTER COLUMN packing DROP DEFAULT;

-- Most awards were earned at nothing that has a name.
DROP INDEX credentials_activity;
CREATE INDEX credentials_activity ON credentials (activity_folded, position)
    WHERE activity_folded IS NOT NULL;

-- A listing is read along its index, however many rows there are.
DROP INDEX credentials_version;
DROP INDEX credentials_batch;
DROP INDEX credentials_issuer;
CREATE INDEX credentials_version ON credentials (achievement_version_id, position);
CREATE INDEX credentials_batch ON credentials (batch_id, position) WHERE batch_id IS NOT NULL;
CREATE INDEX credentials_issuer ON credentials (issuer_id, position);
CREATE INDEX credentials_withdrawn ON credentials (position)
    WHERE revoked_at IS NOT NULL OR suspended_at IS NOT NULL;

-- A batch is a roster on its way: `asked` says what is to be made of its rows, `reading` how they are
-- understood (JSON). It runs until every part is done, unless somebody pauses or cancels it.
ALTER TABLE batches ADD COLUMN state TEXT NOT NULL DEFAULT 'done'
    CHECK (state IN ('receiving', 'running', 'paused', 'cancelled', 'done'));
ALTER TABLE batches ADD COLUMN dry_run BOOLEAN NOT NULL DEFAULT FALSE;
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
    batch_id UUID NOT NULL REFERENCES batches (id),
    number BIGINT NOT NULL CHECK (number >= 0),
    first_row BIGINT NOT NULL,
    row_count BIGINT NOT NULL,
    done BOOLEAN NOT NULL DEFAULT FALSE,
    held_until TIMESTAMPTZ,
    attempt BIGINT NOT NULL DEFAULT 0,
    issued BIGINT NOT NULL DEFAULT 0,
    already_issued BIGINT NOT NULL DEFAULT 0,
    rows_issued BIGINT NOT NULL DEFAULT 0,
    rows_already BIGINT NOT NULL DEFAULT 0,
    rows_to_correct BIGINT NOT NULL DEFAULT 0,
    rows_set_aside BIGINT NOT NULL DEFAULT 0,
    rows_refused BIGINT NOT NULL DEFAULT 0,
    rows BYTEA NOT NULL,
    report BYTEA,
    PRIMARY KEY (batch_id, number),
    CHECK (done = (report IS NOT NULL))
);

-- They are packed already.
ALTER TABLE batch_parts ALTER COLUMN rows SET STORAGE EXTERNAL;
ALTER TABLE batch_parts ALTER COLUMN report SET STORAGE EXTERNAL;

CREATE INDEX batch_parts_open ON batch_parts (batch_id, number) WHERE NOT done;

-- What becomes of an award that was made before.
ALTER TABLE achievements ADD COLUMN duplicates TEXT NOT NULL DEFAULT 'skip'
    CHECK (duplicates IN ('skip', 'refuse', 'allow'));
