//! The webhook target against a real HTTP server that verifies signatures with the standard's own crate.
use crate::support::{Kept, install_provider, order};
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
};
use serde_json::{Value, json};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};
use targets::{Fronts, Health, Host, Secret, Target, TargetConfig, TargetError, WebhookConfig, connect};
use tokio::net::TcpListener;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OLD_SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

/// A receiver: notes what it gets, answers what it was told to in turn, and the last again and again.
#[derive(Clone, Default)]
struct Receiver {
    got: Arc<Mutex<Vec<(Method, HeaderMap, Bytes)>>>,
    answers: Arc<Mutex<VecDeque<(u16, String)>>>,
}

impl Receiver {
    async fn start(answers: &[(u16, Value)]) -> (Self, String) {
        let answers = answers
            .iter()
            .map(|(status, body)| (*status, body.to_string()))
            .collect();
        let receiver = Self {
            answers: Arc::new(Mutex::new(answers)),
            ..Self::default()
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/hooks", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (receiver, address)
    }

    fn got(&self) -> Vec<(Method, HeaderMap, Bytes)> {
        self.got.lock().unwrap().clone()
    }
}

async fn answer(
    State(receiver): State<Receiver>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    receiver.got.lock().unwrap().push((method, headers, body));
    if uri.path() == "/elsewhere" {
        return "should never be asked".into_response();
    }
    let (status, body) = {
        let mut answers = receiver.answers.lock().unwrap();
        if answers.len() > 1 {
            answers.pop_front().unwrap()
        } else {
            answers[0].clone()
        }
    };
    match status {
        302 => Redirect::to("/elsewhere").into_response(),
        // Silence: longer than the test waits.
        0 => {
            tokio::time::sleep(Duration::from_mins(1)).await;
            ().into_response()
        }
        status => (StatusCode::from_u16(status).unwrap(), body).into_response(),
    }
}

fn config(url: &str) -> WebhookConfig {
    serde_json::from_value(json!({
        "url": url, "allow_private": true, "attempts": 3, "pause_ms": 10, "poll_ms": 10, "patience": 2,
    }))
    .unwrap()
}

fn try_connect(config: WebhookConfig, secrets: &[&str]) -> Result<Box<dyn Target>, TargetError> {
    install_provider();
    let secrets: Vec<Secret> = secrets.iter().map(|text| Secret::parse(text).unwrap()).collect();
    let host = Host {
        mlserver: "unused".into(),
        work_dir: "unused".into(),
        fronts: Fronts::default(),
    };
    connect(&TargetConfig::Webhook(config), &secrets, &host)
}

fn target(url: &str) -> Box<dyn Target> {
    try_connect(config(url), &[SECRET]).unwrap()
}

fn verifies(secret: &str, (_, headers, body): &(Method, HeaderMap, Bytes)) -> bool {
    standardwebhooks::Webhook::new(secret)
        .unwrap()
        .verify(body, headers)
        .is_ok()
}

#[tokio::test]
async fn a_call_says_what_is_to_run_where_and_is_signed() {
    let (receiver, url) =
        Receiver::start(&[(200, json!({ "endpoint": "https://models.example/german-credit" }))]).await;
    let running = target(&url)
        .deploy(&order(7, 2, None), &Kept::default())
        .await
        .unwrap();
    assert_eq!(running.endpoint, "https://models.example/german-credit");

    let got = receiver.got();
    let [call] = got.as_slice() else {
        panic!("{} calls", got.len())
    };
    assert!(verifies(SECRET, call) && !verifies(OLD_SECRET, call));
    assert_eq!(call.1["webhook-id"], "deployment_7_requested");
    let body: Value = serde_json::from_slice(&call.2).unwrap();
    let asked = order(7, 2, None);
    assert_eq!(
        body,
        json!({
            "type": "deployment.requested", "deployment": 7, "model": "german-credit", "version": 2,
            "environment": "production", "kind": "deploy", "version_digest": asked.version_digest,
            "artifact": { "uri": asked.artifact.uri, "sha256": asked.artifact.sha256 },
            "framework": "scikit-learn 1.9.1", "permit": serde_json::from_str::<Value>(&asked.permit).unwrap(),
        })
    );
}

#[tokio::test]
async fn while_a_secret_is_rotated_both_verify() {
    let (receiver, url) = Receiver::start(&[(204, Value::Null)]).await;
    let target = try_connect(config(&url), &[SECRET, OLD_SECRET]).unwrap();
    target.deploy(&order(1, 1, None), &Kept::default()).await.unwrap();
    let call = &receiver.got()[0];
    assert!(verifies(SECRET, call) && verifies(OLD_SECRET, call));
}

#[tokio::test]
async fn a_stumbling_receiver_is_called_again_with_the_same_id() {
    let (receiver, url) =
        Receiver::start(&[(503, json!("warming up")), (500, Value::Null), (200, json!({}))]).await;
    let steps = Kept::default();
    target(&url).deploy(&order(1, 1, None), &steps).await.unwrap();

    let got = receiver.got();
    assert_eq!(got.len(), 3);
    assert!(
        got.iter()
            .all(|call| verifies(SECRET, call) && call.1["webhook-id"] == "deployment_1_requested")
    );
    assert_eq!(
        steps.logs(),
        [
            "Attempt 1 of 3: it answered 503 Service Unavailable: \"warming up\"",
            "Attempt 2 of 3: it answered 500 Internal Server Error: null",
            "Attempt 3 of 3: accepted",
        ]
    );
}

#[tokio::test]
async fn a_receiver_that_stays_down_or_away_is_given_up_on() {
    let (receiver, url) = Receiver::start(&[(502, json!("x".repeat(100_000)))]).await;
    let steps = Kept::default();
    let error = target(&url)
        .deploy(&order(1, 1, None), &steps)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("The receiver didn't accept in 3 attempts: it answered 502 Bad Gateway"),
        "{error}"
    );
    assert!(error.len() < 500 && steps.logs().iter().all(|line| line.len() < 500));
    assert_eq!(receiver.got().len(), 3);

