//! A bundle from the portal's door to an auditor's command line, and what is said of one that was touched.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that can't go on fails"
)]
mod support;

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use http_body_util::BodyExt;
use ledger::SigningKey;
use sqlx::PgPool;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};
use support::{ORIGIN, SEED, Stage, story::Story};
use tower::ServiceExt;

/// Changed bytes that are tried; a changed bit anywhere in a bundle is tried ten thousand times in `ledger`.
const CHANGES: usize = 12;

async fn file(stage: &Stage, folder: &Path, path: &str, name: &str) -> PathBuf {
    let token = stage.token("auditor").await;
    let request = Request::get(path)
        .header(header::HOST, "127.0.0.1:3000")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::empty())
        .unwrap();
    let answer = stage.router.clone().oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    let file = folder.join(name);
    fs::write(&file, bytes).unwrap();
    file
}

fn key() -> String {
    SigningKey::from_seed(ORIGIN, &SEED)
        .unwrap()
        .verifying_key()
        .to_string()
}

/// What the program says, and its exit status. It has no database and no settings.
fn said(arguments: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    let output = command
        .args(arguments)
        .env_remove("DATABASE_URL")
        .output()
        .unwrap();
    let words = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (output.status.code().unwrap(), words)
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_bundle_is_checked_by_the_program_alone(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let story = Story::tell(&stage).await;
    let folder = tempfile::tempdir().unwrap();
    let path = format!("/api/v1/releases/{}/bundle", story.approved);
    let bundle = file(&stage, folder.path(), &path, "bundle.zip").await;
    let name = bundle.to_str().unwrap();

    let (status, words) = said(&["verify", name, "--key", &key()]);
    assert_eq!(status, 0, "{words}");
    assert!(words.starts_with(&format!(
        "The bundle is whole: Release {}: spam-filter 1 for staging.",
        story.approved
    )));
    assert!(words.contains("spam-filter 1 for staging, approved"), "{words}");

    let (status, words) = said(&["verify", name]);
    assert_eq!(status, 2, "{words}");
    assert!(words.contains(&key()), "{words}");

    let other = SigningKey::from_seed(ORIGIN, &[8; 32]).unwrap();
    let (status, words) = said(&["verify", name, "--key", &other.verifying_key().to_string()]);
    assert_eq!(status, 1, "{words}");
    assert!(words.contains("log/keys.json"), "{words}");

    let whole = fs::read(&bundle).unwrap();
    for change in 1..=CHANGES {
        let mut touched = whole.clone();
        touched[whole.len() * change / (CHANGES + 1)] ^= 0x10;
        fs::write(&bundle, touched).unwrap();
        let (status, words) = said(&["verify", name, "--key", &key()]);
        assert_eq!(status, 1, "{words}");
        assert!(
            words.contains("The first record that is not what it should be:\n"),
            "{words}"
        );
    }
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn an_attestation_lets_in_only_what_it_says(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let story = Story::tell(&stage).await;
    let folder = tempfile::tempdir().unwrap();
    let path = format!("/api/v1/releases/{}/attestation", story.approved);
    let attestation = file(&stage, folder.path(), &path, "attestation.json").await;
    let name = attestation.to_str().unwrap();
    let digest = sqlx::query_scalar!(
        "select v.digest from versions v join releases r on r.version = v.id where r.id = $1",
        i64::from(story.approved)
    );
    let digest = digest.fetch_one(&stage.owner).await.unwrap();
    let verify = |digest: &str, environment: &str| {
        said(&[
            "permit",
            "verify",
            name,
            "--key",
            &key(),
            "--digest",
            digest,
            "--environment",
            environment,
        ])
    };
    let (status, words) = verify(&digest, "staging");
    assert_eq!(status, 0, "{words}");
    assert!(words.contains("approved spam-filter 1 for staging"), "{words}");
    let (status, words) = verify(&digest, "production");
    assert_eq!((status, words.trim()), (1, "Not permitted: it is for staging."));
    let (status, words) = verify(&"0".repeat(64), "staging");
    assert_eq!(status, 1, "{words}");

    // By the digest of what is about to run, as an admission controller asks.
    let path = format!("/api/v1/attestations/sha256:{digest}");
    let list = file(&stage, folder.path(), &path, "list.json").await;
    let list: serde_json::Value = serde_json::from_slice(&fs::read(list).unwrap()).unwrap();
    let first = &list["attestations"][0];
    fs::write(&attestation, first.to_string()).unwrap();
    assert_eq!(verify(&digest, "staging").0, 0);
}
