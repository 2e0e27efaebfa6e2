-- The catalog: what the published records say, as rows that can be searched and paged. Derived: `lair rebuild` makes it
-- again, a move to another database leaves it behind. The same tables as in SQLite.

-- How far the ledger was read; written by the transaction that writes the rows.
CREATE TABLE catalog_state (
  id          bigint PRIMARY KEY CHECK (id = 1),
  leaves      bigint NOT NULL,            -- leaves that were read
  last_record text COLLATE "C" NOT NULL,               -- record id of the last of them; empty before the first
  releases    bigint NOT NULL,            -- number of the next release
  changes     bigint NOT NULL             -- number of the next change
);
INSERT INTO catalog_state VALUES (1, 0, '', 0, 0);

CREATE TABLE catalog_package (
  name           text COLLATE "C" PRIMARY KEY,
  namespace      text COLLATE "C" NOT NULL,
  first_release  bigint NOT NULL,
  newest_release bigint NOT NULL,         -- number of its newest release
  releases       bigint NOT NULL,
  latest_version text COLLATE "C" NOT NULL             -- what one takes who names none; empty when all are yanked
);
CREATE UNIQUE INDEX catalog_package_newest ON catalog_package (newest_release);
CREATE INDEX catalog_package_namespace ON catalog_package (namespace, newest_release);

CREATE TABLE catalog_release (
  number      bigint PRIMARY KEY,         -- from 0, without gaps, in the order of the ledger
  package     text COLLATE "C" NOT NULL,
  version     text COLLATE "C" NOT NULL,
  digest      bytea NOT NULL,
  size_bytes  bigint NOT NULL,            -- -1 when the content is lost
  kind        text COLLATE "C" NOT NULL,               -- core-module, component, wit-package; unknown when the content is lost
  record_id   text COLLATE "C" NOT NULL,
  leaf_index  bigint NOT NULL,
  key_id      text COLLATE "C" NOT NULL,
  released_at bigint NOT NULL,            -- as its author says, milliseconds
  yanked_at   bigint NOT NULL,            -- leaf of the record that yanked it; -1: none did
  deprecated  bigint NOT NULL,
  description text COLLATE "C" NOT NULL,
  UNIQUE (package, version)
);
CREATE INDEX catalog_release_package ON catalog_release (package, number);

-- Who exports, imports or defines an interface. Numbers are dense for each interface and track.
CREATE TABLE catalog_use (
  interface text COLLATE "C" NOT NULL,                 -- ns:pkg/iface
  track     text COLLATE "C" NOT NULL,                 -- `-` without a version
  number    bigint NOT NULL,
  role      text COLLATE "C" NOT NULL,                 -- exports, imports, defines
  named     text COLLATE "C" NOT NULL,                 -- with its version, as the release names it
  release   bigint NOT NULL,
  PRIMARY KEY (interface, track, number)
);
CREATE INDEX catalog_use_role ON catalog_use (interface, track, role, number);
CREATE INDEX catalog_use_release ON catalog_use (release);

CREATE TABLE catalog_dependency (
  release  bigint NOT NULL,
  place    bigint NOT NULL,
  target   text COLLATE "C" NOT NULL,                  -- ns:name
  version  text COLLATE "C" NOT NULL,                  -- empty when none is named
  how      text COLLATE "C" NOT NULL,                  -- used, imported, exported, separated by blanks
  PRIMARY KEY (release, place)
);
CREATE INDEX catalog_dependency_target ON catalog_dependency (target, release);

CREATE TABLE catalog_change (
  number     bigint PRIMARY KEY,          -- from 0, without gaps
  kind       text COLLATE "C" NOT NULL,                -- release, yank
  package    text COLLATE "C" NOT NULL,
  version    text COLLATE "C" NOT NULL,
  digest     bytea NOT NULL,
  leaf_index bigint NOT NULL
);
