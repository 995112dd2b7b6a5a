-- What the inbox says of a release, its worst regression, is worked out when the dossier changes: two reports are read for
-- it, which no list can do for each row. Null where nothing got worse, or where there is nothing to compare with.
alter table releases add column worst jsonb;