    let nobody = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let error = target(&format!("http://{nobody}/"))
        .deploy(&order(1, 1, None), &steps)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("in 3 attempts: the connection failed") && error.contains("refused"),
        "{error}"
    );
}

#[tokio::test]
async fn a_no_is_final_and_a_redirect_is_not_followed() {
    for (status, said) in [
        (401, "it answered 401 Unauthorized: \"who?\""),
        (302, "it answered 303 See Other"),
    ] {
        let (receiver, url) = Receiver::start(&[(status, json!("who?"))]).await;
        let error = target(&url)
            .deploy(&order(1, 1, None), &Kept::default())
            .await
            .unwrap_err()
            .to_string();
        assert_eq!(error, format!("The receiver refused: {said}."));
        assert_eq!(receiver.got().len(), 1);
    }
}

#[tokio::test]
async fn a_deployment_under_way_is_watched_to_its_end() {
    let (receiver, url) = Receiver::start(&[
        (
            202,
            json!({ "state": "running", "status_url": "/status/1", "endpoint": "javascript:alert(1)" }),
        ),
        (200, json!({ "state": "running", "message": "pulling the image" })),
        (503, json!("busy")),
        (200, json!({ "state": "done", "message": "rolled out" })),
    ])
    .await;
    let (target, steps) = (target(&url), Kept::default());
    let running = target.deploy(&order(1, 1, None), &steps).await.unwrap();
    assert_eq!(running.endpoint, url);
    assert!(
        steps.logs().contains(&"pulling the image".to_owned()),
        "{:?}",
        steps.logs()
    );
    let polls = &receiver.got()[1..];
    assert!(
        polls
            .iter()
            .all(|poll| poll.0 == Method::GET && verifies(SECRET, poll))
    );

    assert_eq!(target.resume(&running, &steps).await.unwrap(), running);
    assert_eq!(target.health(&running).await, Health::Healthy);
    target.stop(&running).await.unwrap();
    let stop: Value = serde_json::from_slice(&receiver.got().last().unwrap().2).unwrap();
    assert_eq!(
        (&stop["type"], &stop["deployment"]),
        (&json!("deployment.stop_requested"), &json!(1))
    );
}

