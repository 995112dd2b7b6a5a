-- What witnesses said of checkpoints (C2SP tlog-cosignature): a line of the signed note each, with the time by the
-- witness's own clock. A witness that is asked again, while the log stands still, answers with a newer time: both are kept.
create table cosignatures (
    size    bigint not null references checkpoints,
    witness text not null, -- its key, as name+id+base64
    at      timestamptz not null,
    line    text not null,
    primary key (size, witness, at)
);
create index cosignatures_by_witness on cosignatures (witness, size desc, at desc);
create trigger cosignatures_are_append_only before update or delete or truncate on cosignatures
    for each statement execute function refuse_change();
grant select, insert on cosignatures to countersign_app;
