-- An award's key says whose it is before it says which: its first half is the recipient's own key (of the
-- keyed hash of the address or SIRET, the first half), so that one index finds an award and all awards of
-- somebody. The key of an award that was taken back ends with the award's identifier: the same award may be
-- made anew, and this one is still found.
UPDATE credentials c SET award_key = substring(r.lookup FROM 1 FOR 16)
    || coalesce(substring(c.award_key FROM 1 FOR 16), uuid_send(c.id))
    FROM recipients r WHERE r.credential_id = c.id AND r.lookup IS NOT NULL;

DROP INDEX recipients_lookup;
ALTER TABLE recipients DROP COLUMN lookup;

-- Nobody asks what a key has signed.
DROP INDEX signed_credentials_key;
DROP INDEX credential_jwts_key;

-- An issuer's withdrawn badges are listed without looking at the others.
DROP INDEX credentials_withdrawn;
CREATE INDEX credentials_withdrawn ON credentials (issuer_id, position)
    WHERE revoked_at IS NOT NULL OR suspended_at IS NOT NULL;
