-- Random keys leave the hot transaction: what finds an entry by record, log or content becomes one table that lags behind
-- the entries and is made again from them at any time.

-- Each entry tells itself what it releases; before the record, which may be on several pages. (A new table, because what
-- ALTER TABLE answers for a column of a STRICT table would be printed at each first start.)
CREATE TABLE log_entry_with_releases (
  idx       INTEGER PRIMARY KEY,   -- leaf index
  log_id    BLOB NOT NULL,
  record_id BLOB NOT NULL,
  releases  BLOB,                  -- 32 bytes per content, NULL when there is none
  record    BLOB NOT NULL          -- protobuf Envelope
) STRICT;

-- Versions 1 and 2 kept only the first entry that releases a content, which is all that is ever asked for.
INSERT INTO log_entry_with_releases (idx, log_id, record_id, releases, record)
SELECT e.idx, e.log_id, e.record_id, first.digests, e.record
FROM log_entry AS e
LEFT JOIN (
  SELECT idx, unhex(group_concat(hex(digest), '')) AS digests FROM released_content GROUP BY idx
) AS first ON first.idx = e.idx
ORDER BY e.idx;

DROP TABLE log_entry;
ALTER TABLE log_entry_with_releases RENAME TO log_entry;
DROP TABLE released_content;

-- A row says: look at this entry. Prefixes collide and rows may be left over, so the entry decides.
CREATE TABLE log_index (
  kind   INTEGER NOT NULL,         -- 0 record id, 1 log id, 2 released content
  prefix INTEGER NOT NULL,         -- the first 8 bytes of the key, big-endian
  idx    INTEGER NOT NULL,
  PRIMARY KEY (kind, prefix, idx)
) STRICT, WITHOUT ROWID;

-- Every entry below this size is in log_index; opening fills up what is missing.
CREATE TABLE log_indexed (
  id   INTEGER PRIMARY KEY CHECK (id = 1),
  size INTEGER NOT NULL
) STRICT;

INSERT INTO log_indexed (id, size) VALUES (1, 0);
