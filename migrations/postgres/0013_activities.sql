-- What a badge was earned at: its name as it was given, and folded (case, accents and punctuation away) to
-- be found by. Goes when the badge is erased.
ALTER TABLE credentials ADD COLUMN activity TEXT;
ALTER TABLE credentials ADD COLUMN activity_folded TEXT;

CREATE INDEX credentials_activity ON credentials (activity_folded);
