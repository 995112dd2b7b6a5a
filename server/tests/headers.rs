//! What browsers are told, and how a session begins and ends.
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
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use support::{PASSWORD, Place, Stage, email, function, story::Story};

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn every_answer_says_what_to_refuse(pool: PgPool) {
    let stage = Stage::at(pool, Place::Public).await;
    for path in [
        "/sign-in",
        "/nowhere",
        "/healthz",
        "/api/v1/models",
        "/api/v1/nowhere",
        "/audit.csv",
    ] {
        let answer = stage.get(path, "").await;
        let policy = answer.header("content-security-policy");
        for part in [
            "default-src 'none'",
            "'strict-dynamic'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe-inline"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(
            answer.header("cross-origin-opener-policy"),
            "same-origin",
            "{path}"
        );
        assert!(
            answer.header("strict-transport-security").starts_with("max-age="),
            "{path}"
        );
        assert_eq!(answer.header("x-request-id").len(), 32, "{path}");
    }
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn scripts_of_a_page_carry_the_nonce_of_its_header(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let page = stage.get("/sign-in", "").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let policy = page.header("content-security-policy");
    let nonce = policy
        .split("'nonce-")
        .nth(1)
        .and_then(|rest| rest.split('\'').next())
        .unwrap();
    assert!(page.body.contains(&format!("nonce=\"{nonce}\"")), "{}", page.body);
    assert_eq!(
        page.body.matches("<script").count(),
        page.body.matches(&format!("nonce=\"{nonce}\"")).count()
    );
    let other = stage.get("/sign-in", "").await;
    assert_ne!(policy, other.header("content-security-policy"));
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_write_from_another_site_is_refused(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let cookie = stage.sign_in("engineer").await;
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://evil.example"),
    ] {
        let request = Request::post(function("sign_out"))
            .header(header::HOST, "127.0.0.1:3000")
            .header(header::COOKIE, &cookie)
            .header(name, value)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = stage.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}");
        assert_eq!(answer.json()["type"], "urn:countersign:problem:cross-site");
    }
    assert_eq!(
        stage.get("/models", &cookie).await.status,
        StatusCode::OK,
        "still signed in"
    );
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_session_begins_anew_with_each_sign_in_and_is_kept_hashed(pool: PgPool) {
    let stage = Stage::at(pool, Place::Public).await;
    let fields = [
        ("email", &*email("engineer")),
        ("password", PASSWORD),
        ("next", "/"),
    ];
    let first = stage.submit("/sign-in", &function("sign_in"), &fields, "").await;
    let set = first.header("set-cookie").to_owned();
    assert!(set.starts_with("__Host-countersign="), "{set}");
    for part in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(set.contains(part), "{set}");
    }
    assert!(!set.contains("Domain"), "{set}");
    let before = first.cookie().unwrap();
    let again = stage
        .submit("/sign-in", &function("sign_in"), &fields, &before)
        .await
        .cookie()
        .unwrap();
    assert_ne!(before, again);
    assert!(
        stage
            .get("/models", &before)
            .await
            .header("location")
            .starts_with("/sign-in"),
        "the old one is over"
    );
    assert_eq!(stage.get("/models", &again).await.status, StatusCode::OK);

    let id = again.split_once('=').unwrap().1;
    let (hash, agent): (Vec<u8>, String) =
        sqlx::query_as("select id_hash, user_agent from sessions where person is not null")
            .fetch_one(&stage.owner)
            .await
            .unwrap();
    assert_eq!(
        hash,
        Sha256::digest(
            base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, id).unwrap()
        )
        .to_vec()
    );
    assert_eq!(agent, "test browser");
    let data: String = sqlx::query_scalar("select data::text from sessions")
        .fetch_one(&stage.owner)
        .await
        .unwrap();
    assert!(!data.contains(id));

    let out = stage.submit("/models", &function("sign_out"), &[], &again).await;
    assert!(
        out.header("set-cookie").contains("Secure"),
        "{}",
        out.header("set-cookie")
    );
    assert!(
        stage
            .get("/models", &again)
            .await
            .header("location")
            .starts_with("/sign-in")
    );
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn sessions_end_by_the_clock_and_with_their_person(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let cookie = stage.sign_in("engineer").await;
    let signed_in = async || stage.get("/models", &cookie).await.status == StatusCode::OK;
    assert!(signed_in().await);
    let now = stage.portal.now();
    for (hours, still) in [(7, true), (11, true), (13, false)] {
        stage
            .portal
            .set_clock(Some(now + chrono::TimeDelta::hours(hours)));
        assert_eq!(signed_in().await, still, "after {hours} hours");
    }
    stage.portal.set_clock(None);

    let idle = stage.sign_in("engineer").await;
    stage.portal.set_clock(Some(now + chrono::TimeDelta::hours(9)));
    assert_ne!(
        stage.get("/models", &idle).await.status,
        StatusCode::OK,
        "nine hours without use"
    );
    stage.portal.set_clock(None);

    let cookie = stage.sign_in("auditor").await;
    let (root, auditor) = (stage.actor("administrator"), stage.actor("auditor").id);
    backend::person::set_active(&stage.portal, root, auditor, false)
        .await
        .unwrap();
    assert_ne!(
        stage.get("/models", &cookie).await.status,
        StatusCode::OK,
        "shut out at once"
    );
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn nothing_typed_is_lost(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let cookie = stage.sign_in("engineer").await;
    let typed = [
        ("name", "Not A Name"),
        ("purpose", "Decides who is offered credit, at length."),
        ("tier", "high"),
    ];
    let refused = stage
        .submit("/models/new", &function("create_model"), &typed, &cookie)
        .await;
    assert_eq!(refused.status, StatusCode::SEE_OTHER, "{}", refused.body);
    let back = refused.header("location").to_owned();
    let path = back.split_once("127.0.0.1:3000").map_or(&*back, |(_, path)| path);
    assert!(
        path.starts_with("/models/new?") && path.contains("__err="),
        "{path}"
    );
    let page = stage.get(path, &cookie).await;
    assert!(
        page.body.contains("Decides who is offered credit, at length."),
        "{}",
        page.body
    );

    // The session runs out under the form.
    sqlx::query("update sessions set expires_at = now() - interval '1 hour'")
        .execute(&stage.owner)
        .await
        .unwrap();
    let late = async || {
        let late = stage
            .submit("/models/new", &function("create_model"), &typed, &cookie)
            .await;
        assert_eq!(
            late.header("location"),
            "/sign-in?next=%2Fmodels%2Fnew",
            "{} {}",
            late.status,
            late.body
        );
        late.cookie()
    };
    let sign_in = async |role: &str, unnamed: Option<String>| {
        let fields = [
            ("email", &*email(role)),
            ("password", PASSWORD),
            ("next", "/models/new"),
        ];
        stage
            .submit(
                "/sign-in",
                &function("sign_in"),
                &fields,
                &unnamed.unwrap_or_default(),
            )
            .await
            .cookie()
            .unwrap()
    };
    let other = sign_in("manager", late().await).await;
    let page = stage.get("/models/new", &other).await;
    assert!(!page.body.contains("at length."), "it is somebody else's");

    let same = sign_in("engineer", late().await).await;
    let page = stage.get("/models/new", &same).await;
    assert!(
        page.body.contains("Decides who is offered credit, at length."),
        "{}",
        page.body
    );
    let page = stage.get("/models/new", &same).await;
    assert!(!page.body.contains("at length."), "once is enough");

    // Whoever signed out, or was shut out, leaves nothing.
    sqlx::query("delete from sessions")
        .execute(&stage.owner)
        .await
        .unwrap();
    let next = sign_in("engineer", late().await).await;
    let page = stage.get("/models/new", &next).await;
    assert!(!page.body.contains("at length."), "nobody knows whose it is");

    let kept: String = sqlx::query_scalar("select string_agg(data::text, '') from sessions")
        .fetch_one(&stage.owner)
        .await
        .unwrap();
    assert!(!kept.contains(PASSWORD));
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn what_cannot_be_read_is_the_senders_slip(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let cookie = stage.sign_in("engineer").await;
    let call = async |body: &'static str| {
        let request = Request::post(function("create_model"))
            .header(header::HOST, "127.0.0.1:3000")
            .header(header::COOKIE, &cookie)
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        stage.send(request.body(Body::from(body)).unwrap()).await
    };
    let missing = call("name=credit").await;
    assert_eq!(missing.status, StatusCode::BAD_REQUEST, "{}", missing.body);
    let nul = call("name=credit&purpose=a%00b&tier=high").await;
    assert_eq!(nul.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", nul.body);
    assert!(nul.body.contains("NUL"), "{}", nul.body);
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_report_says_what_kind_of_file_it_is(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let story = Story::tell(&stage).await;
    let cookie = stage.sign_in("auditor").await;
    for (ending, kind, beginning) in [
        ("json", "application/json", "{"),
        ("csv", "text/csv; charset=utf-8", "section,"),
        (
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "PK",
        ),
        ("pdf", "application/pdf", "%PDF"),
    ] {
        let path = format!("/evaluations/{}/report.{ending}", story.evaluation);
        let answer = stage.get(&path, &cookie).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("content-type"), kind);
        assert!(answer.body.starts_with(beginning), "{path}");
        let name = answer.header("content-disposition");
        assert!(name.contains(&format!(".{ending}\"")), "{name}");
    }
}
