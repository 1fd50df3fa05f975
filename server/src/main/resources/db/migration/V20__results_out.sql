-- What leaves the node, and who allowed it.

-- Append-only: the newest row of a model is its state. The model '*' is the whole node, which can only be stopped.
create table deployment_change (
  change_id    text   not null primary key,
  model_digest text   not null,
  state        text   not null check (state in ('SILENT', 'ASSIST', 'STOPPED')),
  actor        text   not null,
  reason       text   not null,
  changed_at   bigint not null
);

create index deployment_change_by_model on deployment_change (model_digest, changed_at);

-- One row a prediction that was looked at: whether its objects leave, or why not. Written with the objects' rows, so that
-- a process that dies in between looks again.
create table dispatch (
  prediction_id text   not null primary key references prediction (prediction_id),
  verdict       text   not null check (verdict in ('QUEUED', 'OUT_OF_INTENDED_USE', 'NO_DESTINATION', 'INPUT_GONE')),
  decided_at    bigint not null
);

create table outgoing (
  destination      text    not null,
  sop_instance_uid text    not null,
  prediction_id    text    not null references prediction (prediction_id),
  position         integer not null,
  file             text    not null,
  state            text    not null check (state in ('PENDING', 'DELIVERED', 'PARKED')),
  attempts         integer not null,
  next_attempt_at  bigint  not null,
  last_answer      text,
  created_at       bigint  not null,
  updated_at       bigint  not null,
  primary key (destination, sop_instance_uid)
);

create index outgoing_by_due on outgoing (state, next_attempt_at);
create index outgoing_by_prediction on outgoing (prediction_id);

-- Destinations that an operator holds: nothing is sent there until it is let go, nothing is lost.
create table destination_hold (
  destination text   not null primary key,
  actor       text   not null,
  reason      text   not null,
  held_at     bigint not null
);
