//! Who comes through which door: every page, server function, download and REST route, for every role.
//!
//! A cell is the status: `in` stands beside what led to the sign-in page, `!` beside what led back to a form with a reason.
//! Most of what is sent would change nothing if it were let through (the name is taken, the dossier shown is an old one),
//! so that 404, 409 and 422 mean "yours to do, but not like this".
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that can't go on fails"
)]
mod support;

use app::App;
use axum::{
    body::Body,
    http::{Request, header},
};
use leptos_axum::generate_route_list;
use sqlx::PgPool;
use std::fmt::Write;
use support::{
    Answer, MULTIPART, Stage, arguments, form, function_name, functions, multipart,
    story::{self, Story},
};

const ROLES: [&str; 6] = [
    "nobody",
    "engineer",
    "reviewer",
    "manager",
    "auditor",
    "administrator",
];

/// A door, and what is put through it.
struct Row {
    method: &'static str,
    /// As it is declared.
    route: String,
    path: String,
    kind: &'static str,
    body: Vec<u8>,
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn every_door_lets_in_whom_it_should(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let story = Story::tell(&stage).await;
    backend::seal::seal_now(&stage.portal).await.unwrap();
    let mut rows = pages(&story);
    rows.extend(downloads(&story));
    rows.extend(log());
    rows.extend(rest_reads(&story));
    rows.extend(server_functions(&stage, &story));
    rows.extend(rest_writes(&story));
    rows.extend(rest_deletes(&story));
    rows.extend(uploads());
    // It takes the session with it.
    rows.sort_by_key(|row| row.route.contains("sign_out"));

    let mut keys = Vec::new();
    for role in ROLES {
        let known = role != "nobody";
        let cookie = if known {
            stage.sign_in(role).await
        } else {
            String::new()
        };
        let token = if known {
            stage.token(role).await
        } else {
            String::new()
        };
        keys.push((cookie, token));
    }
    let mut matrix = format!("{:<6} {:<62}", "", "");
    for role in ROLES {
        write!(matrix, " {role:>13}").unwrap();
    }
    for row in rows {
        write!(matrix, "\n{:<6} {:<62}", row.method, row.route).unwrap();
        for (cookie, token) in &keys {
            let answer = stage.send(row.request(cookie, token)).await;
            write!(matrix, " {:>13}", cell(&answer)).unwrap();
        }
    }
    insta::assert_snapshot!(matrix);
}

impl Row {
    fn get(route: &str, path: impl Into<String>) -> Self {
        Self {
            method: "GET",
            route: route.into(),
            path: path.into(),
            kind: "",
            body: Vec::new(),
        }
    }

    fn post(route: &str, path: impl Into<String>, kind: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            method: "POST",
            route: route.into(),
            path: path.into(),
            kind,
            body: body.into(),
        }
    }

    /// As a browser asks for pages, a script calls a server function, and a program calls REST.
    fn request(&self, cookie: &str, token: &str) -> Request<Body> {
        let request = Request::builder()
            .method(self.method)
            .uri(&self.path)
            .header(header::HOST, "127.0.0.1:3000");
        let request = if self.path.starts_with("/api/v1") {
            if token.is_empty() {
                request
            } else {
                request.header(header::AUTHORIZATION, format!("Bearer {token}"))
            }
        } else {
            let accept = if self.path.starts_with("/api/") {
                "application/json"
            } else {
                "text/html"
            };
            request
                .header(header::COOKIE, cookie)
                .header(header::ACCEPT, accept)
        };
        let request = if self.kind.is_empty() {
            request
        } else {
            request.header(header::CONTENT_TYPE, self.kind)
        };
        request.body(Body::from(self.body.clone())).unwrap()
    }
}

fn cell(answer: &Answer) -> String {
    let location = answer.header("location");
    let mark = match location {
        location if location.starts_with("/sign-in") => " in",
        location if location.contains("problem=") => " !",
        _ => "",
    };
    format!("{}{mark}", answer.status.as_u16())
}

/// Every page of the application.
fn pages(story: &Story) -> Vec<Row> {
    let routes = generate_route_list(App);
    let mut paths: Vec<String> = routes.iter().map(|route| route.path().to_owned()).collect();
    paths.sort();
    paths
        .iter()
        .map(|route| Row::get(route, named(route, story)))
        .collect()
}

/// The path of a route, with the story's names in it.
fn named(route: &str, story: &Story) -> String {
    let id = match route
        .trim_start_matches("/api/v1")
        .split('/')
        .nth(1)
        .unwrap_or_default()
    {
        "evaluations" => story.evaluation.to_string(),
        "jobs" => story.job.to_string(),
        "evidence" => story.evidence.to_string(),
        "releases" => story.release.to_string(),
        "reviews" => story.review.to_string(),
        "deployments" => story.deployment.to_string(),
        "audit" => "1".to_owned(), // the first entry
        _ => String::new(),
    };
    let path = route
        .replace("{model}", "credit-risk")
        .replace("{number}", "1")
        .replace("{digest}", &format!("sha256:{}", "0".repeat(64)))
        .replace("{id}", &id);
    assert!(
        !path.contains('{'),
        "{route} has a part that the story knows nothing of"
    );
    path
}

