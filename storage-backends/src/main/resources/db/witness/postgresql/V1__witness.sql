-- What a witness has cosigned: one row per log.

CREATE TABLE witness_head (
  origin    text COLLATE "C" PRIMARY KEY,
  tree_size bigint NOT NULL,
  root      bytea NOT NULL,
  note      text NOT NULL
);
