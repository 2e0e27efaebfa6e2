-- Accounts, rights and tokens: primary state that nothing can make again. The same tables as in SQLite.

-- People and organisations. A login is lower-case ASCII and is never given twice.
CREATE TABLE account (
  id            text COLLATE "C" PRIMARY KEY,
  login         text COLLATE "C" NOT NULL UNIQUE,
  display_name  text COLLATE "C" NOT NULL,
  kind          text COLLATE "C" NOT NULL,             -- person, organisation
  administrator integer NOT NULL,              -- 1 for those who run the registry
  state         text COLLATE "C" NOT NULL,             -- active, frozen
  created_at    bigint NOT NULL              -- milliseconds since 1970, as every time here
);

-- Who logs in as whom: (issuer, subject) of an OpenID provider, never an e-mail address.
CREATE TABLE account_identity (
  issuer     text COLLATE "C" NOT NULL,
  subject    text COLLATE "C" NOT NULL,
  account_id text COLLATE "C" NOT NULL REFERENCES account (id),
  shown      text COLLATE "C" NOT NULL,                -- how the provider calls them
  linked_at  bigint NOT NULL,
  PRIMARY KEY (issuer, subject)
);
CREATE INDEX account_identity_account ON account_identity (account_id);

CREATE TABLE account_password (
  account_id   text COLLATE "C" PRIMARY KEY REFERENCES account (id),
  hash         text COLLATE "C" NOT NULL,              -- Argon2id with its parameters and salt
  failures     integer NOT NULL,               -- in a row
  locked_until bigint NOT NULL,
  changed_at   bigint NOT NULL
);

CREATE TABLE organisation_member (
  organisation_id text COLLATE "C" NOT NULL REFERENCES account (id),
  account_id      text COLLATE "C" NOT NULL REFERENCES account (id),
  role            text COLLATE "C" NOT NULL,           -- owner, member
  added_at        bigint NOT NULL,
  PRIMARY KEY (organisation_id, account_id)
);
CREATE INDEX organisation_member_account ON organisation_member (account_id);

-- Browser sessions and what `lair login` got; the secret itself is nowhere.
CREATE TABLE session (
  token_hash       bytea PRIMARY KEY,      -- SHA-256
  account_id       text COLLATE "C" NOT NULL REFERENCES account (id),
  created_at       bigint NOT NULL,
  expires_at       bigint NOT NULL,
  stepped_up_until bigint NOT NULL           -- sensitive acts until then
);
CREATE INDEX session_account ON session (account_id);
CREATE INDEX session_expiry ON session (expires_at);

-- A machine that waits for its owner to approve it in a browser.
CREATE TABLE device_login (
  device_hash bytea PRIMARY KEY,           -- SHA-256 of the code that the machine polls with
  user_code   text COLLATE "C" NOT NULL UNIQUE,
  created_at  bigint NOT NULL,
  expires_at  bigint NOT NULL,
  polled_at   bigint NOT NULL,
  state       text COLLATE "C" NOT NULL,               -- waiting, approved, denied, used
  account_id  text COLLATE "C" REFERENCES account (id),
  stepped_up_until bigint NOT NULL      -- as the session that approved it
);

CREATE TABLE api_token (
  id           text COLLATE "C" PRIMARY KEY,
  hash         bytea NOT NULL UNIQUE,      -- SHA-256
  account_id   text COLLATE "C" NOT NULL REFERENCES account (id),
  label        text COLLATE "C" NOT NULL,
  scopes       text COLLATE "C" NOT NULL,              -- separated by blanks
  packages     text COLLATE "C" NOT NULL,              -- patterns, separated by blanks; empty: all that the account may touch
  created_at   bigint NOT NULL,
  expires_at   bigint NOT NULL,
  last_used_at bigint NOT NULL,              -- 0: never; to the hour, so that reads need no write
  revoked_at   bigint NOT NULL               -- 0: not
);
CREATE INDEX api_token_account ON api_token (account_id);

