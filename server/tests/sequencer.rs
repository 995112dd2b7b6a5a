//! Two portals on one database: one at a time seals the log, and when it dies or hangs the other goes on.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that can't go on fails"
)]
mod support;

use domain::audit::Noted;
use nix::sys::signal::Signal;
use serde_json::json;
use sqlx::PgPool;
use std::time::{Duration, Instant};
use support::{Stage, process::Process};

/// Whoever has the turn: see `backend::seal`.
const HOLDER: &str = "
    select application_name from pg_locks join pg_stat_activity using (pid)
    where locktype = 'advisory' and granted and (classid, objid) = (x'636f756e'::int::oid, x'74657273'::int::oid)
      and database = (select oid from pg_database where datname = current_database())";

async fn write(portal: &backend::Portal, number: i32) {
    let noted = Noted {
        action: "portal.noted",
        sentence: format!("counted to {number}"),
        detail: json!({ "number": number }),
    };
    backend::audit::note(portal, &noted).await.unwrap();
}

/// How long it takes until nothing waits.
async fn until_sealed(stage: &Stage) -> Duration {
    let from = Instant::now();
    while from.elapsed() < Duration::from_mins(1) {
        let waiting: i64 = sqlx::query_scalar("select count(*) from unsealed_entries")
            .fetch_one(&stage.owner)
            .await
            .unwrap();
        if waiting == 0 {
            return from.elapsed();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("nobody seals the log");
}

/// Stops whoever has the turn in the middle of it, before its checkpoint is written; answers with their name.
async fn catch_in_its_turn(stage: &Stage, processes: &[(&str, &Process)], signal: Signal) -> String {
    let mut blocker = stage.owner.acquire().await.unwrap();
    sqlx::raw_sql("begin; lock table checkpoints in share row exclusive mode")
        .execute(&mut *blocker)
        .await
        .unwrap();
    write(&stage.portal, 0).await;
    let holder = loop {
        let holder: Option<String> = sqlx::query_scalar(HOLDER)
            .fetch_optional(&stage.owner)
            .await
            .unwrap();
        match holder {
            Some(holder) => break holder,
            None => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    };
    let (_, process) = processes.iter().find(|(name, _)| *name == holder).unwrap();
    process.send(signal);
    sqlx::raw_sql("rollback").execute(&mut *blocker).await.unwrap();
    holder
}

/// The log is whole, and has everything that was written.
async fn assert_whole(stage: &Stage) {
    let whole = backend::seal::check(&stage.portal).await.unwrap().unwrap();
    let written: i64 = sqlx::query_scalar("select count(*) from audit_entries")
        .fetch_one(&stage.owner)
        .await
        .unwrap();
    assert_eq!(
        (whole.entries, whole.size),
        (written.unsigned_abs(), written.unsigned_abs())
    );
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn when_the_sequencer_is_killed_another_portal_seals_on(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let (one, two) = (
        Process::start(&stage, "one", &[]),
        Process::start(&stage, "two", &[]),
    );
    until_sealed(&stage).await;
    let killed = catch_in_its_turn(&stage, &[("one", &one), ("two", &two)], Signal::SIGKILL).await;
    let took = until_sealed(&stage).await;
    assert!(
        took < Duration::from_secs(5),
        "{killed} was killed; the other took {took:?}"
    );
    for number in 0..20 {
        write(&stage.portal, number).await;
    }
    let took = until_sealed(&stage).await;
    assert!(took < Duration::from_secs(2), "{took:?}");
    assert_whole(&stage).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_sequencer_that_hangs_loses_its_turn_and_makes_no_fork(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let (one, two) = (
        Process::start(&stage, "one", &[]),
        Process::start(&stage, "two", &[]),
    );
    until_sealed(&stage).await;
    let hung = catch_in_its_turn(&stage, &[("one", &one), ("two", &two)], Signal::SIGSTOP).await;
    let took = until_sealed(&stage).await;
    assert!(
        took < Duration::from_secs(10),
        "{hung} hung; the other took {took:?}"
    );
    // It wakes, finds its turn gone, and can do it all by itself again.
    let (woken, other) = if hung == "one" { (one, two) } else { (two, one) };
    woken.send(Signal::SIGCONT);
    drop(other);
    for number in 0..20 {
        write(&stage.portal, number).await;
    }
    let took = until_sealed(&stage).await;
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert_whole(&stage).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn killed_again_and_again_under_writers_nothing_is_lost_or_doubled(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..3 {
        let portal = stage.portal.clone();
        writers.spawn(async move {
            for number in 0.. {
                write(&portal, writer * 1_000_000 + number).await;
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
    }
    for round in 0..8 {
        let process = Process::start(&stage, &format!("round {round}"), &[]);
        tokio::time::sleep(Duration::from_millis(rand::random_range(300..1_500))).await;
        process.send(Signal::SIGKILL);
    }
    writers.shutdown().await;
    let _last = Process::start(&stage, "last", &[]);
    until_sealed(&stage).await;
    assert_whole(&stage).await;
}
