-- The catalog: what the published records say, as rows that can be searched and paged. Derived: `lair rebuild` makes it
-- again, a move to another database leaves it behind. The same tables as in PostgreSQL.

-- How far the ledger was read; written by the transaction that writes the rows.
CREATE TABLE catalog_state (
  id          INTEGER PRIMARY KEY CHECK (id = 1),
  leaves      INTEGER NOT NULL,            -- leaves that were read
  last_record TEXT NOT NULL,               -- record id of the last of them; empty before the first
  releases    INTEGER NOT NULL,            -- number of the next release
  changes     INTEGER NOT NULL             -- number of the next change
) STRICT;
INSERT INTO catalog_state VALUES (1, 0, '', 0, 0);

CREATE TABLE catalog_package (
  name           TEXT PRIMARY KEY,
  namespace      TEXT NOT NULL,
  first_release  INTEGER NOT NULL,
  newest_release INTEGER NOT NULL,         -- number of its newest release
  releases       INTEGER NOT NULL,
  latest_version TEXT NOT NULL             -- what one takes who names none; empty when all are yanked
) STRICT;
CREATE UNIQUE INDEX catalog_package_newest ON catalog_package (newest_release);
CREATE INDEX catalog_package_namespace ON catalog_package (namespace, newest_release);

CREATE TABLE catalog_release (
  number      INTEGER PRIMARY KEY,         -- from 0, without gaps, in the order of the ledger
  package     TEXT NOT NULL,
  version     TEXT NOT NULL,
  digest      BLOB NOT NULL,
  size_bytes  INTEGER NOT NULL,            -- -1 when the content is lost
  kind        TEXT NOT NULL,               -- core-module, component, wit-package; unknown when the content is lost
  record_id   TEXT NOT NULL,
  leaf_index  INTEGER NOT NULL,
  key_id      TEXT NOT NULL,
  released_at INTEGER NOT NULL,            -- as its author says, milliseconds
  yanked_at   INTEGER NOT NULL,            -- leaf of the record that yanked it; -1: none did
  deprecated  INTEGER NOT NULL,
  description TEXT NOT NULL,
  UNIQUE (package, version)
) STRICT;
CREATE INDEX catalog_release_package ON catalog_release (package, number);

-- Who exports, imports or defines an interface. Numbers are dense for each interface and track.
CREATE TABLE catalog_use (
  interface TEXT NOT NULL,                 -- ns:pkg/iface
  track     TEXT NOT NULL,                 -- `-` without a version
  number    INTEGER NOT NULL,
  role      TEXT NOT NULL,                 -- exports, imports, defines
  named     TEXT NOT NULL,                 -- with its version, as the release names it
  release   INTEGER NOT NULL,
  PRIMARY KEY (interface, track, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX catalog_use_role ON catalog_use (interface, track, role, number);
CREATE INDEX catalog_use_release ON catalog_use (release);

CREATE TABLE catalog_dependency (
  release  INTEGER NOT NULL,
  place    INTEGER NOT NULL,
  target   TEXT NOT NULL,                  -- ns:name
  version  TEXT NOT NULL,                  -- empty when none is named
  how      TEXT NOT NULL,                  -- used, imported, exported, separated by blanks
  PRIMARY KEY (release, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX catalog_dependency_target ON catalog_dependency (target, release);

CREATE TABLE catalog_change (
  number     INTEGER PRIMARY KEY,          -- from 0, without gaps
  kind       TEXT NOT NULL,                -- release, yank
  package    TEXT NOT NULL,
  version    TEXT NOT NULL,
  digest     BLOB NOT NULL,
  leaf_index INTEGER NOT NULL
) STRICT;