-- Who may do what in a namespace. That it exists is said by the operator log.
CREATE TABLE namespace (
  name         text COLLATE "C" PRIMARY KEY,
  state        text COLLATE "C" NOT NULL,              -- pending (an administrator decides), defining (the operator log has it soon), active, rejected
  note         text COLLATE "C" NOT NULL,              -- why it waits
  trusted_only integer NOT NULL,               -- 1: only trusted publishers release
  created_by   text COLLATE "C" NOT NULL REFERENCES account (id),
  created_at   bigint NOT NULL
);
CREATE INDEX namespace_creator ON namespace (created_by);
CREATE INDEX namespace_state ON namespace (state);

CREATE TABLE namespace_role (
  namespace  text COLLATE "C" NOT NULL REFERENCES namespace (name),
  account_id text COLLATE "C" NOT NULL REFERENCES account (id),
  role       text COLLATE "C" NOT NULL,                -- owner, maintainer, publisher
  added_at   bigint NOT NULL,
  PRIMARY KEY (namespace, account_id)
);
CREATE INDEX namespace_role_account ON namespace_role (account_id);

-- OIDC identities that may release.
CREATE TABLE publisher (
  id                text COLLATE "C" PRIMARY KEY,
  namespace         text COLLATE "C" NOT NULL REFERENCES namespace (name),
  packages          text COLLATE "C" NOT NULL,         -- names or NAMESPACE:*, separated by blanks
  issuer            text COLLATE "C" NOT NULL,
  kind              text COLLATE "C" NOT NULL,         -- github, gitlab, generic
  owner             text COLLATE "C" NOT NULL,
  owner_id          text COLLATE "C" NOT NULL,         -- empty until first use pins it
  repository        text COLLATE "C" NOT NULL,
  repository_id     text COLLATE "C" NOT NULL,
  workflow          text COLLATE "C" NOT NULL,
  reusable_workflow text COLLATE "C" NOT NULL,
  environment       text COLLATE "C" NOT NULL,         -- empty: any
  ref_pattern       text COLLATE "C" NOT NULL,
  events            text COLLATE "C" NOT NULL,         -- allowed beyond the default, separated by blanks
  claims            text COLLATE "C" NOT NULL DEFAULT '{}', -- JSON: what a generic issuer's token must say
  actions           text COLLATE "C" NOT NULL,
  status            text COLLATE "C" NOT NULL,         -- pending, active, frozen
  created_by        text COLLATE "C" NOT NULL REFERENCES account (id),
  created_at        bigint NOT NULL,
  expires_at        bigint NOT NULL,         -- of a pending one; 0: never
  last_used_at      bigint NOT NULL
);
CREATE INDEX publisher_namespace ON publisher (namespace);
CREATE INDEX publisher_issuer ON publisher (issuer, repository_id);
CREATE INDEX publisher_name ON publisher (issuer, (lower(owner || '/' || repository)));

-- Identity tokens that were exchanged: each works once. The row is written by the transaction that mints.
CREATE TABLE used_identity_token (
  issuer     text COLLATE "C" NOT NULL,
  jti        text COLLATE "C" NOT NULL,
  keep_until bigint NOT NULL,
  PRIMARY KEY (issuer, jti)
);
CREATE INDEX used_identity_token_expiry ON used_identity_token (keep_until);

CREATE TABLE trusted_token (
  id           text COLLATE "C" PRIMARY KEY,
  hash         bytea NOT NULL UNIQUE,      -- SHA-256
  publisher_id text COLLATE "C" NOT NULL,              -- not a reference: it outlives the publisher in what it released
  namespace    text COLLATE "C" NOT NULL,
  packages     text COLLATE "C" NOT NULL,
  action       text COLLATE "C" NOT NULL,
  contents     text COLLATE "C" NOT NULL,              -- digests that may be released, separated by blanks; empty: any
  issuer       text COLLATE "C" NOT NULL,
  claims       text COLLATE "C" NOT NULL,              -- JSON: those that were looked at
  created_at   bigint NOT NULL,
  expires_at   bigint NOT NULL,
  revoked_at   bigint NOT NULL
);
CREATE INDEX trusted_token_expiry ON trusted_token (expires_at);
CREATE INDEX trusted_token_publisher ON trusted_token (publisher_id);

