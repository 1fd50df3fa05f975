-- What retention takes away.

-- Files whose rows are gone already and that are still to be deleted: a process that dies in between goes on here.
create table removed_file (
  file       text   not null primary key,
  removed_at bigint not null
);

-- Bytes that came on a day (UTC, counted from 1970) and are removed by now, so that the growth of the past can still be told.
create table removed_bytes (
  received_day bigint not null primary key,
  bytes       bigint not null
);
