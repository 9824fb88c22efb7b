-- Awards: reserved before anything is signed, then issued; an erased one stays as a tombstone that
-- names nobody. `award_key` is the keyed hash of who, what and which activity: one live award each.
-- `attempt` grows each time a reservation left over by a crash is taken up again.
CREATE TABLE credentials (
    position BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
    id UUID PRIMARY KEY,
    issuer_id UUID NOT NULL REFERENCES issuers (id),
    achievement_version_id UUID NOT NULL REFERENCES achievement_versions (id),
    batch_id UUID REFERENCES batches (id),
    award_key BYTEA UNIQUE CHECK (octet_length(award_key) = 32),
    state TEXT NOT NULL CHECK (state IN ('reserved', 'issued', 'erased')),
    attempt BIGINT NOT NULL CHECK (attempt > 0),
    reserved_at TIMESTAMPTZ NOT NULL,
    revoked_at TIMESTAMPTZ,
    suspended_at TIMESTAMPTZ,
    erased_at TIMESTAMPTZ,
    CHECK ((state = 'erased') = (erased_at IS NOT NULL)),
    CHECK (state <> 'erased' OR award_key IS NULL),
    CHECK (state <> 'reserved' OR (revoked_at IS NULL AND suspended_at IS NULL))
);

CREATE INDEX credentials_version ON credentials (achievement_version_id);
CREATE INDEX credentials_batch ON credentials (batch_id);
CREATE INDEX credentials_issuer ON credentials (issuer_id);

-- What became of a badge's standing, and why: a person wrote the reason and may name somebody in it,
-- so it goes when the badge is erased.
CREATE TABLE standing_changes (
    position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    credential_id UUID NOT NULL REFERENCES credentials (id),
    at TIMESTAMPTZ NOT NULL,
    change TEXT NOT NULL CHECK (change IN ('revoked', 'suspended', 'reinstated')),
    reason TEXT
);

CREATE INDEX standing_changes_credential ON standing_changes (credential_id);

-- Personal data, apart, so that it can be erased. `lookup` is the keyed hash of the address or SIRET.
CREATE TABLE recipients (
    credential_id UUID PRIMARY KEY REFERENCES credentials (id),
    kind TEXT NOT NULL CHECK (kind IN ('person', 'organisation')),
    lookup BYTEA CHECK (octet_length(lookup) = 32),
    name TEXT NOT NULL,
    email TEXT,
    organisation TEXT,
    siret TEXT
);

CREATE INDEX recipients_lookup ON recipients (lookup);

-- What was signed, byte for byte. Never changed; deleted only when the credential is erased.
CREATE TABLE signed_credentials (
    credential_id UUID PRIMARY KEY REFERENCES credentials (id),
    subject_id TEXT NOT NULL,
    awarded_at TIMESTAMPTZ,
    valid_from TIMESTAMPTZ NOT NULL,
    valid_until TIMESTAMPTZ,
    issued_at TIMESTAMPTZ NOT NULL,
    eddsa_key_id UUID NOT NULL REFERENCES signing_keys (id),
    es256_key_id UUID REFERENCES signing_keys (id),
    document BYTEA NOT NULL,
    jwt_eddsa TEXT,
    jwt_es256 TEXT,
    CHECK ((jwt_es256 IS NULL) = (es256_key_id IS NULL))
);

CREATE INDEX signed_credentials_eddsa_key ON signed_credentials (eddsa_key_id);
CREATE INDEX signed_credentials_es256_key ON signed_credentials (es256_key_id);

CREATE TRIGGER signed_credentials_no_update BEFORE UPDATE ON signed_credentials
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION keep_unless_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT state FROM credentials WHERE id = OLD.credential_id) <> 'erased' THEN
        RAISE EXCEPTION 'immutable: %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END
$$;

CREATE TRIGGER signed_credentials_no_delete BEFORE DELETE ON signed_credentials
    FOR EACH ROW EXECUTE FUNCTION keep_unless_erased();

CREATE TRIGGER credentials_no_delete BEFORE DELETE ON credentials
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
