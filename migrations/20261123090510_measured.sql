-- What lists show of a version and of an evaluation, beside the frozen documents it is read from: an inventory of
-- thousands of models can't open a report for each row. Filled once, by the insert that freezes the document.
alter table versions add column changes text not null;
alter table evaluations
    add column verdict      text not null,
    add column roc_auc      double precision,
    add column accuracy     double precision,
    add column impact_ratio double precision;

-- Found by any part of the name or the purpose, in any case: plain text, so that no extension of Postgres is needed.
alter table models add column search text not null generated always as (lower(name || ' ' || purpose)) stored;
create index models_by_age on models (created_at, name);
create index standings_by_environment on standings (environment, model) where approved is not null or live is not null;
