-- The ledger, layout d of the ledger-storage specification: the map has no rows, the log's rows are its write-ahead list.
-- Hashes and ids are bytea of 32 bytes; times are microseconds since 1970 unless a name says otherwise. Text that is
-- ordered or looked up sorts by its bytes, whatever the database's locale.
-- Each state is one row that is there from the start, so that a writer has something to lock.

CREATE TABLE log_entry (
  idx       bigint PRIMARY KEY,    -- leaf index
  log_id    bytea NOT NULL,
  record_id bytea NOT NULL,
  record    bytea NOT NULL         -- protobuf Envelope
);

CREATE INDEX log_entry_by_log ON log_entry (log_id, idx);
CREATE UNIQUE INDEX log_entry_by_record ON log_entry (record_id);

CREATE TABLE log_name (
  log_id bytea PRIMARY KEY,
  name   text COLLATE "C" NOT NULL
);

CREATE TABLE released_content (
  digest bytea PRIMARY KEY,
  idx    bigint NOT NULL           -- the first entry that releases it
);

CREATE TABLE log_tile (
  id    bigint PRIMARY KEY,        -- level << 56 | index
  bytes bytea NOT NULL             -- full tiles only, 8192 bytes
);

-- Hashes do not compress: no use in trying.
ALTER TABLE log_tile ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE log_state (
  id       integer PRIMARY KEY CHECK (id = 1),
  size     bigint NOT NULL,
  root     bytea NOT NULL,
  map_root bytea NOT NULL,
  frontier bytea NOT NULL
);

-- The empty log and the empty map (transparency log, sections 1 and 4).
INSERT INTO log_state (id, size, root, map_root, frontier) VALUES (
  1, 0,
  '\xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '\xc6689f10812a0980976d9533d83875282166159567ec35155716c1413af53d6a',
  '');

CREATE TABLE checkpoint (
  size          bigint PRIMARY KEY,
  root          bytea NOT NULL,
  map_root      bytea NOT NULL,
  epoch_seconds bigint NOT NULL,
  key_id        text COLLATE "C" NOT NULL,
  signature     text COLLATE "C" NOT NULL
);

-- The notes of the newest checkpoint only.
CREATE TABLE publication (
  id            integer PRIMARY KEY CHECK (id = 1),
  size          bigint,
  log_note      text,
  evidence_size bigint,
  evidence_note text,
  CHECK (num_nulls(size, log_note, evidence_size, evidence_note) IN (0, 4))
);

INSERT INTO publication (id) VALUES (1);

CREATE TABLE evidence_entry (
  idx   bigint PRIMARY KEY,
  entry bytea NOT NULL
);

CREATE TABLE evidence_tile (
  id    bigint PRIMARY KEY,        -- as in log_tile
  bytes bytea NOT NULL
);

ALTER TABLE evidence_tile ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE evidence_state (
  id       integer PRIMARY KEY CHECK (id = 1),
  size     bigint NOT NULL,
  frontier bytea NOT NULL
);

INSERT INTO evidence_state (id, size, frontier) VALUES (1, 0, '');

CREATE TABLE submission (
  seq             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,   -- order of first submission
  record_id       bytea NOT NULL UNIQUE,
  log_id          bytea NOT NULL,
  package_name    text COLLATE "C" NOT NULL,
  record          bytea NOT NULL,        -- protobuf Envelope
  submitted_at    bigint NOT NULL,
  state           text COLLATE "C" NOT NULL CHECK (state IN ('sourcing', 'processing', 'rejected')),
  missing         bytea,                 -- sourcing: 32 bytes per digest
  deadline        bigint,                -- sourcing
  rejected_reason text,
  rejected_at     bigint
);

CREATE INDEX submission_open ON submission (seq) WHERE state <> 'rejected';
CREATE INDEX submission_open_of ON submission (log_id, seq) WHERE state <> 'rejected';
CREATE INDEX submission_rejected ON submission (rejected_at) WHERE state = 'rejected';

-- Snapshots of the map, for a registry that has no other place that all nodes see.
CREATE TABLE map_snapshot (
  tree_size  bigint PRIMARY KEY,
  id         bigint NOT NULL UNIQUE,
  size_bytes bigint NOT NULL
);

CREATE SEQUENCE map_snapshot_id;

CREATE TABLE map_snapshot_chunk (
  snapshot bigint NOT NULL,              -- map_snapshot.id
  n        integer NOT NULL,
  bytes    bytea NOT NULL,               -- 1 MiB, the last one less
  PRIMARY KEY (snapshot, n)
);

ALTER TABLE map_snapshot_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- The files of the key store: sealed, so of no use without the master key.
CREATE TABLE sealed_file (
  name  text COLLATE "C" PRIMARY KEY,
  bytes bytea NOT NULL
);
