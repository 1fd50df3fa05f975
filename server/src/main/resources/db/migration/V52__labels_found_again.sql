-- A label is asked for by its study or its patient before it is stored: a file of a million must not read the table a
-- million times.
create index label_by_study on label (study_instance_uid);
create index label_by_patient on label (patient_id);
