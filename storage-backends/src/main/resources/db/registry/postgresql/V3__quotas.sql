-- How much is used of what is bounded. The same tables as in SQLite. What was released before these tables were made is not
-- counted.

-- What an administrator decided for a namespace in place of the settings; -1: as they are, 0: no limit.
CREATE TABLE namespace_quota (
  namespace    text COLLATE "C" PRIMARY KEY REFERENCES namespace (name),
  stored_bytes bigint NOT NULL,
  packages     bigint NOT NULL,
  set_by       text COLLATE "C" NOT NULL,
  set_at       bigint NOT NULL
);

-- Contents and packages of a namespace, each once. What is held is counted until somebody looks whether it was released.
CREATE TABLE namespace_item (
  namespace  text COLLATE "C" NOT NULL,
  item       text COLLATE "C" NOT NULL,                -- digest, or name of a package
  kind       text COLLATE "C" NOT NULL,                -- content, package
  amount     bigint NOT NULL,             -- bytes; 1 for a package
  held_until bigint NOT NULL,             -- 0: it was released, and stays
  PRIMARY KEY (namespace, item)
);
CREATE INDEX namespace_item_held ON namespace_item (held_until);

-- Sums of namespace_item, changed with it.
CREATE TABLE namespace_use (
  namespace    text COLLATE "C" PRIMARY KEY,
  stored_bytes bigint NOT NULL,
  packages     bigint NOT NULL
);

-- What an account or a publisher did on a day (UTC).
CREATE TABLE daily_use (
  who            text COLLATE "C" NOT NULL,
  day            bigint NOT NULL,         -- since 1970
  releases       bigint NOT NULL,
  uploaded_bytes bigint NOT NULL,
  PRIMARY KEY (who, day)
);
CREATE INDEX daily_use_day ON daily_use (day);
