-- What was found out about contents and releases. A file of its own: nothing here is the only copy, it is not backed up,
-- and its writes keep no record waiting.

CREATE TABLE content_fact (
  digest BLOB PRIMARY KEY,
  body   BLOB NOT NULL             -- compressed by who writes it
) STRICT;

CREATE TABLE release_fact (
  record_id BLOB NOT NULL,
  version   TEXT NOT NULL,
  body      BLOB NOT NULL,
  PRIMARY KEY (record_id, version)
) STRICT, WITHOUT ROWID;
