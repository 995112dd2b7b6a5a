-- A bank's portal after some years: the demonstration's records over and over, under other names. Read by load.sh into a
-- database that holds the demonstration. Not how anything else may write: the record's triggers and grants are for the portal.
-- Variables: models, versions (of each model), entries (of the audit log).
\set ON_ERROR_STOP on
set synchronous_commit = off;
set timezone = 'UTC';

-- What is multiplied.
create temp table sample as
select v.id as version, v.manifest, v.changes, v.registered_by, e.id as evaluation, m.owner, m.purpose
from versions v join models m on m.id = v.model
join lateral (select id from evaluations where version = v.id order by id desc limit 1) e on true
where m.name = 'german-credit' order by v.number desc limit 1;

create temp table sample_release as
select r.* from releases r join sample on true join versions v on v.id = r.version join models m on m.id = v.model
where m.name = 'german-credit' and r.state = 'open' order by r.id desc limit 1;

insert into models (name, purpose, tier, owner, created_at)
select 'model-' || lpad(n::text, 5, '0'),
       (array['Decides who is offered credit', 'Sorts incoming letters', 'Forecasts the need for cash', 'Finds payments that look like fraud',
              'Ranks applications for a second look', 'Reads amounts from invoices', 'Guesses when a customer leaves'])[1 + n % 7]
           || ' in region ' || n % 97 || '.',
       (array['minimal', 'minimal', 'limited', 'limited', 'limited', 'high'])[1 + n % 6],
       sample.owner, timestamptz '2024-01-01' + n * interval '1 hour'
from sample, generate_series(1, :models) n;

-- Each version has a manifest of its own, and so a digest of its own.
insert into versions (model, number, manifest, digest, registered_by, registered_at, changes)
select m.id, k, text.of, encode(sha256(convert_to(text.of, 'UTF8')), 'hex'), sample.registered_by, m.created_at + k * interval '30 days', sample.changes
from models m, sample, generate_series(1, :versions) k,
     lateral (select regexp_replace(sample.manifest, '"commit":"[0-9a-f]+"', '"commit":"' || md5(m.name || k) || substr(md5(k::text), 1, 8) || '"') as of) text
where m.name like 'model-%';

-- The last two versions of each were measured.
insert into evaluations (version, file_name, file_digest, file_bytes, report, report_digest, evaluated_by, evaluated_at, verdict, roc_auc, accuracy, impact_ratio, rows)
select v.id, e.file_name, e.file_digest, e.file_bytes, e.report, e.report_digest, e.evaluated_by, v.registered_at + interval '1 day',
       e.verdict, e.roc_auc, e.accuracy, e.impact_ratio, e.rows
from versions v join models m on m.id = v.model, sample s join evaluations e on e.id = s.evaluation
where m.name like 'model-%' and v.number > :versions - 2;

-- The one before the last is approved and runs in production; of every twentieth model the last one is asked for.
insert into releases (version, environment, policy, reason, requested_by, requested_at, dossier, dossier_digest, gates, gates_at, state, closed_at, approved_until, deployed_at)
select v.id, r.environment, r.policy, r.reason, r.requested_by, v.registered_at + interval '2 days', r.dossier, r.dossier_digest, r.gates,
       v.registered_at + interval '2 days', 'approved', v.registered_at + interval '3 days', now() + (50 + v.id % 500) * interval '1 day', v.registered_at + interval '4 days'
from versions v join models m on m.id = v.model, sample_release r
where m.name like 'model-%' and v.number = :versions - 1;

insert into releases (version, environment, policy, reason, requested_by, requested_at, dossier, dossier_digest, gates, gates_at)
select v.id, r.environment, r.policy, r.reason, r.requested_by, now() - (v.id % 20) * interval '1 day', r.dossier, r.dossier_digest, r.gates, now()
from versions v join models m on m.id = v.model, sample_release r
where m.name like 'model-%' and v.number = :versions and m.id % 20 = 0;

insert into reviews (release, discipline, template, state, answers, drafted_by, drafted_at, decided_by, decided_at, rationale)
select r.id, s.discipline, s.template, case when r.state = 'open' then 'open' else 'approved' end, s.answers, null, null,
       case when r.state = 'open' then null else p.id end, case when r.state = 'open' then null else r.closed_at end,
       case when r.state = 'open' then null else 'Read, and found in order.' end
from releases r join versions v on v.id = r.version join models m on m.id = v.model,
     sample_release t join reviews s on s.release = t.id, (select id from people where 'reviewer' = any(roles) order by email limit 1) p
where m.name like 'model-%';

insert into deployments (release, version, environment, model, kind, state, permit, permit_until, requested_by, requested_at, started_at, finished_at, running)
select r.id, r.version, r.environment, v.model, 'deploy', 'live', d.permit, r.deployed_at, r.requested_by, r.deployed_at, r.deployed_at, r.deployed_at,
       '{"endpoint":"https://cluster.example/models","handle":{}}'
from releases r join versions v on v.id = r.version join models m on m.id = v.model,
     (select permit from deployments order by id limit 1) d
where m.name like 'model-%' and r.state = 'approved';

insert into standings (model, environment, approved, live)
select d.model, d.environment, d.release, d.id from deployments d join models m on m.id = d.model where m.name like 'model-%';

\ir entries.sql

analyze;
