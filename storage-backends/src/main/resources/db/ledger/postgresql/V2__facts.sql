-- What was found out about contents and releases: derived, made again by `lair rebuild` or by whoever misses it.

CREATE TABLE content_fact (
  digest bytea PRIMARY KEY,
  body   bytea NOT NULL            -- compressed by who writes it
);

ALTER TABLE content_fact ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE TABLE release_fact (
  record_id bytea NOT NULL,
  version   text COLLATE "C" NOT NULL,
  body      bytea NOT NULL,
  PRIMARY KEY (record_id, version)
);