-- Packages that differ from their namespace's rule.
CREATE TABLE package_rule (
  package      text COLLATE "C" PRIMARY KEY,
  trusted_only integer NOT NULL,
  set_by       text COLLATE "C" NOT NULL,              -- account, or `first-trusted-publish`
  set_at       bigint NOT NULL
);

-- Publishes over HTTP: what was asked, and where it stands.
CREATE TABLE publish_request (
  id              text COLLATE "C" PRIMARY KEY,
  caller          text COLLATE "C" NOT NULL,
  idempotency_key text COLLATE "C" NOT NULL,
  request_digest  text COLLATE "C" NOT NULL,           -- what the key stands for: another request may not use it
  package         text COLLATE "C" NOT NULL,
  version         text COLLATE "C" NOT NULL,
  content         text COLLATE "C" NOT NULL,           -- digest
  readme          text COLLATE "C" NOT NULL,           -- digest; empty without one
  identity        text COLLATE "C" NOT NULL,           -- JSON for the attestation
  record_id       text COLLATE "C" NOT NULL,           -- empty until it is signed
  state           text COLLATE "C" NOT NULL,
  problem         text COLLATE "C" NOT NULL,
  created_at      bigint NOT NULL,
  UNIQUE (caller, idempotency_key)
);
CREATE INDEX publish_request_created ON publish_request (created_at);

CREATE TABLE attestation (
  digest         text COLLATE "C" PRIMARY KEY,         -- of the envelope
  package        text COLLATE "C" NOT NULL,
  version        text COLLATE "C" NOT NULL,
  record_id      text COLLATE "C" NOT NULL,
  envelope       bytea NOT NULL,
  evidence_index bigint NOT NULL,            -- -1 until the evidence log has it
  created_at     bigint NOT NULL
);
CREATE INDEX attestation_release ON attestation (package, version);
CREATE INDEX attestation_unstated ON attestation (evidence_index);

-- READMEs by their digest, and the releases that have one.
CREATE TABLE readme (
  digest     text COLLATE "C" PRIMARY KEY,
  body       bytea NOT NULL,
  created_at bigint NOT NULL
);

CREATE TABLE release_readme (
  package text COLLATE "C" NOT NULL,
  version text COLLATE "C" NOT NULL,
  digest  text COLLATE "C" NOT NULL REFERENCES readme (digest),
  PRIMARY KEY (package, version)
);

-- Uploads in parts; the content lies in the content store.
CREATE TABLE upload (
  id          text COLLATE "C" PRIMARY KEY,
  caller      text COLLATE "C" NOT NULL,
  package     text COLLATE "C" NOT NULL,
  version     text COLLATE "C" NOT NULL,
  sent        text COLLATE "C" NOT NULL,               -- digest of the bytes that came; empty until they did
  content     text COLLATE "C" NOT NULL,               -- digest of what they are to be released as
  readme      text COLLATE "C" NOT NULL,               -- digest; empty until it came
  readme_body bytea NOT NULL,
  expires_at  bigint NOT NULL
);
CREATE INDEX upload_caller ON upload (caller);
CREATE INDEX upload_expiry ON upload (expires_at);

-- What was done by whom: one row an act, in the transaction that does it. Rows are never changed or removed.
CREATE TABLE audit (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at         bigint NOT NULL,
  actor      text COLLATE "C" NOT NULL,                -- account, token or publisher id; `registry` for its own acts
  act        text COLLATE "C" NOT NULL,
  namespace  text COLLATE "C" NOT NULL,                -- whose owners may read it; empty: administrators only
  subject    text COLLATE "C" NOT NULL,                -- what it was done to
  detail     text COLLATE "C" NOT NULL,                -- JSON, without secrets
  request_id text COLLATE "C" NOT NULL
);
CREATE INDEX audit_namespace ON audit (namespace, id);

CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit rows are never changed or removed';
END $$;

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
EXECUTE FUNCTION audit_is_append_only();
