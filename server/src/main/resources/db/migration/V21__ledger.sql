-- Who did what, or looked at whom. Append-only; each row carries the digest of the one before it, so that a change shows.
create table ledger (
  sequence        bigint not null primary key,
  at              bigint not null,
  actor           text   not null,
  action          text   not null,
  subject         text   not null,
  detail          text   not null,
  previous_sha256 text   not null,
  sha256          text   not null
);
