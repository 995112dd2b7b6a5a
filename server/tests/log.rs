//! The log under `/log/`, read over HTTP and verified by code that others wrote: Cloudflare's `tlog_tiles` and
//! `signed_note`, ports of Go's `sumdb/tlog` and `sumdb/note`.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that can't go on fails"
)]
mod support;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use domain::audit::Noted;
use http_body_util::BodyExt;
use ledger::{
    checkpoint::Checkpoint,
    tile::{Path, Reader, unbundle},
};
use serde_json::json;
use signed_note::{Note, StandardVerifier, VerifierList};
use sqlx::PgPool;
use std::collections::BTreeMap;
use support::{ORIGIN, Stage, story::Story};
use tlog_tiles::{
    Error, Hash, Tile, TileHashReader, TileReader, check_record, check_tree, prove_record, prove_tree,
    record_hash, tree_hash,
};
use tower::ServiceExt;

/// Every tile and bundle, as a mirror keeps them.
struct Mirror(BTreeMap<Path, Bytes>);

impl TileReader for Mirror {
    fn height(&self) -> u8 {
        8
    }

    /// Their names have the height in them, which C2SP leaves out because it is always 8.
    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, Error> {
        let read = |tile: &Tile| {
            let path = tile.path().replacen("tile/8/", "tile/", 1).parse().ok();
            let tile = path.and_then(|path: Path| self.0.get(&path));
            tile.map(|bytes| bytes.to_vec()).ok_or(Error::InvalidTile)
        };
        tiles.iter().map(read).collect()
    }

    fn save_tiles(&self, _: &[Tile], _: &[Vec<u8>]) {}
}

async fn get(stage: &Stage, path: &str, token: Option<&str>) -> (StatusCode, HeaderMap, Bytes) {
    let request = Request::get(path).header(header::HOST, "127.0.0.1:3000");
    let request = match token {
        Some(token) => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
        None => request,
    };
    let response = stage.router.clone().oneshot(request.body(Body::empty()).unwrap());
    let (parts, body) = response.await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (parts.status, parts.headers, body)
}

/// The newest checkpoint, its signature verified by others' code.
async fn checkpoint(stage: &Stage) -> (String, tlog_tiles::Checkpoint) {
    let (status, headers, note) = get(stage, "/log/checkpoint", None).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(headers[header::CONTENT_TYPE], "text/plain; charset=utf-8");
    assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    let key = stage.portal.settings().key.verifying_key().to_string();
    let verifier = StandardVerifier::new(&key).expect("a verifier key");
    let read = Note::from_bytes(&note).expect("a signed note");
    let (signatures, _) = read.verify(&VerifierList::new(vec![Box::new(verifier)])).unwrap();
    assert_eq!(signatures.len(), 1);
    let checkpoint = tlog_tiles::Checkpoint::from_bytes(read.text()).expect("a checkpoint");
    assert_eq!(checkpoint.origin(), ORIGIN);
    (String::from_utf8(note.to_vec()).unwrap(), checkpoint)
}

async fn mirror(stage: &Stage, token: &str, from: u64, to: u64) -> Mirror {
    let mut tiles = BTreeMap::new();
    for path in Path::added(from, to) {
        let hashes = path.level().is_some();
        let token = (!hashes).then_some(token);
        let (status, headers, tile) = get(stage, &format!("/log/{path}"), token).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert_eq!(
            headers[header::CONTENT_TYPE],
            "application/octet-stream",
            "{path}"
        );
        let whose = if hashes { "public" } else { "private" };
        assert_eq!(
            headers[header::CACHE_CONTROL],
            format!("{whose}, max-age=31536000, immutable"),
            "{path}"
        );
        tiles.insert(path, tile);
    }
    Mirror(tiles)
}

