-- Which checkpoints were taken where, so that no portal takes one there twice. A place is the SHA-256 of its address, which
-- may hold a secret.
create table anchorings (
    place text   not null,
    size  bigint not null references checkpoints,
    at    timestamptz not null,
    primary key (place, size)
);
grant select, insert on anchorings to countersign_app;
