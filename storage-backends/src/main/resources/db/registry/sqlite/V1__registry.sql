-- Accounts, rights and tokens: primary state that nothing can make again. The same tables as in PostgreSQL.

-- People and organisations. A login is lower-case ASCII and is never given twice.
CREATE TABLE account (
  id            TEXT PRIMARY KEY,
  login         TEXT NOT NULL UNIQUE,
  display_name  TEXT NOT NULL,
  kind          TEXT NOT NULL,             -- person, organisation
  administrator INTEGER NOT NULL,              -- 1 for those who run the registry
  state         TEXT NOT NULL,             -- active, frozen
  created_at    INTEGER NOT NULL              -- milliseconds since 1970, as every time here
) STRICT;

-- Who logs in as whom: (issuer, subject) of an OpenID provider, never an e-mail address.
CREATE TABLE account_identity (
  issuer     TEXT NOT NULL,
  subject    TEXT NOT NULL,
  account_id TEXT NOT NULL REFERENCES account (id),
  shown      TEXT NOT NULL,                -- how the provider calls them
  linked_at  INTEGER NOT NULL,
  PRIMARY KEY (issuer, subject)
) STRICT;
CREATE INDEX account_identity_account ON account_identity (account_id);

CREATE TABLE account_password (
  account_id   TEXT PRIMARY KEY REFERENCES account (id),
  hash         TEXT NOT NULL,              -- Argon2id with its parameters and salt
  failures     INTEGER NOT NULL,               -- in a row
  locked_until INTEGER NOT NULL,
  changed_at   INTEGER NOT NULL
) STRICT;

CREATE TABLE organisation_member (
  organisation_id TEXT NOT NULL REFERENCES account (id),
  account_id      TEXT NOT NULL REFERENCES account (id),
  role            TEXT NOT NULL,           -- owner, member
  added_at        INTEGER NOT NULL,
  PRIMARY KEY (organisation_id, account_id)
) STRICT;
CREATE INDEX organisation_member_account ON organisation_member (account_id);

-- Browser sessions and what `lair login` got; the secret itself is nowhere.
CREATE TABLE session (
  token_hash       BLOB PRIMARY KEY,      -- SHA-256
  account_id       TEXT NOT NULL REFERENCES account (id),
  created_at       INTEGER NOT NULL,
  expires_at       INTEGER NOT NULL,
  stepped_up_until INTEGER NOT NULL           -- sensitive acts until then
) STRICT;
CREATE INDEX session_account ON session (account_id);
CREATE INDEX session_expiry ON session (expires_at);

-- A machine that waits for its owner to approve it in a browser.
CREATE TABLE device_login (
  device_hash BLOB PRIMARY KEY,           -- SHA-256 of the code that the machine polls with
  user_code   TEXT NOT NULL UNIQUE,
  created_at  INTEGER NOT NULL,
  expires_at  INTEGER NOT NULL,
  polled_at   INTEGER NOT NULL,
  state       TEXT NOT NULL,               -- waiting, approved, denied, used
  account_id  TEXT REFERENCES account (id),
  stepped_up_until INTEGER NOT NULL      -- as the session that approved it
) STRICT;

CREATE TABLE api_token (
  id           TEXT PRIMARY KEY,
  hash         BLOB NOT NULL UNIQUE,      -- SHA-256
  account_id   TEXT NOT NULL REFERENCES account (id),
  label        TEXT NOT NULL,
  scopes       TEXT NOT NULL,              -- separated by blanks
  packages     TEXT NOT NULL,              -- patterns, separated by blanks; empty: all that the account may touch
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL,              -- 0: never; to the hour, so that reads need no write
  revoked_at   INTEGER NOT NULL               -- 0: not
) STRICT;
CREATE INDEX api_token_account ON api_token (account_id);

