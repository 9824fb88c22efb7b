-- An award itself says when it was signed, also one that was reserved before.
UPDATE credentials SET reserved_at = s.issued_at FROM signed_credentials s
    WHERE s.credential_id = credentials.id AND s.issued_at <> credentials.reserved_at;

-- In which stretches of the order of entry (4096 positions each) the badges of each day stand: what was
-- issued between two dates is looked for only there. `day` counts from 1970-01-01, UTC. A row may be there
-- twice, when two transactions note the same at once; nobody then waits for the other.
CREATE TABLE issuing_days (
    day BIGINT NOT NULL,
    stretch BIGINT NOT NULL
);

CREATE INDEX issuing_days_day ON issuing_days (day, stretch);

INSERT INTO issuing_days (day, stretch)
    SELECT DISTINCT floor(extract(epoch FROM s.issued_at) / 86400)::bigint, c.position / 4096
    FROM signed_credentials s JOIN credentials c ON c.id = s.credential_id;
