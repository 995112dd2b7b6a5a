//! An evaluation that is not done at once: where the page and the program are led, and what they are told meanwhile.
#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]
mod support;

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use serde_json::Value;
use sqlx::PgPool;
use support::{Answer, Stage, function, story};

const VERSION: &str = "/models/credit-risk/versions/1";
const COLUMNS: [(&str, &str); 3] = [("label", "y_true"), ("score", "y_score"), ("protected", "sex")];

/// A portal whose workers are all away.
async fn stage(pool: PgPool) -> Stage {
    let mut stage = Stage::new(pool).await;
    stage.worker.abort_all();
    story::registered(&stage, "credit-risk", "high").await;
    stage
}

async fn send(stage: &Stage, cookie: &str) -> Answer {
    let (page, door) = (format!("{VERSION}/evaluate"), format!("{VERSION}/evaluations"));
    let file = Some(story::PREDICTIONS);
    stage.upload(&page, &door, &COLUMNS, file, cookie).await
}

async fn by_program(stage: &Stage, method: &str, path: &str, prefer: &str) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(format!("/api/v1{path}"))
        .header(
            header::AUTHORIZATION,
            format!("Bearer {}", stage.token("engineer").await),
        )
        .header(header::CONTENT_TYPE, "text/csv")
        .header("prefer", prefer);
    stage
        .send(request.body(Body::from(story::PREDICTIONS)).unwrap())
        .await
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_page_shows_how_far_it_is_and_then_leads_to_the_report(pool: PgPool) {
    let stage = stage(pool).await;
    let cookie = stage.sign_in("engineer").await;
    let sent = send(&stage, &cookie).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let place = sent.header("location").to_owned();
    assert!(place.starts_with("/jobs/"), "{place}");
    let waiting = stage.get(&place, &cookie).await;
    assert!(waiting.body.contains("Waits for its turn"));
    assert!(waiting.body.contains("Call the evaluation off"));
    let version = stage.get(VERSION, &cookie).await;
    assert!(
        version.body.contains(&format!("href=\"{place}\"")),
        "the version tells of it"
    );

    assert!(backend::evaluation::work_once(&stage.portal).await.unwrap());
    let done = stage.get(&place, &cookie).await;
    assert!(done.status.is_redirection(), "{}", done.status);
    let report = done.header("location").to_owned();
    assert!(report.starts_with("/evaluations/"), "{report}");
    let events = stage.get(&format!("{place}/events"), &cookie).await;
    assert!(events.body.contains("event: end"), "{}", events.body);
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn what_is_called_off_says_so_and_can_be_taken_up_again(pool: PgPool) {
    let stage = stage(pool).await;
    let cookie = stage.sign_in("engineer").await;
    let place = send(&stage, &cookie).await.header("location").to_owned();
    let job = place.rsplit('/').next().unwrap().to_owned();
    let action = function("cancel_evaluation");
    let off = stage.submit(&place, &action, &[("job", &job)], &cookie).await;
    assert!(off.status.is_redirection(), "{} {}", off.status, off.body);
    let page = stage.get(&place, &cookie).await;
    assert!(page.body.contains("Called off"));
    let again = format!("{VERSION}/evaluate?job={job}");
    assert!(page.body.contains(&again));
    let form = stage.get(&again, &cookie).await;
    assert!(
        form.body.contains("is kept and is evaluated again"),
        "{}",
        form.body
    );
    assert!(
        form.body.contains("value=\"y_score\""),
        "the columns are filled in"
    );
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_program_that_does_not_wait_asks_the_job(pool: PgPool) {
    let stage = stage(pool).await;
    let path = "/models/credit-risk/versions/1/evaluations?label=y_true&score=y_score&protected=sex";
    let sent = by_program(&stage, "POST", path, "respond-async").await;
    assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.body);
    assert_eq!(sent.json()["state"], "queued");
    let place = sent.header("location").trim_start_matches("/api/v1").to_owned();
    assert!(backend::evaluation::work_once(&stage.portal).await.unwrap());
    let job = by_program(&stage, "GET", &place, "").await.json();
    assert_eq!(job["state"], "done");
    let evaluation = format!("/evaluations/{}", job["evaluation"]);
    assert_eq!(
        by_program(&stage, "GET", &evaluation, "").await.status,
        StatusCode::OK
    );

    let late = by_program(&stage, "DELETE", &place, "").await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.body);
    let second = by_program(&stage, "POST", path, "wait=0").await;
    let place = second.header("location").trim_start_matches("/api/v1").to_owned();
    let off = by_program(&stage, "DELETE", &place, "").await;
    assert_eq!(off.json()["state"], Value::from("cancelled"), "{}", off.body);
}
