use super::*;
use crate::cast::{Cast, credit_risk};
use domain::{Denied, actor::Role};
use futures::TryStreamExt;
use sqlx::PgPool;

fn assessment(expires_on: &str) -> Statement {
    Statement::new(
        "impact-assessment",
        "Impact assessment",
        "Who may be hurt, and how.",
        expires_on,
    )
    .unwrap()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_statement_with_its_file_is_one_row_and_one_entry(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    let before = cast.actions().await.len();
    let file_sent = Some((
        "dir/assessment.pdf".to_owned(),
        cast.arrived(b"%PDF-1.7 and so on").await,
    ));
    let id = add(
        &cast.portal,
        &cast.tomas,
        &credit_risk(),
        1,
        assessment("2027-03-31"),
        file_sent,
    )
    .await
    .unwrap();
    assert_eq!(cast.actions().await[before..], ["evidence.added"]);
    assert_eq!(cast.files().0, 0, "nothing is left where files come in");

    let version = version::page(&cast.portal, &cast.ivo, &credit_risk(), 1)
        .await
        .unwrap();
    let [row] = version.evidence.as_slice() else {
        panic!("{:?}", version.evidence)
    };
    assert_eq!((row.id, row.file_name.as_deref()), (id, Some("assessment.pdf")));
    let (name, bytes) = file(&cast.portal, &cast.ivo, id).await.unwrap();
    let bytes: Vec<Bytes> = bytes.try_collect().await.unwrap();
    assert_eq!(
        (name.as_str(), bytes.concat().as_slice()),
        ("assessment.pdf", &b"%PDF-1.7 and so on"[..])
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_digest_can_be_made_again_from_the_record(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    add(
        &cast.portal,
        &cast.tomas,
        &credit_risk(),
        1,
        assessment("2027-03-31"),
        None,
    )
    .await
    .unwrap();
    let version = version::page(&cast.portal, &cast.ivo, &credit_risk(), 1)
        .await
        .unwrap();
    let row = &version.evidence[0];
    let said = serde_json::json!({
        "kind": row.kind, "title": row.title, "text": row.statement, "expires_on": row.expires_on, "file": null,
    });
    assert_eq!(Digest::of_canonical(&said).unwrap().to_string(), row.digest);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_statement_alone_has_no_file_to_fetch(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    let id = add(&cast.portal, &cast.tomas, &credit_risk(), 1, assessment(""), None)
        .await
        .unwrap();
    assert!(matches!(
        file(&cast.portal, &cast.ivo, id).await,
        Err(Failure::NotFound)
    ));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_may_not_add_evidence_leaves_no_row_no_entry_and_no_file(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    let (before, files) = (cast.actions().await, cast.files());
    for other in [&cast.ada, &cast.mei, &cast.grace, &cast.ivo, &cast.root] {
        let file_sent = Some(("a.pdf".to_owned(), cast.arrived(b"%PDF-1.7").await));
        let denied = add(&cast.portal, other, &credit_risk(), 1, assessment(""), file_sent)
            .await
            .unwrap_err();
        assert!(
            matches!(denied, Failure::Denied(Denied::NotA(Role::Engineer))),
            "{}",
            other.name
        );
    }
    let missing = add(&cast.portal, &cast.tomas, &credit_risk(), 7, assessment(""), None).await;
    assert!(matches!(missing, Err(Failure::NotFound)));
    assert_eq!((cast.actions().await, cast.files()), (before, files));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_inventory_says_what_expires_next_and_only_of_the_newest_of_each_kind(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    let due = async || {
        crate::model::page(&cast.portal, &cast.ivo, &credit_risk())
            .await
            .unwrap()
            .row
            .due
    };
    assert_eq!(due().await, None);
    for (expires_on, words) in [
        ("2026-12-01", "“Impact assessment” expires on 1 December 2026"),
        ("2027-12-01", "“Impact assessment” expires on 1 December 2027"),
        ("2026-11-22", "“Impact assessment” expired on 22 November 2026"),
        ("2026-11-23", "“Impact assessment” expires on 23 November 2026"),
    ] {
        add(
            &cast.portal,
            &cast.tomas,
            &credit_risk(),
            1,
            assessment(expires_on),
            None,
        )
        .await
        .unwrap();
        assert_eq!(due().await.as_deref(), Some(words));
    }
}
