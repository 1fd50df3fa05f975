-- The code for which a label whose study came was not joined to it; null while it was not refused.
alter table label add column refusal text;
