-- The ledger, layout d of the ledger-storage specification: the map has no rows, the log's rows are its write-ahead list.
-- Hashes and ids are blobs of 32 bytes; times are microseconds since 1970 unless a name says otherwise.

CREATE TABLE log_entry (
  idx       INTEGER PRIMARY KEY,   -- leaf index
  log_id    BLOB NOT NULL,
  record_id BLOB NOT NULL,
  record    BLOB NOT NULL          -- protobuf Envelope
) STRICT;

-- A SQLite index ends with the rowid, which is idx: (log_id) serves ranges of idx within one log.
CREATE INDEX log_entry_by_log ON log_entry (log_id);
CREATE UNIQUE INDEX log_entry_by_record ON log_entry (record_id);

CREATE TABLE log_name (
  log_id BLOB PRIMARY KEY,
  name   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE released_content (
  digest BLOB PRIMARY KEY,
  idx    INTEGER NOT NULL          -- the first entry that releases it
) STRICT, WITHOUT ROWID;

CREATE TABLE log_tile (
  id    INTEGER PRIMARY KEY,       -- level << 56 | index
  bytes BLOB NOT NULL              -- full tiles only, 8192 bytes
) STRICT;

CREATE TABLE log_state (
  id       INTEGER PRIMARY KEY CHECK (id = 1),
  size     INTEGER NOT NULL,
  root     BLOB NOT NULL,
  map_root BLOB NOT NULL,
  frontier BLOB NOT NULL
) STRICT;

CREATE TABLE checkpoint (
  size          INTEGER PRIMARY KEY,
  root          BLOB NOT NULL,
  map_root      BLOB NOT NULL,
  epoch_seconds INTEGER NOT NULL,
  key_id        TEXT NOT NULL,
  signature     TEXT NOT NULL
) STRICT;

CREATE TABLE submission (
  seq             INTEGER PRIMARY KEY,   -- order of first submission
  record_id       BLOB NOT NULL UNIQUE,
  log_id          BLOB NOT NULL,
  package_name    TEXT NOT NULL,
  record          BLOB NOT NULL,         -- protobuf Envelope
  submitted_at    INTEGER NOT NULL,
  state           TEXT NOT NULL CHECK (state IN ('sourcing', 'processing', 'rejected')),
  missing         BLOB,                  -- sourcing: 32 bytes per digest
  deadline        INTEGER,               -- sourcing
  rejected_reason TEXT,
  rejected_at     INTEGER
) STRICT;

CREATE INDEX submission_open ON submission (seq) WHERE state <> 'rejected';
CREATE INDEX submission_rejected ON submission (rejected_at) WHERE state = 'rejected';
