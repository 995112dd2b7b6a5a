-- Every eighth level of the tree, above the leaves: the root of each full run of 256 leaves, of 65 536, and so on. A tile
-- of level n (C2SP tlog-tiles) is then a range of rows, one in two hundred and fifty of the log is kept twice, and no
-- request computes the tree anew. Added to as the log grows, and never changed.
create table log_nodes (
    level smallint not null,
    index bigint   not null,
    hash  bytea    not null constraint log_nodes_are_sha256 check (length(hash) = 32),
    primary key (level, index)
);
create trigger log_nodes_are_append_only before update or delete or truncate on log_nodes
    for each statement execute function refuse_change();
grant select, insert on log_nodes to countersign_app;

-- The nodes of a log that is there already (RFC 6962: SHA-256 over a one byte and both halves).
do $$
begin
    create temp table subtree on commit drop as select 0 as height, index, leaf_hash as hash from log_leaves;
    for above in 1..56 loop
        insert into subtree
        select above, index / 2, sha256('\x01'::bytea || string_agg(hash, ''::bytea order by index))
        from subtree where height = above - 1 group by index / 2 having count(*) = 2;
        exit when not found;
    end loop;
    insert into log_nodes select height / 8, index, hash from subtree where height > 0 and height % 8 = 0;
end $$;
