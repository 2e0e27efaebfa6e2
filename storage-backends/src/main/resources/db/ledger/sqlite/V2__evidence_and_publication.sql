-- The evidence log, and the notes that are served. A folder of version 1 gets them empty: it has published no note.

CREATE TABLE evidence_entry (
  idx   INTEGER PRIMARY KEY,       -- leaf index
  entry BLOB NOT NULL
) STRICT;

CREATE TABLE evidence_tile (
  id    INTEGER PRIMARY KEY,       -- level << 56 | index
  bytes BLOB NOT NULL              -- full tiles only, 8192 bytes
) STRICT;

CREATE TABLE evidence_state (
  id       INTEGER PRIMARY KEY CHECK (id = 1),
  size     INTEGER NOT NULL,
  root     BLOB NOT NULL,
  frontier BLOB NOT NULL
) STRICT;

-- The notes of the checkpoint of this size; they count while it is the newest.
CREATE TABLE publication (
  id            INTEGER PRIMARY KEY CHECK (id = 1),
  size          INTEGER NOT NULL,
  log_note      TEXT NOT NULL,
  evidence_size INTEGER NOT NULL,
  evidence_note TEXT NOT NULL
) STRICT;

CREATE INDEX submission_open_by_log ON submission (log_id, seq) WHERE state <> 'rejected';
