//! `countersign key rotate`: one log under two keys.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that can't go on fails"
)]
mod support;

use base64::{Engine, engine::general_purpose::STANDARD};
use sqlx::PgPool;
use std::{fs, process::Output};
use support::{
    SEED, Stage,
    process::{program, without_key},
    story::Story,
};

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn the_key_is_changed_and_the_whole_log_is_verified_with_either(pool: PgPool) {
    let stage = Stage::new(pool).await;
    Story::tell(&stage).await;
    backend::seal::seal_now(&stage.portal).await.unwrap();
    let data = tempfile::tempdir().unwrap();
    fs::create_dir(data.path().join("keys")).unwrap();
    let file = data.path().join("keys/portal.seed");
    let old = STANDARD.encode(SEED);
    fs::write(&file, &old).unwrap();
    let entries = async || {
        let entries = sqlx::query_scalar::<_, i64>("select count(*) from audit_entries");
        entries.fetch_one(&stage.owner).await.unwrap()
    };
    let before = entries().await;
    let run = |arguments: &[&str]| without_key(&stage, data.path()).args(arguments).output().unwrap();

    let rotated = run(&["key", "rotate"]);
    assert_eq!(rotated.status.code(), Some(0), "{rotated:?}");
    let new = fs::read_to_string(&file).unwrap();
    assert_ne!(new, old);
    assert!(!file.with_added_extension("next").exists());
    assert_eq!(entries().await, before + 1);
    let key = said(&rotated)
        .split("signed with ")
        .nth(1)
        .unwrap()
        .split(' ')
        .next()
        .unwrap()
        .to_owned();

    // The log holds for those who know either key, and says which one signs.
    let with_new = run(&["verify"]);
    let with_old = program(&stage, data.path()).arg("verify").output().unwrap();
    for verified in [&with_new, &with_old] {
        assert_eq!(verified.status.code(), Some(0), "{verified:?}");
        assert!(said(verified).contains(&key), "{verified:?}");
    }
    let stranger = program(&stage, data.path())
        .arg("verify")
        .env("COUNTERSIGN_SIGNING_KEY", STANDARD.encode([9; 32]))
        .output()
        .unwrap();
    assert_eq!(stranger.status.code(), Some(1), "{stranger:?}");
    let superseded = program(&stage, data.path()).arg("serve").output().unwrap();
    assert_eq!(superseded.status.code(), Some(1), "{superseded:?}");

    // Cut off after the log knew and before the file did: the same command ends what was begun.
    fs::write(file.with_added_extension("next"), &new).unwrap();
    fs::write(&file, &old).unwrap();
    let ended = run(&["key", "rotate"]);
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    assert_eq!(
        (fs::read_to_string(&file).unwrap(), entries().await),
        (new, before + 1)
    );
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}
