-- Times are integer microseconds UTC in columns named ..._at. Digests are lower-case hex SHA-256.
-- Portable SQL: SQLite is the embedded default, PostgreSQL takes the same schema.

create table instance (
  sop_instance_uid     text    not null,
  dataset_sha256       text    not null,
  sop_class_uid        text    not null,
  study_instance_uid   text    not null,
  series_instance_uid  text    not null,
  transfer_syntax_uid  text    not null,
  patient_id           text    not null,
  issuer_of_patient_id text    not null,
  calling_ae_title     text    not null,
  file                 text    not null unique,
  size_bytes           bigint  not null,
  conflict             integer not null,
  received_at          bigint  not null,
  primary key (sop_instance_uid, dataset_sha256)
);

create index instance_by_study on instance (study_instance_uid);

-- A case is one study of one patient: two patients under one StudyInstanceUID are two rows, and are refused.
create table study_case (
  case_id              text    not null primary key,
  issuer_of_patient_id text    not null,
  patient_id           text    not null,
  study_instance_uid   text    not null,
  study_date           text,
  state                text    not null check (state in ('RECEIVING', 'RUNNING', 'DONE')),
  instance_count       integer not null,
  first_received_at    bigint  not null,
  last_received_at     bigint  not null,
  due_at               bigint  not null,
  unique (issuer_of_patient_id, patient_id, study_instance_uid)
);

create index study_case_by_due on study_case (state, due_at);
create index study_case_by_study on study_case (study_instance_uid);

-- Append-only: what a model said of a case, or why it said nothing.
create table prediction (
  prediction_id text   not null primary key,
  case_id       text   not null references study_case (case_id),
  kind          text   not null check (kind in ('CLINICAL', 'SILENT', 'SHADOW', 'REPLAY', 'PERTURBATION')),
  outcome       text   not null check (outcome in ('COMPLETED', 'NOT_ELIGIBLE', 'FAILED')),
  model_id      text   not null,
  model_version text   not null,
  model_digest  text   not null,
  input_digest  text   not null,
  config_digest text   not null,
  case_score    double precision,
  document      text   not null,
  created_at    bigint not null,
  unique (case_id, input_digest, model_digest, config_digest, kind)
);

create index prediction_by_case on prediction (case_id, created_at);

-- Names a study, or a patient; without a case it is an orphan, kept and tried again.
create table label (
  label_id             text    not null primary key,
  study_instance_uid   text,
  patient_id           text,
  issuer_of_patient_id text,
  kind                 text    not null,
  isup                 integer check (isup between 0 and 5),
  cs_pca               integer check (cs_pca in (0, 1)),
  pirads               integer check (pirads between 1 and 5),
  sampled_on           text    not null,
  source               text,
  case_id              text references study_case (case_id),
  received_at          bigint  not null
);

create index label_by_case on label (case_id);

create table replay (
  replay_id     text   not null primary key,
  prediction_id text   not null references prediction (prediction_id),
  verdict       text   not null check (verdict in ('BITWISE', 'WITHIN_TOLERANCE', 'DIFFERENT', 'INPUT_GONE')),
  document      text   not null,
  created_at    bigint not null
);
