-- Organisations that issue. `public_id` is what credentials name: a DID or an https address.
CREATE TABLE issuers (
    position BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
    id UUID PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    public_id TEXT NOT NULL UNIQUE,
    profile TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
