-- No number without its sample size, lists included. Null for what was measured before.
alter table evaluations add column rows bigint;
