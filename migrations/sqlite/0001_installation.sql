-- One row: the value by which this installation's master key is recognised.
CREATE TABLE installation (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    key_check BLOB NOT NULL CHECK (length(key_check) = 32),
    created_at TEXT NOT NULL
) STRICT;
