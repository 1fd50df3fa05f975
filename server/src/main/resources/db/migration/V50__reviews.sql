-- What readers make of predictions.

-- Append-only: the highest version of a prediction is the review that stands, the others are kept.
create table review (
  review_id     text    not null primary key,
  case_id       text    not null references study_case (case_id),
  prediction_id text    not null references prediction (prediction_id),
  version       integer not null check (version >= 1),
  supersedes    text references review (review_id),
  reviewer      text    not null,
  role          text,
  reviewed_at   bigint  not null,
  submission_id text,
  decision      text    not null check (decision in ('ACCEPTED', 'CORRECTED', 'REJECTED')),
  reason        text    not null,
  pirads        integer check (pirads between 1 and 5),
  candidates    text    not null,
  comment       text,
  seconds_spent integer,
  unique (prediction_id, version)
);

create index review_by_case on review (case_id, reviewed_at);

-- One a reader and prediction: what a session that ended left unsent. Gone when the review is handed in.
create table review_draft (
  prediction_id text   not null references prediction (prediction_id),
  reviewer      text   not null,
  fields        text   not null,
  saved_at      bigint not null,
  primary key (prediction_id, reviewer)
);
