use super::*;
use crate::cast::{self, Cast, credit_risk};
use domain::{Denied, Refusal, actor::Role, policy::GateState};
use futures::TryStreamExt;
use sqlx::PgPool;

async fn try_evaluate(cast: &Cast, actor: &Actor, bytes: &'static [u8]) -> Result<EvaluationId, Failure> {
    let arrived = cast.arrived(bytes).await;
    evaluate(
        &cast.portal,
        actor,
        &credit_risk(),
        1,
        "p.csv",
        arrived,
        cast::columns(),
    )
    .await
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_predictions_file_becomes_a_frozen_report_and_one_entry(pool: PgPool) {
    let cast = Cast::new(pool).await;
    policy::install_built_in(&cast.portal).await.unwrap();
    cast.model().await;
    cast.version(1).await;
    let before = cast.actions().await.len();
    let id = cast.evaluate(1, cast::PREDICTIONS).await;
    assert_eq!(cast.actions().await[before..], ["version.evaluated"]);
    assert_eq!(
        cast.files(),
        (0, 1),
        "kept by digest, and nothing left where files come in"
    );

    let page = page(&cast.portal, &cast.ivo, id).await.unwrap();
    assert_eq!(
        Digest::of(page.report.as_bytes()).to_string(),
        page.row.report_digest
    );
    let report: Report = serde_json::from_str(&page.report).unwrap();
    assert_eq!(
        (report.rows, &report.source.digest),
        (1000, &page.row.file_digest)
    );
    assert_eq!(page.row.verdict, assessment::verdict(&page.report).unwrap());
    assert!(page.row.verdict.contains("75.5"), "{}", page.row.verdict);
    let state = |gate: &str| {
        page.gates
            .iter()
            .find(|outcome| outcome.gate == gate)
            .unwrap()
            .state
    };
    assert!(state("rows").is_met() && state("accuracy").is_met());
    assert_ne!(state("impact-ratio"), GateState::NotMeasured);
    assert!(page.signatures.is_empty() && page.baseline.is_none());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_file_comes_back_as_it_was_sent_under_a_plain_name(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    let arrived = cast.arrived(cast::PREDICTIONS).await;
    let sent = "..\\..\\C:/temp/\u{7}german lr.csv";
    let id = evaluate(
        &cast.portal,
        &cast.tomas,
        &credit_risk(),
        1,
        sent,
        arrived,
        cast::columns(),
    )
    .await
    .unwrap();
    let (name, bytes) = file(&cast.portal, &cast.ivo, id).await.unwrap();
    let bytes: Vec<Bytes> = bytes.try_collect().await.unwrap();
    assert_eq!(
        (name.as_str(), bytes.concat().as_slice()),
        ("german lr.csv", cast::PREDICTIONS)
    );
    assert_eq!(cast.files(), (0, 1), "the same bytes are kept once");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_hostile_file_leaves_nothing_but_its_reason(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    let (before, files) = (cast.actions().await, cast.files());
    let hostile: [&'static [u8]; 6] = [
        b"y_true,y_pred\n1,1\n",
        b"y_true,y_pred,y_score,sex,age_band\n1,1,NaN,male,>25\n",
        b"y_true,y_pred,y_score,sex,age_band\n1,1,0.5,\"male,>25\n",
        b"PAR1 and then nothing of the kind PAR1",
        b"\x00\x01\x02\x03",
        b"\xff\xfey\x00",
    ];
    for bytes in hostile {
        let refused = try_evaluate(&cast, &cast.tomas, bytes).await.unwrap_err();
        assert!(
            matches!(refused, Failure::Refused(Refusal::Predictions(_))),
            "{refused:?}"
        );
    }
    assert_eq!((cast.actions().await, cast.files()), (before, files));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn only_an_engineer_evaluates_and_only_a_version_that_is_there(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    let (before, files) = (cast.actions().await, cast.files());
    for other in [&cast.ada, &cast.mei, &cast.grace, &cast.ivo, &cast.root] {
        let denied = try_evaluate(&cast, other, cast::OTHER_PREDICTIONS)
            .await
            .unwrap_err();
        assert!(
            matches!(denied, Failure::Denied(Denied::NotA(Role::Engineer))),
            "{}",
            other.name
        );
    }
    let arrived = cast.arrived(cast::OTHER_PREDICTIONS).await;
    let missing = evaluate(
        &cast.portal,
        &cast.tomas,
        &credit_risk(),
        9,
        "p.csv",
        arrived,
        cast::columns(),
    )
    .await;
    assert!(matches!(missing, Err(Failure::NotFound)));
    assert_eq!((cast.actions().await, cast.files()), (before, files));
    assert!(matches!(
        page(&cast.portal, &cast.ivo, 9_999.into()).await,
        Err(Failure::NotFound)
    ));
    assert!(matches!(
        file(&cast.portal, &cast.ivo, 9_999.into()).await,
        Err(Failure::NotFound)
    ));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_newest_evaluation_is_what_the_version_and_the_inventory_show(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    let second = cast.evaluate(1, cast::OTHER_PREDICTIONS).await;
    let version = version::page(&cast.portal, &cast.ivo, &credit_risk(), 1)
        .await
        .unwrap();
    assert_eq!(
        (version.evaluations.len(), version.evaluations[0].id),
        (2, second)
    );
    assert_eq!(version.history[0].action, "version.evaluated");
    let model = crate::model::page(&cast.portal, &cast.ivo, &credit_risk())
        .await
        .unwrap();
    assert_eq!(model.versions[0].evaluations, 2);
    assert_eq!(model.row.measured.unwrap().evaluation, second);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_new_evaluation_voids_what_was_signed_before_it_and_says_so_after_itself(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    cast.govern().await;
    let id = cast.request(1).await;
    cast.approve(&cast.ada, id).await;
    let first = version::page(&cast.portal, &cast.ivo, &credit_risk(), 1)
        .await
        .unwrap()
        .evaluations[0]
        .id;
    let signed = page(&cast.portal, &cast.ivo, first).await.unwrap().signatures;
    assert_eq!(
        signed
            .iter()
            .map(|one| (one.name.as_str(), one.voided.is_none()))
            .collect::<Vec<_>>(),
        [("Ada Osei", true)]
    );

    let before = cast.actions().await.len();
    let second = cast.evaluate(1, cast::PREDICTIONS).await;
    assert_eq!(
        cast.actions().await[before..],
        ["version.evaluated", "release.dossier_changed"]
    );
    let signed = page(&cast.portal, &cast.ivo, second).await.unwrap().signatures;
    assert!(
        signed[0]
            .voided
            .as_ref()
            .unwrap()
            .1
            .contains(&format!("evaluation {second} was added")),
        "{signed:?}"
    );
}
