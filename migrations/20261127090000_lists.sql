-- Lists at the size of a bank. The pages of a release and of a version list their deployments: without these, each look
-- reads all that ever ran.
create index deployments_by_release on deployments (release, id desc);
create index deployments_by_version on deployments (version, id desc);
-- The board lists what runs.
create index deployments_live on deployments (id desc) where state = 'live';
-- The inbox lists what waits, and what is due.
create index releases_waiting on releases (id) where state = 'open' or (state = 'approved' and deployed_at is null);
create index releases_by_lapse on releases (approved_until) where state = 'approved';
create index findings_by_due on findings (due_on) where closed_at is null;
create index evidence_by_expiry on evidence (expires_on) where expires_on is not null;
create index deployments_rollbacks_to_see on deployments (id desc) where kind = 'rollback' and seen_by is null;
-- Which releases no manager can countersign yet.
create index reviews_not_approving on reviews (release) where state not in ('approved', 'conditional');
-- The inventory finds a version by the beginning of its digest.
create index versions_by_digest on versions (digest text_pattern_ops);
