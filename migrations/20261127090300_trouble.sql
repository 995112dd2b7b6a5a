-- Why what should be running does not answer, as the portal last saw it; null while it does. What is live was decided and
-- stays so: this says how it fares.
alter table deployments add column trouble text;