async fn note_down(stage: &Stage, count: usize) {
    for number in 0..count {
        let noted = Noted {
            action: "portal.noted",
            sentence: format!("counted to {number}"),
            detail: json!({ "number": number }),
        };
        backend::audit::note(&stage.portal, &noted).await.unwrap();
    }
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn others_read_the_whole_log_and_prove_every_entry(pool: PgPool) {
    let stage = Stage::new(pool).await;
    assert_eq!(
        get(&stage, "/log/checkpoint", None).await.0,
        StatusCode::NOT_FOUND,
        "nothing is sealed"
    );
    Story::tell(&stage).await;
    backend::seal::seal_now(&stage.portal).await.unwrap();
    let (earlier_note, earlier) = checkpoint(&stage).await;
    let token = stage.token("auditor").await;
    // In steps that end within a tile, at its end, and beyond it.
    for step in [200, 56, 300] {
        note_down(&stage, step).await;
        backend::seal::seal_now(&stage.portal).await.unwrap();
    }
    let (note, newest) = checkpoint(&stage).await;
    let (size, root) = (newest.size(), *newest.hash());
    assert!(size > 550, "{size}");

    let mirror = mirror(&stage, &token, 0, size).await;
    let hashes = TileHashReader::new(size, root, &mirror);
    assert_eq!(tree_hash(size, &hashes).unwrap(), root);
    let bundles = mirror.0.iter().filter(|(path, _)| path.level().is_none());
    let entries: Vec<&[u8]> = bundles
        .flat_map(|(_, bundle)| unbundle(bundle).unwrap())
        .collect();
    assert_eq!(entries.len() as u64, size);
    for (index, entry) in (0..).zip(&entries) {
        let proof = prove_record(size, index, &hashes).unwrap();
        check_record(&proof, size, root, index, record_hash(entry)).unwrap();
        let entry: serde_json::Value = serde_json::from_slice(entry).unwrap();
        assert!(entry["sentence"].is_string(), "{entry}");
    }
    let proof = prove_tree(size, earlier.size(), &hashes).unwrap();
    check_tree(&proof, size, root, earlier.size(), *earlier.hash()).unwrap();

    // Ours says the same.
    let key = stage.portal.settings().key.verifying_key();
    let read = |note: &str| Checkpoint::verify(note, key, ORIGIN).unwrap();
    let (newest, earlier) = (read(&note), read(&earlier_note));
    let mut reader = Reader::new(&newest, |path| {
        mirror.0.get(&path).map(|tile| tile.to_vec()).ok_or("missing")
    });
    let mut read = Vec::new();
    for bundle in 0..size.div_ceil(256) {
        read.extend(reader.entries(bundle).unwrap());
    }
    assert_eq!(read, entries);
    reader.consistency(&earlier).unwrap();
    assert_eq!(Hash(*newest.root().as_bytes()), root);
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn partial_tiles_stay_and_what_is_not_there_yet_is_not_found(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let token = stage.token("auditor").await;
    note_down(&stage, 300).await;
    backend::seal::seal_now(&stage.portal).await.unwrap();
    let size = checkpoint(&stage).await.1.size();
    let (_, _, whole) = get(&stage, "/log/tile/0/000", None).await;
    for width in [1, 17, 255] {
        let (status, _, partial) = get(&stage, &format!("/log/tile/0/000.p/{width}"), None).await;
        assert_eq!(
            (status, &partial[..]),
            (StatusCode::OK, &whole[..width * 32]),
            "{width}"
        );
        let path = format!("/log/tile/entries/000.p/{width}");
        let (status, _, partial) = get(&stage, &path, Some(&token)).await;
        assert_eq!(
            (status, unbundle(&partial).unwrap().len()),
            (StatusCode::OK, width)
        );
    }
    note_down(&stage, 1).await; // committed, and not yet sealed
    let beyond = size % 256 + 1;
    let nowhere = [
        format!("tile/0/001.p/{beyond}"),
        "tile/0/001".into(),
        "tile/1/000.p/2".into(),
        "tile/2/000.p/1".into(),
        "tile/0/x999/x999/x999/x999/x999/999".into(),
        "tile/0/0".into(),
        "tile/63/000".into(),
        "tile/0/000.p/256".into(),
        "tile/data/000".into(),
        format!("tile/entries/001.p/{beyond}"),
        "tile/entries/0".into(),
    ];
    for path in nowhere {
        let (status, ..) = get(&stage, &format!("/log/{path}"), Some(&token)).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn entries_are_for_those_who_may_read_the_record(pool: PgPool) {
    let stage = Stage::new(pool).await;
    backend::seal::seal_now(&stage.portal).await.unwrap();
    let path = "/log/tile/entries/000.p/1";
    assert_eq!(get(&stage, path, None).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(
        get(&stage, path, Some("csgn_guessed")).await.0,
        StatusCode::UNAUTHORIZED
    );
    let token = stage.token("engineer").await;
    let (status, headers, bundle) = get(&stage, path, Some(&token)).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(headers[header::VARY], "authorization, cookie");
    let cookie = stage.sign_in("engineer").await;
    let page = stage.get(path, &cookie).await;
    assert_eq!(
        (page.status, page.body),
        (StatusCode::OK, String::from_utf8_lossy(&bundle).into_owned())
    );
    let stranger = stage.get(path, "").await;
    assert!(
        stranger.header("location").starts_with("/sign-in"),
        "{}",
        stranger.status
    );
}

/// The words stand elsewhere on a page too, such as in the proof panel; what counts is how many marks there are more.
#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn what_is_not_yet_sealed_is_marked(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let story = Story::tell(&stage).await;
    let cookie = stage.sign_in("auditor").await;
    backend::seal::seal_now(&stage.portal).await.unwrap();
    let marks = async |path: &str| {
        let page = stage.get(path, &cookie).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        page.body.matches(">Not yet sealed</").count()
    };
    let release = format!("/releases/{}", story.release);
    let (sealed, of_release) = (marks("/audit").await, marks(&release).await);
    note_down(&stage, 3).await;
    assert_eq!(marks("/audit").await, sealed + 3);
    let engineer = stage.actor("engineer");
    backend::release::withdraw(&stage.portal, engineer, story.release, "Not needed.")
        .await
        .unwrap();
    assert_eq!(marks(&release).await, of_release + 1);
    backend::seal::seal_now(&stage.portal).await.unwrap();
    assert_eq!(
        (marks("/audit").await, marks(&release).await),
        (sealed, of_release)
    );
}
