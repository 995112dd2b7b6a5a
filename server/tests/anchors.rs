//! Checkpoints taken elsewhere on schedule, and what they show of a log that was cut back.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that can't go on fails"
)]
mod support;

use axum::{Router, extract::State, routing::post};
use ledger::checkpoint::Checkpoint;
use sqlx::PgPool;
use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};
use support::{
    ORIGIN, Stage,
    process::{Process, program},
    story::Story,
};
use tokio::{net::TcpListener, sync::mpsc};

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn what_was_anchored_shows_a_log_that_was_cut_back(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let before: i64 = backend::seal::seal_now(&stage.portal).await.unwrap();
    Story::tell(&stage).await;
    let size = backend::seal::seal_now(&stage.portal).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (address, mut posted) = receiver().await;
    let anchors = format!(
        "file://{} {address}/checkpoints?key=secret",
        folder.path().display()
    );
    let portal = Process::start(&stage, "portal", &[("COUNTERSIGN_ANCHORS", &anchors)]);

    let sent = tokio::time::timeout(Duration::from_secs(20), posted.recv());
    let sent = sent.await.expect("in time").unwrap();
    let key = stage.portal.settings().key.verifying_key();
    for note in [sent, shelved(folder.path()).await] {
        assert!(Checkpoint::verify(&note, key, ORIGIN).unwrap().size() >= size.unsigned_abs());
    }
    drop(portal);

    let verify = || {
        let data = tempfile::tempdir().unwrap();
        let mut program = program(&stage, data.path());
        let program = program.arg("verify").arg("--checkpoint").arg(folder.path());
        program.output().unwrap()
    };
    let whole = verify();
    assert_eq!(whole.status.code(), Some(0), "{whole:?}");
    cut_back(&stage, before).await;
    assert!(
        backend::seal::check(&stage.portal).await.unwrap().is_ok(),
        "by itself it looks whole"
    );
    let broken = verify();
    assert_eq!(broken.status.code(), Some(1), "{broken:?}");
}

/// Somebody elsewhere who keeps what is posted.
async fn receiver() -> (String, mpsc::UnboundedReceiver<String>) {
    let (keep, kept) = mpsc::unbounded_channel();
    let take =
        async |State(keep): State<mpsc::UnboundedSender<String>>, note: String| keep.send(note).unwrap();
    let service = Router::new().route("/checkpoints", post(take)).with_state(keep);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async { axum::serve(listener, service).await });
    (address, kept)
}

/// The first checkpoint in the folder.
async fn shelved(folder: &Path) -> String {
    for _ in 0..100 {
        let mut files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let shelved = |path: &PathBuf| {
            path.file_name()
                .is_some_and(|name| name.as_encoded_bytes().starts_with(b"checkpoint-"))
        };
        if let Some(file) = files.find(shelved) {
            return fs::read_to_string(file).unwrap();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("nothing was shelved");
}

/// What a superuser does who is thorough.
async fn cut_back(stage: &Stage, size: i64) {
    let mut superuser = stage.owner.acquire().await.unwrap();
    sqlx::raw_sql(
        "set session_replication_role = replica; delete from unsealed_entries; delete from log_nodes",
    )
    .execute(&mut *superuser)
    .await
    .unwrap();
    for cut in [
        "delete from checkpoints where size > $1",
        "delete from log_leaves where index >= $1",
        "delete from audit_entries where seq not in (select seq from log_leaves where index < $1)",
    ] {
        sqlx::query(cut)
            .bind(size)
            .execute(&mut *superuser)
            .await
            .unwrap();
    }
    sqlx::raw_sql("set session_replication_role = default")
        .execute(&mut *superuser)
        .await
        .unwrap();
}
