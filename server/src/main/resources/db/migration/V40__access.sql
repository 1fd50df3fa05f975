-- Who may ask this node, and which browsers are signed in. Of secrets only their SHA-256 is kept.

-- Rows are never deleted: a name in the ledger always leads to one token.
create table access_token (
  token_id      text   not null primary key,
  name          text   not null unique,
  secret_sha256 text   not null unique,
  roles         text   not null,
  created_by    text   not null,
  created_at    bigint not null,
  expires_at    bigint,
  revoked_by    text,
  revoked_at    bigint
);

-- The token may be the one of the configuration, which has no row.
create table browser_session (
  key_sha256   text   not null primary key,
  token_id     text   not null,
  opened_at    bigint not null,
  last_seen_at bigint not null
);

create index browser_session_by_token on browser_session (token_id);
