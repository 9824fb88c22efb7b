-- Badge classes. What they say is in their versions; the one in force has the highest number.
CREATE TABLE achievements (
    position BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
    id UUID PRIMARY KEY,
    issuer_id UUID NOT NULL REFERENCES issuers (id),
    slug TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    archived_at TIMESTAMPTZ,
    UNIQUE (issuer_id, slug)
);

CREATE TABLE achievement_versions (
    position BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
    id UUID PRIMARY KEY,
    achievement_id UUID NOT NULL REFERENCES achievements (id),
    number BIGINT NOT NULL CHECK (number > 0),
    document TEXT NOT NULL,
    image BYTEA,
    image_media_type TEXT,
    level TEXT NOT NULL,
    recipient_kind TEXT NOT NULL CHECK (recipient_kind IN ('person', 'organisation')),
    validity TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (achievement_id, number),
    CHECK ((image IS NULL) = (image_media_type IS NULL))
);

CREATE TRIGGER achievement_versions_no_change BEFORE UPDATE OR DELETE ON achievement_versions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
