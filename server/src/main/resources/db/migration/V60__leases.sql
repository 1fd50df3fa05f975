-- Who works on what, until when, and in which order.

-- A worker claims a case until claimed_until and renews that while it works; afterwards anybody may take the case over.
-- priority: 0 for what just came, 1 for what an operator wants again; attempts: claims since the last image came.
alter table study_case add column priority integer not null default 0;
alter table study_case add column attempts integer not null default 0;
alter table study_case add column claimed_by text;
alter table study_case add column claimed_until bigint;

-- A case that an operator discarded is kept, and nothing is inferred on it.
alter table study_case add column discarded_by text;
alter table study_case add column discard_reason text;
alter table study_case add column discarded_at bigint;

-- When retention removed the images; what was said of them stays.
alter table study_case add column inputs_removed_at bigint;

create index study_case_by_turn on study_case (state, priority, due_at);

-- What a list of cases shows of a document, so that it need not be read for that.
alter table prediction add column score_kind text;
alter table prediction add column positive integer;
alter table prediction add column explanation text;

-- 1 where images came after somebody had reviewed the prediction that stood: nothing of it leaves until an operator says so.
alter table prediction add column after_review integer not null default 0;

alter table outgoing add column claimed_by text;
alter table outgoing add column claimed_until bigint;

-- dispatch with three more verdicts; a check is changed by making its table anew.
create table dispatch_anew (
  prediction_id text   not null primary key references prediction (prediction_id),
  verdict       text   not null check (verdict in ('QUEUED', 'OUT_OF_INTENDED_USE', 'NO_DESTINATION', 'INPUT_GONE',
                                                   'AFTER_REVIEW', 'RELEASED', 'NOT_WRITABLE')),
  decided_at    bigint not null
);
insert into dispatch_anew (prediction_id, verdict, decided_at) select prediction_id, verdict, decided_at from dispatch;
drop table dispatch;
alter table dispatch_anew rename to dispatch;

-- Orphans are looked for by what a case that just ended is called.
create index label_by_study on label (study_instance_uid);
create index label_by_patient on label (patient_id);
