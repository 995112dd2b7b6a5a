-- A release's page and a version's page list their deployments: without these, each look reads all that ever ran.
create index deployments_by_release on deployments (release, id desc);
create index deployments_by_version on deployments (version, id desc);
-- The board lists what runs.
create index deployments_live on deployments (id desc) where state = 'live';
