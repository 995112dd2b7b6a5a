//! `countersign verify` on a log that someone with every right has laid hands on.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that can't go on fails"
)]
mod support;

use sqlx::PgPool;
use std::process::Output;
use support::{Stage, process::program, story::Story};

/// What a forger may change of an entry, and how it is put right again.
const FORGERIES: [[&str; 2]; 6] = [
    [
        "update audit_entries set sentence = sentence || ', and nothing else' where seq = $1",
        "update audit_entries set sentence = left(sentence, -18) where seq = $1",
    ],
    [
        "update audit_entries set actor_name = actor_name || 'x' where seq = $1",
        "update audit_entries set actor_name = left(actor_name, -1) where seq = $1",
    ],
    [
        "update audit_entries set at = at + interval '1 microsecond' where seq = $1",
        "update audit_entries set at = at - interval '1 microsecond' where seq = $1",
    ],
    [
        "update audit_entries set action = action || '.x' where seq = $1",
        "update audit_entries set action = left(action, -2) where seq = $1",
    ],
    [
        "update audit_entries set canonical = canonical || ' ' where seq = $1",
        "update audit_entries set canonical = left(canonical, -1) where seq = $1",
    ],
    [
        "update audit_entries set leaf_hash = set_byte(leaf_hash, 3, get_byte(leaf_hash, 3) # 1) where seq = $1",
        "update audit_entries set leaf_hash = set_byte(leaf_hash, 3, get_byte(leaf_hash, 3) # 1) where seq = $1",
    ],
];
/// A superuser is stopped by nothing.
const UNGUARD: &str = "alter table audit_entries disable trigger all; alter table checkpoints disable trigger all; \
                       alter table log_leaves disable trigger all";

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_tampered_entry_is_named(pool: PgPool) {
    let stage = Stage::new(pool).await;
    Story::tell(&stage).await;
    backend::seal::seal_now(&stage.portal).await.unwrap();
    let whole = verify(&stage, &[]);
    assert_eq!(whole.status.code(), Some(0), "{whole:?}");
    assert!(
        String::from_utf8_lossy(&whole.stdout).contains("The log is whole"),
        "{whole:?}"
    );

    sqlx::raw_sql(UNGUARD).execute(&stage.owner).await.unwrap();
    let entries: Vec<i64> = sqlx::query_scalar("select seq from audit_entries")
        .fetch_all(&stage.owner)
        .await
        .unwrap();
    assert!(entries.len() >= 10);
    for round in 0..20 {
        let seq = entries[rand::random_range(0..entries.len())];
        let [forge, undo] = FORGERIES[round % FORGERIES.len()];
        rewrite(&stage.owner, forge, seq).await;
        let broken = verify(&stage, &[]);
        let said = String::from_utf8_lossy(&broken.stdout);
        assert_eq!(broken.status.code(), Some(1), "{forge}, entry {seq}: {broken:?}");
        assert!(
            said.contains(&format!("(audit entry {seq})")),
            "{forge}, entry {seq}: {said}"
        );
        rewrite(&stage.owner, undo, seq).await;
    }
    assert_eq!(verify(&stage, &[]).status.code(), Some(0));
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_log_cut_back_with_its_checkpoints_is_shown_by_one_kept_elsewhere(pool: PgPool) {
    let stage = Stage::new(pool).await;
    backend::seal::seal_now(&stage.portal).await.unwrap();
    let before: i64 = sqlx::query_scalar("select max(size) from checkpoints")
        .fetch_one(&stage.owner)
        .await
        .unwrap();
    Story::tell(&stage).await;
    backend::seal::seal_now(&stage.portal).await.unwrap();
    let note: String = sqlx::query_scalar("select note from checkpoints order by size desc limit 1")
        .fetch_one(&stage.owner)
        .await
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("checkpoint");
    std::fs::write(&file, note).unwrap();

    sqlx::raw_sql(UNGUARD).execute(&stage.owner).await.unwrap();
    for cut in [
        "delete from checkpoints where size > $1",
        "delete from log_leaves where index >= $1",
    ] {
        sqlx::query(cut).bind(before).execute(&stage.owner).await.unwrap();
    }
    let left = verify(&stage, &[]);
    assert_eq!(left.status.code(), Some(1), "its entries are left over: {left:?}");
    // A more thorough forger takes the entries too.
    sqlx::query("delete from audit_entries where seq not in (select seq from log_leaves)")
        .execute(&stage.owner)
        .await
        .unwrap();
    assert_eq!(
        verify(&stage, &[]).status.code(),
        Some(0),
        "by itself it looks whole"
    );
    let broken = verify(&stage, &["--checkpoint", file.to_str().unwrap()]);
    assert_eq!(broken.status.code(), Some(1), "{broken:?}");

    std::fs::write(&file, "no checkpoint").unwrap();
    assert_eq!(
        verify(&stage, &["--checkpoint", file.to_str().unwrap()])
            .status
            .code(),
        Some(1)
    );
}

async fn rewrite(owner: &PgPool, sql: &'static str, seq: i64) {
    let done = sqlx::query(sql).bind(seq).execute(owner).await.unwrap();
    assert_eq!(done.rows_affected(), 1);
}

fn verify(stage: &Stage, arguments: &[&str]) -> Output {
    let data = tempfile::tempdir().unwrap();
    let mut program = program(stage, data.path());
    program.arg("verify").args(arguments).output().unwrap()
}
