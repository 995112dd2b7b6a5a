//! `countersign witness` beside a portal: what it cosigns is published, and a rewritten log finds nobody to vouch for it.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that can't go on fails"
)]
mod support;

use axum::http::StatusCode;
use domain::audit::Noted;
use ledger::{
    checkpoint::Checkpoint,
    cosignature::{Quorum, WitnessKey},
};
use serde_json::json;
use server::{config::WitnessAt, jobs::witnesses::Asking};
use sqlx::PgPool;
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};
use support::{ORIGIN, Place, Stage};

/// What a hostile administrator can do, who has the key and every right.
const REWRITE: &str = "
    set session_replication_role = replica;
    update audit_entries set sentence = 'did nothing of the kind', canonical = regexp_replace(
        canonical, '\"sentence\":\"[^\"]*\"', '\"sentence\":\"did nothing of the kind\"') where seq = 2;
    update audit_entries set leaf_hash = sha256('\\x00'::bytea || convert_to(canonical, 'UTF8')) where seq = 2;
    delete from log_leaves; delete from log_nodes; delete from checkpoints; delete from cosignatures;
    insert into unsealed_entries select seq from audit_entries;
    set session_replication_role = default";

/// The program, in its own process.
struct Witness {
    child: Child,
    at: WitnessAt,
}

impl Witness {
    fn start(state: &Path) -> Self {
        let log = ledger::SigningKey::from_seed(ORIGIN, &support::SEED).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_countersign"))
            .args([
                "witness",
                "--name",
                "witness.example/audit",
                "--at",
                "127.0.0.1:0",
            ])
            .args(["--log", &log.verifying_key().to_string()])
            .arg("--state")
            .arg(state)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let (key, url) = line.trim().split_once(' ').expect("a key and an address");
        let at = WitnessAt {
            key: key.parse().unwrap(),
            url: url.parse().unwrap(),
        };
        Self { child, at }
    }

    fn key(&self) -> &WitnessKey {
        &self.at.key
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        let _ = self.child.kill(); // it may have ended
        let _ = self.child.wait();
    }
}

async fn seal(stage: &Stage, entries: usize) -> i64 {
    for number in 0..entries {
        let noted = Noted {
            action: "portal.noted",
            sentence: format!("counted to {number}"),
            detail: json!({}),
        };
        backend::audit::note(&stage.portal, &noted).await.unwrap();
    }
    backend::seal::seal_now(&stage.portal).await.unwrap()
}

/// Asks the witness for at most so long as it takes to get this size published.
async fn published(stage: &Stage, witness: &Witness, size: i64) -> Option<String> {
    let asking = Asking::new(&stage.portal, &witness.at).unwrap();
    let asking = tokio::spawn(asking.run());
    let mut found = None;
    for _ in 0..50 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let answer = stage.get("/log/checkpoint", "").await;
        if answer.status == StatusCode::OK && answer.body.lines().nth(1) == Some(&size.to_string()) {
            found = Some(answer.body);
            break;
        }
    }
    asking.abort();
    found
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn what_a_witness_cosigned_is_published_and_a_rewritten_log_is_not(pool: PgPool) {
    let state = tempfile::tempdir().unwrap();
    let witness = Witness::start(state.path());
    let quorum = Quorum::new(1, vec![witness.key().clone()]).unwrap();
    let stage = Stage::witnessed(pool, Place::Near, quorum.clone()).await;
    let size = seal(&stage, 3).await;
    let unwitnessed = stage.get("/log/checkpoint", "").await;
    assert_eq!(unwitnessed.status, StatusCode::NOT_FOUND, "{}", unwitnessed.body);

    let note = published(&stage, &witness, size).await.expect("it is cosigned");
    let key = stage.portal.settings().key.verifying_key();
    assert_eq!(
        Checkpoint::verify(&note, key, ORIGIN).unwrap().size(),
        size.unsigned_abs()
    );
    assert_eq!(quorum.check(&note).unwrap()[0].witness, "witness.example/audit");
    let cookie = stage.sign_in("auditor").await;
    let page = stage.get("/audit", &cookie).await.body;
    assert!(page.contains("witness.example/audit"), "{page}");

    // It remembers, and a log that grows beyond several tiles is shown to continue what it saw.
    drop(witness);
    let witness = Witness::start(state.path());
    let size = seal(&stage, 600).await;
    assert!(published(&stage, &witness, size).await.is_some());
    // So it does when the portal has forgotten what it said.
    sqlx::raw_sql("set session_replication_role = replica; delete from cosignatures; set session_replication_role = default")
        .execute(&stage.owner)
        .await
        .unwrap();
    assert!(published(&stage, &witness, size).await.is_some());

    sqlx::raw_sql(REWRITE).execute(&stage.owner).await.unwrap();
    let rewritten = seal(&stage, 1).await;
    assert!(
        backend::seal::check(&stage.portal).await.unwrap().is_ok(),
        "by itself it looks whole"
    );
    assert_eq!(published(&stage, &witness, rewritten).await, None);
    assert_eq!(
        stage.get("/log/checkpoint", "").await.status,
        StatusCode::NOT_FOUND
    );
}
