-- What is known of an issuer beside its profile: its name in each language (a language map, as JSON;
-- badges can carry one language alone), and its logo.
CREATE TABLE issuer_details (
    issuer_id UUID PRIMARY KEY REFERENCES issuers (id),
    names TEXT,
    logo BYTEA,
    logo_media_type TEXT,
    CHECK ((logo IS NULL) = (logo_media_type IS NULL))
);
