-- How often content was fetched, by day. Counted off the read path: a crash loses a minute of counting.
CREATE TABLE download (
  digest    bytea NOT NULL,                 -- SHA-256 of the content
  day       bigint NOT NULL,                -- days since 1970, UTC
  downloads bigint NOT NULL,
  PRIMARY KEY (digest, day)
);
