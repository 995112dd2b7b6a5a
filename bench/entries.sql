-- Many entries of the audit log, not yet sealed. Read by seed.sql and by ledger.sh into a database with an engineer.
-- Variables: models, versions (of each model), entries.
\set ON_ERROR_STOP on
set timezone = 'UTC';

-- Entries as the portal writes them: canonical JSON (RFC 8785; plain ASCII, so that no escapes are needed) and its leaf hash
-- (RFC 6962). The portal's own sequencer seals them afterwards.
create temp table written as
select nextval(pg_get_serial_sequence('audit_entries', 'seq')) as seq, n,
       to_char(timestamptz '2024-01-01' + n * interval '75 seconds', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
       'model-' || lpad((1 + n % :models)::text, 5, '0') as model, 1 + (n / :models) % :versions as number, p.id as actor, p.name as actor_name
from generate_series(1, :entries) n,
     (select id, replace(name, '"', '') as name from people where 'engineer' = any(roles) order by email limit 1) p;

with entry as (
    select *, format('{"action":"version.registered","actor":{"id":"%s","name":"%s"},"after":{"number":%s},"at":"%s","before":null,"model":"%s","outcome":"done","release":null,"sentence":"registered %s %s","seq":%s,"subject":{"id":"%s/%s","kind":"version"}}',
                     actor, actor_name, number, at, model, model, number, seq, model, number) as canonical
    from written
)
insert into audit_entries (seq, at, actor, actor_name, action, outcome, subject_kind, subject_id, sentence, model, canonical, leaf_hash)
select seq, at::timestamptz, actor, actor_name, 'version.registered', 'done', 'version', model || '/' || number,
       'registered ' || model || ' ' || number, model, canonical, sha256('\x00'::bytea || convert_to(canonical, 'UTF8'))
from entry order by seq;

insert into unsealed_entries (seq) select seq from written;