#[tokio::test]
async fn a_deployment_that_fails_or_never_ends_says_so() {
    let accepted = json!({ "status_url": "/status/1" });
    let still = json!({ "state": "running" });
    for (answers, said) in [
        (
            vec![
                (202, accepted.clone()),
                (200, json!({ "state": "failed", "message": "No quota." })),
            ],
            "deployment failed: No quota.",
        ),
        (
            vec![(202, accepted.clone()), (404, json!({}))],
            "lost the deployment: it answered 404",
        ),
        (
            vec![(202, accepted), (200, still.clone())],
            "hadn't finished after 2 s",
        ),
        (vec![(200, still)], "but not where to ask"),
        (
            vec![(200, json!({ "state": "failed" }))],
            "deployment failed: it gave no reason.",
        ),
        (
            vec![(202, json!({ "status_url": "http://127.0.0.1:9/" }))],
            "isn't an address of its own",
        ),
        (
            vec![(202, json!({ "status_url": "file:///etc/passwd" }))],
            "isn't an address of its own",
        ),
    ] {
        let (_receiver, url) = Receiver::start(&answers).await;
        let error = target(&url)
            .deploy(&order(1, 1, None), &Kept::default())
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains(said), "{error}");
    }
}

#[tokio::test]
async fn a_silent_receiver_is_not_waited_for_for_ever() {
    let (_receiver, url) = Receiver::start(&[(0, Value::Null)]).await;
    let target = try_connect(
        WebhookConfig {
            attempts: 1,
            ..config(&url)
        },
        &[SECRET],
    )
    .unwrap();
    let error = target
        .deploy(&order(1, 1, None), &Kept::default())
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("didn't answer within 10 s"), "{error}");
}

#[tokio::test]
async fn the_portals_own_network_is_out_of_reach_unless_allowed() {
    let (receiver, url) = Receiver::start(&[(200, json!({}))]).await;
    for address in [
        url.replace("http://", "https://"),
        "https://192.168.0.1/".to_owned(),
        "https://[::1]/".to_owned(),
        url,
    ] {
        let refused = try_connect(
            WebhookConfig {
                allow_private: false,
                ..config(&address)
            },
            &[SECRET],
        );
        assert!(matches!(refused, Err(TargetError::Unsuitable(_))), "{address}");
    }

    // A name is only known to lead inside once it is resolved; then that is final.
    let by_name = WebhookConfig {
        allow_private: false,
        ..config("https://localhost/")
    };
    let steps = Kept::default();
    let target = try_connect(by_name, &[SECRET]).unwrap();
    let error = target
        .deploy(&order(1, 1, None), &steps)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("localhost leads to no address that may be called"),
        "{error}"
    );
    assert_eq!((steps.logs().len(), receiver.got().len()), (1, 0));
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_when_they_are_given() {
    for (config, secrets) in [
        (config("https://hooks.example/"), &[][..]),
        (
            WebhookConfig {
                attempts: 0,
                ..config("https://hooks.example/")
            },
            &[SECRET],
        ),
        (
            WebhookConfig {
                attempts: 11,
                ..config("https://hooks.example/")
            },
            &[SECRET],
        ),
        (config("hooks.example"), &[SECRET]),
        (config("https://ada:pw@hooks.example/"), &[SECRET]),
    ] {
        assert!(
            matches!(
                try_connect(config.clone(), secrets),
                Err(TargetError::Unsuitable(_))
            ),
            "{config:?}"
        );
    }
    let stored = json!({ "kind": "webhook", "url": "https://hooks.example/" });
    assert!(serde_json::from_value::<TargetConfig>(stored).is_ok());
    assert!(serde_json::from_value::<TargetConfig>(json!({ "kind": "local" })).is_ok());
    assert!(
        serde_json::from_value::<TargetConfig>(json!({ "kind": "local", "mlserver": "/bin/sh" })).is_err()
    );
}
