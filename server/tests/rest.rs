//! The way of a release by program: register, evaluate, ask; and what a program can't do.
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
use ledger::Digest;
use serde_json::{Value, json};
use sqlx::PgPool;
use support::{Answer, PASSWORD, Stage};

const PREDICTIONS: &[u8] = include_bytes!("../../demo/predictions/german_lr.csv");
const COLUMNS: &str = "label=y_true&prediction=y_pred&score=y_score&protected=sex,age_band&favourable=1";

struct Program<'a> {
    stage: &'a Stage,
    token: String,
}

impl<'a> Program<'a> {
    async fn of(stage: &'a Stage, role: &str) -> Self {
        Self {
            stage,
            token: stage.token(role).await,
        }
    }

    async fn send(&self, method: &str, path: &str, kind: &str, body: impl Into<Body>) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .header(header::CONTENT_TYPE, kind);
        self.stage.send(request.body(body.into()).unwrap()).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "", "").await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, "application/json", body.to_string())
            .await
    }
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_program_registers_evaluates_and_asks(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let place = json!({ "kind": "local" });
    let place = domain::environment::Place {
        name: "staging".parse().unwrap(),
        rank: 2,
        target: place,
    };
    backend::environment::add(&stage.portal, stage.actor("administrator"), place, None)
        .await
        .unwrap();
    let program = Program::of(&stage, "engineer").await;

    let model = json!({ "name": "credit-risk", "purpose": "Decides who is offered credit.", "tier": "high" });
    let made = program.post("/models", model.clone()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    assert_eq!(made.header("location"), "/api/v1/models/credit-risk");
    assert_eq!(program.post("/models", model).await.status, StatusCode::CONFLICT);

    let manifest = support::story::manifest("credit-risk");
    let version = program
        .send(
            "POST",
            "/models/credit-risk/versions",
            "application/json",
            manifest,
        )
        .await;
    assert_eq!(version.status, StatusCode::CREATED, "{}", version.body);
    let file = program.get("/models/credit-risk/versions/1/manifest").await;
    assert_eq!(
        version.json()["digest"],
        Digest::of(file.body.as_bytes()).to_string()
    );

    let path = format!("/models/credit-risk/versions/1/evaluations?{COLUMNS}&name=german.csv");
    let evaluated = program.send("POST", &path, "text/csv", PREDICTIONS).await;
    assert_eq!(evaluated.status, StatusCode::CREATED, "{}", evaluated.body);
    assert_eq!(
        evaluated.json()["file_digest"],
        Digest::of(PREDICTIONS).to_string()
    );
    assert_eq!(evaluated.json()["file_name"], "german.csv");
    let id = evaluated.json()["id"].clone();
    let report = program.get(&format!("/evaluations/{id}/report")).await;
    assert_eq!(
        evaluated.json()["report_digest"],
        Digest::of(report.body.as_bytes()).to_string()
    );
    assert_eq!(report.json()["rows"], 1000);

    let (kind, body) = multipart(
        &[("label", "y_true"), ("score", "y_score"), ("protected", "sex")],
        PREDICTIONS,
    );
    let again = program
        .send("POST", "/models/credit-risk/versions/1/evaluations", &kind, body)
        .await;
    assert_eq!(again.status, StatusCode::CREATED, "{}", again.body);

    let statement = json!({ "kind": "impact-assessment", "title": "Assessment", "text": "Who is affected." });
    let evidence = program
        .post("/models/credit-risk/versions/1/evidence", statement)
        .await;
    assert_eq!(evidence.status, StatusCode::CREATED, "{}", evidence.body);

    let ask =
        json!({ "model": "credit-risk", "version": 1, "environment": "staging", "reason": "To try it." });
    let asked = program.post("/releases", ask).await;
    assert_eq!(asked.status, StatusCode::CREATED, "{}", asked.body);
    assert!(
        asked.json()["gates"]
            .as_array()
            .is_some_and(|gates| !gates.is_empty())
    );
    let release = program
        .get(asked.header("location").strip_prefix("/api/v1").unwrap())
        .await;
    assert_eq!(release.json()["row"]["state"], "open");

    let deployed = program
        .post("/deployments", json!({ "release": asked.json()["id"] }))
        .await;
    assert_eq!(deployed.status, StatusCode::CONFLICT, "{}", deployed.body);
    let signed = program
        .post(&format!("/releases/{}/signatures", asked.json()["id"]), json!({}))
        .await;
    assert_eq!(signed.status, StatusCode::FORBIDDEN);
    assert!(
        signed.json()["detail"]
            .as_str()
            .unwrap()
            .contains("a signature is a person's")
    );

    let log = program.get("/audit?action=version.evaluated").await;
    assert_eq!(log.status, StatusCode::OK);
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn what_is_wrong_is_said_in_one_form(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let program = Program::of(&stage, "engineer").await;
    let stranger = Program {
        stage: &stage,
        token: "csgn_nothing".into(),
    };
    let problems = [
        (stranger.get("/models").await, 401),
        (program.get("/models/none").await, 404),
        (program.get("/models/None!").await, 404),
        (program.get("/evaluations/abc").await, 404),
        (program.get("/nowhere").await, 404),
        (program.send("DELETE", "/models", "", "").await, 405),
        (
            program.send("POST", "/models", "application/json", "{").await,
            400,
        ),
        (program.send("POST", "/models", "text/plain", "{}").await, 415),
        (program.post("/models", json!({ "name": "x" })).await, 422),
        (
            program
                .post("/models", json!({ "name": "X", "purpose": "p", "tier": "high" }))
                .await,
            422,
        ),
        (
            program
                .send("POST", "/models", "application/json", vec![b' '; 3 << 20])
                .await,
            413,
        ),
        (program.get("/releases?before=x").await, 400),
    ];
    for (number, (answer, status)) in problems.iter().enumerate() {
        assert_eq!(
            answer.status.as_u16(),
            *status,
            "problem {number}: {}",
            answer.body
        );
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "problem {number}: {}",
            answer.body
        );
        let problem = answer.json();
        assert_eq!(problem["status"], *status);
        assert_eq!(problem["request_id"], answer.header("x-request-id"));
        assert!(
            problem["detail"]
                .as_str()
                .is_some_and(|detail| detail.ends_with('.')),
            "{problem}"
        );
    }
    let wrong = &problems[9].0.json()["errors"][0];
    assert_eq!(wrong["field"], "name");
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_denied_attempt_is_written_down(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let program = Program::of(&stage, "auditor").await;
    let model = json!({ "name": "credit-risk", "purpose": "Decides.", "tier": "high" });
    assert_eq!(program.post("/models", model).await.status, StatusCode::FORBIDDEN);
    let log = program.get("/audit?outcome=refused").await.json();
    let sentence = log["items"][0]["sentence"].as_str().unwrap();
    assert!(sentence.contains("create model"), "{sentence}");
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn predictions_that_cannot_be_used_leave_nothing(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let program = Program::of(&stage, "engineer").await;
    let model = json!({ "name": "credit-risk", "purpose": "Decides.", "tier": "high" });
    program.post("/models", model).await;
    program
        .send(
            "POST",
            "/models/credit-risk/versions",
            "application/json",
            support::story::manifest("x"),
        )
        .await;
    let path = "/models/credit-risk/versions/1/evaluations";
    let too_large = vec![b'1'; 9 << 20];
    for (query, body, field) in [
        ("label=y&score=p", &b"y,p\n1,high\n"[..], "score"),
        ("label=z&score=p", b"y,p\n1,0.5\n", "label"),
        ("label=y", b"y,p\n1,0.5\n", "prediction"),
        ("label=y&score=p", b"", "file"),
        ("label=y&score=p", b"PAR1 is no Parquet", "file"),
        ("label=y&score=p", &too_large[..], "file"),
    ] {
        let answer = program
            .send("POST", &format!("{path}?{query}"), "text/csv", body.to_vec())
            .await;
        assert_eq!(answer.status.as_u16(), 422, "{query}: {}", answer.body);
        assert_eq!(
            answer.json()["errors"][0]["field"],
            field,
            "{query}: {}",
            answer.body
        );
    }
    let version = program.get("/models/credit-risk/versions/1").await.json();
    assert_eq!(version["evaluations"], json!([]));
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_password_is_not_a_token(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let program = Program {
        stage: &stage,
        token: PASSWORD.into(),
    };
    let answer = program.get("/models").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.header("www-authenticate").starts_with("Bearer"));
}

fn multipart(fields: &[(&str, &str)], file: &[u8]) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    let head = "--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"p.csv\"\r\nContent-Type: text/csv\r\n\r\n";
    body.extend(head.bytes());
    body.extend(file);
    body.extend(b"\r\n--X--\r\n");
    ("multipart/form-data; boundary=X".into(), body)
}
