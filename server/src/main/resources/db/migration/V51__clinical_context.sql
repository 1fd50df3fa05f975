-- What people know about a patient and the images do not say, as of the study. Append-only: the highest version of a case
-- holds. Null is unknown.
create table clinical_context (
  context_id      text    not null primary key,
  case_id         text    not null references study_case (case_id),
  version         integer not null check (version >= 1),
  entered_by      text    not null,
  role            text,
  entered_at      bigint  not null,
  treatment       text,
  treated_on      text,
  biopsied        integer check (biopsied in (0, 1)),
  biopsied_on     text,
  hip_prosthesis  integer check (hip_prosthesis in (0, 1)),
  endorectal_coil integer check (endorectal_coil in (0, 1)),
  psa_value       double precision,
  psa_unit        text,
  psa_on          text,
  unique (case_id, version)
);
