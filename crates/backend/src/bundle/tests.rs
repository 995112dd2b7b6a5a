use super::*;
use crate::{
    attestation,
    cast::{Cast, PREDICTIONS, credit_risk},
};
use domain::{Refusal, id::ReleaseId};
use futures::TryStreamExt;
use ledger::{
    Digest,
    archive::Limits,
    bundle::{Broken, Trust, Verified, verify},
    cosignature::Quorum,
    rotation::Keys,
};
use sqlx::PgPool;
use std::io::Cursor;

async fn bundle(cast: &Cast, taken: Taken) -> Result<Vec<u8>, Failure> {
    let cover = Cover {
        html: "<!doctype html><title>Cover</title>".into(),
        pdf: b"%PDF".to_vec(),
    };
    let pieces = gather(&cast.portal, &cast.ivo, taken).await?.sealed(cover);
    pieces
        .try_fold(Vec::new(), async |mut whole, piece| {
            whole.extend_from_slice(&piece);
            Ok(whole)
        })
        .await
}

fn verified(cast: &Cast, bytes: &[u8]) -> Result<Verified, Broken> {
    let trust = Trust {
        key: cast.portal.settings().key.verifying_key(),
        quorum: &Quorum::default(),
        kept: &[],
        limits: Limits::default(),
    };
    verify(Cursor::new(bytes), &trust)
}

fn release(id: ReleaseId) -> Taken {
    Taken::Release(id, credit_risk())
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_release_is_verified_far_from_here(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    cast.govern().await;
    let id = cast.approved(1).await;
    let bytes = bundle(&cast, release(id)).await.unwrap();
    let whole = verified(&cast, &bytes).unwrap();
    assert_eq!(
        whole.contents.title,
        format!("Release {id}: credit-risk 1 for production")
    );
    assert_eq!(whole.contents.made_for, "Ivo Petrov");
    let decided = &whole.releases[0];
    let people: Vec<_> = decided
        .signatures
        .iter()
        .map(|signature| signature.person.as_str())
        .collect();
    assert_eq!(people, ["Ada Osei", "Mei Tanaka", "Grace Lindqvist"]);
    assert!(decided.is_attested);
    let sent = ledger::bundle::path::file(Digest::of(PREDICTIONS));
    let mut archive = ledger::archive::Reader::open(Cursor::new(&bytes), Limits::default()).unwrap();
    assert_eq!(archive.read(&sent, u32::MAX).unwrap(), PREDICTIONS);
    assert!(cast.actions().await.contains(&"bundle.taken".to_owned()));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_model_and_a_stretch_of_the_log_can_be_taken_along(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    cast.govern().await;
    let first = cast.approved(1).await;
    cast.version(2).await;
    let whole = verified(&cast, &bundle(&cast, Taken::Model(credit_risk())).await.unwrap()).unwrap();
    assert_eq!(whole.releases.len(), 1);
    assert_eq!(whole.releases[0].dossier.release, i64::from(first).unsigned_abs());

    let whole = verified(
        &cast,
        &bundle(&cast, Taken::Entries { from: 2, to: 9 }).await.unwrap(),
    )
    .unwrap();
    assert_eq!(whole.entries, 7);
    let beyond = bundle(&cast, Taken::Entries { from: 0, to: 10_000 }).await;
    assert!(matches!(beyond, Err(Failure::Refused(Refusal::Invalid(_)))));
}

/// What somebody changed who owns the database, triggers out of the way.
#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_was_changed_behind_the_portal_is_named(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    cast.govern().await;
    let id = cast.approved(1).await;
    let whole = bundle(&cast, release(id)).await.unwrap();
    verified(&cast, &whole).unwrap();
    for (forged, undone, record) in [
        (
            "update evaluations set report = replace(report, '0.755', '0.95512345')",
            "update evaluations set report = replace(report, '0.95512345', '0.755')",
            "evaluations/1.json",
        ),
        (
            "update evidence set statement = 'Nobody is hurt.'",
            "update evidence set statement = 'Who may be hurt.'",
            "evidence/1.json",
        ),
        (
            "update policies set rules = rules || ' '",
            "update policies set rules = trim(rules)",
            "policies/",
        ),
        (
            "update versions set manifest = manifest || ' '",
            "update versions set manifest = trim(manifest)",
            "models/credit-risk/versions/1.json",
        ),
        (
            "update signatures set decision = 'refused' where person_name = 'Grace Lindqvist'",
            "update signatures set decision = 'countersigned' where person_name = 'Grace Lindqvist'",
            "releases/1/signatures.json, signature 3 (of Grace Lindqvist)",
        ),
        (
            "update signatures set person_name = 'Mallory' where person_name = 'Ada Osei'",
            "update signatures set person_name = 'Ada Osei' where person_name = 'Mallory'",
            "releases/1/signatures.json, signature 1 (of Mallory)",
        ),
    ] {
        behind(&cast, forged).await;
        let said = verified(&cast, &bundle(&cast, release(id)).await.unwrap())
            .unwrap_err()
            .to_string();
        assert!(said.starts_with(record), "{forged}: {said}");
        behind(&cast, undone).await;
    }
    // The log itself is proven before it is sent.
    behind(
        &cast,
        "update audit_entries set canonical = replace(canonical, 'Agreed.', 'Not agreed.')",
    )
    .await;
    let said = verified(&cast, &bundle(&cast, release(id)).await.unwrap())
        .unwrap_err()
        .to_string();
    assert!(said.starts_with("log entry"), "{said}");
}

async fn behind(cast: &Cast, sql: &'static str) {
    let mut owner = cast.owner.acquire().await.unwrap();
    for statement in [
        "set session_replication_role = replica",
        sql,
        "set session_replication_role = default",
    ] {
        sqlx::query(statement).execute(&mut *owner).await.unwrap();
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_approval_is_attested_while_it_stands(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    cast.govern().await;
    let id = cast.request(1).await;
    let early = attestation::of_release(&cast.portal, &cast.ivo, id).await;
    assert!(matches!(early, Err(Failure::Refused(Refusal::NotApproved))));
    cast.approve(&cast.ada, id).await;
    cast.approve(&cast.mei, id).await;
    cast.countersign(id).await;

    let envelope = attestation::of_release(&cast.portal, &cast.ivo, id)
        .await
        .unwrap();
    let settings = cast.portal.settings();
    let keys = Keys::new(&settings.origin, settings.key.verifying_key().clone());
    let attested = ledger::attestation::verify(&envelope, &keys).unwrap();
    assert_eq!(attested.release.environment, "production");
    assert_eq!(attested.release.signers.len(), 3);
    let digest = attested.version_digest;
    let found = attestation::of_version(&cast.portal, &cast.ivo, digest)
        .await
        .unwrap();
    assert_eq!(found, [envelope]);

    cast.portal
        .set_clock(Some(crate::cast::noon() + chrono::TimeDelta::days(4_000)));
    let lapsed = attestation::of_version(&cast.portal, &cast.ivo, digest)
        .await
        .unwrap();
    assert!(lapsed.is_empty());
}
