-- One row: the value by which this installation's master key is recognised.
CREATE TABLE installation (
    id SMALLINT PRIMARY KEY CHECK (id = 1),
    key_check BYTEA NOT NULL CHECK (octet_length(key_check) = 32),
    created_at TIMESTAMPTZ NOT NULL
);

-- What the triggers of later migrations run: a table's rows that nobody may change.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'immutable: %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
