-- How often content was fetched, by day. Counted off the read path: a crash loses a minute of counting.
CREATE TABLE download (
  digest    BLOB NOT NULL,                 -- SHA-256 of the content
  day       INTEGER NOT NULL,              -- days since 1970, UTC
  downloads INTEGER NOT NULL,
  PRIMARY KEY (digest, day)
) STRICT, WITHOUT ROWID;
