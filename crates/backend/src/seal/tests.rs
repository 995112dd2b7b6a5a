//! The order of the log, its time, and the nodes beside it.
use super::{Problem, check, check_against, is_own, keys, newest, nodes::Nodes, rotate, seal_now, verify};
use crate::{Failure, Portal, audit, cast};
use chrono::{DateTime, TimeDelta, Utc};
use domain::audit::Noted;
use ledger::merkle::{Frontier, leaf_hash, root};
use serde_json::json;
use sqlx::PgPool;
use tempfile::TempDir;

const NODES: &str = include_str!("../../../../migrations/20261201090000_log_nodes.sql");

async fn portal(pool: &PgPool) -> (Portal, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (cast::portal(pool, &folder).await, folder)
}

fn noted(number: i64) -> Noted {
    Noted {
        action: "portal.noted",
        sentence: format!("counted to {number}"),
        detail: json!({ "number": number }),
    }
}

/// A superuser, whom no trigger and no foreign key stops.
async fn superuser(pool: &PgPool) -> sqlx::pool::PoolConnection<sqlx::Postgres> {
    let mut superuser = pool.acquire().await.unwrap();
    sqlx::query("set session_replication_role = replica")
        .execute(&mut *superuser)
        .await
        .unwrap();
    superuser
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn entries_that_were_committed_late_are_sealed_and_their_order_stays(pool: PgPool) {
    let (portal, _folder) = portal(&pool).await;
    let mut late = portal.own_change().await.unwrap();
    let recorded = late.record(&noted(1)).await.unwrap(); // a sequence number, and no commit yet
    audit::note(&portal, &noted(2)).await.unwrap();
    assert_eq!(
        seal_now(&portal).await.unwrap(),
        1,
        "what isn't committed isn't there"
    );
    let lost = portal.own_change().await.unwrap();
    drop(lost);
    late.commit_recorded(recorded).await.unwrap();
    audit::note(&portal, &noted(3)).await.unwrap();
    assert_eq!(seal_now(&portal).await.unwrap(), 3);
    let order: Vec<(i64, i64)> = sqlx::query_as("select index, seq from log_leaves order by index")
        .fetch_all(&pool)
        .await
        .unwrap();
    assert_eq!(order, [(0, 2), (1, 1), (2, 3)]);
    assert_eq!(verify(&portal).await.unwrap().problem, None);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn many_writers_and_many_sequencers_leave_no_gap(pool: PgPool) {
    let (portal, _folder) = portal(&pool).await;
    let mut tasks = tokio::task::JoinSet::new();
    for writer in 0..4 {
        let portal = portal.clone();
        tasks.spawn(async move {
            for number in 0..50 {
                audit::note(&portal, &noted(writer * 100 + number)).await.unwrap();
                if number % 10 == 0 {
                    seal_now(&portal).await.unwrap();
                }
            }
        });
    }
    while let Some(task) = tasks.join_next().await {
        task.unwrap();
    }
    assert_eq!(seal_now(&portal).await.unwrap(), 200);
    let whole = check(&portal).await.unwrap().unwrap();
    assert_eq!((whole.entries, whole.size), (200, 200));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_clock_that_steps_back_takes_no_checkpoint_with_it(pool: PgPool) {
    let (portal, _folder) = portal(&pool).await;
    let noon = cast::noon();
    let mut times: Vec<DateTime<Utc>> = Vec::new();
    for step in [0, 60, -3_600, 30, -86_400, 120] {
        portal.set_clock(Some(noon + TimeDelta::seconds(step)));
        audit::note(&portal, &noted(step)).await.unwrap();
        seal_now(&portal).await.unwrap();
        let newest = sqlx::query_scalar("select at from checkpoints order by size desc limit 1");
        times.push(newest.fetch_one(&pool).await.unwrap());
    }
    let expected = [0, 60, 60, 60, 60, 120].map(|step| noon + TimeDelta::seconds(step));
    assert_eq!(times, expected);
    assert_eq!(verify(&portal).await.unwrap().problem, None);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_forged_node_is_named(pool: PgPool) {
    let (portal, _folder) = portal(&pool).await;
    for number in 0..520 {
        audit::note(&portal, &noted(number)).await.unwrap();
    }
    seal_now(&portal).await.unwrap();
    assert!(check(&portal).await.unwrap().is_ok());
    let mut superuser = superuser(&pool).await;
    for forge in [
        "update log_nodes set hash = sha256(hash) where index = 1",
        "delete from log_nodes where index = 1",
    ] {
        sqlx::query(forge).execute(&mut *superuser).await.unwrap();
        let broken = check(&portal).await.unwrap().unwrap_err();
        assert!(
            broken.to_string().contains("place 1 of the tiles' level 1"),
            "{broken}"
        );
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_entry_that_is_deleted_before_or_after_it_is_sealed_is_named(pool: PgPool) {
    let (portal, _folder) = portal(&pool).await;
    for number in 0..4 {
        audit::note(&portal, &noted(number)).await.unwrap();
    }
    let mut superuser = superuser(&pool).await;
    sqlx::query("delete from audit_entries where seq = 3")
        .execute(&mut *superuser)
        .await
        .unwrap();
    let broken = check(&portal).await.unwrap().unwrap_err();
    assert!(
        matches!(broken.problem, Problem::Gone) && broken.seq == Some(3),
        "{broken}"
    );
    assert_eq!(
        seal_now(&portal).await.unwrap(),
        3,
        "the others are sealed all the same"
    );
    sqlx::query("delete from audit_entries where seq = 2")
        .execute(&mut *superuser)
        .await
        .unwrap();
    let broken = check(&portal).await.unwrap().unwrap_err();
    assert!(broken.to_string().contains("entry 1: it is missing"), "{broken}");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_log_of_before_gets_its_nodes(pool: PgPool) {
    const LEAVES: u32 = 66_000;
    let leaves: Vec<_> = (0..LEAVES)
        .map(|number| leaf_hash(&number.to_be_bytes()))
        .collect();
    let mut superuser = superuser(&pool).await;
    let hashes: Vec<_> = leaves.iter().map(|leaf| leaf.as_bytes().to_vec()).collect();
    sqlx::query(
        "insert into log_leaves select n - 1, n, hash from unnest($1::bytea[]) with ordinality as leaf (hash, n)",
    )
    .bind(&hashes)
    .execute(&mut *superuser)
    .await
    .unwrap();
    sqlx::raw_sql("drop table log_nodes")
        .execute(&mut *superuser)
        .await
        .unwrap();
    let mut migration = sqlx::Acquire::begin(&mut *superuser).await.unwrap();
    sqlx::raw_sql(NODES).execute(&mut *migration).await.unwrap();
    let nodes: Vec<(i16, i64, Vec<u8>)> =
        sqlx::query_as("select level, index, hash from log_nodes order by level, index")
            .fetch_all(&mut *migration)
            .await
            .unwrap();

    let mut expected = Vec::new();
    for (level, width) in [(1_i16, 256), (2, 65_536)] {
        for (index, below) in (0_i64..).zip(leaves.chunks_exact(width)) {
            expected.push((level, index, root(below).as_bytes().to_vec()));
        }
    }
    assert_eq!(nodes, expected);
    // And they are those that the sequencer would have kept.
    let (mut frontier, mut kept) = (Frontier::default(), Nodes::default());
    for leaf in leaves {
        let last = frontier.size();
        frontier.append_telling(leaf, |height, root| kept.completed(last, height, root));
    }
    assert_eq!(kept.hashes.len(), expected.len());
}

/// The same portal, started with another key.
async fn portal_with_key(pool: &PgPool, folder: &TempDir, seed: u8) -> Portal {
    let settings = cast::settings(folder, seed);
    let pool = Portal::connect((*pool.connect_options()).clone(), 3)
        .await
        .unwrap();
    Portal::new(pool, settings).unwrap()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_log_is_handed_over_to_another_key_and_all_of_it_stays_verifiable(pool: PgPool) {
    let (old, folder) = portal(&pool).await;
    audit::note(&old, &noted(1)).await.unwrap();
    seal_now(&old).await.unwrap();
    let early = newest(&old).await.unwrap().unwrap();
    audit::note(&old, &noted(2)).await.unwrap(); // waits while the key changes
    let new = portal_with_key(&pool, &folder, 8).await;
    assert!(!is_own(&new).await.unwrap(), "its key is nobody's yet");
    rotate(&old, &new.settings().key).await.unwrap();

    audit::note(&old, &noted(3)).await.unwrap();
    let refused = seal_now(&old).await;
    assert!(matches!(refused, Err(Failure::Superseded(_))), "{refused:?}");
    assert!(is_own(&new).await.unwrap() && !is_own(&old).await.unwrap());
    assert_eq!(seal_now(&new).await.unwrap(), 4);

    // Whichever of its keys is trusted, the log is whole, and so is what was kept of before.
    for portal in [&old, &new] {
        let whole = check_against(portal, vec![early.clone()]).await.unwrap().unwrap();
        assert_eq!((whole.entries, whole.size), (4, 4));
        let keys = keys(portal).await.unwrap();
        assert_eq!(keys.current(), new.settings().key.verifying_key());
        assert_eq!(
            (keys.at(3), keys.at(4)),
            (old.settings().key.verifying_key(), keys.current())
        );
    }
    let stranger = portal_with_key(&pool, &folder, 9).await;
    let broken = check(&stranger).await.unwrap().unwrap_err();
    assert!(matches!(broken.problem, Problem::Keys(_)), "{broken}");
    assert!(!is_own(&stranger).await.unwrap());
    assert!(
        rotate(&new, &old.settings().key).await.is_err(),
        "no key comes back"
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn secrets_follow_the_key_and_a_forged_change_of_key_is_found(pool: PgPool) {
    let (old, folder) = portal(&pool).await;
    let locked = crate::vault::lock(&old, "edge", "whsec_abc").unwrap();
    sqlx::query("insert into environments (name, rank, target, secret) values ('edge', 9, '{}', $1)")
        .bind(locked)
        .execute(&pool)
        .await
        .unwrap();
    let new = portal_with_key(&pool, &folder, 8).await;
    rotate(&old, &new.settings().key).await.unwrap();
    let locked: String = sqlx::query_scalar("select secret from environments where name = 'edge'")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(crate::vault::open(&new, "edge", &locked).unwrap(), "whsec_abc");
    assert!(crate::vault::open(&old, "edge", &locked).is_err());

    // A forger who has the database and no key.
    let mut superuser = superuser(&pool).await;
    let mallory = ledger::SigningKey::from_seed("portal.example/audit", &[66; 32]).unwrap();
    let forged = ledger::rotation::rotate("portal.example/audit", 9, &mallory, &mallory).unwrap();
    sqlx::query("update audit_entries set canonical = jsonb_set(canonical::jsonb, '{after,rotation}', $1)::text where action = 'log.key_rotated'")
        .bind(serde_json::to_value(forged).unwrap())
        .execute(&mut *superuser)
        .await
        .unwrap();
    let broken = check(&new).await.unwrap().unwrap_err();
    assert!(matches!(broken.problem, Problem::Keys(_)), "{broken}");
}
