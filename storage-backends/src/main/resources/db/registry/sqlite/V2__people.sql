-- Logins through providers, and namespaces that stand still. The same tables as in PostgreSQL.

-- A browser that was sent to a provider and is to come back. Used once: who comes back takes the row away.
CREATE TABLE provider_login (
  state_hash   BLOB PRIMARY KEY,           -- SHA-256 of `state`, which the provider sends back
  browser_hash BLOB NOT NULL,              -- SHA-256 of what the browser's cookie holds
  provider     TEXT NOT NULL,
  nonce        TEXT NOT NULL,
  verifier     TEXT NOT NULL,              -- of PKCE; of no use without the code and the client's secret
  next         TEXT NOT NULL,              -- own path to go to then
  intent       TEXT NOT NULL,              -- log_in, step_up, link
  account_id   TEXT NOT NULL,              -- who asked, of step_up and link; empty otherwise
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX provider_login_expiry ON provider_login (expires_at);

-- When an owner or administrator stopped all writes; 0: not. And why, for owners to read.
ALTER TABLE namespace ADD COLUMN frozen_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE namespace ADD COLUMN frozen_why TEXT NOT NULL DEFAULT '';
CREATE INDEX namespace_frozen ON namespace (name) WHERE frozen_at > 0;

CREATE INDEX publisher_creator ON publisher (created_by);
