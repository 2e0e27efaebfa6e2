-- How much is used of what is bounded. The same tables as in PostgreSQL. What was released before these tables were made is not
-- counted.

-- What an administrator decided for a namespace in place of the settings; -1: as they are, 0: no limit.
CREATE TABLE namespace_quota (
  namespace    TEXT PRIMARY KEY REFERENCES namespace (name),
  stored_bytes INTEGER NOT NULL,
  packages     INTEGER NOT NULL,
  set_by       TEXT NOT NULL,
  set_at       INTEGER NOT NULL
) STRICT;

-- Contents and packages of a namespace, each once. What is held is counted until somebody looks whether it was released.
CREATE TABLE namespace_item (
  namespace  TEXT NOT NULL,
  item       TEXT NOT NULL,                -- digest, or name of a package
  kind       TEXT NOT NULL,                -- content, package
  amount     INTEGER NOT NULL,             -- bytes; 1 for a package
  held_until INTEGER NOT NULL,             -- 0: it was released, and stays
  PRIMARY KEY (namespace, item)
) STRICT;
CREATE INDEX namespace_item_held ON namespace_item (held_until);

-- Sums of namespace_item, changed with it.
CREATE TABLE namespace_use (
  namespace    TEXT PRIMARY KEY,
  stored_bytes INTEGER NOT NULL,
  packages     INTEGER NOT NULL
) STRICT;

-- What an account or a publisher did on a day (UTC).
CREATE TABLE daily_use (
  who            TEXT NOT NULL,
  day            INTEGER NOT NULL,         -- since 1970
  releases       INTEGER NOT NULL,
  uploaded_bytes INTEGER NOT NULL,
  PRIMARY KEY (who, day)
) STRICT;
CREATE INDEX daily_use_day ON daily_use (day);
