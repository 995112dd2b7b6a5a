-- The portal works as a role that cannot rewrite the record: triggers stop the owner's slips, grants stop the program.
-- Roles belong to the whole server, so another database of it (or a test running beside) may have made this one already.
do $$
begin
    create role countersign_app nologin;
exception
    when duplicate_object or unique_violation then null;
end $$;

do $$
begin
    execute format('grant countersign_app to %I', current_user);
exception
    when others then null; -- already granted, or granted just now by a neighbour
end $$;

grant usage on schema public to countersign_app;
grant select, insert, update, delete on all tables in schema public to countersign_app;
grant usage, select on all sequences in schema public to countersign_app;
revoke update, delete, truncate on
    audit_entries, log_leaves, checkpoints, versions, evaluations, evidence, policies, templates from countersign_app;
revoke delete on releases, reviews, findings, signatures, deployments, deployment_steps, people, models from countersign_app;