/// The routes that a file of the server declares: a new one can't be forgotten here.
fn declared(source: &'static str) -> impl Iterator<Item = &'static str> {
    source
        .split(".route(")
        .skip(1)
        .filter_map(|rest| rest.split('"').nth(1))
}

fn declared_between(source: &'static str, from: &str, to: &str) -> Vec<&'static str> {
    let part = source
        .split(from)
        .nth(1)
        .and_then(|rest| rest.split(to).next())
        .unwrap();
    declared(part).collect()
}

const DOORS: &str = include_str!("../src/doors.rs");
const REST: &str = include_str!("../src/rest.rs");
const ROUTER: &str = include_str!("../src/router.rs");

fn downloads(story: &Story) -> Vec<Row> {
    let routes = declared_between(DOORS, "pub fn downloads", "pub fn log");
    let mut rows: Vec<Row> = routes
        .iter()
        .map(|route| Row::get(route, named(route, story)))
        .collect();
    // A live stream of something that is not over would not end: who may see it is tried on one that isn't there.
    let streams = declared_between(DOORS, "pub fn streams", "pub(crate) struct");
    rows.extend(
        streams
            .iter()
            .map(|route| Row::get(route, route.replace("{id}", "999"))),
    );
    rows.extend(declared(ROUTER).map(|route| Row::get(route, route)));
    rows
}

/// Programs ask for the log's parts; the first entry and its leaf hash are there.
fn log() -> Vec<Row> {
    let routes = declared_between(DOORS, "pub fn log", "pub fn uploads");
    let path = |route: &str| route.replace("{level}", "0").replace("{*rest}", "000.p/1");
    routes.iter().map(|route| Row::get(route, path(route))).collect()
}

fn uploads() -> Vec<Row> {
    let routes = declared_between(DOORS, "pub fn uploads", "pub fn streams");
    let predictions: &[(&str, &str)] = &[("label", "y_true"), ("score", "y_score"), ("protected", "sex")];
    let statement: &[(&str, &str)] = &[
        ("kind", "statement"),
        ("title", "Said"),
        ("text", "By form."),
        ("expires_on", ""),
    ];
    let rows = routes.into_iter().map(|route| {
        let path = route.replace("{model}", "credit-risk").replace("{number}", "1");
        let (fields, file) = match route.rsplit('/').next() {
            Some("evaluations") => (predictions, Some(story::PREDICTIONS)),
            Some("evidence") => (statement, None),
            _ => panic!("what is sent to {route}?"),
        };
        Row::post(route, path, MULTIPART, multipart(fields, file))
    });
    rows.collect()
}

fn rest_reads(story: &Story) -> Vec<Row> {
    let reads = REST
        .split(".route(")
        .skip(1)
        .filter(|rest| rest.split(".route(").next().unwrap().contains("get("));
    let routes = reads
        .filter_map(|rest| rest.split('"').nth(1))
        .map(|route| format!("/api/v1{route}"));
    routes
        .map(|route| Row::get(&route, named(&route, story)))
        .collect()
}

fn rest_writes(story: &Story) -> Vec<Row> {
    let json = "application/json";
    let writes = REST
        .split(".route(")
        .skip(1)
        .filter(|rest| rest.split(".route(").next().unwrap().contains("post("));
    let routes = writes.filter_map(|rest| rest.split('"').nth(1));
    let rows = routes.map(|part| {
        let route = format!("/api/v1{part}");
        let path = named(&route, story);
        let body = match part {
            "/models" => r#"{"name":"credit-risk","purpose":"Decides.","tier":"high"}"#.into(),
            "/models/{model}/versions" => story::manifest("credit-risk"),
            "/releases" => {
                r#"{"model":"credit-risk","version":1,"environment":"staging","reason":"Again."}"#.into()
            }
            "/deployments" => format!(r#"{{"release":{}}}"#, story.release),
            "/releases/{id}/signatures" | "/reviews/{id}/decision" => "{}".into(),
            "/models/{model}/versions/{number}/evidence" => {
                r#"{"kind":"statement","title":"By REST"}"#.into()
            }
            "/models/{model}/versions/{number}/evaluations" => {
                let path = format!("{path}?label=y_true&score=y_score");
                return Row::post(&route, path, "text/csv", "y_true,y_score\n1,high\n");
            }
            _ => panic!("what is sent to {route}?"),
        };
        Row::post(&route, path, json, body)
    });
    rows.collect()
}

fn rest_deletes(story: &Story) -> Vec<Row> {
    let deletes = REST
        .split(".route(")
        .skip(1)
        .filter(|rest| rest.split(".route(").next().unwrap().contains("delete("));
    let routes = deletes
        .filter_map(|rest| rest.split('"').nth(1))
        .map(|route| format!("/api/v1{route}"));
    routes
        .map(|route| Row {
            method: "DELETE",
            ..Row::get(&route, named(&route, story))
        })
        .collect()
}

/// Every server function, in order of name, with arguments that would change nothing.
fn server_functions(stage: &Stage, story: &Story) -> Vec<Row> {
    let mut paths: Vec<&'static str> = functions().collect();
    paths.sort_by_key(|path| function_name(path));
    let rows = paths.into_iter().map(|path| {
        let name = function_name(path);
        let fields = arguments::of(stage, story, name);
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        Row::post(
            &format!("/api/{name}"),
            path,
            "application/x-www-form-urlencoded",
            form(&fields),
        )
    });
    rows.collect()
}
