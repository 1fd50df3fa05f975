-- The code of what the last attempt at a waiting case met and may pass; null where it waits for images or its turn.
alter table study_case add column waits_for text;
