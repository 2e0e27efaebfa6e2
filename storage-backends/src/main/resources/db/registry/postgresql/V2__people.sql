-- Logins through providers, and namespaces that stand still. The same tables as in SQLite.

-- A browser that was sent to a provider and is to come back. Used once: who comes back takes the row away.
CREATE TABLE provider_login (
  state_hash   bytea PRIMARY KEY,           -- SHA-256 of `state`, which the provider sends back
  browser_hash bytea NOT NULL,              -- SHA-256 of what the browser's cookie holds
  provider     text COLLATE "C" NOT NULL,
  nonce        text COLLATE "C" NOT NULL,
  verifier     text COLLATE "C" NOT NULL,              -- of PKCE; of no use without the code and the client's secret
  next         text COLLATE "C" NOT NULL,              -- own path to go to then
  intent       text COLLATE "C" NOT NULL,              -- log_in, step_up, link
  account_id   text COLLATE "C" NOT NULL,              -- who asked, of step_up and link; empty otherwise
  created_at   bigint NOT NULL,
  expires_at   bigint NOT NULL
);
CREATE INDEX provider_login_expiry ON provider_login (expires_at);

-- When an owner or administrator stopped all writes; 0: not. And why, for owners to read.
ALTER TABLE namespace ADD COLUMN frozen_at bigint NOT NULL DEFAULT 0;
ALTER TABLE namespace ADD COLUMN frozen_why text COLLATE "C" NOT NULL DEFAULT '';
CREATE INDEX namespace_frozen ON namespace (name) WHERE frozen_at > 0;

CREATE INDEX publisher_creator ON publisher (created_by);
