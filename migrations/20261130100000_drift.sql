-- How far each column had moved, beside the frozen report it is read from: what a chart over many reports, and an
-- inventory of thousands of models, can't open a report for each to see. Filled once, by the insert that freezes it.
alter table evaluations
    add column drift_from    text, -- digest of the file that drift is measured from
    add column drift_columns text[],
    add column drift_psi     double precision[], -- population stability index by column; null where it has none
    add constraint evaluations_drift_whole check ((drift_from is null) = (drift_columns is null)
        and (drift_from is null) = (drift_psi is null)
        and coalesce(cardinality(drift_columns), 0) = coalesce(cardinality(drift_psi), 0));
create index evaluations_with_drift on evaluations (version, id desc) where drift_from is not null;
