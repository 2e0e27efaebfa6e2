-- What this witness cosigned last, one row per log.

CREATE TABLE witnessed_head (
  origin TEXT PRIMARY KEY,
  size   INTEGER NOT NULL,
  root   BLOB NOT NULL,          -- 32 bytes
  note   TEXT NOT NULL           -- the checkpoint with our cosignature
) STRICT, WITHOUT ROWID;
