//! Forms with a file: what is refused comes back with its fields marked, and nothing typed is lost with the session.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that can't go on fails"
)]
mod support;

use axum::http::StatusCode;
use sqlx::PgPool;
use support::{Answer, PASSWORD, Stage, email, function, story};

const VERSION: &str = "/models/credit-risk/versions/1";
const EVALUATE: &str = "/models/credit-risk/versions/1/evaluate";
const EVIDENCE: &str = "/models/credit-risk/versions/1/evidence";
const PREDICTIONS: Option<&[u8]> = Some(b"y_true,y_score\n1,0.9\n0,0.2\n");
/// One column isn't in the file.
const TYPED: [(&str, &str); 3] = [("label", "y_true"), ("score", "y_skore"), ("favourable", "1")];

async fn stage(pool: PgPool) -> Stage {
    let stage = Stage::new(pool).await;
    story::registered(&stage, "credit-risk", "high").await;
    stage
}

async fn predict(stage: &Stage, fields: &[(&str, &str)], file: Option<&[u8]>, cookie: &str) -> Answer {
    let door = format!("{VERSION}/evaluations");
    stage.upload(EVALUATE, &door, fields, file, cookie).await
}

/// Whether the page says of this field that it is wrong, and leads to it from above the form.
fn is_marked(page: &Answer, field: &str) -> bool {
    let start = format!(" id=\"{field}\"");
    let rest = page.body.split(&start).nth(1).expect("the form has the field");
    let tag = rest.split('>').next().unwrap_or_default();
    tag.contains("aria-invalid=\"true\"") && page.body.contains(&format!("href=\"#{field}\""))
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn refused_predictions_mark_the_field_that_is_wrong(pool: PgPool) {
    let stage = stage(pool).await;
    let cookie = stage.sign_in("engineer").await;
    let no_label = [("label", ""), ("score", "y_score")];
    let right = [("label", "y_true"), ("score", "y_score")];
    let no_threshold = [("label", "y_true"), ("score", "y_score"), ("threshold", "half")];
    for (typed, file, kind, wrong) in [
        (&TYPED[..], PREDICTIONS, "predictions", "score"),
        (&no_label, PREDICTIONS, "invalid", "label"),
        (&no_threshold, PREDICTIONS, "invalid", "threshold"),
        (&right, None, "invalid", "file"),
        (&right, Some(&b"\x1f\x8b\x08 gzip"[..]), "predictions", "file"),
    ] {
        let refused = predict(&stage, typed, file, &cookie).await;
        assert_eq!(refused.status, StatusCode::SEE_OTHER, "{wrong}: {}", refused.body);
        let place = refused.header("location").to_owned();
        assert_eq!(
            place,
            format!("{EVALUATE}?problem={kind}"),
            "its words stay out of it"
        );
        let page = stage.get(&place, &cookie).await;
        for field in ["file", "label", "score", "threshold"] {
            assert_eq!(is_marked(&page, field), field == wrong, "{wrong}: {field}");
        }
    }
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_later_visit_keeps_what_was_typed_and_not_the_reproach(pool: PgPool) {
    let stage = stage(pool).await;
    let cookie = stage.sign_in("engineer").await;
    let refused = predict(&stage, &TYPED, PREDICTIONS, &cookie).await;
    for look in ["the first", "loaded again"] {
        let page = stage.get(refused.header("location"), &cookie).await;
        assert!(page.body.contains("There is no column “y_skore”"), "{look}");
        assert!(is_marked(&page, "score"), "{look}");
    }
    let page = stage.get(EVALUATE, &cookie).await;
    assert!(page.body.contains("y_skore"), "{}", page.body);
    assert!(!is_marked(&page, "score"));
    let link = format!("{EVALUATE}?problem=Call+this+number");
    assert!(!stage.get(&link, &cookie).await.body.contains("Call this number"));
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn refused_evidence_marks_the_field_that_is_wrong(pool: PgPool) {
    let stage = stage(pool).await;
    let cookie = stage.sign_in("engineer").await;
    let typed = [
        ("kind", "impact-assessment"),
        ("title", "Assessment"),
        ("text", "Who is affected."),
        ("expires_on", "soon"),
    ];
    let refused = stage.upload(EVIDENCE, EVIDENCE, &typed, None, &cookie).await;
    assert_eq!(refused.header("location"), format!("{EVIDENCE}?problem=invalid"));
    let page = stage.get(refused.header("location"), &cookie).await;
    assert!(is_marked(&page, "expires_on") && !is_marked(&page, "title"));
    assert!(page.body.contains("Who is affected."), "{}", page.body);
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_form_with_a_file_outlives_its_session(pool: PgPool) {
    let stage = stage(pool).await;
    let cookie = stage.sign_in("engineer").await;
    sqlx::query("update sessions set expires_at = now() - interval '1 hour'")
        .execute(&stage.owner)
        .await
        .unwrap();
    let late = predict(&stage, &TYPED, PREDICTIONS, &cookie).await;
    let door = "/sign-in?next=%2Fmodels%2Fcredit-risk%2Fversions%2F1%2Fevaluate";
    assert_eq!(late.header("location"), door, "{} {}", late.status, late.body);
    let unnamed = late.cookie().expect("a session holds what was typed");

    let fields = [
        ("email", &*email("engineer")),
        ("password", PASSWORD),
        ("next", EVALUATE),
    ];
    let back = stage
        .submit("/sign-in", &function("sign_in"), &fields, &unnamed)
        .await;
    let page = stage.get(EVALUATE, &back.cookie().unwrap()).await;
    assert!(page.body.contains("y_skore"), "{}", page.body);
    assert!(
        page.body.contains("the file has to be chosen again"),
        "{}",
        page.body
    );
    assert!(!is_marked(&page, "score"), "nobody has judged it yet");
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_stranger_leaves_nothing_by_a_form_with_a_file(pool: PgPool) {
    let stage = stage(pool).await;
    let stranger = predict(&stage, &TYPED, PREDICTIONS, "").await;
    assert!(stranger.header("location").starts_with("/sign-in?next="));
    assert!(stranger.cookie().is_none());
}
