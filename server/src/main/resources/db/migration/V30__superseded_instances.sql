-- A row stands while superseded_by is null; otherwise it names the dataset_sha256 (same SOP Instance UID) that took its
-- place: a newer header over the same pixels, or the content that an operator chose.
alter table instance add column superseded_by text;

-- Append-only: what happened to a SOP Instance UID after its first content. Rows that a failed commit takes back go with
-- their instance, which then was never acknowledged.
create table instance_change (
  sop_instance_uid text   not null,
  kind             text   not null check (kind in ('ATTRIBUTE_UPDATE', 'CONFLICT', 'CHOICE')),
  dataset_sha256   text   not null,
  earlier_sha256   text   not null,
  actor            text   not null,
  reason           text   not null,
  recorded_at      bigint not null
);

create index instance_change_by_instance on instance_change (sop_instance_uid, recorded_at);