-- Who may do what in a namespace. That it exists is said by the operator log.
CREATE TABLE namespace (
  name         TEXT PRIMARY KEY,
  state        TEXT NOT NULL,              -- pending (an administrator decides), defining (the operator log has it soon), active, rejected
  note         TEXT NOT NULL,              -- why it waits
  trusted_only INTEGER NOT NULL,               -- 1: only trusted publishers release
  created_by   TEXT NOT NULL REFERENCES account (id),
  created_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX namespace_creator ON namespace (created_by);
CREATE INDEX namespace_state ON namespace (state);

CREATE TABLE namespace_role (
  namespace  TEXT NOT NULL REFERENCES namespace (name),
  account_id TEXT NOT NULL REFERENCES account (id),
  role       TEXT NOT NULL,                -- owner, maintainer, publisher
  added_at   INTEGER NOT NULL,
  PRIMARY KEY (namespace, account_id)
) STRICT;
CREATE INDEX namespace_role_account ON namespace_role (account_id);

-- OIDC identities that may release.
CREATE TABLE publisher (
  id                TEXT PRIMARY KEY,
  namespace         TEXT NOT NULL REFERENCES namespace (name),
  packages          TEXT NOT NULL,         -- names or NAMESPACE:*, separated by blanks
  issuer            TEXT NOT NULL,
  kind              TEXT NOT NULL,         -- github, gitlab, generic
  owner             TEXT NOT NULL,
  owner_id          TEXT NOT NULL,         -- empty until first use pins it
  repository        TEXT NOT NULL,
  repository_id     TEXT NOT NULL,
  workflow          TEXT NOT NULL,
  reusable_workflow TEXT NOT NULL,
  environment       TEXT NOT NULL,         -- empty: any
  ref_pattern       TEXT NOT NULL,
  events            TEXT NOT NULL,         -- allowed beyond the default, separated by blanks
  claims            TEXT NOT NULL DEFAULT '{}', -- JSON: what a generic issuer's token must say
  actions           TEXT NOT NULL,
  status            TEXT NOT NULL,         -- pending, active, frozen
  created_by        TEXT NOT NULL REFERENCES account (id),
  created_at        INTEGER NOT NULL,
  expires_at        INTEGER NOT NULL,         -- of a pending one; 0: never
  last_used_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX publisher_namespace ON publisher (namespace);
CREATE INDEX publisher_issuer ON publisher (issuer, repository_id);
CREATE INDEX publisher_name ON publisher (issuer, lower(owner || '/' || repository));

-- Identity tokens that were exchanged: each works once. The row is written by the transaction that mints.
CREATE TABLE used_identity_token (
  issuer     TEXT NOT NULL,
  jti        TEXT NOT NULL,
  keep_until INTEGER NOT NULL,
  PRIMARY KEY (issuer, jti)
) STRICT;
CREATE INDEX used_identity_token_expiry ON used_identity_token (keep_until);

CREATE TABLE trusted_token (
  id           TEXT PRIMARY KEY,
  hash         BLOB NOT NULL UNIQUE,      -- SHA-256
  publisher_id TEXT NOT NULL,              -- not a reference: it outlives the publisher in what it released
  namespace    TEXT NOT NULL,
  packages     TEXT NOT NULL,
  action       TEXT NOT NULL,
  contents     TEXT NOT NULL,              -- digests that may be released, separated by blanks; empty: any
  issuer       TEXT NOT NULL,
  claims       TEXT NOT NULL,              -- JSON: those that were looked at
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL,
  revoked_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX trusted_token_expiry ON trusted_token (expires_at);
CREATE INDEX trusted_token_publisher ON trusted_token (publisher_id);

-- Packages that differ from their namespace's rule.
CREATE TABLE package_rule (
  package      TEXT PRIMARY KEY,
  trusted_only INTEGER NOT NULL,
  set_by       TEXT NOT NULL,              -- account, or `first-trusted-publish`
  set_at       INTEGER NOT NULL
) STRICT;

-- Publishes over HTTP: what was asked, and where it stands.
CREATE TABLE publish_request (
  id              TEXT PRIMARY KEY,
  caller          TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  request_digest  TEXT NOT NULL,           -- what the key stands for: another request may not use it
  package         TEXT NOT NULL,
  version         TEXT NOT NULL,
  content         TEXT NOT NULL,           -- digest
  readme          TEXT NOT NULL,           -- digest; empty without one
  identity        TEXT NOT NULL,           -- JSON for the attestation
  record_id       TEXT NOT NULL,           -- empty until it is signed
  state           TEXT NOT NULL,
  problem         TEXT NOT NULL,
  created_at      INTEGER NOT NULL,
  UNIQUE (caller, idempotency_key)
) STRICT;
CREATE INDEX publish_request_created ON publish_request (created_at);

CREATE TABLE attestation (
  digest         TEXT PRIMARY KEY,         -- of the envelope
  package        TEXT NOT NULL,
  version        TEXT NOT NULL,
  record_id      TEXT NOT NULL,
  envelope       BLOB NOT NULL,
  evidence_index INTEGER NOT NULL,            -- -1 until the evidence log has it
  created_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX attestation_release ON attestation (package, version);
CREATE INDEX attestation_unstated ON attestation (evidence_index);

-- READMEs by their digest, and the releases that have one.
CREATE TABLE readme (
  digest     TEXT PRIMARY KEY,
  body       BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE release_readme (
  package TEXT NOT NULL,
  version TEXT NOT NULL,
  digest  TEXT NOT NULL REFERENCES readme (digest),
  PRIMARY KEY (package, version)
) STRICT;

-- Uploads in parts; the content lies in the content store.
CREATE TABLE upload (
  id          TEXT PRIMARY KEY,
  caller      TEXT NOT NULL,
  package     TEXT NOT NULL,
  version     TEXT NOT NULL,
  sent        TEXT NOT NULL,               -- digest of the bytes that came; empty until they did
  content     TEXT NOT NULL,               -- digest of what they are to be released as
  readme      TEXT NOT NULL,               -- digest; empty until it came
  readme_body BLOB NOT NULL,
  expires_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX upload_caller ON upload (caller);
CREATE INDEX upload_expiry ON upload (expires_at);

-- What was done by whom: one row an act, in the transaction that does it. Rows are never changed or removed.
CREATE TABLE audit (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  at         INTEGER NOT NULL,
  actor      TEXT NOT NULL,                -- account, token or publisher id; `registry` for its own acts
  act        TEXT NOT NULL,
  namespace  TEXT NOT NULL,                -- whose owners may read it; empty: administrators only
  subject    TEXT NOT NULL,                -- what it was done to
  detail     TEXT NOT NULL,                -- JSON, without secrets
  request_id TEXT NOT NULL
) STRICT;
CREATE INDEX audit_namespace ON audit (namespace, id);

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;

CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit rows are never removed'); END;
